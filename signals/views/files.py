"""A screen as a file of comma-separated values, piece by piece.

Promises: the rows of the page, in its order, of the columns it shows, figures as they are and not as they read; no cell
that a stranger filled can be taken for a formula. No transaction stays open while a slow reader takes the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from form4site.kit.csv_lines import csv_line
from signals.criteria import ScreenCriteria
from signals.selectors.matching import Group, trades
from signals.views.columns import columns, labels

MOST_ROWS = 50_000
_PIECE = 1_000
_PIECE_MS = 20_000


def csv_lines(criteria: ScreenCriteria) -> Iterator[str]:
    shown = columns(criteria)
    called = labels(criteria)
    yield csv_line([*(called[name] for name in shown), *_KEYS["group" if criteria.group else "trade"]])
    after, written = "", 0
    while True:
        page = trades(criteria, after, limit=_PIECE, ms=_PIECE_MS)
        for row in page.rows:
            yield csv_line([*(column.value(row) for column in shown.values()), *_key(row)])
        written += len(page.rows)
        if page.after is None:
            return
        if written >= MOST_ROWS:
            yield csv_line([f"Cut after {MOST_ROWS} rows: ask for a shorter period to have the rest."])
            return
        after = page.after


_KEYS = {
    "trade": ("Issuer CIK", "Insider CIK", "Accession", "Trade", "Sentence"),
    "group": ("Issuer CIK", "Insider CIK", "Accession"),
}


def _key(row: Any) -> list[Any]:
    """What names a row beyond doubt."""
    if isinstance(row, Group):
        return [row.issuer_id, row.decision_maker, row.accession]
    return [row.issuer_id, row.insider_id, row.filing_id, row.number, row.sentence]
