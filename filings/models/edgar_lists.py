"""The SEC's lists of filings, and when each was last read whole: so that what is here can be shown to be complete.

A look that brought nothing usable leaves `reason` and keeps what the last whole reading said. No row of these ever
means "there were no filings" unless `read_at` is set.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q

from filings.models.fields import AccessionField, CikField


class Look(models.Model):
    """When a list was last looked for, and last read whole.

    `reason` says why the last look brought nothing; None if it was read. `attempts` counts looks since the last whole
    reading, and `due_at` is when the clock may look again (None: when it is next due by the calendar).
    """

    looked_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    reason = models.TextField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class FeedLook(Look):
    """The current feed of one form ("3", "4", "5").

    `read_at` is the start of the last pass that reached back to what was known. All filings accepted before
    `complete_to` that the feed listed are known. `newest_accepted_at` is the newest acceptance ever seen there, `lag`
    the time from acceptance to here of the newest filing of the last pass that brought one.
    """

    form = models.CharField(max_length=1, primary_key=True)
    complete_to = models.DateTimeField(null=True)
    newest_accepted_at = models.DateTimeField(null=True)
    lag = models.DurationField(null=True)
    new = models.PositiveIntegerField(default=0, help_text="filings that the last pass brought")

    def __str__(self) -> str:
        return f"current feed of Form {self.form}"


class ListOfFilings(Look):
    """An index. `forms` are those whose rows are in the ledger, "3,4,5"; `listed` counts them, `rows` all rows."""

    forms = models.CharField(max_length=5, default="")
    rows = models.PositiveIntegerField(default=0)
    listed = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True

    def covers(self, forms: frozenset[str]) -> bool:
        return self.read_at is not None and forms <= frozenset(self.forms.split(","))


class IndexDay(ListOfFilings):
    """What EDGAR's indexes list for one day: its daily index, or its rows of the quarterly one (`quarterly`)."""

    day = models.DateField(primary_key=True)
    quarterly = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"index of {self.day}"


class IndexQuarter(ListOfFilings):
    """The quarterly index of the quarter that begins on this day."""

    first_day = models.DateField(primary_key=True)

    def __str__(self) -> str:
        return f"index of {self.first_day.year} Q{(self.first_day.month + 2) // 3}"

    @property
    def last_day(self) -> date:
        year, month = divmod(self.first_day.year * 12 + self.first_day.month + 2, 12)
        return date(year, month + 1, 1) - timedelta(days=1)


class DifferenceKind(models.TextChoices):
    MISSING = "missing", "listed by EDGAR, and not known here before"
    VANISHED = "vanished", "no longer listed by EDGAR"
    RELISTED = "relisted", "listed by EDGAR again"
    MOVED = "moved", "listed under another date than before"


class Difference(models.Model):
    """Something in which an index and the ledger differed, and how it was explained. One for a list, filing and kind.

    `settled_at` is None while a second look has to confirm it.
    """

    index = models.TextField(help_text='"2026-07-16" for a daily index, "2026Q3" for a quarterly one')
    accession = AccessionField()
    kind = models.CharField(max_length=8, choices=DifferenceKind)
    explanation = models.TextField()
    found_at = models.DateTimeField(db_index=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["index", "accession", "kind"], name="difference_once"),
            models.CheckConstraint(condition=Q(kind__in=DifferenceKind.values), name="difference_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.accession} {self.kind} in {self.index}"


class TickerFile(Look):
    """The SEC's file of tickers and exchanges, one row."""

    only = models.BooleanField(primary_key=True, default=True)
    rows = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(only=True), name="tickerfile_one_row")]

    def __str__(self) -> str:
        return "file of tickers"


class IssuerTicker(models.Model):
    """A ticker that the SEC's file gave for a CIK, from the day it was first seen there to the day it was last seen.

    `until` is None while the file has it. The CIK may be that of a company without filings here. Symbols are the SEC's;
    the symbol that a filing states stands in `IssuerName`, and comes first.
    """

    cik = CikField()
    ticker = models.TextField()
    exchange = models.TextField(null=True)
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cik", "ticker"], condition=Q(until=None), name="issuerticker_one_current"),
            models.CheckConstraint(condition=Q(since__lte=F("until")), name="issuerticker_since_before_until"),
        ]
        indexes = [models.Index(fields=["ticker"], name="issuerticker_by_ticker")]

    def __str__(self) -> str:
        return f"{self.ticker} ({self.cik})"
