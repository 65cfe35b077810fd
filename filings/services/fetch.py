"""Ledger rows that were seen -> kept bytes -> published facts.

Promises: each full submission is asked for until it is here, and kept once; claims are leases by key under SKIP LOCKED,
with the attempt counted before it is made, so that of many processes none does another's work and a dead one is
replaced; no transaction is open during a request. An answer that cannot be used delays that filing only, later and
later; "not there (yet)" is retried and never read as absence; after a refusal nothing is claimed at all. What the SEC
serves must be the filing that was asked for: another one is asked for again, and in the end set aside with its bytes.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from filings.edgar import addresses
from filings.edgar.budget import Lane
from filings.edgar.client import Answer, Kind, fetch
from filings.errors import BadDocument, EdgarOff, EdgarRefused, EdgarUnavailable, NotThere
from filings.models import Completeness, EdgarBudget, IngestStage, Stage
from filings.models.fields import AccessionField, CikField
from filings.ownership.submission import read_submission
from filings.services.keep import LEASE, Received, completeness_of, keep
from filings.services.publish import publish
from filings.services.retrying import LIVE_PAUSE, LONGEST_PAUSE, NEWS_LASTS, next_try

log = logging.getLogger(__name__)

# How often a filing may be served under another's number before its bytes are set aside for people to look at.
WRONG_ANSWERS = 4

# Live first, then the newest; the lane's index gives both without a sort.
_CLAIM = """
UPDATE filings_ingeststage SET attempts = LEAST(attempts + 1, 32000), due_at = clock_timestamp() + %(lease)s
 WHERE accession = (
    SELECT accession FROM filings_ingeststage
     WHERE stage = 'seen' AND lane = %(lane)s AND due_at <= clock_timestamp()
       AND listed_on BETWEEN %(since)s AND %(until)s
     ORDER BY listed_on DESC, accession DESC LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING accession, cik, lane, attempts, seen_at
"""


@dataclass(frozen=True, slots=True)
class Span:
    """Filing dates, both ends included."""

    since: date = date.min
    until: date = date.max


EVER = Span()


@dataclass(slots=True)
class FetchReport:
    """What a round of fetching did. `failed` counts answers that could not be used, `not_there` those not served yet.

    `off` and `refused_until` say why the round ended before its work did; `away` that the database did.
    """

    published: int = 0
    unchanged: int = 0
    quarantined: int = 0
    not_there: int = 0
    failed: int = 0
    off: bool = False
    refused: bool = False
    refused_until: datetime | None = None
    away: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @property
    def settled(self) -> int:
        return self.published + self.unchanged + self.quarantined

    def add(self, other: FetchReport) -> None:
        """The counts of another round; why this one ended is its own."""
        for name in ("published", "unchanged", "quarantined", "not_there", "failed"):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def count(self, name: str) -> None:
        with self.lock:
            setattr(self, name, getattr(self, name) + 1)


@dataclass(frozen=True, slots=True)
class _Claim:
    accession: str
    cik: str
    lane: Lane
    attempts: int
    seen_at: datetime


def fetch_owed(
    *,
    lanes: tuple[Lane, ...] = (Lane.LIVE, Lane.HISTORIC),
    span: Span = EVER,
    seconds: float = 8.0,
    threads: int = 4,
    patience: float = 5.0,
    step: Callable[[int], None] = lambda filings: None,
) -> FetchReport:
    """Fetches and publishes what is due, the earlier lane first, until nothing is or `seconds` have passed.

    Safe in many processes at once. `threads` wait side by side, so that one slow answer does not hold up the rest;
    `patience` is how long each waits for a request slot. `step` is told of each filing that is settled.
    """
    report = FetchReport()
    if not settings.EDGAR_USER_AGENT.strip():
        report.off = True
        return report
    if (refused_until := refusal_now()) is not None:
        report.refused, report.refused_until = True, refused_until
        return report
    ends_at = time.monotonic() + seconds
    if threads == 1:
        _work(lanes, span, ends_at, patience, report, step)
        return report
    with ThreadPoolExecutor(threads, thread_name_prefix="fetch") as pool:
        for done in [pool.submit(_work_apart, lanes, span, ends_at, patience, report, step) for _ in range(threads)]:
            done.result()
    return report


def refusal_now() -> datetime | None:
    """The end of the penalty that runs now; None if none does."""
    budget = EdgarBudget.objects.first()
    ends_at = budget.refused_until if budget else None
    return ends_at if ends_at and ends_at > timezone.now() else None


def _work_apart(*work: object) -> None:
    try:
        _work(*work)  # type: ignore[arg-type]
    finally:
        connection.close()  # this thread's own


def _work(
    lanes: tuple[Lane, ...],
    span: Span,
    ends_at: float,
    patience: float,
    report: FetchReport,
    step: Callable[[int], None],
) -> None:
    while time.monotonic() < ends_at and not (report.refused or report.away or report.off):
        try:
            claim = next(filter(None, (_claim(lane, span) for lane in lanes)), None)
            if claim is None:
                return
            before = report.settled
            _settle(claim, patience, report)
            step(int(report.settled > before))
        except EdgarOff:
            report.off = True
        except EdgarRefused as refused:
            report.refused, report.refused_until = True, refused.until
        except (OperationalError, InterfaceError) as away:
            # The lease brings back whatever this was about. Nothing can be done before the database is there again.
            log.warning("The database went away under a fetch: %s", str(away).strip())
            report.away = True
            connection.close()


def _claim(lane: Lane, span: Span) -> _Claim | None:
    parameters: dict[str, Any] = {"lease": LEASE, "lane": lane.value, "since": span.since, "until": span.until}
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, parameters)
        row = cursor.fetchone()
    if row is None:
        return None
    accession, cik, lane_word, attempts, seen_at = row
    return _Claim(
        AccessionField().to_python(accession) or "", CikField().to_python(cik) or "", Lane(lane_word), attempts, seen_at
    )


def _settle(claim: _Claim, patience: float, report: FetchReport) -> None:
    """Asks for one filing and takes the next step with whatever came. Raises `EdgarOff` and `EdgarRefused`."""
    url = addresses.full_submission(settings.EDGAR_BASE_URL, claim.cik, claim.accession)
    try:
        answer = fetch(url, lane=claim.lane, kind=Kind.SUBMISSION, patience=patience)
    except (EdgarOff, EdgarRefused) as stopped:
        _put_back(claim, str(stopped), getattr(stopped, "until", None))
        raise
    except NotThere as absent:
        _put_off(claim, str(absent))
        report.count("not_there")
        return
    except EdgarUnavailable as unavailable:
        _put_off(claim, str(unavailable), asked=unavailable.retry_at)
        report.count("failed")
        return
    received = _received(claim, answer)
    if received is None:
        report.count("failed")
        return
    if not _keep(claim, received):
        return  # somebody else's by now
    outcome = publish(accessions=[claim.accession])
    report.count("quarantined" if outcome.failed else "published" if outcome.published else "unchanged")


def _received(claim: _Claim, answer: Answer) -> Received | None:
    """The answer as a document of this filing; None where it is another filing's, and may be asked for again."""
    try:
        submission = read_submission(answer.content, f"{claim.accession}.txt")
        return Received(claim.accession, answer.content, answer.url, completeness_of(submission))
    except BadDocument as error:
        if error.stage == "identify" and claim.attempts < WRONG_ANSWERS:
            _put_off(claim, f"{answer.url}: {error}")
            return None
        return Received(claim.accession, answer.content, answer.url, Completeness.BARE_XML)


@transaction.atomic
def _keep(claim: _Claim, received: Received) -> bool:
    """Keeps the bytes and moves the ledger on; False if the claim was lost to another process meanwhile."""
    mine = _held(claim).select_for_update()
    if not mine.exists():
        return False
    now = timezone.now()
    keep(received=[received], now=now)
    # Bytes that were kept before (a file, an earlier fetch) leave the ledger as it was; their publication is owed too.
    IngestStage.objects.filter(accession=claim.accession).update(
        stage=Stage.FETCHED, attempts=1, due_at=now + LEASE, changed_at=now, note=None
    )
    return True


def _held(claim: _Claim) -> QuerySet[IngestStage]:
    """This row while the claim holds: a late owner changes nothing."""
    return IngestStage.objects.filter(accession=claim.accession, stage=Stage.SEEN, attempts=claim.attempts)


def _put_off(claim: _Claim, why: str, asked: datetime | None = None) -> None:
    now = timezone.now()
    news = claim.lane is Lane.LIVE or now - claim.seen_at < NEWS_LASTS
    due_at = next_try(attempts=claim.attempts, now=now, longest=LIVE_PAUSE if news else LONGEST_PAUSE, asked=asked)
    _wait(claim, due_at - now, why, claim.attempts)


def _put_back(claim: _Claim, why: str, until: datetime | None) -> None:
    """Nothing was sent, so this was no attempt."""
    now = timezone.now()
    _wait(claim, max(now, until or now) + timedelta(seconds=1) - now, why, claim.attempts - 1)


def _wait(claim: _Claim, pause: timedelta, why: str, attempts: int) -> None:
    """By PostgreSQL's clock, as the claim is: the clock of this machine may be wrong."""
    _held(claim).update(due_at=Now() + pause, note=why[:500], attempts=attempts)
