"""When an index is due and when it is final, and what is remembered of a look that brought nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone

from filings.models import IndexDay, IndexQuarter
from filings.ownership.calendar import edgar_open
from filings.ownership.submission import EASTERN
from filings.services.retrying import next_try

# EDGAR takes Forms 3, 4 and 5 until 22:00 Eastern and builds the day's index from then on.
BUILT_AT = time(22, 30)
# The quarterly index is rebuilt on Saturdays; by Sunday 06:00 Eastern it is there.
REBUILT_AT = time(6, 0)
LONGEST_PAUSE = timedelta(hours=1)
OLD_PAUSE = timedelta(days=1)
OLD = timedelta(days=7)
NO_INDEX = "EDGAR lists no index of this day (yet)"


def built_at(day: date) -> datetime:
    """The first moment (UTC) at which this day's index can be whole."""
    return datetime.combine(day, BUILT_AT, EASTERN).astimezone(UTC)


def is_final(look: IndexDay | IndexQuarter) -> bool:
    """Whether the index was read when all of its filings were in."""
    last = look.day if isinstance(look, IndexDay) else look.last_day
    return look.read_at is not None and look.read_at >= built_at(last)


def last_built(now: datetime) -> date:
    """The latest day whose index can be whole by now."""
    today = now.astimezone(EASTERN).date()
    return today if now >= built_at(today) else today - timedelta(days=1)


def last_rebuilt(now: datetime) -> datetime:
    """The latest Sunday morning by which the quarterly indexes have been rebuilt."""
    today = now.astimezone(EASTERN).date()
    sunday = today - timedelta(days=(today.weekday() + 1) % 7)
    moment = datetime.combine(sunday, REBUILT_AT, EASTERN).astimezone(UTC)
    return moment if moment <= now else moment - timedelta(days=7)


def days_between(first: date, last: date) -> list[date]:
    """Every day from the first to the last, both included."""
    return [first + timedelta(days=ahead) for ahead in range((last - first).days + 1)]


def looked_in_vain(
    model: type[IndexDay] | type[IndexQuarter], day: date, why: str, now: datetime | None = None
) -> None:
    """Remembers the look and when to look again; what the last whole reading said stays."""
    now = now or timezone.now()
    look = model._default_manager.get_or_create(pk=day)[0]
    attempts = min(look.attempts + 1, 32000)
    longest = LONGEST_PAUSE if now - built_at(day) < OLD else OLD_PAUSE
    due_at = next_try(attempts=attempts, now=now, longest=longest)
    model._default_manager.filter(pk=day).update(looked_at=now, reason=why[:500], attempts=attempts, due_at=due_at)


def found_unlisted(day: date, now: datetime | None = None) -> bool:
    """Remembers that EDGAR lists no index of this day; True if there should be one, so that the day stays open."""
    if edgar_open(day):
        looked_in_vain(IndexDay, day, NO_INDEX, now)
        return True
    IndexDay.objects.update_or_create(day=day, defaults={"looked_at": now or timezone.now()})
    return False
