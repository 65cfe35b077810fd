"""The reading of one filing among many: as of all of them, with the work that this one filing asks for.

Insiders who share no filing and no event rest on each other by prices and days alone (`outline`). So only those around
the filing are read, and whoever bought when they did; of the others there are the forms, and the prices they filed. Of
those that are read, trades are made where the words about the filing may tell of them.
Promises: whatever is said of the filing is what `issuer_reading` says of it, save the numbers of ownership lines, which
count those that are read. Refuses: trades and positions of anybody else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta

from filings.ownership.document import Line
from signals.readings.amendments import amendments
from signals.readings.duplicates import duplicates
from signals.readings.exercise import WAIT
from signals.readings.history import FiledForm, History
from signals.readings.outline import filings_around
from signals.readings.trades import IssuerReading, read_among

# So near each other are purchases of insiders who buy together. Those of one plan are of one day.
TOGETHER = timedelta(days=2)
# What is sold within the wait is told with an exercise, unless there is a later one that it may have followed.
OF_ONE_STORY = 2 * WAIT + timedelta(days=10)


def reading_around(forms: History | Iterable[FiledForm], accession: str) -> IssuerReading:
    """What all these forms of one issuer say of this one; its `history` are all of them."""
    history = History.of(forms)
    found = amendments(history)
    repeated = duplicates(history, found)
    owners = {form.accession: form.owner_ciks for form in history}
    one_event = [(item.row.accession, item.of.accession) for item in repeated.values()]
    chosen = filings_around([accession], owners, one_event)
    if further := _bought_with(chosen, history) - chosen:
        chosen = filings_around(chosen | further, owners, one_event)
    own = history.form(accession)
    # What was told in time or late was so by the first version of a row, of whatever day that was.
    told_first = {found.first_version(own.ref(line)).accession for line in own.lines}
    told_of = {accession, *told_first, *_told_of(own, chosen, history)}
    return read_among(history, found, repeated, only=chosen, trades_of=told_of)


def _told_of(own: FiledForm, filings: Collection[str], history: History) -> Iterator[str]:
    """The filings among these whose trades the words about `own` may tell of: all purchases (who bought first, when
    others did, and each year), sales of the same months, awards of derivatives and, where `own` has one, all that
    became of it, and otherwise exercises about its days with the sales after them.
    """
    if any(map(_awards, own.lines)):
        yield from filings
        return
    days = {line.transaction_date for line in own.lines if line.transaction_date}
    months = {line.transaction_date.month for line in own.lines if line.code == "S" and line.transaction_date}
    for accession in filings:
        for line in history.form(accession).lines:
            on = line.transaction_date
            if (
                line.code == "P"
                or _awards(line)
                or (on and line.code == "S" and on.month in months)
                or (on and any(abs(on - day) <= OF_ONE_STORY for day in days))
            ):
                yield accession
                break


def _awards(line: Line) -> bool:
    return line.code == "A" and line.table == "II"


def _bought_with(filings: Collection[str], history: History) -> set[str]:
    """The filings of purchases about the days of those in these filings."""
    days = {on for accession in filings for on in _bought_on(history.form(accession))}
    if not days:
        return set()
    return {
        form.accession for form in history if any(abs(on - day) <= TOGETHER for on in _bought_on(form) for day in days)
    }


def _bought_on(form: FiledForm) -> Iterator[date]:
    return (line.transaction_date for line in form.lines if line.code == "P" and line.transaction_date)
