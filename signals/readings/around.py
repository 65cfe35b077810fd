"""The reading of one filing among many: as of all of them, with the work that this one filing asks for.

Insiders who share no filing and no event rest on each other by prices and days alone (`outline`). So only those around
the filing are read, and whoever bought when they did; of the others there are the forms, and the prices they filed.
Promises: whatever is said of the filing is what `issuer_reading` says of it, save the numbers of ownership lines, which
count those that are read. Refuses: trades and positions of anybody else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta

from signals.readings.amendments import amendments
from signals.readings.duplicates import duplicates
from signals.readings.history import FiledForm, History
from signals.readings.outline import filings_around
from signals.readings.trades import IssuerReading, read_among

# So near each other are purchases of insiders who buy together. Those of one plan are of one day.
TOGETHER = timedelta(days=2)


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
    return read_among(history, found, repeated, only=chosen)


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
