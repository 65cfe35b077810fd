"""`OwnershipDocument` -> the JSON of a filing, as far as a document alone can tell it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from filings.ownership.document import OwnershipDocument

OWNER_KEYS = [
    "cik",
    "name",
    "is_director",
    "is_officer",
    "is_ten_percent_owner",
    "is_other",
    "officer_title",
    "other_text",
]
ADDRESS_KEYS = [
    "street1",
    "street2",
    "city",
    "state",
    "zip_code",
    "state_description",
    "good_address",
    "non_us_address",
    "non_us_state_territory",
    "country",
]


def filing_json(document: OwnershipDocument) -> dict[str, Any]:
    """Numbers as filed, or null where they are none; dates without a zone."""
    whole = asdict(document)
    filing = {name: _plain(value) for name, value in whole.items() if name not in ("as_filed", "issues")}
    filing["owners"] = [{name: owner[name] for name in OWNER_KEYS} for owner in whole["owners"]]
    filing["lines"] = [_line(line) for line in whole["lines"]]
    filing["signatures"] = [
        {"name": signature["name"], "date": _plain(signature["signed_on"])} for signature in whole["signatures"]
    ]
    return filing


def addresses_json(document: OwnershipDocument) -> list[dict[str, Any]]:
    return [{name: getattr(owner, name) for name in ADDRESS_KEYS} for owner in document.owners]


def _line(line: dict[str, Any]) -> dict[str, Any]:
    as_filed = line.pop("as_filed")
    plain = {name: _plain(value) for name, value in line.items()}
    # A space inside a figure that has a value was EDGAR's line break.
    numbers = {name: words.replace(" ", "") for name, words in as_filed.items() if isinstance(line[name], Decimal)}
    return plain | numbers | {"footnotes": {field: list(ids) for field, ids in line["footnotes"].items()}}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else value
