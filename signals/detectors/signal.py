"""What a signal is: what was seen, when it became knowable, in whose trades, by which numbers, and with what caveat.

Promises: `as_json` is the JSON of a signal, name for name; `key` is the same for every computing of the same finding,
whether it has grown, settled or been corrected since; evidence holds plain values only.
Refuses: advice. A sentence tells what was filed; a caveat tells what research found of such things.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

KINDS = (
    "cluster_buy", "cluster_sell", "large_purchase", "first_purchase", "pattern_break", "sequence_ended", "dip_buy",
    "sale_after_runup", "unscheduled_large_sale", "exercise_and_hold", "exercise_partial_sale",
    "exercise_same_day_sale", "routine_trader", "opportunistic_trade", "late_filing", "lockup_sale", "inferred_plan",
    "cooling_off", "near_expiry_exercise", "hedging", "gift_timing", "isolated_trade",
)  # fmt: skip
TAGS = (
    "red", "amber", "tight", "chain", "habitual", "late_life", "early_release", "single_trade", "date_missing",
    "inferred_split", "pledge",
)  # fmt: skip
# Raised whenever a rule below `detectors` changes what is found; stored signals of an older version are recomputed.
VERSION = 4


@dataclass(frozen=True, slots=True)
class Party:
    """One decision-maker, by the person in it, or else by its first CIK. `role` is a slug of `readings.roles`."""

    cik: str
    name: str | None
    role: str | None


@dataclass(frozen=True, slots=True)
class Cited:
    """Transaction rows of one filing, as (table, row). `reason` says why they were left out, None if counted."""

    accession: str
    lines: tuple[tuple[str, int], ...]
    reason: str | None = None

    def as_json(self) -> dict[str, Any]:
        found: dict[str, Any] = {"accession": self.accession, "lines": [list(line) for line in self.lines]}
        if self.reason is not None:
            found["reason"] = self.reason
        return found


@dataclass(frozen=True, slots=True)
class Signal:
    """`known_at` (UTC) is the filing, or the midnight, that made it true; `settles_on` the last day that may undo it.

    `window` is its first and last day, both included. `strength` (0 to 100) compares signals of one kind and no others.
    """

    kind: str
    key: str
    issuer_cik: str
    ticker: str | None
    known_at: datetime
    window: tuple[date, date]
    strength: int
    insiders: tuple[Party, ...]
    trades: tuple[Cited, ...]
    evidence: Mapping[str, Any]
    excluded: tuple[Cited, ...]
    sentence: str
    caveat: str
    tags: tuple[str, ...] = ()
    provisional: bool = False
    settles_on: date | None = None
    detector_version: int = VERSION

    @property
    def order(self) -> tuple[datetime, str, str]:
        """Signals in the order of knowledge; no two are equal."""
        return self.known_at, self.kind, self.key

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "tags": list(self.tags),
            "issuer_cik": self.issuer_cik,
            "ticker": self.ticker,
            "known_at": self.known_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "provisional": self.provisional,
            "settles_on": self.settles_on and self.settles_on.isoformat(),
            "window": {"from": self.window[0].isoformat(), "to": self.window[1].isoformat()},
            "strength": self.strength,
            "insiders": [{"cik": one.cik, "name": one.name, "role": one.role} for one in self.insiders],
            "trades": [one.as_json() for one in self.trades],
            "evidence": dict(self.evidence),
            "excluded": [one.as_json() for one in self.excluded],
            "sentence": self.sentence,
            "caveat": self.caveat,
            "detector_version": self.detector_version,
        }
