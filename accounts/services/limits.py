"""How often something may be tried: so many times within so long, for one account or one visitor.

Promises: of any number of tries at the same moment, from any number of processes, exactly the amount passes: counting
and deciding is one statement on one locked row. The window slides: a try is forgotten when its own time is over. What
is kept names nobody. It lives in PostgreSQL, not in the cache, which may forget.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.utils.crypto import salted_hmac

from accounts.models import Tries

_TAKE = """
    INSERT INTO accounts_tries AS kept (key, tried_at, forget_at)
    VALUES (%(key)s, ARRAY[clock_timestamp()], clock_timestamp() + make_interval(secs => %(within)s))
    ON CONFLICT (key) DO UPDATE SET
        tried_at = clock_timestamp() || ARRAY(
            SELECT at FROM unnest(kept.tried_at) at WHERE at > clock_timestamp() - make_interval(secs => %(within)s)
        ),
        forget_at = clock_timestamp() + make_interval(secs => %(within)s)
    WHERE %(amount)s > (
        SELECT count(*) FROM unnest(kept.tried_at) at WHERE at > clock_timestamp() - make_interval(secs => %(within)s)
    )
    RETURNING tried_at[1]
"""
_LEFT = """
    SELECT %(amount)s - count(*) FROM accounts_tries AS kept, unnest(kept.tried_at) at
    WHERE kept.key = %(key)s AND at > clock_timestamp() - make_interval(secs => %(within)s)
"""
_GIVE_BACK = "UPDATE accounts_tries SET tried_at = array_remove(tried_at, %(at)s) WHERE key = %(key)s"


@dataclass(frozen=True, slots=True)
class Taken:
    """One try that passed."""

    key: bytes
    at: datetime


def take(*, name: str, amount: int, within: timedelta) -> Taken | None:
    """Count one more try under this name; None, and nothing counted, when there have been `amount` within that time.

    Not inside a transaction: the row stays locked until it ends, and a rollback forgets the try.
    """
    key = _key(name)
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {"key": key, "within": within.total_seconds(), "amount": amount})
        row = cursor.fetchone()
    return Taken(key, row[0]) if row else None


def left(*, name: str, amount: int, within: timedelta) -> int:
    """How many more tries there are now."""
    with connection.cursor() as cursor:
        cursor.execute(_LEFT, {"key": _key(name), "within": within.total_seconds(), "amount": amount})
        return max(0, cursor.fetchone()[0])


def give_back(*, taken: Taken) -> None:
    """A try that turned out right is not counted."""
    with connection.cursor() as cursor:
        cursor.execute(_GIVE_BACK, {"key": taken.key, "at": taken.at})


def forgive(*, name: str) -> None:
    """All tries under this name are forgotten."""
    Tries.objects.filter(key=_key(name)).delete()


def forget() -> int:
    """Remove what no limit looks at any more; rung by the clock. How many rows."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_tries WHERE forget_at < clock_timestamp()")
        return cursor.rowcount


def _key(name: str) -> bytes:
    return salted_hmac("form4site tries", name, algorithm="sha256").digest()
