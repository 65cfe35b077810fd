"""New and changed readings -> what is owed to whom, a batch a transaction, and nothing sent here.

Promises: what is owed and that the reading was evaluated are written together or not at all, so that a runner killed at
any moment leaves nothing half and nothing twice; one runner works at a time, over all processes, and who finds it busy
leaves the work to it; a lost ring loses nothing, as what is owed is found by comparing (`selectors.unevaluated`).
What was known before anybody asked to be told is history, however much of it is loaded, and a reread that means the
same is no news. What nobody can be told of is only marked, thousands at a time.
Refuses: the network, and any knowledge of what is told. That is the tellers'.

**To tell of something more**, write a module with two functions and add it to `TELLERS`:

- `news_from(now) -> datetime | None`: from when on something first seen is news to anybody, None if there is nobody to
  tell; one cheap query, before each batch and outside its transaction. What is older for every teller is only marked.
- `tell(news: accounts.news.News) -> None`: owes (`accounts.services.outbox`) whatever this news makes owed. It runs in
  the batch's transaction and may be called again with the same news, so every row it writes has a natural key. It
  loads what it needs for all of the news together. If it raises, each item is tried alone, and the one that fails is
  put off with the reason.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import ModuleType
from typing import Any, TypeVar

from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import Evaluation, EvaluationHorizon, SignalEvaluation
from accounts.news import CHANGED, GONE, OLD_AFTER, RAISED, FilingNews, News, SignalNews
from accounts.selectors import unevaluated
from accounts.selectors.unevaluated import FILINGS, SIGNALS, UnevaluatedFiling
from accounts.services import alerts, announcements, marking
from accounts.services.references import reference
from filings.models.fields import CikField
from form4site.kit import transactions
from signals.models import Reading, Signal

log = logging.getLogger(__name__)

# Whom news is told to.
TELLERS: tuple[ModuleType, ...] = (announcements, alerts)

SECONDS = 20.0
BATCH = 50  # filings or signals, one transaction
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=6)
# A mistake of ours delays one filing or signal. What stops the process, or the database, is not among these.
_FAULTS = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError, DatabaseError)
_NO_FAULTS_OF_OURS = (InterfaceError, OperationalError)
_Item = TypeVar("_Item")


@dataclass(slots=True)
class Evaluated:
    """How many were told about, only marked, and put off; `left` says that the time was over before the work."""

    told: int = 0
    marked: int = 0
    failed: int = 0
    left: bool = False

    @property
    def count(self) -> int:
        return self.told + self.marked + self.failed


def evaluate_owed(*, seconds: float = SECONDS, everything: bool = False, now: datetime | None = None) -> Evaluated:
    """Evaluates what is owed until nothing is, or takes no new batch after `seconds`. Safe in many processes at once.

    With `everything` it looks through the whole archive first. `now` stands in for the clock.
    """
    report = Evaluated()
    ends_at = time.monotonic() + seconds
    if everything:
        _Run(report, now or timezone.now()).look_from_the_beginning()
    history = True
    while time.monotonic() < ends_at:
        run = _Run(report, now or timezone.now())
        done = run.batch(history=history)
        # Whoever found this runner busy left its work here, so the last look is after the end of the transaction.
        if done is None or (done == 0 and not unevaluated.anything(now=now or timezone.now())):
            return report
        history = run.history_left or done == 0
    report.left = True
    return report


class _Run:
    """One batch of filings, of signals and of signals that are gone, at one moment and for those who listen then."""

    def __init__(self, report: Evaluated, now: datetime) -> None:
        self.report, self.now = report, now
        self.history_left = False
        self.old = now - OLD_AFTER
        asked = [(teller, teller.news_from(now)) for teller in TELLERS]
        self.tellers = [teller for teller, moment in asked if moment is not None]
        self.news_from: datetime | None = min((moment for _, moment in asked if moment is not None), default=None)

    @transaction.atomic
    def batch(self, *, history: bool = True) -> int | None:
        """How many were evaluated; None if another runner is at it.

        Without `history` what nobody is told of is not looked for: that reads all that is owed.
        """
        if not _alone():
            return None
        before = self.report.count
        open_from = transactions.oldest_open()
        since = {name: unevaluated.horizon(name) for name in (FILINGS, SIGNALS)}
        if history or not self.tellers:
            filings = marking.mark_filings(since=since[FILINGS], only_before=self.news_from, now=self.now)
            signals = marking.mark_signals(since=since[SIGNALS], only_before=self.news_from, now=self.now)
            self.report.marked += filings + signals
            self.history_left = max(filings, signals) >= marking.AT_ONCE
        if self.tellers:
            which: dict[str, Any] = {"now": self.now, "limit": BATCH, "only_just_come": self.history_left}
            news = unevaluated.unevaluated_filings(since=since[FILINGS], **which)
            self.each_if_not_all(news, self.filings, self.put_off_filing)
            raised = unevaluated.unevaluated_signals(since=since[SIGNALS], **which)
            self.each_if_not_all(raised, self.signals, self.put_off_signal)
        gone = unevaluated.gone_signals(now=self.now, limit=BATCH)
        self.each_if_not_all(gone, self.gone, self.put_off_signal)
        for name in (FILINGS, SIGNALS):
            owed = unevaluated.first_owed(name, since=since[name])
            _set_horizon(name, open_from if owed is None else min(owed, open_from))
        return self.report.count - before

    def look_from_the_beginning(self) -> None:
        """Sets the horizons back to the first that is owed, and settles what was told and is gone anywhere.

        A database restored from a copy counts transactions anew; and a mistake in what is cheap is to be found by what
        is thorough. It is looked for while others may evaluate: that takes seconds of a large archive, and news do not
        wait for it. What they have evaluated meanwhile is passed over from the horizon on.
        """
        first = {name: unevaluated.first_owed(name, since=0) for name in (FILINGS, SIGNALS)}
        gone = unevaluated.gone_signals(now=self.now, limit=1, everything=True)
        with transaction.atomic():
            if not _alone():
                return
            for name, owed in first.items():
                if owed is not None and owed < unevaluated.horizon(name):
                    _set_horizon(name, owed)
            while gone := gone and unevaluated.gone_signals(now=self.now, limit=BATCH, everything=True):
                self.each_if_not_all(gone, self.gone, self.put_off_signal)

    def each_if_not_all(
        self,
        items: Sequence[_Item],
        evaluate: Callable[[Sequence[_Item]], int],
        put_off: Callable[[_Item, str], None],
    ) -> None:
        """All together; where that fails each alone, and the one that fails is put off."""
        if not items:
            return
        try:
            with transaction.atomic():
                told = evaluate(items)
        except _NO_FAULTS_OF_OURS:
            raise
        except _FAULTS as fault:
            if len(items) > 1:
                for item in items:
                    self.each_if_not_all([item], evaluate, put_off)
                return
            log.exception("The evaluation of %s failed", items[0])
            put_off(items[0], f"{type(fault).__name__}: {fault}"[:500].replace("\0", ""))
            self.report.failed += 1
        else:
            self.report.told += told
            self.report.marked += len(items) - told

    def tell(self, news: News) -> None:
        if news.filings or news.signals:
            for teller in self.tellers:
                teller.tell(news)

    # --- filings ---------------------------------------------------------------------------------------------------

    def filings(self, found: Sequence[UnevaluatedFiling]) -> int:
        if self.news_from and any(not one.revision and one.known_at < self.news_from for one in found):
            self.history_left = True  # it came since history was looked for: the next batch marks the rest of it
        lately = _known_since(self.old, {amender for one in found for amender in one.amenders})
        news = tuple(
            FilingNews(
                accession=one.accession,
                issuer_cik=one.issuer_cik,
                revision=one.revision + 1,
                known_at=one.known_at,
                # What came amended is no news about it.
                amended_by=tuple(by for by in one.amenders if one.revision and by not in one.before and by in lately),
                is_old=one.known_at < self.old,
            )
            for one in found
        )
        self.tell(News(at=self.now, filings=news))
        Evaluation.objects.bulk_create(
            [
                Evaluation(
                    accession=one.accession, digest=one.digest, revision=one.revision + 1, evaluated_at=self.now,
                    amenders=list(one.amenders),
                )
                for one in found
            ],
            update_conflicts=True,
            unique_fields=["accession"],
            update_fields=["digest", "revision", "evaluated_at", "amenders", "attempts", "reason", "due_at"],
        )  # fmt: skip
        return len(news)

    def put_off_filing(self, one: UnevaluatedFiling, reason: str) -> None:
        row, _ = Evaluation.objects.get_or_create(accession=one.accession)
        Evaluation.objects.filter(pk=row.pk).update(**_later(row.attempts, reason, self.now))

    # --- signals ---------------------------------------------------------------------------------------------------

    def signals(self, keys: Sequence[str]) -> int:
        before = {row.key: row for row in SignalEvaluation.objects.filter(key__in=keys)}
        signals = list(Signal.objects.filter(key__in=keys).select_related("issuer").order_by("known_at", "key"))
        lately = _known_since(self.old, {trade["accession"] for one in signals for trade in one.trades})
        rows, news = [], []
        for signal in signals:
            known = before.get(signal.key) or SignalEvaluation()
            refers = reference(signal)
            # One that has grown by a new filing is news, however long ago it began.
            grown = bool(known.revision) and any(trade["accession"] in lately for trade in signal.trades)
            state = self.state(known, signal, refers, grown)
            if state is not None:
                old = state == RAISED and signal.known_at < self.old and not grown
                news.append(SignalNews(signal.key, signal.issuer_id, known.revision + 1, state, refers, is_old=old))
            rows.append(
                SignalEvaluation(
                    key=signal.key, issuer=signal.issuer_id, digest=signal.digest, revision=known.revision + 1,
                    evaluated_at=self.now, told=None if state is None and known.told is None else refers,
                )
            )  # fmt: skip
        self.tell(News(at=self.now, signals=tuple(news)))
        SignalEvaluation.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["key"],
            update_fields=["issuer", "digest", "revision", "evaluated_at", "told", "attempts", "reason", "due_at"],
        )
        return len(news)

    def state(self, known: SignalEvaluation, signal: Signal, refers: dict[str, object], grown: bool) -> str | None:
        """What there is to tell; None for history, and for what reads the same or was only computed by newer rules."""
        if known.told is not None:
            if known.digest is None:
                return RAISED  # it was told to be gone
            same_rules = known.told.get("DetectorVersion") == refers["DetectorVersion"]
            return CHANGED if same_rules and known.told != refers else None
        is_new = self.news_from is not None and signal.known_at >= self.news_from
        return RAISED if is_new or grown else None

    def gone(self, keys: Sequence[str]) -> int:
        gone = list(SignalEvaluation.objects.filter(key__in=keys).order_by("key"))
        news = tuple(
            SignalNews(row.key, str(CikField().to_python(row.issuer)), row.revision + 1, GONE, row.told or {})
            for row in gone
        )
        self.tell(News(at=self.now, signals=news))
        SignalEvaluation.objects.filter(key__in=keys).update(
            digest=None, revision=F("revision") + 1, evaluated_at=self.now, attempts=0, reason=None, due_at=None
        )
        return len(news)

    def put_off_signal(self, key: str, reason: str) -> None:
        row = SignalEvaluation.objects.filter(key=key).first()
        if row is None:
            issuer = Signal.objects.values_list("issuer_id", flat=True).get(key=key)
            row = SignalEvaluation.objects.create(key=key, issuer=issuer)
        SignalEvaluation.objects.filter(pk=row.pk).update(**_later(row.attempts, reason, self.now))


def _alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended('form4site evaluate', 0))")
        (taken,) = cursor.fetchone() or (False,)
    return bool(taken)


def _set_horizon(name: str, transaction_number: int) -> None:
    EvaluationHorizon.objects.update_or_create(name=name, defaults={"transaction": transaction_number})


def _known_since(moment: datetime, accessions: set[str]) -> set[str]:
    known = Reading.objects.filter(filing__in=accessions, known_at__gte=moment)
    return set(known.values_list("filing_id", flat=True))


def _later(attempts: int, reason: str, now: datetime) -> dict[str, object]:
    wait = min(FIRST_WAIT * 2 ** min(attempts, 12), LONGEST_WAIT)
    return {"attempts": attempts + 1, "reason": reason, "due_at": now + wait}
