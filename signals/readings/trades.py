"""The history of one issuer -> its economic trades: one decision each, counted once, or left out with the reason.

Promises: rows of one filing that share owners, class, ownership line, code, direction and day are one trade; an
exercise or conversion in Tables I and II is one; a trade never crosses accessions, and the first accession to report
an event owns it; identical rows inside one filing are all real. Equal histories give equal trades, whatever the order
of arrival, and a trade depends on nothing that became known after the newest form in the history.
Refuses: to mend what was filed. A figure that cannot be is shown, flagged and left out of totals.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from decimal import Context as Arithmetic
from decimal import Decimal
from functools import cached_property

from signals.readings import exclusions
from signals.readings.amendments import Amendments, amendments
from signals.readings.decision_makers import decision_makers
from signals.readings.duplicates import Duplicate, duplicates
from signals.readings.history import FiledForm, History, RowRef
from signals.readings.ownership_lines import signed
from signals.readings.plan import PlanEvidence, evidence
from signals.readings.position import Ledger, ledger
from signals.readings.roles import roles
from signals.readings.rows import Context, PlanOf, Row, rows_of
from signals.readings.tape import Quote
from signals.readings.trade import Trade
from signals.readings.vocabulary import ACQUIRED, DISPOSED

# Figures may be filed with 60 digits; sums and products must neither round nor fail.
EXACT = Arithmetic(prec=400)
_MEAN, _PERCENT = Decimal("0.0001"), Decimal("0.0001")
_HUNDRED, _ZERO = Decimal(100), Decimal(0)


def economic_trades(forms: History | Iterable[FiledForm], *, plan_of: PlanOf = evidence) -> tuple[Trade, ...]:
    """The trades of one issuer, in the order of knowledge and of their documents."""
    return issuer_reading(forms, plan_of=plan_of).trades


class IssuerReading:
    """The trades of one issuer with what they rest on, worked out once."""

    def __init__(
        self,
        history: History,
        found: Amendments,
        repeated: Mapping[RowRef, Duplicate],
        book: Ledger,
        makers: Mapping[str, str],
        trades: tuple[Trade, ...],
        quotes: tuple[Quote, ...],
    ) -> None:
        self.history = history
        self.amendments = found
        self.duplicates = repeated
        self.ledger = book
        self.decision_makers = makers
        self.trades = trades
        self.quotes = quotes  # the prices that these filings put on the tape

    @cached_property
    def awards(self) -> Mapping[int, Trade]:
        """The first standing grant on each ownership line of derivatives, by the line's number in the ledger."""
        found: dict[int, Trade] = {}
        for trade in self.trades:
            granted = trade.kind == "grant" and trade.table == "II" and trade.direction == ACQUIRED and trade.standing
            if granted and trade.line_number is not None:
                found.setdefault(trade.line_number, trade)
        return found

    def of(self, accession: str) -> tuple[Trade, ...]:
        """The trades of one filing."""
        return tuple(trade for trade in self.trades if trade.accession == accession)


def issuer_reading(
    forms: History | Iterable[FiledForm], *, plan_of: PlanOf = evidence, quoted: Iterable[Quote] = ()
) -> IssuerReading:
    """Everything that trades, positions and stories of one issuer need; `plan_of` gives each row's plan status.

    Prices are held against those `quoted` by filings that are not among these, too.
    """
    history = History.of(forms)
    found = amendments(history)
    return read_among(history, found, duplicates(history, found), plan_of=plan_of, quoted=quoted)


def read_among(
    history: History,
    found: Amendments,
    repeated: Mapping[RowRef, Duplicate],
    *,
    only: Collection[str] | None = None,
    trades_of: Collection[str] | None = None,
    plan_of: PlanOf = evidence,
    quoted: Iterable[Quote] = (),
) -> IssuerReading:
    """The same where it is known what amends and what repeats what.

    The ledger is that of `only` these filings, the trades are of those among them, or of `trades_of` alone; the prices
    of all others are on the tape all the same.
    """
    read = history if only is None else History(form for form in history if form.accession in only)
    dealing = read if trades_of is None else [form for form in read if form.accession in trades_of]
    book = ledger(read, found, repeated)
    makers = decision_makers(history, repeated)
    dealt = {form.accession for form in dealing}
    beside = [form for form in history if form.accession not in dealt]
    rows, quotes = rows_of(Context(dealing, found, repeated, book, plan_of), beside=beside, quoted=quoted)
    trades = exclusions.plan_allocations(_trades(rows, book), makers)
    return IssuerReading(history, found, repeated, book, makers, trades, quotes)


def _trades(rows: list[Row], book: Ledger) -> list[Trade]:
    by_ref = {row.ref: row for row in rows}
    groups: dict[tuple[object, ...], list[Row]] = {}
    beside: dict[tuple[object, ...], list[Row]] = {}
    for row in rows:
        partner = by_ref.get(row.partner) if row.partner else None
        if partner is not None and partner.status == row.status:
            beside.setdefault(partner.key, []).append(row)
        else:
            groups.setdefault(row.key, []).append(row)
    trades: list[Trade] = []
    moved: dict[str, list[tuple[int | None, str, Decimal]]] = {}
    for key, group in groups.items():
        earlier = moved.setdefault(group[0].form.accession, [])
        trade, net = _trade(group, beside.get(key, []), book, earlier)
        earlier.append((group[0].line_number, trade.security_class, net))
        trades.append(trade)
    return trades


