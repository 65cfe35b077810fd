"""One pass of the current feed: the new Forms 3, 4 and 5, seconds after EDGAR shows them.

Promises: every page back to what is known, or to the feed's end, so that a burst between two passes is whole; each page
is put into the ledger before the next is asked for; a pass that was cut short is made good by the next one, which goes
back behind it. A page that cannot be read is asked for again and then leaves its form's pass incomplete, never empty.
One pass at a time over all processes.

How far back is known: `FeedLook.complete_to` is the newest acceptance that the last complete pass had seen when it
began. A pass is complete when it has seen a page whose filings are all known, and of which one is older than that by
`OVERLAP`, or the feed's end. So a filing that is known only because a cut-short pass saw it hides nothing behind it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from filings.edgar import addresses
from filings.edgar.budget import Lane
from filings.edgar.client import Kind, fetch
from filings.edgar.feeds import FeedPage, parse_current_feed
from filings.errors import BadDocument, EdgarRefused, EdgarUnavailable, NotThere
from filings.models import FeedLook
from filings.services.alone import alone
from filings.services.discover import discover

FORMS = ("4", "3", "5")  # the most wanted first
OVERLAP = timedelta(minutes=10)
TRIES = 4
FIRST_WAIT = 0.5
MOST_PAGES = 200  # far more than the feed has ever held


@dataclass(slots=True)
class PollReport:
    """What a pass brought. `incomplete` says by form why its pass did not reach back to what is known."""

    new: list[str] = field(default_factory=list)
    pages: int = 0
    incomplete: dict[str, str] = field(default_factory=dict)
    off: bool = False
    busy: bool = False
    refused: EdgarRefused | None = None


class _Incomplete(Exception):
    """This form's pass ends here; the next one begins behind it."""


def poll(
    *, seconds: float = 20.0, forms: tuple[str, ...] = FORMS, seen: Callable[[int], None] = lambda filings: None
) -> PollReport:
    """Reads the feed of each form; begins no request after `seconds`. `seen` is told how many new filings a page had.

    Nothing is asked, and the report says so, where live updates are `off`, or another process polls (`busy`).
    """
    report = PollReport()
    if not settings.EDGAR_USER_AGENT.strip():
        report.off = True
        return report
    ends_at = time.monotonic() + seconds
    with alone("poll") as mine:
        if not mine:
            report.busy = True
            return report
        for form in forms:
            _poll_form(form, ends_at, report, seen)
            if report.refused:
                break
    return report


def _poll_form(form: str, ends_at: float, report: PollReport, seen: Callable[[int], None]) -> None:
    look, _ = FeedLook.objects.get_or_create(form=form)
    began = timezone.now()
    look.looked_at, look.new, look.attempts = began, 0, look.attempts + 1
    look.save(update_fields=["looked_at"])  # seen also while the pass is under way, or if it is cut off
    newest: datetime | None = None
    known_to = look.complete_to
    try:
        for place in range(MOST_PAGES):
            page = _page(form, place * addresses.PAGE_ROWS, ends_at, report)
            if page is None:
                break
            found = discover(references=page.entries, lane=Lane.LIVE)
            report.new += found.new
            seen(len(found.new))
            accepted = [entry.accepted_at for entry in page.entries if entry.accepted_at]
            if accepted:
                newest = max(newest or accepted[0], *accepted)
            _note_new(look, page, set(found.new))
            if not page.full or (not found.new and known_to and accepted and min(accepted) < known_to - OVERLAP):
                break
        look.read_at, look.reason, look.attempts = began, None, 0
        look.complete_to = newest or known_to
    except _Incomplete as cut:
        look.reason = str(cut)
        report.incomplete[form] = str(cut)
    except EdgarRefused as refused:
        look.reason = str(refused)
        report.refused = refused
        report.incomplete[form] = str(refused)
    look.save()


def _note_new(look: FeedLook, page: FeedPage, new: set[str]) -> None:
    look.new += len(new)
    fresh = [entry.accepted_at for entry in page.entries if entry.accession in new and entry.accepted_at]
    if fresh and (look.newest_accepted_at is None or max(fresh) > look.newest_accepted_at):
        look.newest_accepted_at = max(fresh)
        look.lag = timezone.now() - max(fresh)


def _page(form: str, start: int, ends_at: float, report: PollReport) -> FeedPage | None:
    """A page of the feed; None past its end. Raises `_Incomplete` where it cannot be had now, and `EdgarRefused`."""
    for attempt in range(1, TRIES + 1):
        if time.monotonic() > ends_at:
            raise _Incomplete("the pass ran out of time; the next one goes on")
        try:
            return _asked(form, start, report)
        except EdgarUnavailable as unavailable:
            if unavailable.past_the_end and _is_the_end(form, start, report):
                return None
            why = str(unavailable)
        except (NotThere, BadDocument) as strange:
            why = str(strange)
        if attempt < TRIES:
            time.sleep(FIRST_WAIT * attempt)
    raise _Incomplete(why)


def _asked(form: str, start: int, report: PollReport) -> FeedPage:
    url = addresses.current_feed(settings.EDGAR_BASE_URL, form, start)
    page = parse_current_feed(fetch(url, lane=Lane.LIVE, kind=Kind.FEED, patience=5.0).content)
    report.pages += 1
    return page


def _is_the_end(form: str, start: int, report: PollReport) -> bool:
    """Whether the feed ends before this page. An outage has the same face: so the page before must answer, and be
    full, and this one must again not answer."""
    try:
        before = _asked(form, start - addresses.PAGE_ROWS, report)
        discover(references=before.entries, lane=Lane.LIVE)
    except (EdgarUnavailable, NotThere, BadDocument):
        return False
    if not before.full:
        return True
    try:
        _asked(form, start, report)
    except EdgarUnavailable as unavailable:
        return unavailable.past_the_end
    except (NotThere, BadDocument):
        return False
    return False
