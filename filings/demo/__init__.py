"""The demo archive: about 400 invented filings over the three years up to a day, in the form EDGAR hands them out.

Promises: equal `until` and `seed` give equal bytes; every party's name, every ticker and every filing's remarks say
that it is invented; the filings agree with each other (balances, prices, names of the day) except where a story wants
them not to, and then `gaps` says so. A few filings are older than three years, where a story needs a long history.
Pure: no network, no database, no clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from filings.demo import assemble, envelope, stories
from filings.demo.drafts import Draft, in_order_of_filing
from filings.demo.identity import FILER_AGENT, is_demo_accession, is_demo_cik
from filings.demo.ledger import Ledger
from filings.demo.scene import Scene, World
from filings.ownership.submission import EASTERN

__all__ = ["EARLIEST", "DemoFiling", "Gap", "filings", "is_demo_accession", "is_demo_cik"]

# Insiders of foreign issuers file since 18 March 2026; the foreign issuer's story needs some months of that.
EARLIEST = date(2026, 10, 1)


@dataclass(frozen=True)
class Gap:
    """A row whose balance does not follow from the filings before it, and why. `row` counts as in `Line.row`."""

    table: str
    kind: str
    row: int
    reason: str


@dataclass(frozen=True)
class DemoFiling:
    """`content` is the full submission text; `story` names the function of `stories` that wrote it."""

    accession: str
    filed_on: date
    accepted_at: datetime  # UTC
    content: bytes
    story: str
    gaps: tuple[Gap, ...] = ()


def filings(until: date, seed: int = 1) -> Iterator[DemoFiling]:
    """The archive, oldest first. `until` is the last day that may bear a filing: one that is over in New York.

    Raises ValueError for a day before `EARLIEST`.
    """
    if until < EARLIEST:
        raise ValueError(f"the demo archive ends on {EARLIEST} at the earliest, not on {until}")
    world = World(until, seed)
    for story in stories.STORIES:
        story(Scene(world, story.__name__))
    drafts = in_order_of_filing(world.drafts)
    Ledger(world.opening, world.splits).enter(drafts)
    sequence: dict[int, int] = {}
    for draft in drafts:
        year = draft.filed_on.year % 100
        sequence[year] = sequence.get(year, 0) + 1
        yield _filing(draft, f"{FILER_AGENT}-{year:02d}-{sequence[year]:06d}", until)


def _filing(draft: Draft, accession: str, until: date) -> DemoFiling:
    document = assemble.document(draft, until)
    accepted = datetime.combine(draft.filed_on, draft.at, EASTERN)
    return DemoFiling(
        accession=accession,
        filed_on=draft.filed_on,
        accepted_at=accepted.astimezone(UTC),
        content=envelope.submission(accession, accepted, document, draft.owners, until),
        story=draft.story,
        gaps=_gaps(draft),
    )


def _gaps(draft: Draft) -> tuple[Gap, ...]:
    return tuple(
        Gap(table, kind, row, draft.gaps[index])
        for index, (table, kind, row) in enumerate(assemble.places(draft.rows))
        if index in draft.gaps
    )
