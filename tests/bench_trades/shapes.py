"""The shapes that a table of trades could have, each with its indexes.

`site`: the one that the site has. The others are those that it was chosen from (docs/decisions/0014-shape-of-trade.md).
`wide`: one row with everything. `split`: what lists filter, sort and show in one table, what only fifty rows of a page
or the page of one trade needs in a second one by the same key. `joined`: the owners of `split` in a table of their own
in place of an array. `listed`: roles and reasons of `split` as arrays of text in place of bits. `yearly`: `split` in
partitions by year of filing. `brin`: `split` with a BRIN in place of the B-tree on the filing date. `facets`: `split`
with an array of everything that can be ticked, under GIN. `covering`: `split` with what screens filter by inside the
index of counted trades.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.db import connection

from signals.models import Trade, TradeDetail
from tests.bench_trades.invented import COLUMNS, DETAIL, NAMES, REASONS, ROLES

LATEST = "filed_on DESC, filing_id DESC, number DESC"
INDEXES: dict[str, str] = {
    "filed": f"trade ({LATEST})",
    "issuer": f"trade (issuer_id, {LATEST})",
    "owners": "trade USING gin (owners) WITH (fastupdate = off)",
    "market": f"trade (direction, {LATEST}) WHERE counted",
    "sums": "trade (direction, filed_on) INCLUDE (value, issuer_id, decision_maker) WHERE counted",
    "worth": "trade (direction, value DESC, filing_id DESC, number DESC) WHERE counted",
    "stake": "trade (direction, stake_change_pct DESC, filing_id DESC, number DESC) WHERE counted",
    "kind": f"trade (kind, {LATEST})",
    "sector": f"trade (sic, {LATEST})",
    "score": "trade (score DESC, filed_on DESC, filing_id DESC, number DESC) WHERE score IS NOT NULL",
    "first": f"trade ({LATEST}) WHERE first_purchase",
    "late": f"trade ({LATEST}) WHERE timeliness = 'late'",
}
KEY = "filing_id, number"
_BODY = ",\n".join(f"{name} {kind}" for name, kind in COLUMNS)
_DETAIL_TABLE = f"""
CREATE TABLE trade_detail (filing_id bigint NOT NULL, number smallint NOT NULL, sentence text NOT NULL,
                           detail jsonb NOT NULL, PRIMARY KEY ({KEY}))"""


@dataclass(frozen=True)
class Shape:
    name: str
    tables: tuple[str, ...]
    loads: tuple[tuple[str, str], ...]  # each table with the SELECT of its rows from `made m`
    indexes: dict[str, str]

    def create(self, cursor: Any) -> None:
        for statement in self.tables:
            cursor.execute(statement)

    def fill(self, cursor: Any, where: str) -> None:
        """The rows in the order in which readings write them: issuer by issuer."""
        for table, select in self.loads:
            cursor.execute(f"INSERT INTO {table} {select} WHERE {where} ORDER BY m.issuer_id, m.i")

    def index(self, cursor: Any) -> None:
        for name, target in self.indexes.items():
            cursor.execute(f"CREATE INDEX trade_{name} ON {target}")
        cursor.execute("VACUUM ANALYZE")

    def details(self, keys: list[tuple[int, int]]) -> str:
        """The statement for the words of a page's trades."""
        listed = ", ".join(map(str, keys))
        if self.name == "site":
            return f"SELECT d.* FROM trade t JOIN trade_detail d ON trade_id = id WHERE ({KEY}) IN ({listed})"
        table = "trade" if self.name == "wide" else "trade_detail"
        return f"SELECT {KEY}, sentence, detail FROM {table} WHERE ({KEY}) IN ({listed})"

    def drop(self, cursor: Any) -> None:
        cursor.execute("DROP TABLE IF EXISTS trade, trade_detail, trade_owner CASCADE")


_SPLIT_TABLE = f"CREATE TABLE trade ({_BODY}, PRIMARY KEY ({KEY}))"
_SPLIT_LOADS = (
    ("trade", f"SELECT {NAMES} FROM made m"),
    ("trade_detail", f"SELECT m.filing_id, m.number, {DETAIL} FROM made m"),
)


def _split() -> Shape:
    return Shape("split", (_SPLIT_TABLE, _DETAIL_TABLE), _SPLIT_LOADS, INDEXES)


def _wide() -> Shape:
    table = f"CREATE TABLE trade ({_BODY}, sentence text NOT NULL, detail jsonb NOT NULL, PRIMARY KEY ({KEY}))"
    return Shape("wide", (table,), (("trade", f"SELECT {NAMES}, {DETAIL} FROM made m"),), INDEXES)


def _joined() -> Shape:
    columns = [(name, kind) for name, kind in COLUMNS if name != "owners"]
    table = f"CREATE TABLE trade ({', '.join(f'{name} {kind}' for name, kind in columns)}, PRIMARY KEY ({KEY}))"
    owners = "CREATE TABLE trade_owner (owner bigint, filing_id bigint, filed_on date, number smallint, {})".format(
        f"PRIMARY KEY ({KEY}, owner)"
    )
    indexes = {name: target for name, target in INDEXES.items() if name != "owners"}
    indexes["owners"] = f"trade_owner (owner, {LATEST})"
    loads = (
        ("trade", f"SELECT {', '.join(name for name, _ in columns)} FROM made m"),
        _SPLIT_LOADS[1],
        (
            "trade_owner",
            "SELECT owner, m.filing_id, m.filed_on, m.number FROM made m CROSS JOIN unnest(m.owners) owner",
        ),
    )
    return Shape("joined", (table, _DETAIL_TABLE, owners), loads, indexes)


