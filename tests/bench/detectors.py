"""The signal engine over the filings, beside their readings; and inferred plans beside the 10b5-1 box."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filings.ownership.parse import parse
from filings.ownership.submission import read_submission
from signals.detectors.calibration import ENOUGH, Calibration, calibrate
from signals.detectors.engine import signals_of
from signals.readings.history import FiledForm, History, filed_form
from signals.readings.trades import IssuerReading, issuer_reading

ROUNDS = 3


def figures(paths: list[Path]) -> dict[str, Any]:
    """Filings a second of the readings and of the engine on them, and how well plans are inferred."""
    histories = by_issuer(paths)
    count = sum(len(history) for history in histories)
    now = datetime.now(UTC)
    reading_seconds = engine_seconds = float("inf")
    readings: list[IssuerReading] = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        readings = [issuer_reading(history) for history in histories]
        between = time.perf_counter()
        for reading in readings:
            signals_of(reading, now=now)
        reading_seconds = min(reading_seconds, between - began)
        engine_seconds = min(engine_seconds, time.perf_counter() - between)
    found = calibrate(readings)
    return {
        "issuer_readings_per_second": count / reading_seconds,
        "engine_per_second": count / engine_seconds,
        "engine_of_reading": reading_seconds / engine_seconds,
        "plans_inferred": {name: getattr(found, name) for name in Calibration.__slots__},
    }


def by_issuer(paths: Iterable[Path]) -> list[History]:
    forms: dict[str, list[FiledForm]] = {}
    for path in paths:
        submission = read_submission(path.read_bytes(), path.name)
        form = filed_form(
            parse(submission.xml),
            accession=submission.accession or path.stem,
            filed_on=submission.filed_on,
            accepted_at=submission.accepted_at,
        )
        forms.setdefault(form.issuer_cik, []).append(form)
    return [History(found) for found in forms.values()]


def said(figures: dict[str, Any]) -> str:
    """The agreement with the box in words, with the number of filings and the interval."""
    found = Calibration(**figures["plans_inferred"])
    few = "" if found.hits + found.false_alarms >= ENOUGH else f" Fewer than {ENOUGH}: no page shows it."
    return (
        f"Inferred plans beside the box on {found.filings} filings with one and a sale: precision "
        f"{found.precision.words()}, recall {found.recall.words()} of those with enough sale days, "
        f"{found.recall_of_all.words()} of all.{few}"
    )