def _trade(
    rows: list[Row], went: list[Row], book: Ledger, earlier: list[tuple[int | None, str, Decimal]]
) -> tuple[Trade, Decimal]:
    """One trade, and what it moved (signed). `went` are the derivatives that these rows came for."""
    first, form = rows[0], rows[0].form
    shares = _sum(row.line.shares for row in rows)
    priced = [row for row in rows if row.price is not None]
    value = _sum(_value(row) for row in rows)
    lowest, highest = _range(rows)
    net = _sum(signed(row.line) for row in rows) or _ZERO
    before, after = _stake(rows, net, book, earlier)
    figures = exclusions.Figures(shares, _mean(priced, value), None if first.foreign else value)
    trade = Trade(
        accession=form.accession,
        form=form.form,
        filed_on=form.filed_on,
        known_at=form.known_at,
        lines=tuple(sorted((row.ref.table, row.ref.row) for row in [*rows, *went])),
        kind=first.kind,
        code=first.line.code,
        direction={"A": ACQUIRED, "D": DISPOSED}.get(first.line.acquired_disposed or ""),
        security_class=first.security.name,
        family=first.security.family,
        owners=tuple(owner.cik for owner in form.owners),
        traded_on=first.line.transaction_date,
        shares=shares,
        price=figures.price,
        price_min=lowest,
        price_max=highest,
        value=figures.value,
        unpriced_lines=len(rows) - len(priced),
        price_from_note=any(row.line.price is None and row.price is not None for row in rows),
        stake_before=before,
        stake_after=after,
        stake_change_pct=_percent(before, net),
        ownership=first.line.ownership,
        nature=first.line.nature_of_ownership,
        table=first.line.table,
        strike=next((row.strike for row in [*rows, *went] if row.strike), None),
        expires_on=next((row.line.expiration_date for row in [*went, *rows] if row.line.expiration_date), None),
        line_number=first.line_number,
        plan=_plan(rows),
        roles=tuple(dict.fromkeys(role for owner in form.owners for role in roles(owner, form.remarks))),
        sold_to_cover=any(row.notes.sold_to_cover for row in rows),
        exclusions=exclusions.of_rows(rows, figures, book),
    )
    return trade, net


def _sum(numbers: Iterable[Decimal | None]) -> Decimal | None:
    """The exact total; None if there is no number at all."""
    total: Decimal | None = None
    for number in numbers:
        if number is not None:
            total = number if total is None else EXACT.add(total, number)
    return total


def _plan(rows: list[Row]) -> PlanEvidence | None:
    """The fullest evidence among the rows: one with a date before one without, "plan" before "plan_filing"."""
    found = [row.plan for row in rows if row.plan is not None]
    return min(found, key=lambda plan: (plan.adopted_on is None, plan.status != "plan"), default=None)


def _value(row: Row) -> Decimal | None:
    """Dollars of one row; the total that the form gives where a derivative has no number of shares."""
    if row.line.shares is None:
        return row.line.total_value
    return EXACT.multiply(row.line.shares, row.price) if row.price is not None else None


def _mean(priced: list[Row], value: Decimal | None) -> Decimal | None:
    """The share-weighted mean; the price as filed where there is but one, or no shares to weigh by."""
    prices = {row.price for row in priced if row.price is not None}
    if len(prices) <= 1:
        return next(iter(prices), None)
    weight = _sum(row.line.shares for row in priced)
    return EXACT.divide(value, weight).quantize(_MEAN, context=EXACT) if value is not None and weight else None


def _range(rows: list[Row]) -> tuple[Decimal | None, Decimal | None]:
    """The lowest and highest price, counting in the ranges of footnotes that hold the row's own price."""
    prices: list[Decimal] = []
    for row in rows:
        if row.price is None:
            continue
        prices.append(row.price)
        for low, high in zip(row.notes.lows, row.notes.highs, strict=True):
            if low <= row.price <= high:
                prices += [low, high]
    return (min(prices), max(prices)) if prices else (None, None)


def _stake(
    rows: list[Row], net: Decimal, book: Ledger, earlier: list[tuple[int | None, str, Decimal]]
) -> tuple[Decimal | None, Decimal | None]:
    """Shares of the class over all lines of the owners, before and after; other lines as this filing moved them."""
    stated = [row for row in rows if row.ref in book.sequence]
    if not stated:
        return None, None
    first = min(stated, key=lambda row: book.sequence[row.ref])
    found = book.stake(first.ref, net)
    if found is None:
        return None, None
    own, name = first.line_number, first.security.name
    beside = _sum(move for number, kind, move in earlier if number != own and kind == name) or _ZERO
    before, after = found[0] + beside, found[1] + beside
    return (before, after) if before >= 0 and after >= 0 else (None, None)


def _percent(before: Decimal | None, net: Decimal) -> Decimal | None:
    if not before:
        return None
    return EXACT.divide(EXACT.multiply(net, _HUNDRED), before).quantize(_PERCENT, context=EXACT)
