"""python -m tests.bench_trades.pages [TRADES] : the twenty-four screens as the site asks for them, by their addresses.

Makes the site's database under a name of its own, fills its tables with invented trades (a million), and asks
`signals.selectors.matching` for each screen's first page and count and for a deep page, beside the newest page of all
trades. Says how many statements a page takes, how many blocks they touch and by which indexes. Exits with 1 if a page
takes more than 100 ms at the 95th percentile.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "form4site.settings")
django.setup()

from django.db import connection  # noqa: E402

from filings.models import Issuer  # noqa: E402
from signals.criteria import EVERYTHING, ScreenCriteria, from_query  # noqa: E402
from signals.models import Trade, TradeDetail  # noqa: E402
from signals.selectors import matching  # noqa: E402
from signals.selectors.compiling import GROUP_KEYS, GROUP_ORDERS, ORDERS  # noqa: E402
from signals.selectors.keyset import _spelled  # noqa: E402
from tests.bench_trades import invented, measure  # noqa: E402
from tests.bench_trades.__main__ import GOAL_MS, RUNS, parties, tell  # noqa: E402
from tests.bench_trades.measure import Taken, in_turns, taken  # noqa: E402

ON = date.fromisoformat(invented.LAST_DAY)
WORDS = "sentence, detail->'lines', detail->'plan', detail->'timeliness', detail->'exclusions', detail->'score'"


def addresses(issuer: int, issuers: list[int], insider: int, insiders: list[int]) -> dict[str, str]:
    """What stands after `/screen/?`, by the names of `screens.py`; gifts stand for one filing, which is no screen."""
    return {
        "counted": "counted=1",
        "bought": "side=bought",
        "sold, $1M or more": "side=sold&min_value=1000000",
        "officer bought > $250k, 30 days": "side=bought&role=officer&min_value=250000&filed_days=30",
        "chief or finance chief bought": "side=bought&role=ceo,cfo",
        "bought, 90 days, by value": "side=bought&filed_days=90&sort=-value",
        "sold, by value": "side=sold&sort=-value",
        "bought, a year, by stake change": "side=bought&filed_days=365&sort=-stake",
        "one issuer": f"issuer={issuer}",
        "fifty issuers, counted": f"counted=1&issuer={','.join(map(str, issuers))}",
        "one insider": f"insider={insider}",
        "fifty insiders": f"insider={','.join(map(str, insiders))}",
        "gifts": "kind=gift",
        "planned sales": "kind=planned_sell",
        "filed late": "late=1",
        "first purchases": "first=1&counted=1",
        "bought, a range of sectors": "side=bought&min_sic=2830&max_sic=2836",
        "bought, indirect, $100k or more": "side=bought&ownership=I&min_value=100000",
        "sold, filed 10 to 30 days after": "side=sold&min_delay=10&max_delay=30",
        "score 60 or more, by score": "min_score=60&class=common&sort=-score",
        "bought > $50k, no 10% owner": "side=bought&min_value=50000&exclude=ten_percent",
        "rare: six conditions at once": "side=bought&role=cfo&ownership=I&late=1&min_value=1000000&class=unit",
        "bought by issuer, 30 days": "side=bought&filed_days=30&group=issuer&sort=-total",
        "sold by insider, 90 days": "side=sold&filed_days=90&group=insider&sort=-total",
    }


@dataclass(frozen=True)
class Asked:
    name: str
    first: Taken
    newest: Taken
    deep: Taken
    deep_page: int
    count: Taken
    rows: str
    statements: int
    blocks: int
    ways: str


def main(count: int) -> int:
    with filled(count):
        asked = list(everything(tell))
    return int(any(one.first.p95 is None or one.first.p95 > GOAL_MS for one in asked))


def everything(say: Callable[[str], None]) -> Iterator[Asked]:
    with connection.cursor() as cursor:
        issuer, issuers, insider, insiders, _ = parties(cursor)
    for name, address in addresses(issuer, issuers, insider, insiders).items():
        one = asked(name, from_query(address))
        say(
            f"{one.name:33} {one.rows:>8} rows {one.first!s:>15} ({one.newest.p50 or 0:.1f})  page {one.deep_page:>4} "
            f"{one.deep!s:>15}  count {one.count!s:>15}  {one.statements} statements {one.blocks:>7} blocks  {one.ways}"
        )
        yield one


def asked(name: str, criteria: ScreenCriteria) -> Asked:
    first, newest = in_turns(lambda: answered(criteria), lambda: answered(EVERYTHING), RUNS)
    rows = counted(criteria)
    pages = 1000 if rows is None or rows > matching.COUNT_MOST else rows // matching_rows(criteria)
    deep, deep_page = first, 1
    while pages > 1:
        if key := key_before(criteria, (pages - 1) * matching_rows(criteria)):
            deep, deep_page = taken(lambda: answered(criteria, key), RUNS), pages
            break
        pages //= 4
    statements = recorded(criteria)
    plans = [plan(statement) for statement in statements]
    told = "?" if rows is None else f"> {matching.COUNT_MOST:,}" if rows > matching.COUNT_MOST else f"{rows:,}"
    return Asked(
        name, first, newest, deep, deep_page, taken(lambda: counted(criteria) is not None, RUNS), told, len(statements),
        sum(blocks for blocks, _ in plans), " ".join(dict.fromkeys(way for _, ways in plans for way in ways)),
    )  # fmt: skip


def matching_rows(criteria: ScreenCriteria) -> int:
    return criteria.rows


def answered(criteria: ScreenCriteria, after: str = "") -> bool:
    """One page as a view asks for it; False where it is given up."""
    try:
        matching.trades(criteria, after, on=ON, ms=1000 * measure.PATIENCE_SECONDS)
    except matching.TooBroad:
        return False
    return True


def counted(criteria: ScreenCriteria) -> int | None:
    try:
        with matching.within(1000 * measure.PATIENCE_SECONDS):
            many = matching.count(criteria, on=ON)
    except matching.TooBroad:
        return None
    return many.number + (not many.exact)


def key_before(criteria: ScreenCriteria, offset: int) -> str | None:
    """The key of the last row of so many, found by counting; None where there are not so many."""
    name, falling = criteria.order.removeprefix("-"), criteria.order.startswith("-")
    if criteria.group:
        rows, order, tail = matching.grouped(criteria, ON), GROUP_ORDERS[name], GROUP_KEYS[criteria.group]
    else:
        rows, order, tail = matching.matching(criteria, ON), ORDERS[name], ("filing_id", "number")
    names = ("placed", *tail)
    by = [f"-{one}" if falling else one for one in names]
    found = rows.annotate(placed=order.expression).filter(placed__isnull=False).order_by(*by)[offset - 1 : offset]
    return next((_spelled(row, names) for row in found), None)


_TIMED = re.compile(r"SET LOCAL statement_timeout = \d+; (.*); SET LOCAL statement_timeout TO DEFAULT", re.DOTALL)


def recorded(criteria: ScreenCriteria) -> list[tuple[str, Any]]:
    """What is asked, without the limit of time in whose message it goes."""
    made: list[tuple[str, Any]] = []

    def keep(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        timed = _TIMED.fullmatch(sql)
        made.append((timed[1] if timed else sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        matching.trades(criteria, on=ON)
    return made


def plan(statement: tuple[str, Any]) -> tuple[int, list[str]]:
    """Blocks that the statement touches, and the ways into tables of trades."""
    sql, params = statement
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, TIMING off, FORMAT JSON) {sql}", params)
        top = cursor.fetchone()[0][0]["Plan"]
    ways: list[str] = []

    def walk(node: dict[str, Any]) -> None:
        if node.get("Index Name", "").startswith(("trade_", "signals_trade")):
            ways.append(node["Index Name"].removeprefix("trade_"))
        elif node["Node Type"] == "Seq Scan" and node["Relation Name"].startswith("signals_trade"):
            ways.append("EVERY ROW")
        for below in node.get("Plans", ()):
            walk(below)

    walk(top)
    return top["Shared Hit Blocks"] + top["Shared Read Blocks"], ways


@contextmanager
def filled(count: int) -> Iterator[None]:
    """The site's tables with so many trades; facts are left out, and with them the keys that point at them."""
    connection.settings_dict["TEST"]["NAME"] = f"bench_pages_{os.getpid()}"
    before = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        with connection.cursor() as cursor:
            invented.fill(cursor, count)
            load(cursor)
        yield
    finally:
        connection.creation.destroy_test_db(before, verbosity=0)


