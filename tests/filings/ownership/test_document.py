"""The document's own small promises."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from filings.ownership.document import Line


def test_the_quick_way_to_make_a_line_gives_the_same_line() -> None:
    given = {"table": "I", "kind": "transaction", "row": 3, "shares": Decimal("10.50"), "footnotes": {"price": ("F1",)}}
    assert Line.of(given) == Line(**given)
    assert Line.of({"table": "II", "kind": "holding", "row": 1}) == Line("II", "holding", 1)
    assert repr(Line.of(given)) == repr(Line(**given))
    assert Line.of(given | {"transaction_date": date(2026, 1, 2)}) != Line(**given)
    assert Line.of_all(vars(Line(**given)).values()) == Line(**given)
