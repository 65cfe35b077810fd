"""Keys of programs: made and shown once, recognised by their hash, and counted in one statement a call.

A key is `f4s_`, 43 characters of 256 random bits, and six of a checksum, by which a typing error, or a key in a leaked
file, is recognised without the database.
"""

from __future__ import annotations

import math
import re
import secrets
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone

from accounts.models import ApiKey, KeyUsage, Scope, User
from accounts.sealing import digests

PREFIX = "f4s_"
_KEY = re.compile(r"f4s_[A-Za-z0-9_-]{43}[0-9a-z]{6}")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
MOST_KEYS = 20  # of one person that are in use
SEEN_EVERY = timedelta(minutes=1)


class KeyRefused(Exception):
    """A key that cannot be made; the text says why."""


@dataclass(frozen=True, slots=True)
class NewKey:
    key: ApiKey
    secret: str  # shown once


@dataclass(frozen=True, slots=True)
class Allowance:
    """Whether this call goes through, and what is left; `retry_after` in whole seconds, None where it does."""

    allowed: bool
    limit: int
    remaining: int
    reset_at: datetime
    day_limit: int
    day_remaining: int
    day_reset_at: datetime
    retry_after: int | None

    @property
    def headers(self) -> dict[str, str]:
        """What goes with every answer; the day's figures and Retry-After with a refusal only, as the peer does."""
        told = {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.remaining),
            "X-RateLimit-Reset": str(int(self.reset_at.timestamp())),
        }
        if not self.allowed:
            told |= {
                "X-RateLimit-Limit-Day": str(self.day_limit),
                "X-RateLimit-Remaining-Day": str(self.day_remaining),
                "X-RateLimit-Reset-Day": str(int(self.day_reset_at.timestamp())),
                "Retry-After": str(self.retry_after),
            }
        return told


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose key it is, what it may do, and whether this call of it goes through."""

    key_id: int
    user_id: int
    scopes: frozenset[str]
    made_at: datetime
    allowance: Allowance

    def may(self, scope: Scope) -> bool:
        return scope.value in self.scopes


@transaction.atomic
def make(
    *,
    user: User,
    name: str,
    scopes: Sequence[str] = tuple(Scope.values),
    expires_at: datetime | None = None,
) -> NewKey:
    """A new key. Raises `KeyRefused`."""
    chosen = [scope for scope in Scope.values if scope in scopes]
    if not chosen or len(chosen) != len(set(scopes)):
        raise KeyRefused("Choose what the key may do.")
    if expires_at is not None and expires_at <= timezone.now():
        raise KeyRefused("A key cannot have expired before it is made.")
    User.objects.select_for_update(no_key=True).get(pk=user.pk)  # so that the count holds under parallel calls
    if in_use(user).count() >= MOST_KEYS:
        raise KeyRefused(f"There are {MOST_KEYS} keys in use already; revoke one first.")
    secret = _new()
    key = ApiKey.objects.create(
        user=user,
        name=name.strip() or "Key",
        prefix=secret[:12],
        digest=next(digests(secret)),
        scopes=chosen,
        expires_at=expires_at,
    )
    return NewKey(key, secret)


def in_use(user: User) -> QuerySet[ApiKey]:
    """The keys of this person that a program can still call with."""
    return ApiKey.objects.filter(user=user, revoked_at__isnull=True).exclude(expires_at__lte=timezone.now())


def revoke(*, key: ApiKey) -> None:
    """At once and for good."""
    ApiKey.objects.filter(pk=key.pk, revoked_at__isnull=True).update(revoked_at=timezone.now())


def looks_right(words: str) -> bool:
    """Whether these words are a key by form and checksum, be it known or not."""
    return bool(_KEY.fullmatch(words)) and _checksum(words[:-6]) == words[-6:]


# One statement knows the caller, decides and counts, under the lock of the row of the day: of parallel calls exactly as
# many pass as there is room. It waits for no disk: of a database that falls over, the last counts may be lost.
_CALL = """
WITH caller AS (
    SELECT k.id, k.user_id, k.scopes, k.made_at, k.last_used_at
      FROM accounts_apikey k JOIN accounts_user u ON u.id = k.user_id
     WHERE k.digest = ANY(%(digests)s) AND k.revoked_at IS NULL AND u.is_active
       AND (k.expires_at IS NULL OR k.expires_at > %(now)s)
), counted AS (
    INSERT INTO accounts_keyusage AS u (key_id, "on", calls, refused, minute_at, in_minute, let_through)
    SELECT id, %(day)s, 1, 0, %(minute)s, 1, true FROM caller
    ON CONFLICT (key_id, "on") DO UPDATE SET
        calls = u.calls + CASE WHEN {free} THEN 1 ELSE 0 END,
        refused = u.refused + CASE WHEN {free} THEN 0 ELSE 1 END,
        in_minute = CASE WHEN u.minute_at < %(minute)s THEN 0 ELSE u.in_minute END + CASE WHEN {free} THEN 1 ELSE 0 END,
        let_through = {free},
        minute_at = GREATEST(u.minute_at, %(minute)s)
    RETURNING let_through, calls, in_minute
), seen AS (
    UPDATE accounts_apikey k SET last_used_at = %(now)s FROM caller
     WHERE k.id = caller.id AND (caller.last_used_at IS NULL OR caller.last_used_at < %(now)s - %(seen_every)s)
)
SELECT id, user_id, scopes, made_at, let_through, calls, in_minute, set_config('synchronous_commit', 'off', true)
  FROM caller, counted
