"""The rows that the SEC's quarterly Insider Transactions Data Sets have of one filing -> the same `OwnershipDocument`.

Promises: every column of the eight tables has a place, in every spelling seen; what has none is an `Issue`; equal rows
give equal documents. `kept` writes the rows of a filing as text that `read_kept` reads back, so that its facts can be
made again without the quarter's tables. The only error is `BadDocument`.
Refuses: to guess. The tables are a copy that has lost something, and what it lost stays unknown: there is no schema
version, no time of acceptance, no order of owners and signatures but the table's own, and numbers are rounded to two
decimals. The ".0" that the SEC's export puts after every whole number is left out: nobody filed it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence, Set
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from filings.errors import BadDocument
from filings.ownership.document import FORMS, Issue, Issuer, Line, Owner, OwnershipDocument, Signature
from filings.ownership.parse import MAX_ISSUES, MAX_PARTS, MAX_WORDS
from filings.ownership.schema import DATE, FLAG, NUMBER, TEXT
from filings.ownership.submission import Submission
from filings.ownership.values import FLAG_WORDS, calendar_day, day, number, padded_cik

# One row: its columns by name, those without a value left out. All rows of a filing: by table.
Row = Mapping[str, str]
Rows = Mapping[str, Sequence[Row]]

KEY = "ACCESSION_NUMBER"
# Leading characters of the kept text; no XML and no envelope begins so.
OPENING = b'{"SUBMISSION":['
MISSING = "MISSING"

_SUBMISSION = {
    "DOCUMENT_TYPE": ("form", TEXT),
    "PERIOD_OF_REPORT": ("period_of_report", DATE),
    "DATE_OF_ORIG_SUB": ("date_of_original_submission", DATE),
    "NO_SECURITIES_OWNED": ("no_securities_owned", FLAG),
    "NOT_SUBJECT_SEC16": ("not_subject_to_section16", FLAG),
    "FORM3_HOLDINGS_REPORTED": ("form3_holdings_reported", FLAG),
    "FORM3_HOLDING_REPORTED": ("form3_holdings_reported", FLAG),  # so in the SEC's readme
    "FORM4_TRANS_REPORTED": ("form4_transactions_reported", FLAG),
    "AFF10B5ONE": ("aff10b5_one", FLAG),  # not in the quarters before 2023, nor in every copy of a later one
    "REMARKS": ("remarks", TEXT),
}
_ISSUER = {"ISSUERCIK": "cik", "ISSUERNAME": "name", "ISSUERTRADINGSYMBOL": "ticker"}
# Named in the SEC's metadata, never published.
_CONTACT = ("CONTACT_NAME", "CONTACT_PHONE_NUMBER", "CONTACT_EMAIL_ADDRESS", "NOTIFICATION_EMAIL_ADDRESS")
_OWNER = {
    "RPTOWNERCIK": "cik",
    "RPTOWNERNAME": "name",
    "RPTOWNER_TITLE": "officer_title",
    "RPTOWNER_TXT": "other_text",
    "RPTOWNER_STREET1": "street1",
    "RPTOWNER_STREET2": "street2",
    "RPTOWNER_CITY": "city",
    "RPTOWNER_STATE": "state",
    "RPTOWNER_ZIPCODE": "zip_code",
    "RPTOWNER_STATE_DESC": "state_description",
}
_ROLES = {
    "director": "is_director",
    "officer": "is_officer",
    "tenpercentowner": "is_ten_percent_owner",
    "other": "is_other",
}
_TABLE_I = {
    "SECURITY_TITLE": ("security_title", TEXT),
    "TRANS_DATE": ("transaction_date", DATE),
    "DEEMED_EXECUTION_DATE": ("deemed_execution_date", DATE),
    "TRANS_FORM_TYPE": ("form_type", TEXT),
    "TRANS_CODE": ("code", TEXT),
    "EQUITY_SWAP_INVOLVED": ("equity_swap", FLAG),
    "TRANS_TIMELINESS": ("timeliness", TEXT),
    "TRANS_SHARES": ("shares", NUMBER),
    "TRANS_TOTAL_VALUE": ("total_value", NUMBER),
    "TRANS_PRICEPERSHARE": ("price", NUMBER),
    "TRANS_ACQUIRED_DISP_CD": ("acquired_disposed", TEXT),
    "SHRS_OWND_FOLWNG_TRANS": ("shares_owned_following", NUMBER),
    "VALU_OWND_FOLWNG_TRANS": ("value_owned_following", NUMBER),
    "DIRECT_INDIRECT_OWNERSHIP": ("ownership", TEXT),
    "NATURE_OF_OWNERSHIP": ("nature_of_ownership", TEXT),
}
_TABLE_II = _TABLE_I | {
    "CONV_EXERCISE_PRICE": ("conversion_or_exercise_price", NUMBER),
    "EXERCISE_DATE": ("exercise_date", DATE),
    "EXCERCISE_DATE": ("exercise_date", DATE),  # so in DERIV_TRANS
    "EXPIRATION_DATE": ("expiration_date", DATE),
    "UNDLYNG_SEC_TITLE": ("underlying_title", TEXT),
    "UNDLYNG_SEC_SHARES": ("underlying_shares", NUMBER),
    "UNDLYNG_SEC_VALUE": ("underlying_value", NUMBER),
}
# Footnotes on the whole transactionCoding stand under "code"; the tables have them at the swap flag, in two spellings.
_CODING_NOTES = dict.fromkeys(
    ("EQUITY_SWAP_INVOLVED_FN", "EQUITY_SWAP_TRANS_CD_FN", "TRANS_CODE_FN", "TRANS_FORM_TYPE_FN"), "code"
)
_NOTES = "footnote ids"
_OF_TRANSACTIONS = {
    *("transaction_date", "deemed_execution_date", "code", "equity_swap", "timeliness", "shares", "total_value"),
    *("price", "acquired_disposed"),
}
# Table -> where its rows stand in the document, the column that orders them, and the places of its columns.
_LINES: dict[str, tuple[str, str, str, dict[str, tuple[str, str]]]] = {
    table: (
        number_,
        kind,
        f"{table}_SK",
        places
        | {f"{name}_FN": (field, _NOTES) for name, (field, _) in places.items()}
        | {name: (field, _NOTES) for name, field in _CODING_NOTES.items()},
    )
    for table, number_, kind, places in (
        ("NONDERIV_TRANS", "I", "transaction", _TABLE_I),
        ("NONDERIV_HOLDING", "I", "holding", _TABLE_I),
        ("DERIV_TRANS", "II", "transaction", _TABLE_II),
        ("DERIV_HOLDING", "II", "holding", _TABLE_II),
    )
}

# Every table with the columns that are known; those without a place in the document say nothing of the filing's facts.
COLUMNS: dict[str, frozenset[str]] = {
    "SUBMISSION": frozenset({KEY, "FILING_DATE", *_SUBMISSION, *_ISSUER, *_CONTACT}),
    "REPORTINGOWNER": frozenset({KEY, "RPTOWNER_RELATIONSHIP", "FILE_NUMBER", *_OWNER}),
    **{table: frozenset({KEY, order, *places}) for table, (_, _, order, places) in _LINES.items()},
    "FOOTNOTES": frozenset({KEY, "FOOTNOTE_ID", "FOOTNOTE_TXT"}),
    "OWNER_SIGNATURE": frozenset({KEY, "OWNERSIGNATURENAME", "OWNERSIGNATUREDATE"}),
}
TABLES = tuple(COLUMNS)

is_accession = re.compile(r"[0-9]{10}-[0-9]{2}-[0-9]{6}").fullmatch
_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_MONTH_NAMES = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_MONTHS = {name: f"{month:02d}" for month, name in enumerate(_MONTH_NAMES, 1)}


# What a table of a quarter need not have: the box came with 2023, the other spellings exclude each other.
_MAY_LACK = frozenset({"aff10b5_one"})


def places_without_column(table: str, header: Set[str]) -> list[str]:
    """The values for which a table with these columns has none."""
    if table == "SUBMISSION":
        places = {name: field for name, (field, _) in _SUBMISSION.items()} | _ISSUER | {"FILING_DATE": "filed_on"}
    elif table == "REPORTINGOWNER":
        places = _OWNER | {"RPTOWNER_RELATIONSHIP": "relationship"}
    elif table in _LINES:
        order, columns = _LINES[table][2:]
        # Table I has no column for a total value, and holdings none for a transaction.
        optional = {"total_value"} if table == "NONDERIV_TRANS" else _OF_TRANSACTIONS if "HOLDING" in table else set()
        places = {name: field for name, (field, how) in columns.items() if how != _NOTES and field not in optional}
        places[order] = "the order of its rows"
    else:
        places = {name: name for name in COLUMNS[table]}
    found = {field for name, field in places.items() if name in header}
    return [field for field in dict.fromkeys(places.values()) if field not in found | _MAY_LACK]


def kept(rows: Rows, missing: Sequence[str] = ()) -> bytes:
    """The rows of one filing as text: one JSON object, tables in the SEC's order, values as they stand there.

    It ends with the tables that the data set lacked, where it lacked some.
    """
    told: dict[str, Any] = {table: _in_order(table, rows[table]) for table in TABLES if rows.get(table)}
    if missing:
        told[MISSING] = missing
    return _json(told).encode()


def read_kept(content: bytes) -> tuple[Submission, OwnershipDocument]:
    """What a text written by `kept` says."""
    try:
        told = json.loads(content)
        return read_rows(told, told.pop(MISSING, ()))
    except ValueError as error:
        raise BadDocument("dataset", "", f"the kept rows are damaged: {error}") from error


def read_rows(rows: Rows, missing: Sequence[str] = ()) -> tuple[Submission, OwnershipDocument]:
    """The filing that these rows tell, with what an envelope would say of it. Raises `BadDocument`.

    Of the `missing` tables nothing is said but that they were not there: not that the filing has no such rows.
    """
    reader = _Reader(missing)
    submission = reader.submission(rows)
    return submission, reader.document(rows)


@lru_cache(4096)
def day_of(words: str) -> date | None:
    """The date that DD-MON-YYYY spells; None if the calendar has no such day."""
    if len(words) == 11 and words[2] == words[6] == "-":
        month = _MONTHS.get(words[3:6].upper())
        return calendar_day(f"{words[7:]}-{month}-{words[:2]}") if month else None
    return day(words)[0]


def _in_order(table: str, rows: Sequence[Row]) -> list[Row]:
    """Rows of lines by the SEC's running number, which follows the document; the table does so by chance only."""
    if len(rows) > 1 and table in _LINES:
        order = _LINES[table][2]
        return sorted(rows, key=lambda row: _running(row.get(order, "")))
    if len(rows) > 1 and table == "FOOTNOTES":
        return sorted(rows, key=lambda row: _note_number(row.get("FOOTNOTE_ID", "")))
    return list(rows)


