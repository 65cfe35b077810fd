"""One sentence for a filing: who did what, and for how much; first of all whether the filing still stands.

Promises: trades of one kind, class and direction are told as one; an exercise and the sale beside it in that order;
no more than three things are named, and how many more there are is said. A filing without a transaction says what it
is instead. Refuses: to add up dollars that the trades leave out of totals for a doubt or a currency.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Context as Arithmetic
from decimal import Decimal

from signals.readings.explain.deeds import Deed, deed_of, told
from signals.readings.explain.people import who
from signals.readings.explain.words import count, day, joined, money
from signals.readings.history import FiledForm
from signals.readings.trade import Trade
from signals.readings.trades import IssuerReading
from signals.readings.vocabulary import MARKET, PLAN, PLAN_FILING
from signals.readings.withdrawals import WHOLE

_EXACT = Arithmetic(prec=400)
_MOST = 3
# Where an exercise or vesting stands beside a sale, the order in which they happen; else what matters first.
_ORDER = {
    "exercise": 0, "vest": 0, "conversion": 1, "withholding": 2, "buy": 3, "planned_buy": 3, "sell": 3,
    "planned_sell": 3, "tender": 4, "gift": 5, "issuer_disposition": 6, "swap": 7, "grant": 8,
}  # fmt: skip
_LAST = 9
# What is named where there is no room for all: purchases and sales before anything else.
_RANK = {"buy": 0, "planned_buy": 0, "sell": 0, "planned_sell": 0, "tender": 1, "exercise": 2, "gift": 3, "vest": 3}
_OTHERS = 4
NO_SECURITIES = "no securities are beneficially owned"


def headline(form: FiledForm, trades: Sequence[Trade], reading: IssuerReading) -> str:
    """What the filing reports, in one sentence. `trades` are those of this filing."""
    subject = who(form.owners, form.remarks)
    deeds = _clauses(form, trades) if trades else _without_transaction(form)
    lead = _standing(form, trades, reading)
    words = f"{subject} {deeds}"
    return f"{lead}{words[:1].upper()}{words[1:]}."


def _standing(form: FiledForm, trades: Sequence[Trade], reading: IssuerReading) -> str:
    """What became of the filing, or what it does to another: "Taken back since: "; "" for one that simply stands."""
    reasons = [{item.reason for item in trade.exclusions if item.by != form.accession} for trade in trades]
    for reason, words in (
        ("withdrawn", "Taken back"),
        ("superseded", "Corrected since"),
        ("duplicate", "Reported before"),
    ):
        if reasons and all(reason in found for found in reasons):
            return f"{words}: "
    amendment = reading.amendments.by_accession.get(form.accession)
    if amendment is None:
        return ""
    back = amendment.withdrawal is not None and amendment.withdrawal.scope == WHOLE
    if amendment.original is None:
        return "Takes back a report that is not here: " if back else "Amends a report that is not here: "
    original = reading.history.form(amendment.original)
    if back:
        return f"Takes back the report of {day(original.filed_on)}: "
    if any(pair.changes for pair in amendment.pairs):
        return f"Corrects the report of {day(original.filed_on)}: "
    if amendment.added and not amendment.pairs:
        return f"Adds to the report of {day(original.filed_on)}: "
    return f"Amends the report of {day(original.filed_on)}: "


def _clauses(form: FiledForm, trades: Sequence[Trade]) -> str:
    rows = {(line.table, line.row): line for line in form.lines if line.kind == "transaction"}
    groups: dict[tuple[object, ...], list[Trade]] = {}
    for trade in sorted(trades, key=lambda trade: trade.lines):
        key = trade.kind, trade.code, trade.direction, trade.security_class, trade.table
        groups.setdefault(key, []).append(trade)
    named = sorted(groups.values(), key=lambda group: _RANK.get(group[0].kind, _OTHERS))[:_MOST]
    ordered = sorted(named, key=lambda group: _place(group[0].kind, {other[0].kind for other in named}))
    told_of = [_clause(group, [deed_of(trade, form, rows) for trade in group]) for group in ordered]
    more = len(groups) - _MOST
    if more > 0:
        told_of.append(f"reported {count(more, 'more kind of change', 'more kinds of change')}")
    return joined(told_of)


def _place(kind: str, among: set[str]) -> int:
    """Shares that came as an award stand before those that were kept back of them."""
    return 0 if kind == "grant" and "withholding" in among else _ORDER.get(kind, _LAST)


def _clause(group: list[Trade], deeds: list[Deed]) -> str:
    first = deeds[0]
    strikes = sorted({strike for deed in deeds for strike in deed.strikes})
    pays = {deed.pays for deed in deeds}
    gone = _total([deed.gone for deed in deeds]) if all(deed.gone is not None for deed in deeds) else None
    whole = first._replace(
        shares=_total(deed.shares for deed in deeds),
        total=first.total if len(deeds) == 1 else None,
        strikes=tuple(strikes) if all(deed.strikes for deed in deeds) else (),
        about=first.about if len({deed.about for deed in deeds}) == 1 else None,
        of=first.of if len({deed.of for deed in deeds}) == 1 else None,
        gone=gone,
        pays=pays.pop() if len(pays) == 1 else "both" if None not in pays else None,
    )
    return told(whole) + _worth(group) + _planned(group)


def _worth(group: list[Trade]) -> str:
    if group[0].kind not in (*MARKET, "tender"):
        return ""
    if any(item.reason == "home_market" for trade in group for item in trade.exclusions):
        return " in another currency than dollars" if all(_foreign(trade) for trade in group) else ""
    sound = [trade for trade in group if not _doubted(trade)]
    value = _total(trade.value for trade in sound)
    if value is None or not value:
        if len(sound) == len(group):
            return " at a price that is not given"
        wrong = any(item.reason == "bad_price" for trade in group for item in trade.exclusions)
        return " at a price that cannot be" if wrong else ""
    partly = len(sound) < len(group) or any(trade.unpriced_lines for trade in group)
    return f" for {money(value)}{', as far as prices are given' if partly else ''}"


def _foreign(trade: Trade) -> bool:
    return any(item.reason == "home_market" for item in trade.exclusions)


def _doubted(trade: Trade) -> bool:
    return any(item.reason in ("bad_price", "bad_value") for item in trade.exclusions)


def _planned(group: list[Trade]) -> str:
    statuses = {trade.plan.status if trade.plan else None for trade in group}
    if group[0].kind not in MARKET:
        return ""
    if statuses == {PLAN}:
        return " under a Rule 10b5-1 plan"
    if statuses <= {PLAN, PLAN_FILING}:
        return ", under a Rule 10b5-1 plan as far as the form says"
    return ""


def _without_transaction(form: FiledForm) -> str:
    holdings = [line for line in form.lines if line.kind == "holding"]
    owned = [line for line in holdings if (line.security_title or "").strip().lower() != NO_SECURITIES]
    if form.family == "3":
        if not owned:
            return "reported for the first time, and that no securities of the company are owned"
        return f"reported for the first time what is owned: {count(len(owned), 'holding')}"
    left = ", and that these reports are no longer due" if form.not_subject_to_section16 else ""
    if not owned:
        return f"reported no transaction and no holding{left}"
    return f"reported {count(len(owned), 'holding')} and no transaction{left}"


def _total(numbers: Iterable[Decimal | None]) -> Decimal | None:
    total: Decimal | None = None
    for number in numbers:
        if number is not None:
            total = number if total is None else _EXACT.add(total, number)
    return total
