"""Sales when a lock-up ended, 180 days after an offering that Forms 3 and notes show (domain facts 7.12).

The day of the offering is inferred: the first day shared by three Forms 3 of an issuer without earlier filings, and
confirmed by words about an initial offering. Spin-offs, mergers, listings and foreign issuers' first reports are not.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from signals.detectors.docket import Deal, Docket
from signals.detectors.draft import cite, counted, draft, measured, percent, plain, shares_of
from signals.detectors.signal import Signal
from signals.readings.history import FiledForm
from signals.readings.securities import COMMON, DEPOSITARY, security_class
from signals.readings.trading_days import is_trading_day, next_trading_day

KIND = "lockup_sale"
_AROUND, _CONFIRMED_WITHIN, _BEFORE = timedelta(days=10), timedelta(days=30), timedelta(days=14)
_IPO = re.compile(r"\binitial public offering\b|\bIPO\b", re.IGNORECASE)
_NO_IPO = re.compile(
    r"\bspin-?off\b|\bspun off\b|\bbusiness combination\b|\bdirect listing\b|\buplist\w*|\bbankruptcy\b|\bchapter 11\b",
    re.IGNORECASE,
)
_FOREIGN_MONTH = (2026, 3)
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Offering:
    on: date
    form3s: int
    known_at: datetime
    words: str


def find(docket: Docket) -> Iterator[Signal]:
    offering = offering_of(docket)
    if offering is None:
        return
    limits = docket.thresholds
    expiry = offering.on + timedelta(days=limits.days(f"{KIND}.expiry"))
    if not is_trading_day(expiry):
        expiry = next_trading_day(expiry)
    start = expiry - timedelta(days=limits.days(f"{KIND}.before"))
    end = expiry + timedelta(days=limits.days(f"{KIND}.after"))
    day = timedelta(days=1)
    for first, last, early in ((start, end, False), (offering.on + _BEFORE, start - day, True)):
        signal = _signal(docket, offering, expiry, first, last, early)
        if signal:
            yield signal


def offering_of(docket: Docket) -> Offering | None:
    """The initial offering that these filings show; None if they show none, or another sort of beginning."""
    firsts = [form for form in docket.history if form.form == "3" and form.period_of_report]
    days = Counter(form.period_of_report for form in firsts)
    least = docket.thresholds[f"{KIND}.form3s"]
    on = min((day for day, count in days.items() if day and count >= least), default=None)
    if on is None or docket.history.forms[0].filed_on < on - _AROUND:
        return None
    near = [form for form in docket.history if form.filed_on <= on + _CONFIRMED_WITHIN]
    if (docket.foreign and (on.year, on.month) == _FOREIGN_MONTH) or any(_NO_IPO.search(text) for text in _texts(near)):
        return None
    told = next(((form, words) for form in near if (words := _ipo_words(form, on))), None)
    if told is None:
        return None
    same_day = sorted(form.known_at for form in firsts if form.period_of_report == on)
    return Offering(on, days[on], max(same_day[int(least) - 1], told[0].known_at), told[1])


def _texts(forms: Sequence[FiledForm]) -> Iterator[str]:
    for form in forms:
        yield from form.footnotes.values()
        if form.remarks:
            yield form.remarks


def _ipo_words(form: FiledForm, on: date) -> str | None:
    """The words about an initial offering, of a Form 3 or of conversions (C, J) within two weeks of the day."""
    converted = any(
        line.code in ("C", "J") and line.transaction_date and abs(line.transaction_date - on) <= _BEFORE
        for line in form.lines
    )
    if form.family != "3" and not converted:
        return None
    for text in _texts([form]):
        if match := _IPO.search(text):
            return text[max(0, match.start() - 60) : match.end() + 60].strip()
    return None


def _signal(docket: Docket, offering: Offering, expiry: date, first: date, last: date, early: bool) -> Signal | None:
    limits = docket.thresholds
    sold = _sales(docket, first, last)
    held = _held(docket, first)
    people = [deal for deal in sold if deal.seated]
    known_at = _known_at(docket, people, held)
    if known_at is None:
        return None
    makers = {deal.maker for deal in people}
    shares = _shares(people)
    part = shares / held * 100 if held else None
    many = len(makers) >= limits[f"{KIND}.insiders"]
    much = bool(part and part >= limits[f"{KIND}.held"])
    apart = [deal for deal in sold if not deal.seated]
    distributed = _distributed(docket, first, last)
    evidence: dict[str, Any] = {
        "tests": [
            measured(docket, "insiders who sold", len(makers), f"{KIND}.insiders", many),
            measured(docket, "percent of what insiders held", part, f"{KIND}.held", much),
        ],
        "offering_on": plain(offering.on),
        "offering_by": {"form3s_of_one_day": offering.form3s, "words": offering.words},
        "expiry": plain(expiry),
        "inferred": True,
        "insiders": len(makers),
        "shares": plain(shares),
        "insiders_held": plain(held),
        "funds_sold": plain(_shares(apart)),
        "distributed": plain(_shares(distributed)),
    }
    what = "before" if early else "when"
    ends = max(deal.on for deal in people if deal.on)
    return draft(
        docket,
        KIND,
        "early" if early else "expiry",
        known_at=max(known_at, offering.known_at),
        window=(first, min(last, ends) if early else last),
        strength=20 + min(40, 10 * len(makers)) + min(Decimal(40), part or _ZERO),
        deals=people,
        tags=["early_release"] if early else [],
        evidence=evidence,
        excluded=[cite(deal, "a fund’s or 10% owner’s sale, shown apart") for deal in apart]
        + [cite(deal, "handed on to partners, no sale") for deal in distributed],
        sentence=f"{counted(len(makers), 'insider')} sold {shares_of(shares)} shares"
        f"{f', {percent(part)} of what insiders held,' if part else ''} {what} a lock-up is taken to have ended on "
        f"{expiry}, 180 days "
        f"after the offering of {offering.on}.",
    )


def _sales(docket: Docket, first: date, last: date) -> list[Deal]:
    """Sales of shares in the market in these days, whoever's: planned ones and those out of exercises too."""
    return [
        deal
        for deal in docket.deals
        if deal.trade.code == "S" and deal.trade.counted and not deal.trade.sold_to_cover and deal.on
        and first <= deal.on <= last
    ]  # fmt: skip