def _running(words: str) -> tuple[int, str]:
    return (int(words), "") if words.isascii() and words.isdigit() else (0, words)


def _note_number(ref: str) -> tuple[int, str]:
    return _running(ref[1:])[0], ref


class _Reader:
    """The state of one reading."""

    def __init__(self, missing: Sequence[str]) -> None:
        self.missing = missing
        self.issues = [
            Issue(table, "not in the data set: what it tells of this filing is unknown") for table in missing
        ]
        self.more_issues = 0
        self.as_filed: dict[str, str] = {}

    def submission(self, rows: Rows) -> Submission:
        present = rows.get("SUBMISSION", ())
        if len(present) != 1:
            raise BadDocument("dataset", "SUBMISSION", f"{len(present)} rows of the filing; there must be one")
        row = present[0]
        accession = row.get(KEY, "")
        if not is_accession(accession):
            raise BadDocument("dataset", f"SUBMISSION/{KEY}", f"not an accession number: {accession!r:.60}")
        filed = row.get("FILING_DATE")
        filed_on = day_of(filed) if filed else None
        if filed and filed_on is None:
            self.note("SUBMISSION/FILING_DATE", f"not a date: {filed!r:.80}")
        return Submission(accession, b"", envelope=False, form=row.get("DOCUMENT_TYPE"), filed_on=filed_on)

    def document(self, rows: Rows) -> OwnershipDocument:
        header = rows["SUBMISSION"][0]
        fields: dict[str, Any] = {}
        for name, words in header.items():
            if name in _SUBMISSION:
                field, how = _SUBMISSION[name]
                self.put(words, f"SUBMISSION/{name}", field, how, fields, self.as_filed, field)
        if fields.get("form") not in FORMS:
            raise BadDocument(
                "document", "SUBMISSION/DOCUMENT_TYPE", f"not a Form 3, 4 or 5: {fields.get('form')!r:.60}"
            )
        self.refuse_unreadable(rows)
        issuer = self.issuer(header)
        owners = tuple(self.owner(row) for row in rows.get("REPORTINGOWNER", ()))
        if not owners and "REPORTINGOWNER" not in self.missing:
            raise BadDocument("document", "REPORTINGOWNER", "no reporting owner")
        lines = tuple(self.lines(rows))
        footnotes = self.footnotes(rows.get("FOOTNOTES", ()))
        signatures = tuple(
            self.signature(row, position) for position, row in enumerate(rows.get("OWNER_SIGNATURE", ()), 1)
        )
        self.unplaced(rows)
        cited = {ref for line in lines for refs in line.footnotes.values() for ref in refs}
        for ref in () if "FOOTNOTES" in self.missing else sorted(cited - footnotes.keys()):
            self.note("FOOTNOTES", f"{ref:.40} is cited and has no text")
        if self.more_issues:
            self.issues.append(Issue("SUBMISSION", f"and {self.more_issues:,} more like these"))
        return OwnershipDocument(
            issuer=issuer,
            owners=owners,
            lines=lines,
            footnotes=footnotes,
            signatures=signatures,
            issues=tuple(self.issues),
            as_filed=self.as_filed,
            **fields,
        )

    # --- rows -----------------------------------------------------------------------------------------------------

    def refuse_unreadable(self, rows: Rows) -> None:
        for table, present in rows.items():
            if len(present) > MAX_PARTS:
                raise BadDocument("document", table, f"{len(present):,} rows; at most {MAX_PARTS:,} are read")
            if any("\0" in "".join(row.values()) for row in present):
                raise BadDocument("document", table, "holds NUL characters")

    def issuer(self, header: Row) -> Issuer:
        fields = {field: text for name, field in _ISSUER.items() if (text := " ".join(header.get(name, "").split()))}
        return Issuer(**fields | {"cik": padded_cik(fields.get("cik"), "SUBMISSION/ISSUERCIK")})

    def owner(self, row: Row) -> Owner:
        fields: dict[str, Any] = {
            field: text for name, field in _OWNER.items() if (text := " ".join(row.get(name, "").split()))
        }
        fields["cik"] = padded_cik(fields.get("cik"), "REPORTINGOWNER/RPTOWNERCIK")
        relationship = row.get("RPTOWNER_RELATIONSHIP", "")
        if relationship.strip():
            # The list names the boxes that are ticked, so the others are not.
            fields |= dict.fromkeys(_ROLES.values(), False)
            for words in relationship.split(","):
                role = _ROLES.get("".join(words.split()).lower())
                if role:
                    fields[role] = True
                elif words.strip():
                    self.note("REPORTINGOWNER/RPTOWNER_RELATIONSHIP", f"not a relationship: {words.strip()!r:.80}")
        return Owner(**fields)

    def lines(self, rows: Rows) -> list[Line]:
        lines = []
        for table, (number_, kind, _, places) in _LINES.items():
            present = rows.get(table)
            if present:
                for position, row in enumerate(_in_order(table, present), 1):
                    lines.append(self.line(row, table, number_, kind, position, places))
        return lines

    def line(
        self, row: Row, table: str, number_: str, kind: str, position: int, places: Mapping[str, tuple[str, str]]
    ) -> Line:
        fields: dict[str, Any] = {"table": number_, "kind": kind, "row": position}
        notes: dict[str, tuple[str, ...]] = {}
        as_filed: dict[str, str] = {}
        for name, words in row.items():
            place = places.get(name)
            if place is None:
                continue
            field, how = place
            # The plain spellings, which nearly all are, are read here; `put` knows the others.
            if how == NUMBER and len(words) < 30 and (whole := words.removesuffix(".0")).isascii() and whole.isdigit():
                fields[field] = Decimal(whole)
            elif how == _NOTES:
                notes[field] = self.refs(words, notes.get(field, ()))
            elif how == DATE and (on := day_of(words)):
                fields[field] = on
            elif how == TEXT and words.isalnum():
                fields[field] = words
            else:
                self.put(words, f"{table}[{position}]/{name}", field, how, fields, as_filed, field)
        if notes:
            fields["footnotes"] = notes
        if as_filed:
            fields["as_filed"] = as_filed
        return Line.of(fields)

    def refs(self, words: str, before: tuple[str, ...]) -> tuple[str, ...]:
        """Footnote ids, in the order of their numbers: in the tables they stand in none."""
        if words.isalnum() and not before:
            return (words,)
        found = set(words.replace(",", " ").split()) | {*before}
        return tuple(sorted(found, key=_note_number))

    def footnotes(self, present: Sequence[Row]) -> dict[str, str]:
        texts: dict[str, list[str]] = {}
        for row in _in_order("FOOTNOTES", present):
            ref = "".join(row.get("FOOTNOTE_ID", "").split())
            text = " ".join(row.get("FOOTNOTE_TXT", "").split())
            if not ref:
                self.note("FOOTNOTES", f"a text without an id: {text[:MAX_WORDS]!r}")
                continue
            if ref in texts:
                self.note(f"FOOTNOTES[{ref:.40}]", "stands twice; the texts were joined")
            texts.setdefault(ref, []).append(text)
        return {ref: " ".join(filter(None, joined)) for ref, joined in texts.items()}

    def signature(self, row: Row, position: int) -> Signature:
        fields: dict[str, Any] = {}
        path = f"ownershipDocument/ownerSignature[{position}]"
        for column, field, how, leaf in (
            ("OWNERSIGNATURENAME", "name", TEXT, "signatureName"),
            ("OWNERSIGNATUREDATE", "signed_on", DATE, "signatureDate"),
        ):
            if words := row.get(column):
                place = f"OWNER_SIGNATURE[{position}]/{column}"
                self.put(words, place, field, how, fields, self.as_filed, f"{path}/{leaf}")
        return Signature(**fields)

    # --- values ---------------------------------------------------------------------------------------------------

    def put(
        self, words: str, place: str, field: str, how: str, into: dict[str, Any], as_filed: dict[str, str], key: str
    ) -> None:
        text = " ".join(words.split())
        if not text:
            return
        if how == TEXT:
            into[field] = text
            return
        if how == NUMBER:
            into[field] = number(text.removesuffix(".0"))[0]
        elif how == DATE:
            into[field] = day_of(text)
        else:
            into[field] = FLAG_WORDS.get(text.lower())
        if into[field] is None:
            self.note(place, f"not a {how}: {text!r:.80}")
            if how != FLAG:
                as_filed[key] = text

    # --- what has no place ----------------------------------------------------------------------------------------

    def note(self, path: str, problem: str) -> None:
        """Past `MAX_ISSUES` they are only counted."""
        if len(self.issues) >= MAX_ISSUES:
            self.more_issues += 1
            return
        self.issues.append(Issue(path, problem))

    def unplaced(self, rows: Rows) -> None:
        for table, present in rows.items():
            known = COLUMNS.get(table, frozenset())
            for row in present:
                if not row.keys() <= known:
                    for name in sorted(row.keys() - known):
                        self.note(f"{table}/{name}", f"unknown column: {row[name][:MAX_WORDS]!r}")
