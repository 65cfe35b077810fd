"""Swaps, forwards, collars, puts, calls and exchange funds on the company's shares, and pledges of them (7.16).

Which side the holder took is told where the form tells it: a put bought, a call written, a forward sale or a collar
lowers the holder's risk; a put written or a call bought raises it; the rest is unclear. Delivery when a forward ends is
no new sale, and expiry (E, H) no new hedge.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from signals.detectors.docket import Deal, Docket
from signals.detectors.draft import cite, draft, measured, party, plain, who
from signals.detectors.signal import Cited, Signal
from signals.readings.history import FiledForm
from signals.readings.roles import roles
from signals.readings.row_notes import facts_of
from signals.readings.securities import is_written

KIND = "hedging"
HEDGE, OPPOSITE, UNCLEAR = "hedge", "opposite", "unclear"
_TERMS = r"\((?:right|option|obligation)"
_WORDS = (
    (
        "forward",
        re.compile(
            r"\b(?:pre-?paid )?variable (?:pre-?paid )?(?:share )?forward|\bpre-?paid (?:variable )?forward|\bVPF\b"
            r"|\bforward (?:sales?|contracts?|purchase)",
            re.IGNORECASE,
        ),
    ),
    ("collar", re.compile(r"\b(?:zero[- ]cost |costless )?collars?\b", re.IGNORECASE)),
    (
        "swap",
        re.compile(
            r"\b(?:equity|total return|basket) swaps?\b|\bswap agreements?\b|\bcash-settled swaps?\b", re.IGNORECASE
        ),
    ),
    ("exchange_fund", re.compile(r"\bexchange funds?\b", re.IGNORECASE)),
    ("put", re.compile(rf"\bput options?\b|\bputs? {_TERMS}|\b(?:written|short|long) puts?\b", re.IGNORECASE)),
    (
        "call",
        re.compile(rf"\bcall options?\b|\bcalls? {_TERMS}|\b(?:written|covered|short|long) calls?\b", re.IGNORECASE),
    ),
)
_NAMES = {
    "forward": "a forward sale", "collar": "a collar", "swap": "an equity swap", "exchange_fund": "an exchange fund",
    "put": "put options", "call": "call options",
}  # fmt: skip
_SHORT = re.compile(r"\b(?:short|sell|sale|obligation to (?:sell|deliver))\b", re.IGNORECASE)
_LONG = re.compile(r"\b(?:long|economic exposure|right to (?:buy|purchase))\b", re.IGNORECASE)
_TABLE_II = frozenset("JSPK")


def find(docket: Docket) -> Iterator[Signal]:
    for deal in docket.deals:
        found = _instrument(deal)
        if found is not None and deal.on is not None:
            yield _signal(docket, deal, *found)
    yield from _pledges(docket)


def _instrument(deal: Deal) -> tuple[str, str] | None:
    """What was dealt in, and the words that say so; None if it was no hedge of any sort."""
    swapped = deal.trade.kind == "swap" or any(line.equity_swap for line in deal.lines)
    in_table = deal.trade.table == "II" and deal.trade.code in _TABLE_II
    if not swapped and not in_table:
        return None
    texts = [line.security_title or "" for line in deal.lines]
    texts += [note for line in deal.lines for note in deal.form.notes_on(line)]
    for text in texts:
        for name, pattern in _WORDS:
            if match := pattern.search(text):
                return name, text[max(0, match.start() - 60) : match.end() + 60].strip()
    return ("swap", "The form marks an equity swap.") if swapped else None


def _side(deal: Deal, what: str, words: str) -> str:
    title = " ".join(line.security_title or "" for line in deal.lines)
    acquired = deal.trade.direction == "acquired"
    if what == "collar" or what == "exchange_fund":
        return HEDGE
    if what == "forward":
        return UNCLEAR if re.search(r"forward purchase", words, re.IGNORECASE) else HEDGE
    if what in ("put", "call"):
        # acquiring an obligation is writing the option, as giving up a right that one had not is
        written = is_written(title) if acquired else True
        if deal.trade.direction is None:
            return UNCLEAR
        return HEDGE if (what == "put") != written else OPPOSITE
    short, long = _SHORT.search(words), _LONG.search(words)
    return HEDGE if short and not long else OPPOSITE if long and not short else UNCLEAR


def _signal(docket: Docket, deal: Deal, what: str, words: str) -> Signal:
    side = _side(deal, what, words)
    does = {
        HEDGE: "lowers the holder’s risk",
        OPPOSITE: "raises the holder’s exposure",
        UNCLEAR: "either side is possible",
    }
    on = deal.on or deal.form.filed_on
    return draft(
        docket,
        KIND,
        f"{deal.root.accession}:{deal.root.table}{deal.root.row}",
        known_at=deal.known_at,
        window=(on, max(on, deal.trade.expires_on or on)),
        strength={HEDGE: 60, OPPOSITE: 25, UNCLEAR: 35}[side] + (15 if deal.seated else 0),
        deals=[deal],
        evidence={
            "tests": [],
            "instrument": what,
            "side": side,
            "words": words,
            "code": deal.trade.code,
            "shares": plain(deal.trade.shares),
            "ends_on": plain(deal.trade.expires_on),
        },
        excluded=_deliveries(docket, deal, what),
        sentence=f"{who(docket, deal.maker, deal.roles)} dealt in {_NAMES[what]} on the shares on {on}; {does[side]}.",
    )


def _deliveries(docket: Docket, deal: Deal, what: str) -> list[Cited]:
    """Rows of the same filing that are the end of such a contract, and no new one."""
    return [
        cite(other, "an expiry or delivery, no new contract")
        for other in docket.of_accession.get(deal.trade.accession, ())
        if other is not deal and other.trade.code in ("E", "H")
    ]


def _pledges(docket: Docket) -> Iterator[Signal]:
    """Notes that shares are pledged, once a year for each holder."""
    every = timedelta(days=docket.thresholds.days(f"{KIND}.pledge_every"))
    last: dict[str, date] = {}
    for form in docket.history:
        words = _pledge_words(form)
        if words is None:
            continue
        maker = docket.reading.decision_makers[form.owners[0].cik] if form.owners else None
        if maker is None or (maker in last and form.filed_on - last[maker] < every):
            continue
        last[maker] = form.filed_on
        found = roles(form.owners[0], form.remarks)
        yield draft(
            docket,
            KIND,
            f"{form.accession}:pledge",
            known_at=form.known_at,
            window=(form.filed_on, form.filed_on),
            strength=30,
            deals=(),
            trades=[Cited(form.accession, ())],
            insiders=[party(docket, maker, found)],
            tags=["pledge"],
            evidence={
                "tests": [
                    measured(
                        docket, "days since it was last told, at least", int(every.days), f"{KIND}.pledge_every", True
                    )
                ],
                "instrument": "pledge",
                "words": words,
            },
            sentence=f"A note of {who(docket, maker, found)} on {form.filed_on} says that shares are pledged.",
        )


def _pledge_words(form: FiledForm) -> str | None:
    for text in (*form.footnotes.values(), form.remarks or ""):
        if "pledg" not in text.lower():
            continue
        for fact in facts_of(text):
            if fact.kind == "pledge" and "pledg" in fact.words.lower() and not fact.denied:
                return text[max(0, fact.start - 60) : fact.end + 60].strip()
    return None
