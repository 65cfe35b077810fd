"""Published facts -> stored readings, an issuer at a time under its lock.

Promises: the readings and signals of an issuer are replaced in one transaction, and where they are the same no row
changes; equal facts give equal readings, whatever the order of arrival. A new filing is read without its whole issuer
where that comes to the same (`read_news`). One runner reads an issuer at a time. Others wait for it, and then find what
came meanwhile; who only looks for what is owed leaves the issuer to it, as it will look again. An issuer that cannot be
read is put off with the reason, keeps the readings (or, where only a detector failed, the signals) that it had, and
delays nobody else.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from filings.models import Issuer
from form4site.kit.collecting import no_collecting
from form4site.kit.side_by_side import side_by_side
from signals import events
from signals.detectors.engine import splits_shown
from signals.detectors.signal import Signal as Found
from signals.models import Reading
from signals.readings.inferred_splits import open_until
from signals.readings.splits import Split
from signals.readings.trades import IssuerReading, issuer_reading
from signals.readings.whole import readings_of
from signals.selectors.detected import NOTHING_IMPORTED, detect
from signals.selectors.histories import Facts, facts_of
from signals.selectors.owed import (
    by_filings,
    history_comes_in,
    issuers_by_portion,
    issuers_due_by_clock,
    issuers_undrawn,
    issuers_unseated,
    owed_issuers,
    with_more_filings,
)
from signals.selectors.prices import closes_and_splits
from signals.services import citations, drawing, horizon, reading_rows, seating, signal_rows, standing
from signals.services.read_news import FEWEST, read_news
from signals.services.standing import READER_FAULTS

log = logging.getLogger(__name__)

# Issuers that are read in one transaction; their filings are in memory together.
BATCH = 20
# Issuers that one look finds at most; more are hardly read before the next ring.
MANY = 1_000
# Issuers with news that one look finds: few, as large ones wait for all of them.
NEWS = 10
# News that are read before a large issuer which waits, however many more there are.
PATIENCE = 20
# Filings that a portion of a long reading has, about; an issuer with more is one of its own.
PORTION = 1_000
# Below the time limit of a task.
SECONDS = 30.0


@dataclass(slots=True)
class Outcome:
    """What a reading did. `changed` are the filings whose reading is new or another, `signals` the keys of signals that
    are new, another or gone, `failed` the issuers that could not be read, by reason.

    Not read were the issuers that are read `elsewhere` at the moment, and large ones that must be read `whole` where
    these were to wait.
    """

    read: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    signals: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    elsewhere: list[str] = field(default_factory=list)
    whole: list[str] = field(default_factory=list)

    def add(self, other: Outcome) -> None:
        self.read += other.read
        self.changed += other.changed
        self.signals += other.signals
        self.failed |= other.failed
        self.elsewhere += other.elsewhere
        self.whole += other.whole


@dataclass(frozen=True, slots=True)
class _How:
    """With `only_owed`, issuers that somebody else has read meanwhile are left alone; with `afresh`, what was read
    before is dropped first; without `wait`, what somebody else reads at the moment is left to him.

    Of what is owed the news are read by themselves where that is enough, without `news` not; where it is not, large
    issuers are read whole only with `large`.
    """

    only_owed: bool = False
    afresh: bool = False
    wait: bool = True
    news: bool = True
    large: bool = True


def read_owed(*, seconds: float = SECONDS, everything: bool = False) -> Outcome:
    """Reads the issuers that are owed a reading; begins with nothing new after `seconds`.

    Safe in many processes at once. `everything` looks through the whole archive, not only at what was published lately.
    While a data set comes in, it is left to its loader, and the news are read.
    """
    outcome = Outcome()
    ends_at = time.monotonic() + seconds
    turns = _turns(outcome, everything)
    while time.monotonic() < ends_at and (turn := next(turns, None)):
        issuers, how = turn
        with no_collecting():
            outcome.add(_read(issuers, how, timezone.now()))
    return outcome


_NEWS = _How(only_owed=True, wait=False, large=False)
_NEWS_OF_LARGE = _How(only_owed=True, wait=False, news=False)
_REST = _How(only_owed=True, wait=False)


def _turns(outcome: Outcome, everything: bool) -> Iterator[tuple[list[str], _How]]:
    """What to read next, until nothing is owed that nobody else reads.

    Each issuer with news is read and committed by itself, and a large one that must be read whole, which takes seconds,
    when there are no others, the largest last. So that a stream of news does not keep them off for good, one of them
    has its turn after `PATIENCE` others, and when `NEWS` of them wait. The rest is looked for when there are no news:
    these are found at little cost, while that may mean looking through all of a load, so that one look has to do for
    many batches.
    """
    whole: list[str] = []
    rest: list[str] = []
    before = 0
    while True:
        patient = not whole or (before < PATIENCE and len(whole) < NEWS)
        if patient and (news := owed_issuers(NEWS, history=False, but=[*whole, *outcome.elsewhere])):
            for issuer in news:
                yield [issuer], _NEWS
            before += len(news)
            whole = by_filings([*whole, *outcome.whole])
            outcome.whole.clear()
        elif whole:
            before = 0
            yield [whole.pop(0)], _NEWS_OF_LARGE
        elif rest:
            yield rest[:BATCH], _REST
            del rest[:BATCH]
        else:
            if not everything and history_comes_in():
                return
            passable = horizon.passable()
            rest = owed_issuers(MANY, everything=everything, but=outcome.elsewhere)
            if not rest:
                if not outcome.elsewhere:
                    horizon.move(passable)
                return


def read_by_clock(*, seconds: float = SECONDS) -> Outcome:
    """Brings signals up to today where time alone may have raised, settled or undone one. Once a day an issuer.

    Before that, who sits at issuers that were read by a version which did not keep it is kept, a few at a time; and
    after it, what another version has drawn of an issuer is drawn anew.
    """
    outcome = Outcome()
    ends_at = time.monotonic() + seconds
    while time.monotonic() < ends_at and seat_unseated():
        pass
    while time.monotonic() < ends_at and (due := issuers_due_by_clock(BATCH)):
        with no_collecting():
            outcome.add(read_issuers(issuers=due))
    while time.monotonic() < ends_at and draw_undrawn():
        pass
    return outcome


@transaction.atomic
def seat_unseated() -> list[str]:
    """Keeps who sits at some issuers of which that is not kept, and returns these; there are none where it is."""
    issuers = issuers_unseated(BATCH)
    lock(issuers)
    seating.seat(issuers)
    return issuers


@transaction.atomic
def draw_undrawn() -> list[str]:
    """Draws the sheets of some issuers of which this source has drawn none, and returns these."""
    issuers = issuers_undrawn(BATCH)
    lock(issuers)
    drawing.draw(issuers)
    return issuers


def read_all_owed(*, jobs: int = 1, step: Callable[[int], None] = lambda issuers: None) -> Outcome:
    """Reads until nothing that was published lately is owed; for commands, which say how they get on."""
    outcome = Outcome()
    while True:
        passable = horizon.passable()
        if not (owed := owed_issuers(None)):
            horizon.move(passable)
            return outcome
        outcome.add(read_many(issuers=owed, jobs=jobs, step=step, only_owed=True))


def reread(*, issuers: Sequence[str], jobs: int = 1, step: Callable[[int], None] = lambda issuers: None) -> Outcome:
    """Drops the readings of these issuers and makes them anew from the facts. A stop in the middle loses nothing."""
    outcome = read_many(issuers=issuers, jobs=jobs, step=step, afresh=True)
    # Looks pass over those that were put off: what came for them while they were read is looked for here.
    if owed := owed_issuers(None, among=issuers, everything=True):
        outcome.add(read_many(issuers=owed, jobs=jobs, only_owed=True))
    return outcome


def read_many(
    *, issuers: Sequence[str], jobs: int, step: Callable[[int], None] = lambda issuers: None, **how: bool
) -> Outcome:
    """Reads these issuers a portion a transaction, in `jobs` processes where that is worth it.

    Issuers with many filings go first, so that no process is left alone with the largest at the end.
    """
    outcome = Outcome()
    portions = issuers_by_portion(issuers, PORTION)
    done: Iterable[tuple[list[str], Outcome]]
    if jobs < 2 or len(portions) < 2 * jobs:
        done = ((portion, read_portion(portion, **how)) for portion in portions)
    else:
        done = side_by_side("signals.services.read:read_portion", portions, jobs, **how)
    for portion, some in done:
        outcome.add(some)
        step(len(portion))
    return outcome


def read_portion(issuers: Sequence[str], only_owed: bool = False, afresh: bool = False) -> Outcome:
    """`read_issuers`, as another process calls it."""
    with no_collecting():
        return read_issuers(issuers=issuers, only_owed=only_owed, afresh=afresh)


def read_issuers(
    *, issuers: Sequence[str], only_owed: bool = False, afresh: bool = False, now: datetime | None = None
) -> Outcome:
    """Reads these issuers. Where one of several fails, each is read alone and that one put off.

    With `only_owed`, those that somebody else has read while this waited for them are left alone; with `afresh`, what
    was read before is dropped first.
    """
    return _read(issuers, _How(only_owed=only_owed, afresh=afresh), now or timezone.now())


def _read(issuers: Sequence[str], how: _How, now: datetime) -> Outcome:
    try:
        return _read_together(sorted(issuers), how, now)
    except READER_FAULTS as fault:
        if len(issuers) > 1:
            outcome = Outcome()
            for issuer in sorted(issuers):
                outcome.add(_read([issuer], how, now))
            return outcome
        log.exception("The readings of issuer %s failed", issuers[0])
        reason = f"{type(fault).__name__}: {fault}"[:500]
        standing.put_off(issuers[0], reason, now)
        return Outcome(failed={issuers[0]: reason})


@transaction.atomic
def _read_together(issuers: Sequence[str], how: _How, now: datetime) -> Outcome:
    held = lock(issuers, wait=how.wait)
    outcome = Outcome(elsewhere=[issuer for issuer in issuers if issuer not in held])
    issuers = owed_issuers(len(held), among=held, everything=True) if how.only_owed else held
    if how.afresh:
        reading_rows.delete(Reading.objects.filter(issuer__in=issuers).values_list("filing_id", flat=True))
    known = Issuer.objects.in_bulk(issuers)
    whole = []
    for issuer in issuers:
        news = read_news(known[issuer], now) if how.only_owed and how.news else None
        if news is None:
            whole.append(issuer)
        else:
            outcome.add(Outcome(read=[issuer], changed=news.changed, signals=news.signals))
    outcome.whole += [] if how.large else with_more_filings(whole, FEWEST)
    if at_once := [issuer for issuer in whole if issuer not in outcome.whole]:
        outcome.add(_read_whole(at_once, known, now))
    _keep_beside(outcome)
    return outcome


def _keep_beside(outcome: Outcome) -> None:
    """What is kept beside the readings of issuers, and that these are announced."""
    issuers = outcome.read
    if not issuers:
        return
    seating.seat(issuers)
    drawing.draw(issuers)  # without news too: a sheet shows names, and splits, that change no reading
    if outcome.changed or outcome.signals:
        citations.renew(issuers)
        transaction.on_commit(
            lambda: events.readings_published.send_robust(
                sender=Reading, accessions=outcome.changed, issuers=issuers, signals=outcome.signals
            ),
            robust=True,
        )


def _read_whole(issuers: Sequence[str], known: Mapping[str, Issuer], now: datetime) -> Outcome:
    facts = facts_of(issuers)
    sics = {issuer: reading_rows.sic_number(row.sic) for issuer, row in known.items()}
    read = {issuer: issuer_reading(history) for issuer, history in facts.histories.items()}
    changed = reading_rows.write(
        [one for reading in read.values() for one in readings_of(reading)], facts.published_at, sics, now
    )
    changed += _forget_moved(issuers, facts)
    signals, shown, failed = _detect(issuers, read, known, now)
    standing.were_read(
        (_standing(known[issuer], read.get(issuer), shown) for issuer in issuers if issuer not in failed), now
    )
    for issuer, reason in failed.items():
        standing.put_off(issuer, reason, now)
    return Outcome(read=list(issuers), changed=changed, signals=signals, failed=failed)


def _detect(
    issuers: Sequence[str], read: Mapping[str, IssuerReading], known: Mapping[str, Issuer], now: datetime
) -> tuple[list[str], dict[str, Sequence[Split]], dict[str, str]]:
    """The keys of signals that changed, the splits that filings show where none is listed, and the issuers whose
    detectors failed: those keep the signals they had.
    """
    prices = closes_and_splits(read)
    found: list[Found] = []
    shown: dict[str, Sequence[Split]] = {}
    failed: dict[str, str] = {}
    for issuer, reading in read.items():
        closes, listed = prices.get(issuer, NOTHING_IMPORTED)
        try:
            shown[issuer] = () if listed else splits_shown(reading)
            found += detect(known[issuer], reading, (closes, listed or shown[issuer]), now)
        except READER_FAULTS as fault:
            log.exception("The signals of issuer %s failed", issuer)
            failed[issuer] = f"{type(fault).__name__}: {fault}"[:500]
    sound = [issuer for issuer in issuers if issuer not in failed]
    sics = {issuer: reading_rows.sic_number(known[issuer].sic) for issuer in sound}
    return signal_rows.write(sound, found, signal_rows.by_lines(*read.values()), sics, now), shown, failed


def _standing(issuer: Issuer, reading: IssuerReading | None, shown: Mapping[str, Sequence[Split]]) -> standing.Read:
    if reading is None:
        return standing.Read(issuer, None, (), None)
    newest = max(form.filed_on for form in reading.history)
    return standing.Read(issuer, newest, shown[issuer.cik], open_until(reading.history))


def lock(issuers: Iterable[str], *, wait: bool = True) -> list[str]:
    """Holds the readings of these issuers until the transaction ends, without `wait` of those that nobody else holds;
    which. In one order, so that two runners never meet.
    """
    lock = "pg_advisory_xact_lock" if wait else "pg_try_advisory_xact_lock"
    held = []
    with connection.cursor() as cursor:
        for issuer in sorted(issuers):
            cursor.execute(f"SELECT {lock}(hashtextextended('form4site read', %s))", [int(issuer)])
            if cursor.fetchone()[0] is not False:
                held.append(issuer)
    return held


def _forget_moved(issuers: Sequence[str], facts: Facts) -> list[str]:
    """A filing that names another issuer since it was published anew is read there, and no more here."""
    kept = set(facts.published_at)
    stale = [
        accession
        for accession in Reading.objects.filter(issuer__in=issuers).values_list("filing_id", flat=True)
        if accession not in kept
    ]
    reading_rows.delete(stale)
    return stale
