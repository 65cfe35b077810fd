"""One request after another, for all processes on all machines that share the database."""

from __future__ import annotations

from enum import Enum


class Lane(Enum):
    """Live work waits for nobody; historic work takes a slot only when no live work waits."""

    LIVE = "live"
    HISTORIC = "historic"
