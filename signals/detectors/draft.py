"""How a detector writes down what it found: parties, cited rows, numbers beside their thresholds, sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from signals.detectors.catalogue import CATALOGUE
from signals.detectors.docket import BUY, Deal, Docket, Event
from signals.detectors.signal import TAGS, Cited, Party, Signal
from signals.readings.explain.words import short_day, spoken
from signals.readings.trade import plain_number
from signals.readings.vocabulary import SLUGS

# Kinds that hold figures of several days against each other.
_ADJUSTED = frozenset({"dip_buy", "sale_after_runup", "inferred_plan", "gift_timing"})
_YEAR = timedelta(days=365)
ROLE_WORDS = {
    "chair": "chair", "ceo": "CEO", "cfo": "CFO", "coo": "COO", "president": "president", "gc": "general counsel",
    "vp": "vice president", "officer": "officer", "director": "director", "ten_percent": "10% owner",
    "other": "other insider",
}  # fmt: skip


def draft(
    docket: Docket,
    kind: str,
    key: str,
    *,
    known_at: datetime,
    window: tuple[date, date],
    strength: float | Decimal | int,
    deals: Iterable[Deal],
    evidence: Mapping[str, Any],
    sentence: str,
    excluded: Iterable[Cited] = (),
    trades: Iterable[Cited] | None = None,
    insiders: Sequence[Party] | None = None,
    tags: Iterable[str] = (),
    settles_on: date | None = None,
) -> Signal:
    """A signal; provisional where it has a day to settle on that is not over yet. Days in `sentence` are said."""
    counted_deals = sorted(set(deals), key=lambda deal: (deal.on or date.min, deal.order))
    marked = set(tags)
    if kind in _ADJUSTED and any(split.inferred for split in docket.splits.between(window[0] - _YEAR, window[1])):
        marked.add("inferred_split")
    return Signal(
        kind=kind,
        key=f"{kind}:{docket.issuer_cik}:{key}",
        issuer_cik=docket.issuer_cik,
        ticker=docket.ticker,
        known_at=known_at,
        window=window,
        strength=max(0, min(100, round(strength))),
        insiders=tuple(parties(docket, counted_deals) if insiders is None else insiders),
        trades=tuple(cite(deal) for deal in counted_deals) if trades is None else tuple(trades),
        evidence=evidence,
        excluded=tuple(excluded),
        sentence=spoken(sentence, short_day),
        caveat=CATALOGUE[kind].caveat,
        tags=tuple(tag for tag in TAGS if tag in marked),
        provisional=settles_on is not None and not docket.over(settles_on),
        settles_on=settles_on,
    )


def cite(deal: Deal, reason: str | None = None) -> Cited:
    return Cited(deal.trade.accession, deal.trade.lines, reason)


def left_out(deals: Iterable[Deal]) -> list[Cited]:
    """Trades that are not eligible, each with why."""
    return [cite(deal, deal.why_not) for deal in deals]


def party(docket: Docket, maker: str, roles: Iterable[str]) -> Party:
    """The decision-maker with its first role of these."""
    cik = docket.people[maker]
    found = set(roles)
    return Party(cik, docket.names.get(cik), next((slug for slug in SLUGS if slug in found), None))


def parties(docket: Docket, deals: Iterable[Deal]) -> list[Party]:
    """The decision-makers of these trades, by CIK."""
    found: dict[str, set[str]] = {}
    for deal in deals:
        found.setdefault(deal.maker, set()).update(deal.roles)
    return sorted((party(docket, maker, roles) for maker, roles in found.items()), key=lambda one: one.cik)


def measured(docket: Docket, what: str, found: Any, threshold: str, met: bool) -> dict[str, Any]:
    """One number beside its threshold."""
    return {
        "what": what,
        "found": plain(found),
        "threshold": threshold,
        "needed": plain(docket.thresholds[threshold]),
        "met": met,
    }


def plain(value: Any) -> Any:
    """A figure as JSON gives it, with no more digits than it is worth."""
    if isinstance(value, Decimal):
        return plain_number(value if value == value.to_integral_value() else round(value, 4))
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    return value


def who(docket: Docket, maker: str, roles: Iterable[str] = ()) -> str:
    """Name and role, for a sentence."""
    one = party(docket, maker, roles)
    name = one.name or f"The owner with CIK {one.cik}"
    return f"{name} ({ROLE_WORDS[one.role]})" if one.role else name


def dollars(value: Decimal | None) -> str:
    if value is None:
        return "an unknown sum"
    return f"${value:,.2f}" if abs(value) < 100 else f"${value:,.0f}"


def shares_of(value: Decimal | None) -> str:
    return "an unknown number of" if value is None else f"{value.normalize():,f}"


def percent(value: Decimal) -> str:
    return f"{value:,.1f}%" if abs(value) < 10 else f"{value:,.0f}%"


def counted(number: int, noun: str, many: str | None = None) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {many or noun + 's'}"


def did(event: Event) -> str:
    """ "bought 1,000 shares at $10.00 ($10,000)"."""
    word = "bought" if event.side == BUY else "sold"
    return f"{word} {shares_of(event.shares)} shares at {dollars(event.price)} ({dollars(event.value)})"
