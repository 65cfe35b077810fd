"""New filings of an issuer -> readings and signals, without reading the whole issuer again.

What is read are the new filings with those of the same circle of insiders (`signals.readings.outline`), beside what is
stored of all others. Where clusters may be others now, these are looked for among all filings, which are not put into
words and compared again: that is most of what reading them whole takes. Promises: what is stored afterwards is what
reading the issuer whole would have stored; where `signals.detectors.reach` cannot be sure of that, or something fails,
nothing is written, and the issuer is left to be read whole. The caller holds the transaction and the issuer's lock.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from filings.models import Issuer
from signals.detectors.engine import OF_MANY, OF_ONE
from signals.detectors.reach import ReachesAll, check_forms, check_prices, check_strikes, reached, renames
from signals.detectors.signal import Signal as Found
from signals.readings.history import EASTERN
from signals.readings.outline import Beside, Outline, outline
from signals.readings.tape import Told
from signals.readings.trades import IssuerReading, issuer_reading
from signals.readings.whole import FilingReading, readings_of
from signals.selectors.detected import NOTHING_IMPORTED, Imported, detect
from signals.selectors.histories import Facts, facts_among, facts_of
from signals.selectors.outlines import Circles, Stored, outlines, stored, told_prices
from signals.selectors.prices import closes_and_splits
from signals.services import reading_rows, signal_rows, standing
from signals.services.standing import READER_FAULTS

log = logging.getLogger(__name__)

# Below that, reading an issuer whole takes no longer.
FEWEST = 60
# Circles that have to be read because of others; more than so many rounds are as much as all.
_ROUNDS = 4


@dataclass(slots=True)
class News:
    """The filings whose reading, and the keys of the signals that changed."""

    changed: list[str]
    signals: list[str]


@dataclass(slots=True)
class _Circle:
    """Some insiders' filings as they were read, beside others, and whether clusters may be others now."""

    facts: Facts
    reading: IssuerReading
    filings: tuple[FilingReading, ...]
    beside: Beside
    clusters: bool = False


def read_news(issuer: Issuer, now: datetime) -> News | None:
    """None, and nothing written, where the issuer must be read whole."""
    today = now.astimezone(EASTERN).date()
    found = stored(issuer, today, FEWEST)
    if found is None:
        return None
    closes, listed = closes_and_splits([issuer.cik]).get(issuer.cik, NOTHING_IMPORTED)
    imported = closes, list(listed) or found.splits_shown
    try:
        circle = _read(issuer.cik, found, closes_of_main="" in closes)
        signals = detect(issuer, circle.reading, imported, now, kinds=OF_ONE, beside=circle.beside)
        among_all = _among_all(issuer, imported, now) if circle.clusters else None
        if among_all:
            _check_that_nothing_came(issuer, found, today)
    except ReachesAll:
        return None
    except READER_FAULTS:
        log.exception("New filings of issuer %s could not be read by themselves", issuer.cik)
        return None
    sics = {issuer.cik: reading_rows.sic_number(issuer.sic)}
    changed = reading_rows.write(circle.filings, circle.facts.published_at, sics, now)
    among = signal_rows.Among(OF_ONE, circle.reading.decision_makers)
    keys = signal_rows.write([issuer.cik], signals, signal_rows.by_lines(circle.reading), sics, now, among=among)
    if among_all:
        found_anew, reading = among_all
        among = signal_rows.Among(OF_MANY)
        keys += signal_rows.write([issuer.cik], found_anew, signal_rows.by_lines(reading), sics, now, among=among)
    standing.news_were_read(issuer.cik, max(form.filed_on for form in circle.reading.history), now)
    return News(changed, keys)


def _among_all(issuer: Issuer, imported: Imported, now: datetime) -> tuple[Sequence[Found], IssuerReading]:
    """What is found among all insiders of the issuer together, and in which reading."""
    reading = issuer_reading(facts_of([issuer.cik]).histories[issuer.cik])
    return detect(issuer, reading, imported, now, kinds=OF_MANY), reading


def _check_that_nothing_came(issuer: Issuer, found: Stored, today: date) -> None:
    """What was published meanwhile is among all filings, and not among those that are read and stored here."""
    now = stored(issuer, today, FEWEST)
    if now is None or now.new != found.new:
        raise ReachesAll("more news came")


def _read(issuer: str, found: Stored, *, closes_of_main: bool) -> _Circle:
    """Raises `ReachesAll`."""
    new = set(found.new)
    forms = list(facts_among(new).histories[issuer])
    check_forms(forms, found.standing)
    circles, before, told = Circles(issuer, forms), outlines(issuer), told_prices(issuer)
    wanted: Collection[str] = new
    for _ in range(_ROUNDS):
        circle = _read_circle(issuer, circles.around(wanted), before, told, found)
        read = {form.accession for form in circle.reading.history}
        after = [one for filing in circle.filings for item in filing.trades if (one := outline(item)) is not None]
        more, clusters = reached(new, read, before, after, found.standing.clusters, closes_of_main=closes_of_main)
        if not more:
            check_strikes(circle.reading.history, new)
            check_prices(told, circle.reading.quotes, new, read)
            circle.clusters = clusters or renames(circle.reading.history, new, found.standing.named)
            return circle
        wanted = read | more
    raise ReachesAll("one circle after another")


def _read_circle(
    issuer: str, filings: Collection[str], before: Sequence[Outline], told: Sequence[Told], found: Stored
) -> _Circle:
    facts = facts_among(filings)
    others = [one for one in before if one.accession not in filings]
    beside = Beside(others, found.standing.covered_since, found.standing.foreign)
    quoted = (one.quote for one in told if one.stands and one.quote.accession not in filings)
    reading = issuer_reading(facts.histories[issuer], quoted=quoted)
    return _Circle(facts, reading, readings_of(reading, beside), beside)
