"""A large gift: what it was worth, who received it as far as notes say, and when it was told (domain facts 7.17)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from filings.ownership.calendar import business_days_between
from signals.detectors.docket import Deal, Docket
from signals.detectors.draft import counted, dollars, draft, measured, plain, shares_of, who
from signals.detectors.signal import Signal
from signals.readings.row_notes import facts_of
from signals.readings.securities import COMMON, DEPOSITARY

KIND = "gift_timing"
_GIVERS = frozenset({"chair", "ceo", "cfo", "coo", "president", "gc", "vp", "officer", "director", "ten_percent"})
_RECEIVERS = (
    ("donor_advised_fund", ("donor advised", "donor-advised")),
    ("foundation", ("foundation",)),
    ("charity", ("charit", "non-profit", "nonprofit", "university", "church")),
    ("family", ("family", "children", "spouse", "son", "daughter", "grandchild")),
    ("trust", ("trust",)),
)
_OF_FAMILY = frozenset({"family", "spouse", "trust"})
_ZERO = Decimal(0)


class Price(NamedTuple):
    price: Decimal
    on: date
    source: str


def find(docket: Docket) -> Iterator[Signal]:
    groups: dict[tuple[str, str, date], list[Deal]] = {}
    for deal in docket.deals:
        trade = deal.trade
        if trade.kind != "gift" or trade.direction != "disposed" or deal.on is None or not trade.shares:
            continue
        if trade.family in (COMMON, DEPOSITARY) and trade.table == "I" and not _GIVERS.isdisjoint(deal.roles):
            groups.setdefault((deal.maker, trade.security_class, deal.on), []).append(deal)
    for (maker, name, on), deals in groups.items():
        signal = _signal(docket, maker, name, on, deals)
        if signal:
            yield signal


def _signal(docket: Docket, maker: str, name: str, on: date, deals: list[Deal]) -> Signal | None:
    least = docket.thresholds[f"{KIND}.value"]
    shares, told = _ZERO, None
    price: Price | None = None
    for deal in deals:  # in the order of knowledge: the filing with which the gift became large
        shares += deal.trade.shares or _ZERO
        price = _price(docket, name, on, deal)
        if price is not None and told is None and shares * price.price >= least:
            told = deal
    if told is None or price is None:
        return None
    value = shares * price.price
    receiver, words = _receiver(deals)
    roles = [role for deal in deals for role in deal.roles]
    delay = (told.form.filed_on - on).days
    freeze = receiver in _OF_FAMILY
    return draft(
        docket,
        KIND,
        f"{deals[0].root.accession}:{deals[0].root.table}{deals[0].root.row}",
        known_at=told.known_at,
        window=(on, told.form.filed_on),
        strength=20 + min(Decimal(40), value / 1_000_000) + min(30, delay),
        deals=deals,
        evidence={
            "tests": [measured(docket, "dollars", value, f"{KIND}.value", True)],
            "shares": plain(shares),
            "price": plain(price.price),
            "price_on": plain(price.on),
            "price_source": price.source,
            "receiver": receiver,
            "words": words,
            "delay_days": delay,
            "delay_business_days": business_days_between(on, told.form.filed_on),
            "estate_freeze_more_likely": freeze,
        },
        sentence=f"{who(docket, maker, roles)} gave away {shares_of(shares)} shares on {on}, worth about "
        f"{dollars(value)} at the last "
        f"{'close' if price.source == 'closes' else 'price an insider filed'} before, and reported it "
        f"{counted(delay, 'day')} later.",
    )


def _price(docket: Docket, name: str, on: date, deal: Deal) -> Price | None:
    """The close of the day or just before, else the last price that insiders had filed, on the day's scale."""
    close = docket.prices.close_on(name, on)
    if close is not None:
        return Price(close.price, close.on, "closes")
    within = timedelta(days=docket.thresholds.days(f"{KIND}.price_age"))
    filed = docket.prices.last_filed(name, on, deal.known_at, within)
    if filed is None:
        return None
    return Price(docket.splits.price(filed.price, filed.on, on, deal.known_at), filed.on, "filed")


def _receiver(deals: list[Deal]) -> tuple[str | None, str | None]:
    """Who received it and the words that say so, from the notes on the rows."""
    for deal in deals:
        for text in (note for line in deal.lines for note in deal.form.notes_on(line)):
            for fact in facts_of(text):
                if fact.kind == "gift" and fact.recipient:
                    return fact.recipient, fact.words
            low = text.lower()
            if "gift" in low or "donat" in low:
                for name, words in _RECEIVERS:
                    if found := next((word for word in words if word in low), None):
                        at = low.index(found)
                        return name, text[max(0, at - 40) : at + len(found) + 40].strip()
    return None, None
