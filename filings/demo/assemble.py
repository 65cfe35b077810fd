"""`Draft` -> `OwnershipDocument`: names of the day, footnote numbers, and the schema version of that day.

Schema versions follow what EDGAR wrote at that time (X0306 to 19 March 2023, X0407 with the 10b5-1 box, X0508, and
X0609 from 18 March 2026, with fields for foreign issuers; Form 3 stayed at X0206 until then).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from filings.demo.drafts import Draft
from filings.demo.identity import REMARK
from filings.demo.parties import Address, Seat, known_as
from filings.demo.rows import Grant, Row
from filings.ownership.document import Issuer as FiledIssuer
from filings.ownership.document import Line, Owner, OwnershipDocument, Signature

BOX_SINCE = date(2023, 3, 20)
FOREIGN_FIELDS_SINCE = date(2026, 3, 18)
_VERSIONS = ((FOREIGN_FIELDS_SINCE, "X0609"), (date(2023, 7, 31), "X0508"), (BOX_SINCE, "X0407"))


def schema_version(form: str, filed_on: date) -> str:
    if form.startswith("3"):
        return "X0609" if filed_on >= FOREIGN_FIELDS_SINCE else "X0206"
    return next((version for since, version in _VERSIONS if filed_on >= since), "X0306")


def document(draft: Draft, until: date) -> OwnershipDocument:
    numbers: dict[str, str] = {}
    lines = [_line(draft, index, place, numbers) for index, place in enumerate(places(draft.rows))]
    form3, form5 = draft.form.startswith("3"), draft.form.startswith("5")
    issuer = draft.issuer
    return OwnershipDocument(
        schema_version=schema_version(draft.form, draft.filed_on),
        form=draft.form,
        period_of_report=draft.period,
        date_of_original_submission=draft.original_on,
        no_securities_owned=not lines if form3 else None,
        not_subject_to_section16=None if form3 else draft.exit_box,
        form3_holdings_reported=any(row.form_type == "3" for row in draft.rows) if form5 else None,
        form4_transactions_reported=any(row.form_type == "4" for row in draft.rows) if form5 else None,
        issuer=FiledIssuer(
            cik=str(issuer.cik),
            name=known_as(issuer, draft.filed_on, until),
            ticker=issuer.ticker_on(draft.filed_on, until),
            foreign_ticker=issuer.foreign_symbol if draft.filed_on >= FOREIGN_FIELDS_SINCE else None,
        ),
        owners=tuple(_owner(seat, draft.filed_on, until) for seat in draft.owners),
        aff10b5_one=None if form3 or draft.filed_on < BOX_SINCE else draft.box,
        lines=tuple(lines),
        footnotes={ref: text for text, ref in numbers.items()},
        remarks=f"{draft.remarks} {REMARK}".strip(),
        signatures=tuple(
            Signature(seat.insider.signature(draft.filed_on, until), draft.filed_on) for seat in draft.owners
        ),
    )


def _owner(seat: Seat, on: date, until: date) -> Owner:
    return Owner(
        cik=str(seat.insider.cik),
        name=known_as(seat.insider, on, until),
        is_director=seat.director,
        is_officer=seat.title is not None,
        is_ten_percent_owner=seat.ten_percent,
        is_other=seat.other is not None,
        officer_title=seat.title,
        other_text=seat.other,
        **_address(seat.insider.address, on),
    )


def _address(address: Address, on: date) -> dict[str, Any]:
    abroad = address.country is not None
    place: dict[str, Any] = {
        "street1": address.street,
        "city": address.city,
        "state": address.country if abroad and on < FOREIGN_FIELDS_SINCE else address.state,
        "zip_code": address.zip_code,
    }
    if on >= FOREIGN_FIELDS_SINCE:
        place["non_us_address"] = abroad
    if abroad:
        place["state_description"] = address.country_name
    if abroad and on >= FOREIGN_FIELDS_SINCE:
        place |= {"country": address.country, "non_us_state_territory": address.country_name}
    return place


def _line(draft: Draft, index: int, place: tuple[str, str, int], numbers: dict[str, str]) -> Line:
    row = draft.rows[index]
    notes = dict(row.notes)
    traded = row.code is not None
    line = Line(
        table=place[0],
        kind=place[1],
        row=place[2],
        security_title=row.security.title if isinstance(row.security, Grant) else row.security,
        transaction_date=row.stated_on or row.on,
        deemed_execution_date=row.deemed,
        form_type=row.form_type,
        code=row.code,
        equity_swap=row.swap if traded else None,
        timeliness=row.timeliness,
        shares=_number(row.shares) if traded else None,
        total_value=row.total_value,
        price=row.price,
        acquired_disposed=row.acquired_disposed,
        shares_owned_following=draft.following[index],
        ownership=row.place.ownership,
        nature_of_ownership=row.place.nature,
    )
    if isinstance(row.security, Grant):
        line = replace(line, **_derivative(row, row.security, draft.following[index], notes))
    return replace(line, footnotes={field: _refs(texts, numbers) for field, texts in notes.items()})


def _derivative(row: Row, grant: Grant, after: Decimal, notes: dict[str, Any]) -> dict[str, Any]:
    """The cells that only Table II has. A cell that is words becomes a footnote on an empty cell."""
    cells: dict[str, Any] = {"underlying_title": grant.underlying}
    for field, cell in (
        ("conversion_or_exercise_price", grant.strike),
        ("exercise_date", grant.exercisable),
        ("expiration_date", grant.expires),
    ):
        if isinstance(cell, str):
            notes.setdefault(field, cell)
        else:
            cells[field] = cell
    count = row.shares if row.shares is not None else after
    cells["underlying_shares"] = _number(count * grant.per_unit)
    return cells


def _refs(texts: str | tuple[str, ...], numbers: dict[str, str]) -> tuple[str, ...]:
    return tuple(
        numbers.setdefault(text, f"F{len(numbers) + 1}") for text in ((texts,) if isinstance(texts, str) else texts)
    )


def _number(value: int | Decimal | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def places(rows: list[Row]) -> list[tuple[str, str, int]]:
    """Where each row stands in the document: its table, its kind, and its number within both."""
    counts: dict[tuple[str, str], int] = {}
    found = []
    for row in rows:
        place = "II" if isinstance(row.security, Grant) else "I", "transaction" if row.code else "holding"
        counts[place] = counts.get(place, 0) + 1
        found.append((*place, counts[place]))
    return found