def load(cursor: Any) -> None:
    cursor.execute("""
        SELECT conrelid::regclass, conname FROM pg_constraint
         WHERE contype = 'f' AND conrelid IN ('signals_trade'::regclass, 'signals_tradedetail'::regclass)""")
    for table, constraint in cursor.fetchall():
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{constraint}"')
    with connection.schema_editor() as editor:
        for index in Trade._meta.indexes:
            editor.remove_index(Trade, index)
    trades, details = Trade._meta.db_table, TradeDetail._meta.db_table
    order = "ORDER BY m.issuer_id, m.i"  # as readings write them: issuer by issuer
    cursor.execute(f"INSERT INTO {trades} (id, {invented.NAMES}) SELECT id, {invented.NAMES} FROM made m {order}")
    cursor.execute(
        f"INSERT INTO {details} (trade_id, sentence, lines, plan, timeliness, exclusions, score) "
        f"SELECT id, {WORDS} FROM made m CROSS JOIN LATERAL (SELECT {invented.DETAIL}) worded {order}"
    )
    with connection.schema_editor() as editor:
        for index in Trade._meta.indexes:
            editor.add_index(Trade, index)
    cursor.execute("SELECT DISTINCT issuer_id FROM made")
    Issuer.objects.bulk_create(
        Issuer(cik=str(cik).zfill(10), name=f"ISSUER {cik} INC", ticker=f"I{cik}") for (cik,) in cursor.fetchall()
    )
    cursor.execute("VACUUM ANALYZE")


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1].replace("_", "")) if len(sys.argv) > 1 else 1_000_000))
