"""The twenty-four named screens: what people ask a table of trades, as SQL over each shape."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.bench_trades.invented import COLUMNS, LAST_DAY, bits

PAGE = 50
LATEST = ("filed_on", "filing_id", "number")
BY_VALUE = ("value", "filing_id", "number")
BY_STAKE = ("stake_change_pct", "filing_id", "number")
BY_SCORE = ("score", "filed_on", "filing_id", "number")
SHOWN = ", ".join(f"t.{name}" for name, _ in COLUMNS if name != "owners")

BOUGHT = "t.counted AND t.direction = 'acquired'"
SOLD = "t.counted AND t.direction = 'disposed'"


def since(days: int) -> str:
    return f"t.filed_on > DATE '{LAST_DAY}' - {days}"


def has_role(*roles: str) -> str:
    return f"t.roles & {bits(*roles)} > 0"


FACETED = "t.facets @> '{2,20,26,31}'::smallint[]"  # finance chief, indirect, late, bought: shapes.FACETS


@dataclass(frozen=True)
class Screen:
    """`where` over trade t; `order` all descending; `groups` is the column of a grouped screen; `instead` the
    condition that another shape needs, by its name."""

    name: str
    where: str
    order: tuple[str, ...] = LATEST
    groups: str | None = None
    instead: dict[str, str] = field(default_factory=dict)

    def condition(self, shape: str) -> str:
        return self.instead.get(shape, self.where)

    def page(self, shape: str, after: tuple[object, ...] | None = None, shown: str = SHOWN) -> str:
        where = self.condition(shape)
        if self.groups:
            having = f"HAVING (sum(t.value), t.{self.groups}) < ({after[0]}, {after[1]})" if after else ""
            return (
                f"SELECT t.{self.groups}, sum(t.value), count(*) FROM trade t WHERE {where} GROUP BY t.{self.groups} "
                f"{having} ORDER BY sum(t.value) DESC, t.{self.groups} DESC LIMIT {PAGE + 1}"
            )
        if after:
            mark = ", ".join(f"'{value}'" if not isinstance(value, int) else str(value) for value in after)
            where += f" AND ({', '.join(f't.{name}' for name in self.order)}) < ({mark})"
        return f"SELECT {shown} FROM trade t WHERE {where} ORDER BY {self.sort()} LIMIT {PAGE + 1}"

    def sort(self) -> str:
        return ", ".join(f"t.{name} DESC" for name in self.order)

    def mark(self, shape: str, offset: int) -> str:
        """The statement that finds the last row of the page before the one that begins at `offset`."""
        if self.groups:
            return (
                f"SELECT sum(t.value), t.{self.groups} FROM trade t WHERE {self.condition(shape)} "
                f"GROUP BY t.{self.groups} ORDER BY sum(t.value) DESC, t.{self.groups} DESC LIMIT 1 OFFSET {offset - 1}"
            )
        columns = ", ".join(f"t.{name}" for name in self.order)
        return (
            f"SELECT {columns} FROM trade t WHERE {self.condition(shape)} ORDER BY {self.sort()} "
            f"LIMIT 1 OFFSET {offset - 1}"
        )

    def count(self, shape: str, most: int | None) -> str:
        limit = f" LIMIT {most + 1}" if most else ""
        what = f"DISTINCT t.{self.groups}" if self.groups else ""
        return f"SELECT count(*) FROM (SELECT {what} FROM trade t WHERE {self.condition(shape)}{limit}) counted"


def _owner(ciks: str) -> dict[str, str]:
    return {
        "joined": "EXISTS (SELECT FROM trade_owner o WHERE (o.filing_id, o.number) = (t.filing_id, t.number) "
        f"AND o.owner IN ({ciks}))"
    }


def _listed(where: str, *roles: str) -> dict[str, str]:
    return {"listed": where.replace(has_role(*roles), f"t.roles && '{{{','.join(roles)}}}'::text[]")}


def screens(issuer: int, issuers: list[int], insider: int, insiders: list[int], filing: int) -> list[Screen]:
    """The parties are drawn from what is there: large ones, as people open those."""
    many, people = ", ".join(map(str, issuers)), ", ".join(map(str, insiders))
    officer = f"{BOUGHT} AND {has_role('officer')} AND t.value > 250000 AND {since(30)}"
    chiefs = f"{BOUGHT} AND {has_role('ceo', 'cfo')}"
    rare = (
        f"{BOUGHT} AND {has_role('cfo')} AND t.ownership = 'I' AND t.timeliness = 'late' "
        "AND t.value > 1000000 AND t.security_class = 'ADS'"
    )
    large = f"{BOUGHT} AND NOT {has_role('ten_percent')} AND t.value > 50000"
    not_large = {"listed": f"{BOUGHT} AND NOT t.roles && '{{ten_percent}}'::text[] AND t.value > 50000"}
    return [
        Screen("counted", "t.counted"),
        Screen("bought", BOUGHT),
        Screen("sold, $1M or more", f"{SOLD} AND t.value >= 1000000"),
        Screen("officer bought > $250k, 30 days", officer, instead=_listed(officer, "officer")),
        Screen("chief or finance chief bought", chiefs, instead=_listed(chiefs, "ceo", "cfo")),
        Screen("bought, 90 days, by value", f"{BOUGHT} AND {since(90)}", BY_VALUE),
        Screen("sold, by value", SOLD, BY_VALUE),
        Screen("bought, a year, by stake change", f"{BOUGHT} AND {since(365)}", BY_STAKE),
        Screen("one issuer", f"t.issuer_id = {issuer}"),
        Screen("fifty issuers, counted", f"t.counted AND t.issuer_id IN ({many})"),
        Screen("one insider", f"t.owners @> '{{{insider}}}'::bigint[]", instead=_owner(str(insider))),
        Screen("fifty insiders", f"t.owners && '{{{people}}}'::bigint[]", instead=_owner(people)),
        Screen("one filing", f"t.filing_id = {filing}"),
        Screen("planned sales", "t.kind = 'planned_sell'"),
        Screen("filed late", "t.timeliness = 'late'"),
        Screen("first purchases", "t.first_purchase AND t.counted"),
        Screen("bought, a range of sectors", f"{BOUGHT} AND t.sic BETWEEN 2830 AND 2836"),
        Screen("bought, indirect, $100k or more", f"{BOUGHT} AND t.ownership = 'I' AND t.value >= 100000"),
        Screen("sold, filed 10 to 30 days after", f"{SOLD} AND t.delay_days BETWEEN 10 AND 30"),
        Screen("score 60 or more, Class A, by score", "t.score >= 60 AND t.security_class LIKE 'Class A%'", BY_SCORE),
        Screen("bought > $50k, no 10% owner", large, instead=not_large),
        Screen(
            "rare: six conditions at once", rare, instead=_listed(rare, "cfo") | {"facets": f"{rare} AND {FACETED}"}
        ),
        Screen("bought by issuer, 30 days", f"{BOUGHT} AND {since(30)}", groups="issuer_id"),
        Screen("sold by insider, 90 days", f"{SOLD} AND {since(90)}", groups="decision_maker"),
    ]


def by_hand(screen: Screen, shape: str, after: tuple[object, ...] | None) -> str:
    """The same page with its keys found first, from an index alone where there is one, and its rows fetched last."""
    if screen.groups:
        return screen.page(shape, after)
    keys = ", ".join(f"t.{name}" for name in dict.fromkeys((*screen.order, "filing_id", "number")))
    shown = SHOWN.replace("t.", "r.")
    sort = ", ".join(f"k.{name} DESC" for name in screen.order)
    inner = screen.page(shape, after, keys)
    return f"SELECT {shown} FROM ({inner}) k JOIN trade r USING (filing_id, number) ORDER BY {sort}"
