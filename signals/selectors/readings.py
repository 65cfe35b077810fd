"""The stored reading of a filing, and its JSON (docs/json.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F

from filings.errors import NotFound
from filings.models import Filing
from filings.ownership.document import Line
from signals.models import Reading, Trade
from signals.readings.explain import line_sentence
from signals.readings.footnotes import facts
from signals.readings.history import FiledForm
from signals.selectors.histories import form_of
from signals.selectors.trade_rows import instant, trade_json, trade_rows


def reading_json(accession: str) -> dict[str, Any]:
    """The reading of a filing in the public JSON. Raises `NotFound`."""
    reading = Reading.objects.filter(filing=accession).first()
    if reading is None:
        found = Filing.objects.filter(accession=accession).first()
        if found and found.partial:
            raise NotFound(f"Filing {accession} is incomplete here, and is read when the whole of it has come.")
        if found:
            raise NotFound(f"Filing {accession} is published, and not read yet.")
        raise NotFound(f"No filing {accession} is published here.")
    form = form_of(accession)
    rows = trade_rows(Trade.objects.filter(filing=accession).order_by("number").annotate(placed=F("number")))
    trades = [trade_json(row) for row in rows]
    events = [
        _Event(tuple((table, place) for _, table, place in trade["lines"]), row.shares)
        for trade, row in zip(trades, rows, strict=True)
    ]
    of_row = {place: event for event in events for place in event.lines}
    return {
        "accession": accession,
        "form": form.form,
        "known_at": instant(reading.known_at),
        "amends": reading.amends,
        "superseded": [
            {"table": table, "kind": kind, "row": row, "by": by} for table, kind, row, by in reading.superseded
        ],
        "headline": reading.headline,
        "trades": trades,
        "lines": [_line_json(line, form, of_row) for line in form.lines],
        "notes": {ref: [fact.as_json() for fact in facts(text)] for ref, text in form.footnotes.items()},
    }


@dataclass(frozen=True, slots=True)
class _Event:
    """A stored trade as the sentence of a row needs it."""

    lines: tuple[tuple[str, int], ...]
    shares: Decimal | None


def _line_json(line: Line, form: FiledForm, of_row: Mapping[tuple[str, int], _Event]) -> dict[str, Any]:
    event = of_row.get((line.table, line.row)) if line.kind == "transaction" else None
    return {"table": line.table, "kind": line.kind, "row": line.row, "sentence": line_sentence(line, form, event)}
