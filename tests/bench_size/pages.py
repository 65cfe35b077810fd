"""python -m tests.bench_size.pages [WORD ...] : what screens and pages of the site's database take, in processor time.

For a database that is full already (`multiply`). Of each of the twenty-four screens, and of those by kinds of signals,
the first and the thousandth page and the count, as `matching` makes them; of the other pages, answers of the whole
site. What counts is processor time of this process and of PostgreSQL's, at the middle and at the 95th percentile of the
runs: on a machine that does other things too, time on the wall says what those do. Prints one line of JSON a page; with
words, of those whose name has one of them.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "form4site.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402

from signals.criteria import EVERYTHING, ScreenCriteria, from_query  # noqa: E402
from signals.selectors import matching  # noqa: E402
from tests.bench_size.by_hand import ByHand, of_signals, screens  # noqa: E402
from tests.bench_trades import pages as screening  # noqa: E402

RUNS = int(os.environ.get("RUNS", "15"))
PATIENCE_MS = 30_000


class Meter:
    """Milliseconds that this process, and the server process of its connection, have computed."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            self.server = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")

    def now(self) -> tuple[float, float]:
        return time.process_time() * 1e3, int(self.server.read_text().split()[0]) / 1e6

    def taken(self, work: Callable[[], object], runs: int = RUNS) -> dict[str, float | None]:
        """At the middle and the 95th percentile, after two runs that are not counted. None where it was given up."""
        found = []
        for number in range(runs + 2):
            ours, theirs = self.now()
            began = time.perf_counter()
            if work() is False:
                return dict.fromkeys(("p50", "p95", "sql", "wall"))
            wall = 1e3 * (time.perf_counter() - began)
            ours_then, theirs_then = self.now()
            found.append((ours_then - ours + theirs_then - theirs, theirs_then - theirs, wall))
            if number > 3 and sum(one[2] for one in found) > 10_000:
                break
        found = found[2:]
        all_of, sql, wall_of = zip(*found, strict=True)
        return {
            "p50": statistics.median(all_of),
            "p95": sorted(all_of)[min(len(all_of) - 1, len(all_of) * 95 // 100)],
            "sql": statistics.median(sql),
            "wall": statistics.median(wall_of),
        }


def main() -> None:
    stand_on_the_last_day()
    for name, figures in everything(Meter(), sys.argv[1:]):
        sys.stdout.write(json.dumps({"name": name} | {k: _rounded(v) for k, v in figures.items()}) + "\n")
        sys.stdout.flush()


def stand_on_the_last_day() -> None:
    """Days are counted back from the last one of the archive; what `arrival` put there today is none of it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(filed_on) FROM signals_trade WHERE known_at < now() - interval '1 day'")
        screening.ON = cursor.fetchone()[0]
    matching.today = lambda: screening.ON


def _rounded(value: Any) -> Any:
    return round(value, 2) if isinstance(value, float) else value


def everything(meter: Meter, words: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    def wanted(name: str) -> bool:
        return not words or any(word in name for word in words)

    yield "newest", meter.taken(lambda: page(EVERYTHING))
    by_hand = screens(screening.ON, *parties())
    for name, address in screening.addresses(*parties()).items():
        if wanted(f"screen: {name}"):
            yield from of_screen(meter, name, from_query(address), by_hand[name])
    for name, (address, hand) in of_signals(screening.ON).items():
        if wanted(f"signals: {name}"):
            yield from of_screen(meter, f"signals: {name}", from_query(address), hand)
    for name, work in of_site().items():
        if wanted(f"site: {name}"):
            yield f"site: {name}", meter.taken(work)


def page(criteria: ScreenCriteria, after: str = "") -> bool:
    """A page as a view asks for it, in a transaction of its own; False where it is given up."""
    try:
        with matching.within(PATIENCE_MS):
            matching.trades(criteria, after, on=screening.ON)
    except matching.TooBroad:
        return False
    return True


def of_screen(meter: Meter, name: str, criteria: ScreenCriteria, hand: ByHand) -> Iterator[tuple[str, dict[str, Any]]]:
    first = meter.taken(lambda: page(criteria))
    statements = screening.recorded(criteria)
    blocks = sum(screening.plan(statement)[0] for statement in statements)
    yield f"screen: {name}", first | {"blocks": blocks} | beside_hand(meter, statements, hand)
    pages = 1_000
    while pages > 1:
        if key := screening.key_before(criteria, (pages - 1) * criteria.rows):
            yield f"page {pages:,}: {name}", meter.taken(lambda key=key: page(criteria, key))  # type: ignore[misc]
            break
        pages //= 4
    yield f"count: {name}", meter.taken(lambda: counted(criteria), 7)


def beside_hand(meter: Meter, statements: list[tuple[str, Any]], hand: ByHand) -> dict[str, float | None]:
    """What PostgreSQL takes of a processor for the page's own statements, and for the best of those written by hand."""
    ours = least(meter, statements)
    ways = [least(meter, [(way, None)]) for way in hand.ways()]
    return {"own_sql": ours, "hand_sql": min(ways), "of_hand": ours / min(ways), "way": ways.index(min(ways)) + 1}


def least(meter: Meter, statements: list[tuple[str, Any]]) -> float:
    """Of seven runs, or of two where it takes long; what else the machine does only adds."""
    found: list[float] = []
    while len(found) < 7 and sum(found) < 2_000:
        before = meter.now()[1]
        with connection.cursor() as cursor:
            for sql, values in statements:
                cursor.execute(sql, values)
                cursor.fetchall()
        found.append(meter.now()[1] - before)
    return min(found)


def counted(criteria: ScreenCriteria) -> bool:
    """As pages do, with the same patience."""
    try:
        with transaction.atomic():
            matching.count(criteria, on=screening.ON)
    except Exception:
        return False
    return True


def parties() -> tuple[int, list[int], int, list[int]]:
    """A large issuer, fifty of them, a large insider, fifty: the same however often the archive was multiplied."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT issuer_id FROM signals_trade WHERE id <= 10000000 GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 500"
        )
        issuers = [cik for (cik,) in cursor.fetchall()]
        cursor.execute(
            "SELECT decision_maker FROM signals_trade WHERE id <= 10000000"
            " GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 5000"
        )
        insiders = [cik for (cik,) in cursor.fetchall()]
    return issuers[2], issuers[::10], insiders[2], insiders[::100]


def of_site() -> dict[str, Callable[[], bool]]:
    """What is measured of the whole site, by name: pages that are not kept, the first rows of a file, the API."""
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    settings.API_CALLS_PER_MINUTE = 1_000_000
    client = unkept()
    issuer, issuers, insider, insiders = parties()
    with connection.cursor() as cursor:
        cursor.execute("SELECT filing_id FROM signals_trade WHERE issuer_id = %s AND id <= 10000000 LIMIT 1", [issuer])
        digits = f"{cursor.fetchone()[0]:018d}"
    filing = f"{digits[:10]}-{digits[10:12]}-{digits[12:]}"
    addresses = {
        "home": "/",
        "signals": "/signals/",
        "signals of a week": "/signals/last-week/",
        "screen page": "/screen/?code=P",
        "large issuer": f"/issuers/{issuer:010d}/",
        "middle issuer": f"/issuers/{issuers[40]:010d}/",
        "large insider": f"/insiders/{insider:010d}/",
        "middle insider": f"/insiders/{insiders[40]:010d}/",
        "filing": f"/filings/{filing}/",
        "search": "/search/?q=amber+anvil",
        "code": "/codes/P/",
    }
    return {
        **{name: partial(whole, client, address) for name, address in addresses.items()},
        "first rows of CSV": partial(first_rows, client, "/screen/rows.csv?code=P"),
        **of_api(issuer),
    }


def unkept() -> Client:
    """Of whom every page is made."""
    return Client(headers={"Cookie": "sessionid=none"})


def of_api(issuer: int) -> dict[str, Callable[[], bool]]:
    from accounts.models import User
    from accounts.services.keys import make

    user = User.objects.filter(email="bench@example.test").first() or User.objects.create_user("bench@example.test")
    client = Client(headers={"X-Api-Key": make(user=user, name="bench").secret})
    addresses = {
        "trades": "/v1/trades?limit=100&filed_days=3650",
        "transactions": "/v1/transactions?per_page=100",
        "transactions of an issuer": f"/v1/transactions?per_page=100&cik={issuer}",
        "changes": "/v1/changes",
    }
    return {f"API, {name}": partial(whole, client, address) for name, address in addresses.items()}


def whole(client: Client, address: str) -> bool:
    answer = client.get(address)
    if answer.status_code != 200:
        sys.stderr.write(f"{address}: {answer.status_code}\n")
        return False
    return True


def first_rows(client: Client, address: str) -> bool:
    answer = client.get(address)
    return bool(answer.status_code == 200 and next(iter(answer.streaming_content)))


if __name__ == "__main__":
    main()
