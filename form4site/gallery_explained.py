"""Specimens of an explained filing: a report of a vesting and a sale under a plan, and the amendment that corrects it.

Read by the real reader from invented facts, so that the words here are those of the site. No archive, no clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace as Shape
from typing import Any

from filings.ownership.document import Line, Owner
from filings.ownership.facsimile import LAYOUTS
from signals.readings.explain.filing import FilingExplanation, explain_filing
from signals.readings.glance import phrases
from signals.readings.history import FiledForm
from signals.readings.trades import issuer_reading
from signals.selectors.histories import Neighbour

ORIGINAL, AMENDED = "9990000001-26-000011", "9990000001-26-000012"
_DAY, _FILED = date(2026, 11, 17), date(2026, 11, 19)
_ADOPTED = "The sale was made under a Rule 10b5-1 plan adopted on March 3, 2026, at prices from $41.10 to $41.40."


def _row(number: int, code: str, direction: str, shares: int, after: int, **given: Any) -> Line:
    values: dict[str, Any] = {
        "table": "I", "kind": "transaction", "row": number, "security_title": "Common Stock",
        "transaction_date": _DAY, "form_type": "4", "code": code, "shares": Decimal(shares),
        "acquired_disposed": direction, "shares_owned_following": Decimal(after), "ownership": "D",
    }  # fmt: skip
    return Line(**(values | given))


_SALE = _row(3, "S", "D", 900, 51_490, price=Decimal("41.25"), footnotes={"price": ("F1",)})
REPORT = FiledForm(
    accession=ORIGINAL,
    form="4",
    filed_on=_FILED,
    known_at=datetime(2026, 11, 19, 21, 3, tzinfo=UTC),
    issuer_cik="9990000101",
    owners=(Owner("9990001001", "Specimen Ada (Demo)", is_officer=True, officer_title="Chief Financial Officer"),),
    lines=(
        _row(1, "M", "A", 4_000, 54_000, footnotes={"price": ("F2",)}),
        _row(2, "F", "D", 1_610, 52_390, price=Decimal("41.00")),
        _SALE,
        _row(
            1, "M", "D", 4_000, 8_000, table="II", security_title="Restricted Stock Units", price=Decimal(0),
            underlying_title="Common Stock", underlying_shares=Decimal(4_000),
            footnotes={"conversion_or_exercise_price": ("F2",)},
        ),
    ),
    footnotes={"F1": _ADOPTED, "F2": "Each unit stands for one share."},
    period_of_report=_DAY,
    aff10b5_one=True,
)  # fmt: skip
CORRECTION = replace(
    REPORT,
    accession=AMENDED,
    form="4/A",
    filed_on=date(2026, 11, 24),
    known_at=datetime(2026, 11, 24, 21, 3, tzinfo=UTC),
    lines=(replace(_SALE, row=1, shares=Decimal(1_900), shares_owned_following=Decimal(50_490)),),
    footnotes={"F1": f"{_ADOPTED} This amendment corrects the number of shares."},
    date_of_original_submission=_FILED,
)


def _explained(accession: str) -> FilingExplanation:
    return explain_filing(issuer_reading((REPORT, CORRECTION)), accession, as_of=date(2027, 1, 31))


def explained(filing: Any, unread: Any) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Template, state and context of each specimen. `unread` is a filing that has no explanation."""
    first, second = _explained(ORIGINAL), _explained(AMENDED)
    around = Shape(
        before=(Neighbour("9990000001-26-000003", "4", date(2026, 3, 3), "Ada Specimen sold 500 shares."),),
        after=(Neighbour(AMENDED, "4/A", date(2026, 11, 24), None),),
    )
    head = {
        "filing": filing,
        "layout": LAYOUTS["4"],
        "sec_page": "https://www.sec.gov/",
        "phrases": phrases(REPORT.lines),
        "holdings": len(filing.lines.all()),
    }
    yield "signals/_filing_head.html", "explained", {**head, "words": first, "as_filed": False}
    yield "signals/_filing_head.html", "as filed", {**head, "words": None, "as_filed": True}
    yield "signals/_filing_head.html", "not explained", {**head, "filing": unread, "words": None, "as_filed": False}
    yield "signals/_filing_words.html", "corrected later", {"filing": filing, "words": first}
    yield "signals/_filing_words.html", "an amendment", {"filing": filing, "words": second}
    yield "signals/_filing_ledgers.html", "with neighbours", {"filing": filing, "words": first, "told": around}
