"""Options exercised and the shares kept, provisional for thirty days (domain facts 7.9)."""

from __future__ import annotations

from collections.abc import Iterator

from signals.detectors.docket import Docket
from signals.detectors.exercises import HOLD, of_kind
from signals.detectors.signal import Signal

KIND = HOLD


def find(docket: Docket) -> Iterator[Signal]:
    yield from of_kind(docket, KIND)
