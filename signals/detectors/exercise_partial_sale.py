"""Options exercised and a part of the shares sold by the next trading day (domain facts 7.9)."""

from __future__ import annotations

from collections.abc import Iterator

from signals.detectors.docket import Docket
from signals.detectors.exercises import PARTIAL, of_kind
from signals.detectors.signal import Signal

KIND = PARTIAL


def find(docket: Docket) -> Iterator[Signal]:
    yield from of_kind(docket, KIND)
