"""The first pages of screens by SQL written by hand for the site's tables, beside which the site's stand.

Each screen in every way that we could think of, with the same columns as the page shows: the keys first and the rows of
those alone, as the site does; the whole rows at once; where a list of issuers is asked for, the newest of each and of
those the newest; groups with their names in one statement. Of signals, by their citations, and trade by trade. The
quickest way counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

PAGE = 50

BOUGHT = "t.standing AND t.direction = 'acquired' AND t.kind IN ('buy', 'planned_buy')"
SOLD = "t.standing AND t.direction = 'disposed' AND t.kind IN ('sell', 'planned_sell')"
NEWEST = "t.filed_on DESC, t.filing_id DESC, t.number DESC"
SHOWN = """
    t.*, i.name, i.ticker, i.sic, i.state_of_incorporation, i.fiscal_year_end,
    d.sentence, d.lines, d.plan, d.timeliness, d.exclusions, d.score,
    ARRAY(SELECT jsonb_build_object('cik', o.insider_id, 'name', o.name, 'title', o.officer_title)
            FROM filings_filingowner o WHERE o.filing_id = t.filing_id ORDER BY o.position)
"""
JOINED = "JOIN filings_issuer i ON i.cik = t.issuer_id LEFT JOIN signals_tradedetail d ON d.trade_id = t.id"
# The bits of `Trade.roles`.
CEO_OR_CFO, CFO, OFFICER, TEN_PERCENT = 6, 4, 128, 512


@dataclass(frozen=True)
class ByHand:
    where: str
    order: str = NEWEST
    group: str | None = None
    issuers: Sequence[int] = ()
    signals: Sequence[str] = ()
    cited: str = "true"  # what is asked of citations

    def ways(self) -> list[str]:
        if self.group:
            return self._groups()
        if self.signals:
            return self._of_signals()
        keys = f"SELECT t.id FROM signals_trade t WHERE {self.where} ORDER BY {self.order} LIMIT {PAGE + 1}"
        ways = [
            f"SELECT {SHOWN} FROM signals_trade t {JOINED} WHERE t.id IN ({keys}) ORDER BY {self.order}",
            f"WITH k AS MATERIALIZED ({keys}) SELECT {SHOWN} FROM k JOIN signals_trade t USING (id) {JOINED}"
            f" ORDER BY {self.order}",
            f"SELECT {SHOWN} FROM signals_trade t {JOINED} WHERE {self.where} ORDER BY {self.order} LIMIT {PAGE + 1}",
        ]
        if self.issuers:
            one = (
                "SELECT t.id, t.filed_on, t.filing_id, t.number FROM signals_trade t"
                f" WHERE t.issuer_id = a.cik AND {self.where} ORDER BY {self.order} LIMIT {PAGE + 1}"
            )
            keys = (
                f"SELECT t.id FROM unnest('{{{','.join(map(str, self.issuers))}}}'::bigint[]) a(cik),"
                f" LATERAL ({one}) t ORDER BY {self.order} LIMIT {PAGE + 1}"
            )
            ways.append(
                f"WITH k AS MATERIALIZED ({keys}) SELECT {SHOWN} FROM k JOIN signals_trade t USING (id) {JOINED}"
                f" ORDER BY {self.order}"
            )
        return ways

    def _of_signals(self) -> list[str]:
        order = self.order.replace("t.", "c.")
        trades = "" if self.where == "true" else "JOIN signals_trade t ON t.id = c.trade_id"
        each = [
            f"(SELECT c.trade_id AS id, c.filed_on, c.filing_id, c.number, c.value FROM signals_citation c {trades}"
            f" WHERE c.kind = '{kind}' AND c.standing AND {self.cited} AND {self.where} ORDER BY {order}"
            f" LIMIT {PAGE + 1})"
            for kind in self.signals
        ]
        keys = [
            f"SELECT c.id FROM ({' UNION '.join(each)}) c ORDER BY {order} LIMIT {PAGE + 1}",
            f"SELECT t.id FROM signals_trade t WHERE t.standing AND {self.cited.replace('c.', 't.')} AND {self.where}"
            f" AND {cited(self.signals)} ORDER BY {self.order} LIMIT {PAGE + 1}",
        ]
        return [
            f"WITH k AS MATERIALIZED ({one}) SELECT {SHOWN} FROM k JOIN signals_trade t USING (id) {JOINED}"
            f" ORDER BY {self.order}"
            for one in keys
        ]

    def _groups(self) -> list[str]:
        """All figures of a group at once; and the sum alone first, the figures of those that are shown after."""
        by, names = self.group or "", "JOIN filings_issuer i ON i.cik = t.issuer_id"
        extra = ", p.name" if "decision_maker" in by else ""
        if extra:
            names += " LEFT JOIN filings_insider p ON p.cik = t.decision_maker"
        total = f"sum(t.value) DESC, {', '.join(f'{one} DESC' for one in by.split(', '))} LIMIT {PAGE + 1}"
        figures = (
            "sum(t.value) total, sum(t.shares), count(*), count(DISTINCT t.filing_id), max(t.filed_on),"
            " max(t.traded_on), min(t.traded_on), count(DISTINCT t.decision_maker), sum(t.stake_change_pct)"
        )
        keys = [one.removeprefix("t.") for one in by.split(", ")]
        same = " AND ".join(f"t.{key} = k.{key}" for key in keys)
        placed = (
            f"SELECT {by}, sum(t.value) placed FROM signals_trade t WHERE {self.where} GROUP BY {by}"
            f" HAVING sum(t.value) IS NOT NULL ORDER BY {total}"
        )
        return [
            f"WITH t AS MATERIALIZED (SELECT {by}, {figures} FROM signals_trade t WHERE {self.where} GROUP BY {by}"
            f" HAVING sum(t.value) IS NOT NULL ORDER BY {total}) SELECT t.*, i.*{extra} FROM t {names}"
            " ORDER BY total DESC",
            f"WITH k AS MATERIALIZED ({placed}), t AS MATERIALIZED (SELECT {by}, {figures} FROM k JOIN signals_trade t"
            f" ON {same} WHERE {self.where} GROUP BY {by}) SELECT t.*, i.*{extra} FROM t {names} ORDER BY total DESC",
        ]


def cited(signals: Sequence[str], more: str = "true") -> str:
    kinds = ", ".join(f"'{kind}'" for kind in signals)
    return f"t.id IN (SELECT c.trade_id FROM signals_citation c WHERE c.kind IN ({kinds}) AND c.standing AND {more})"


def of_signals(on: date) -> dict[str, tuple[str, ByHand]]:
    """Screens by kinds of signals, frequent and rare ones, alone and with what else is asked: addresses and SQL."""
    since = f"DATE '{on - timedelta(days=90)}'"
    ceo, cfo, million = "c.roles & 2 > 0", f"c.roles & {CFO} > 0", "c.value >= 1000000"
    by_value = "t.value DESC, t.filing_id DESC, t.number DESC"
    four = ("cluster_buy", "dip_buy", "large_purchase", "pattern_break")
    late = cited(["late_filing"], f"c.filed_on >= {since}")

    def one(kind: str, more: str = "true", where: str = "true", order: str = NEWEST) -> ByHand:
        return ByHand(where, order, signals=(kind,), cited=more)

    return {
        "isolated trades": ("signal=isolated_trade", one("isolated_trade")),
        "cluster buys": ("signal=cluster_buy", one("cluster_buy")),
        "exercises near expiry": ("signal=near_expiry_exercise", one("near_expiry_exercise")),
        "four kinds": (f"signal={','.join(four)}", ByHand("true", signals=four)),
        "cluster buys, chief": ("signal=cluster_buy&role=ceo", one("cluster_buy", ceo)),
        "cluster buys, $1M or more": ("signal=cluster_buy&min_value=1000000", one("cluster_buy", million)),
        "cluster buys, chief, $1M": (
            "signal=cluster_buy&role=ceo&min_value=1000000",
            one("cluster_buy", f"{ceo} AND {million}"),
        ),
        "late, finance chief, $5M": (
            "signal=late_filing&role=cfo&min_value=5000000",
            one("late_filing", f"{cfo} AND c.value >= 5000000"),
        ),
        "exercised and held, 90 days": (
            "signal=exercise_and_hold&filed_days=90",
            one("exercise_and_hold", f"c.filed_on >= {since}"),
        ),
        "isolated, bought, $1M": (
            "signal=isolated_trade&side=bought&min_value=1000000",
            one("isolated_trade", million, BOUGHT),
        ),
        "cluster buys by value": (
            "signal=cluster_buy&sort=-value",
            one("cluster_buy", "c.value IS NOT NULL", order=by_value),
        ),
        "late, by issuer, 90 days": (
            "signal=late_filing&filed_days=90&group=issuer&sort=-total",
            ByHand(f"t.standing AND t.filed_on >= {since} AND {late}", group="t.issuer_id"),
        ),
    }


def screens(on: date, issuer: int, issuers: list[int], insider: int, insiders: list[int]) -> dict[str, ByHand]:
    """By the names of `tests.bench_trades.pages.addresses`; `on` is the day that days are counted back from."""

    def since(days: int) -> str:
        return f"t.filed_on >= DATE '{on - timedelta(days=days)}'"

    people = ",".join(map(str, insiders))
    by_value = "t.value DESC, t.filing_id DESC, t.number DESC"
    valued = "t.value IS NOT NULL"
    late = "t.timeliness IN ('late', 'self_declared_late')"
    return {
        "counted": ByHand("t.counted AND t.standing"),
        "bought": ByHand(BOUGHT),
        "sold, $1M or more": ByHand(f"{SOLD} AND t.value >= 1000000"),
        "officer bought > $250k, 30 days": ByHand(
            f"{BOUGHT} AND t.roles & {OFFICER} > 0 AND t.value >= 250000 AND {since(30)}"
        ),
        "chief or finance chief bought": ByHand(f"{BOUGHT} AND t.roles & {CEO_OR_CFO} > 0"),
        "bought, 90 days, by value": ByHand(f"{BOUGHT} AND {valued} AND {since(90)}", by_value),
        "sold, by value": ByHand(f"{SOLD} AND {valued}", by_value),
        "bought, a year, by stake change": ByHand(
            f"{BOUGHT} AND t.stake_change_pct IS NOT NULL AND {since(365)}",
            "t.stake_change_pct DESC, t.filing_id DESC, t.number DESC",
        ),
        "one issuer": ByHand(f"t.issuer_id = {issuer} AND t.standing"),
        "fifty issuers, counted": ByHand(
            f"t.issuer_id IN ({','.join(map(str, issuers))}) AND t.counted AND t.standing", issuers=issuers
        ),
        "one insider": ByHand(
            f"t.owners @> '{{{insider}}}'::bigint[] AND t.standing", f"t.filed_on + 0 DESC, {NEWEST}"
        ),
        "fifty insiders": ByHand(
            f"t.owners && '{{{people}}}'::bigint[] AND t.standing", f"t.filed_on + 0 DESC, {NEWEST}"
        ),
        "gifts": ByHand("t.kind = 'gift' AND t.standing"),
        "planned sales": ByHand("t.kind = 'planned_sell' AND t.standing"),
        "filed late": ByHand(f"{late} AND t.standing"),
        "first purchases": ByHand("t.first_purchase AND t.counted AND t.standing"),
        "bought, a range of sectors": ByHand(f"{BOUGHT} AND t.sic BETWEEN 2830 AND 2836"),
        "bought, indirect, $100k or more": ByHand(f"{BOUGHT} AND t.ownership = 'I' AND t.value >= 100000"),
        "sold, filed 10 to 30 days after": ByHand(f"{SOLD} AND t.delay_days BETWEEN 10 AND 30"),
        "score 60 or more, by score": ByHand(
            "t.family = 'common' AND t.score >= 60 AND t.score IS NOT NULL AND t.standing",
            "t.score DESC, t.filing_id DESC, t.number DESC",
        ),
        "bought > $50k, no 10% owner": ByHand(f"{BOUGHT} AND t.value >= 50000 AND NOT t.roles & {TEN_PERCENT} > 0"),
        "rare: six conditions at once": ByHand(
            f"{BOUGHT} AND t.roles & {CFO} > 0 AND t.value >= 1000000 AND t.ownership = 'I'"
            f" AND t.family = 'unit' AND {late}"
        ),
        "bought by issuer, 30 days": ByHand(f"{BOUGHT} AND {since(30)}", group="t.issuer_id"),
        "sold by insider, 90 days": ByHand(f"{SOLD} AND {since(90)}", group="t.issuer_id, t.decision_maker"),
    }