def _distributed(docket: Docket, first: date, last: date) -> list[Deal]:
    return [
        deal
        for deal in docket.deals
        if deal.trade.code == "J" and deal.trade.direction == "disposed" and deal.trade.family in (COMMON, DEPOSITARY)
        and deal.on and first <= deal.on <= last
    ]  # fmt: skip


def _known_at(docket: Docket, people: list[Deal], held: Decimal | None) -> datetime | None:
    """The filing with which enough insiders, or enough of what they held, had been sold."""
    makers: set[str] = set()
    shares = _ZERO
    for deal in sorted(people, key=lambda deal: deal.order):
        makers.add(deal.maker)
        shares += deal.trade.shares or _ZERO
        enough = held and shares / held * 100 >= docket.thresholds[f"{KIND}.held"]
        if len(makers) >= docket.thresholds[f"{KIND}.insiders"] or enough:
            return deal.known_at
    return None


def _held(docket: Docket, before: date) -> Decimal | None:
    """What all insiders' lines of common stock last stated in filings before that day; None if nothing."""
    total = _ZERO
    for book in docket.reading.ledger:
        if security_class(book.line.security_class).family not in (COMMON, DEPOSITARY):
            continue
        stated = [entry.after for entry in book.entries if docket.history.form(entry.row.accession).filed_on < before]
        total += stated[-1] if stated else _ZERO
    return total or None


def _shares(deals: Sequence[Deal]) -> Decimal:
    return sum((deal.trade.shares or _ZERO for deal in deals), _ZERO)