def _listed() -> Shape:
    def words(column: str, names: tuple[str, ...]) -> str:
        return (
            f"ARRAY(SELECT word FROM unnest(ARRAY{list(names)}) WITH ORDINALITY w(word, place)"
            f" WHERE m.{column} & (1 << place::int - 1) > 0)"
        )

    swapped = {"roles": words("roles", ROLES), "reasons": words("reasons", REASONS)}
    body = ", ".join(f"{name} {'text[] NOT NULL' if name in swapped else kind}" for name, kind in COLUMNS)
    select = ", ".join(swapped.get(name, name) for name, _ in COLUMNS)
    indexes = INDEXES | {"roles": "trade USING gin (roles) WITH (fastupdate = off)"}
    loads = (("trade", f"SELECT {select} FROM made m"), _SPLIT_LOADS[1])
    return Shape("listed", (f"CREATE TABLE trade ({body}, PRIMARY KEY ({KEY}))", _DETAIL_TABLE), loads, indexes)


def _yearly() -> Shape:
    table = f"CREATE TABLE trade ({_BODY}, PRIMARY KEY ({KEY}, filed_on)) PARTITION BY RANGE (filed_on)"
    parts = tuple(
        f"CREATE TABLE trade_{year} PARTITION OF trade FOR VALUES FROM ('{year}-01-01') TO ('{year + 1}-01-01')"
        for year in range(2006, 2027)
    )
    return Shape("yearly", (table, *parts, _DETAIL_TABLE), _SPLIT_LOADS, INDEXES)


def _brin() -> Shape:
    indexes = INDEXES | {"filed": "trade USING brin (filed_on)"}
    return Shape("brin", (_SPLIT_TABLE, _DETAIL_TABLE), _SPLIT_LOADS, indexes)


FACETS = """(
    ARRAY(SELECT place::smallint FROM generate_series(0, 10) place WHERE m.roles & (1 << place) > 0)
    || CASE m.ownership WHEN 'I' THEN 20 ELSE 21 END::smallint
    || CASE m.plan_status WHEN 'plan' THEN 22 WHEN 'not_plan' THEN 23 WHEN 'unknown' THEN 24 ELSE 25 END::smallint
    || CASE m.timeliness WHEN 'late' THEN 26 WHEN 'on_time' THEN 27 ELSE 28 END::smallint
    || CASE WHEN m.first_purchase THEN 29 ELSE 30 END::smallint
    || CASE WHEN m.counted THEN CASE m.direction WHEN 'acquired' THEN 31 ELSE 32 END ELSE 33 END::smallint
    || CASE WHEN m.value IS NULL THEN 40 ELSE 41 + greatest(0, least(9, log(m.value + 1)::int)) END::smallint
)"""


def _facets() -> Shape:
    table = f"CREATE TABLE trade ({_BODY}, facets smallint[] NOT NULL, PRIMARY KEY ({KEY}))"
    indexes = INDEXES | {"facets": "trade USING gin (facets) WITH (fastupdate = off)"}
    loads = (("trade", f"SELECT {NAMES}, {FACETS} FROM made m"), _SPLIT_LOADS[1])
    return Shape("facets", (table, _DETAIL_TABLE), loads, indexes)


def _covering() -> Shape:
    inside = "value, roles, ownership, timeliness, plan_status, delay_days, sic, security_class, first_purchase"
    market = f"trade (direction, {LATEST}) INCLUDE ({inside}) WHERE counted"
    return Shape("covering", (_SPLIT_TABLE, _DETAIL_TABLE), _SPLIT_LOADS, INDEXES | {"market": market})


def _site() -> Shape:
    """As `signals.models` has it, without the foreign keys to facts, which are not made here."""
    with connection.schema_editor(collect_sql=True) as editor:
        for model in (Trade, TradeDetail):
            editor.create_model(model)
    statements = [
        re.sub(r"signals_(trade\w*)", r"\1", str(statement)).replace('"tradedetail"', "trade_detail")
        for statement in editor.collected_sql
        if "FOREIGN KEY" not in str(statement)
    ]
    indexes = {}
    for statement in statements:
        if made := re.fullmatch(r'CREATE INDEX "trade_(\w+)" ON (.*);', statement):
            indexes[made[1]] = made[2]
    words = "sentence, detail->'lines', detail->'plan', detail->'timeliness', detail->'exclusions', detail->'score'"
    return Shape(
        "site",
        tuple(statement for statement in statements if not statement.startswith("CREATE INDEX")),
        (
            (f"trade (id, {NAMES})", f"SELECT id, {NAMES} FROM made m"),
            (
                "trade_detail (trade_id, sentence, lines, plan, timeliness, exclusions, score)",
                f"SELECT id, {words} FROM made m CROSS JOIN LATERAL (SELECT {DETAIL}) worded",
            ),
        ),
        indexes,
    )


ALL = {
    shape.name: shape
    for shape in (_site(), _split(), _wide(), _joined(), _listed(), _yearly(), _brin(), _facets(), _covering())
}
