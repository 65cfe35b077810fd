"""The stored reading of a filing, and its JSON (docs/json.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch

from filings.errors import NotFound
from filings.models import Filing
from filings.ownership.document import Line
from signals.models import Reading, Trade
from signals.readings.explain import line_sentence
from signals.readings.footnotes import facts
from signals.readings.history import FiledForm
from signals.readings.trade import plain_number
from signals.selectors.histories import form_of


def whole_reading(accession: str) -> Reading:
    """One filing's reading with its trades and their details. Three queries. Raises `NotFound`."""
    trades = Trade.objects.select_related("detail").order_by("number")
    try:
        return (
            Reading.objects.select_related("filing")
            .prefetch_related(Prefetch("filing__trades", trades))
            .get(filing=accession)
        )
    except Reading.DoesNotExist:
        if Filing.objects.filter(accession=accession).exists():
            raise NotFound(f"Filing {accession} is published, and not read yet.") from None
        raise NotFound(f"No filing {accession} is published here.") from None


def reading_json(accession: str) -> dict[str, Any]:
    """The reading of a filing in the public JSON. Raises `NotFound`."""
    reading = whole_reading(accession)
    form = form_of(accession)
    trades = list(reading.filing.trades.all())
    events = [_Event(tuple((table, row) for table, row in trade.detail.lines), trade.shares) for trade in trades]
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
        "trades": [trade_json(trade) for trade in trades],
        "lines": [_line_json(line, form, of_row) for line in form.lines],
        "notes": {ref: [fact.as_json() for fact in facts(text)] for ref, text in form.footnotes.items()},
    }


def trade_json(trade: Trade) -> dict[str, Any]:
    """A stored trade in the JSON of a reading. Needs its `detail`."""
    detail = trade.detail
    return {
        "lines": [[trade.filing_id, table, row] for table, row in detail.lines],
        "kind": trade.kind,
        "direction": trade.direction,
        "security_class": trade.security_class,
        "owners": list(trade.owners),
        "roles": list(trade.roles),
        "traded_on": trade.traded_on and trade.traded_on.isoformat(),
        **{
            name: plain_number(getattr(trade, name))
            for name in (
                "shares", "price", "price_min", "price_max", "value", "stake_before", "stake_after", "stake_change_pct",
            )
        },
        "ownership": trade.ownership,
        "nature": trade.nature,
        "plan": _of_design(detail.plan, "status", "adopted_on", "modified_on", "disagreement", "evidence")
        or {"status": trade.plan_status, "adopted_on": None, "modified_on": None, "disagreement": False,
            "evidence": []},
        "timeliness": detail.timeliness,
        "counted": trade.counted,
        "exclusions": [_of_design(item, "reason", "text", "by") for item in detail.exclusions],
        "score": detail.score,
        "sentence": detail.sentence,
    }  # fmt: skip


def instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _of_design(values: Mapping[str, Any] | None, *names: str) -> dict[str, Any] | None:
    return None if values is None else {name: values.get(name) for name in names}


@dataclass(frozen=True, slots=True)
class _Event:
    """A stored trade as the sentence of a row needs it."""

    lines: tuple[tuple[str, int], ...]
    shares: Decimal | None


def _line_json(line: Line, form: FiledForm, of_row: Mapping[tuple[str, int], _Event]) -> dict[str, Any]:
    event = of_row.get((line.table, line.row)) if line.kind == "transaction" else None
    return {"table": line.table, "kind": line.kind, "row": line.row, "sentence": line_sentence(line, form, event)}