""".format(free="(u.calls < %(day_limit)s AND (u.minute_at < %(minute)s OR u.in_minute < %(limit)s))")


def call(header: str | None, *, now: datetime | None = None) -> Caller | None:
    """Counts one call with this X-Api-Key. None for what is no key, unknown, revoked, expired, or of a closed account.

    Minutes and days are those of the clock, in UTC.
    """
    words = (header or "").strip()
    if not looks_right(words):
        return None
    now = now or timezone.now()
    parameters: dict[str, Any] = {
        "digests": list(digests(words)),
        "now": now,
        "day": now.astimezone(UTC).date(),
        "minute": now.replace(second=0, microsecond=0),
        "seen_every": SEEN_EVERY,
        "limit": settings.API_CALLS_PER_MINUTE,
        "day_limit": settings.API_CALLS_PER_DAY,
    }
    with connection.cursor() as cursor:
        cursor.execute(_CALL, parameters)
        found = cursor.fetchone()
    if found is None:
        return None
    key_id, user_id, scopes, made_at, allowed, calls, in_minute, _ = found
    return Caller(key_id, user_id, frozenset(scopes), made_at, _allowance(now, allowed, calls, in_minute))


def _allowance(now: datetime, allowed: bool, calls: int, in_minute: int) -> Allowance:
    limit, day_limit = settings.API_CALLS_PER_MINUTE, settings.API_CALLS_PER_DAY
    reset_at = now.replace(second=0, microsecond=0) + timedelta(minutes=1)
    day_reset_at = datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), datetime.min.time(), UTC)
    until = day_reset_at if calls >= day_limit else reset_at
    return Allowance(
        allowed=allowed,
        limit=limit,
        remaining=max(min(limit - in_minute, day_limit - calls), 0),
        reset_at=reset_at,
        day_limit=day_limit,
        day_remaining=max(day_limit - calls, 0),
        day_reset_at=day_reset_at,
        retry_after=None if allowed else max(math.ceil((until - now).total_seconds()), 1),
    )


def keys_of(user: User) -> QuerySet[ApiKey]:
    """All keys of this person, those that ended too, the newest first."""
    return ApiKey.objects.filter(user=user).order_by("-made_at", "-pk")


@dataclass(frozen=True, slots=True)
class DayOfUse:
    on: date
    calls: int
    refused: int


def usage_of(keys: Sequence[ApiKey], *, days: int = 30, today: date | None = None) -> list[DayOfUse]:
    """The calls with these keys together, one a day, the newest first; a day without calls has zeros."""
    today = today or timezone.now().date()
    totals = {
        row["on"]: row
        for row in KeyUsage.objects.filter(key__in=keys, on__gt=today - timedelta(days=days))
        .values("on")
        .annotate(let=Sum("calls"), no=Sum("refused"))
    }
    found = []
    for back in range(days):
        on = today - timedelta(days=back)
        row = totals.get(on)
        found.append(DayOfUse(on, row["let"] if row else 0, row["no"] if row else 0))
    return found


def _new() -> str:
    body = PREFIX + secrets.token_urlsafe(32)
    return body + _checksum(body)


def _checksum(body: str) -> str:
    number, written = zlib.crc32(body.encode()) % 36**6, ""
    for _ in range(6):
        number, digit = divmod(number, 36)
        written = _DIGITS[digit] + written
    return written
