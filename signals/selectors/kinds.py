"""How often each kind of signal stands in the archive, by the year in which it became known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.db.models.functions import ExtractYear

from signals.detectors.catalogue import CATALOGUE, Entry
from signals.detectors.signal import KINDS
from signals.models import Signal
from signals.selectors.kept import until_the_archive_changes
from signals.selectors.tallied import tallied


@dataclass(frozen=True, slots=True)
class KindCount:
    """`years` are (year, how many became known in it), the newest first; `on` as in `KindCounts`."""

    entry: Entry
    years: tuple[tuple[int, int], ...]
    on: datetime | None

    @property
    def count(self) -> int:
        return sum(count for _, count in self.years)


@dataclass(frozen=True, slots=True)
class KindCounts:
    """Every kind in the order of the catalogue. `on` is when a large archive was last counted, None for now."""

    kinds: Sequence[KindCount]
    on: datetime | None


def kind_counts() -> KindCounts:
    """As last tallied where the archive is large, counted now where it is not."""
    on, counts = tallied("kinds") or (None, counted())
    return KindCounts([KindCount(CATALOGUE[kind], _years(counts.get(kind, {})), on) for kind in KINDS], on)


def kind_count(kind: str) -> KindCount:
    return next(one for one in kind_counts().kinds if one.entry.kind == kind)


def _years(counts: Mapping[str, int]) -> tuple[tuple[int, int], ...]:
    return tuple(sorted(((int(year), count) for year, count in counts.items()), reverse=True))


@until_the_archive_changes
def counted() -> dict[str, dict[str, int]]:
    """By kind and year, as JSON has them. One query, which reads every signal."""
    rows = Signal.objects.order_by().values_list("kind", ExtractYear("known_at")).annotate(count=Count("pk"))
    found: dict[str, dict[str, int]] = {}
    for kind, year, count in rows:
        found.setdefault(kind, {})[str(year)] = count
    return found
