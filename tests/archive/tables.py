"""Ownership documents -> the tables of a data set, spelled as the SEC spells them.

Every whole number ends in ".0", dates are DD-MON-YYYY, a field with quotes inside is quoted and they are doubled, and
the rows of one filing stand in one table in one order and in another in the reverse. Numbers are rounded to two
decimals only when asked for, so that tests can compare the rest exactly.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from filings.ownership.document import Line, Owner, OwnershipDocument

LINE_PLACES = {
    "SECURITY_TITLE": "security_title",
    "TRANS_DATE": "transaction_date",
    "DEEMED_EXECUTION_DATE": "deemed_execution_date",
    "TRANS_FORM_TYPE": "form_type",
    "TRANS_CODE": "code",
    "EQUITY_SWAP_INVOLVED": "equity_swap",
    "TRANS_TIMELINESS": "timeliness",
    "TRANS_SHARES": "shares",
    "TRANS_TOTAL_VALUE": "total_value",
    "TRANS_PRICEPERSHARE": "price",
    "TRANS_ACQUIRED_DISP_CD": "acquired_disposed",
    "CONV_EXERCISE_PRICE": "conversion_or_exercise_price",
    "EXERCISE_DATE": "exercise_date",
    "EXCERCISE_DATE": "exercise_date",
    "EXPIRATION_DATE": "expiration_date",
    "UNDLYNG_SEC_TITLE": "underlying_title",
    "UNDLYNG_SEC_SHARES": "underlying_shares",
    "UNDLYNG_SEC_VALUE": "underlying_value",
    "SHRS_OWND_FOLWNG_TRANS": "shares_owned_following",
    "VALU_OWND_FOLWNG_TRANS": "value_owned_following",
    "DIRECT_INDIRECT_OWNERSHIP": "ownership",
    "NATURE_OF_OWNERSHIP": "nature_of_ownership",
}
LINE_COLUMNS = {
    "NONDERIV_TRANS": (
        "SECURITY_TITLE TRANS_DATE DEEMED_EXECUTION_DATE TRANS_FORM_TYPE TRANS_CODE EQUITY_SWAP_INVOLVED"
        " TRANS_TIMELINESS TRANS_SHARES TRANS_PRICEPERSHARE TRANS_ACQUIRED_DISP_CD SHRS_OWND_FOLWNG_TRANS"
        " VALU_OWND_FOLWNG_TRANS DIRECT_INDIRECT_OWNERSHIP NATURE_OF_OWNERSHIP"
    ),
    "NONDERIV_HOLDING": (
        "SECURITY_TITLE TRANS_FORM_TYPE SHRS_OWND_FOLWNG_TRANS VALU_OWND_FOLWNG_TRANS DIRECT_INDIRECT_OWNERSHIP"
        " NATURE_OF_OWNERSHIP"
    ),
    "DERIV_TRANS": (
        "SECURITY_TITLE CONV_EXERCISE_PRICE TRANS_DATE DEEMED_EXECUTION_DATE TRANS_FORM_TYPE TRANS_CODE"
        " EQUITY_SWAP_INVOLVED TRANS_TIMELINESS TRANS_SHARES TRANS_TOTAL_VALUE TRANS_PRICEPERSHARE"
        " TRANS_ACQUIRED_DISP_CD EXCERCISE_DATE EXPIRATION_DATE UNDLYNG_SEC_TITLE UNDLYNG_SEC_SHARES UNDLYNG_SEC_VALUE"
        " SHRS_OWND_FOLWNG_TRANS VALU_OWND_FOLWNG_TRANS DIRECT_INDIRECT_OWNERSHIP NATURE_OF_OWNERSHIP"
    ),
    "DERIV_HOLDING": (
        "SECURITY_TITLE CONV_EXERCISE_PRICE TRANS_FORM_TYPE EXERCISE_DATE EXPIRATION_DATE UNDLYNG_SEC_TITLE"
        " UNDLYNG_SEC_SHARES UNDLYNG_SEC_VALUE SHRS_OWND_FOLWNG_TRANS VALU_OWND_FOLWNG_TRANS DIRECT_INDIRECT_OWNERSHIP"
        " NATURE_OF_OWNERSHIP"
    ),
}
LINE_TABLES = {
    ("I", "transaction"): "NONDERIV_TRANS",
    ("I", "holding"): "NONDERIV_HOLDING",
    ("II", "transaction"): "DERIV_TRANS",
    ("II", "holding"): "DERIV_HOLDING",
}
HAVE_NO_NOTES = {"TRANS_FORM_TYPE": {"NONDERIV_TRANS", "DERIV_TRANS"}, "TRANS_CODE": {"NONDERIV_TRANS", "DERIV_TRANS"}}
OWNER_PLACES = {
    "RPTOWNER_TITLE": "officer_title",
    "RPTOWNER_TXT": "other_text",
    "RPTOWNER_STREET1": "street1",
    "RPTOWNER_STREET2": "street2",
    "RPTOWNER_CITY": "city",
    "RPTOWNER_STATE": "state",
    "RPTOWNER_ZIPCODE": "zip_code",
    "RPTOWNER_STATE_DESC": "state_description",
}
SUBMISSION_PLACES = {
    "PERIOD_OF_REPORT": "period_of_report",
    "DATE_OF_ORIG_SUB": "date_of_original_submission",
    "NO_SECURITIES_OWNED": "no_securities_owned",
    "NOT_SUBJECT_SEC16": "not_subject_to_section16",
    "FORM3_HOLDINGS_REPORTED": "form3_holdings_reported",
    "FORM4_TRANS_REPORTED": "form4_transactions_reported",
    "DOCUMENT_TYPE": "form",
}
ROLES = {
    "Director": "is_director",
    "Officer": "is_officer",
    "TenPercentOwner": "is_ten_percent_owner",
    "Other": "is_other",
}


def _line_header(table: str) -> list[str]:
    names = ["ACCESSION_NUMBER", f"{table}_SK"]
    for name in LINE_COLUMNS[table].split():
        names.append(name)
        if table not in HAVE_NO_NOTES.get(name, ()):
            names.append("EQUITY_SWAP_TRANS_CD_FN" if name == "EQUITY_SWAP_INVOLVED" else f"{name}_FN")
    return names


HEADERS: dict[str, list[str]] = {
    "SUBMISSION": [
        *("ACCESSION_NUMBER", "FILING_DATE", *SUBMISSION_PLACES),
        *("ISSUERCIK", "ISSUERNAME", "ISSUERTRADINGSYMBOL", "REMARKS", "AFF10B5ONE"),
    ],
    "REPORTINGOWNER": [
        *("ACCESSION_NUMBER", "RPTOWNERCIK", "RPTOWNERNAME", "RPTOWNER_RELATIONSHIP", *OWNER_PLACES, "FILE_NUMBER"),
    ],
    **{table: _line_header(table) for table in LINE_COLUMNS},
    "FOOTNOTES": ["ACCESSION_NUMBER", "FOOTNOTE_ID", "FOOTNOTE_TXT"],
    "OWNER_SIGNATURE": ["ACCESSION_NUMBER", "OWNERSIGNATURENAME", "OWNERSIGNATUREDATE"],
}


@dataclass(slots=True)
class Tables:
    """The eight tables, growing. `cents` rounds numbers as the SEC's export does."""

    cents: bool = False
    rows: dict[str, list[str]] = field(default_factory=lambda: {table: [] for table in HEADERS})
    running: int = 1_000_000

    def add(self, accession: str, filed_on: date | None, document: OwnershipDocument) -> None:
        header = {"ACCESSION_NUMBER": accession, "FILING_DATE": filed_on}
        header |= {name: getattr(document, place) for name, place in SUBMISSION_PLACES.items()}
        header |= {
            "ISSUERCIK": document.issuer.cik,
            "ISSUERNAME": document.issuer.name,
            "ISSUERTRADINGSYMBOL": document.issuer.ticker,
            "REMARKS": document.remarks,
            "AFF10B5ONE": document.aff10b5_one,
        }
        self.put("SUBMISSION", header)
        for owner in document.owners:
            self.put("REPORTINGOWNER", self.owner(accession, owner))
        lines: dict[str, list[Mapping[str, Any]]] = {}
        for line in document.lines:
            table = LINE_TABLES[line.table, line.kind]
            self.running += 1
            lines.setdefault(table, []).append(self.line(accession, table, line))
        for table, present in lines.items():
            for row in reversed(present) if table.startswith("NON") else present:
                self.put(table, row)
        for ref, text in document.footnotes.items():
            self.put("FOOTNOTES", {"ACCESSION_NUMBER": accession, "FOOTNOTE_ID": ref, "FOOTNOTE_TXT": text})
        for signature in document.signatures:
            self.put(
                "OWNER_SIGNATURE",
                {
                    "ACCESSION_NUMBER": accession,
                    "OWNERSIGNATURENAME": signature.name,
                    "OWNERSIGNATUREDATE": signature.signed_on,
                },
            )

    def owner(self, accession: str, owner: Owner) -> dict[str, Any]:
        ticked = [name for name, place in ROLES.items() if getattr(owner, place)]
        return {
            "ACCESSION_NUMBER": accession,
            "RPTOWNERCIK": owner.cik,
            "RPTOWNERNAME": owner.name,
            "RPTOWNER_RELATIONSHIP": ",".join(ticked),
            **{name: getattr(owner, place) for name, place in OWNER_PLACES.items()},
            "FILE_NUMBER": "000-00000",
        }

    def line(self, accession: str, table: str, line: Line) -> dict[str, Any]:
        row: dict[str, Any] = {"ACCESSION_NUMBER": accession, f"{table}_SK": str(self.running)}
        for name in LINE_COLUMNS[table].split():
            place = LINE_PLACES[name]
            row[name] = getattr(line, place)
            if row[name] is None and place in line.as_filed:
                row[name] = line.as_filed[place]
            refs = line.footnotes.get(place, ())
            row[f"{name}_FN"] = ", ".join(sorted(refs, reverse=True))
        coding = "EQUITY_SWAP_TRANS_CD_FN" if table.endswith("TRANS") else "TRANS_FORM_TYPE_FN"
        row[coding] = ", ".join(line.footnotes.get("code", ()))
        return row

    def put(self, table: str, row: Mapping[str, Any]) -> None:
        self.rows[table].append("\t".join(self.spelled(row.get(name)) for name in HEADERS[table]))

    def spelled(self, value: Any) -> str:
        if value is None or value == "":
            return ""
        if isinstance(value, bool):
            return "1" if value else "0"
        if isinstance(value, date):
            return f"{value:%d-%b-}".upper() + f"{value.year:04d}"
        if isinstance(value, Decimal):
            if self.cents:
                value = value.quantize(Decimal("0.01"), ROUND_HALF_UP).normalize()
            words = format(value, "f")
            return words if "." in words else f"{words}.0"
        text = str(value)
        return '"' + text.replace('"', '""') + '"' if any(mark in text for mark in '"\t\n') else text

    def texts(self) -> dict[str, str]:
        return {
            f"{table}.tsv": "\n".join(("\t".join(HEADERS[table]), *rows)) + "\n" for table, rows in self.rows.items()
        }

    def write(self, folder: Path) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in self.texts().items():
            (folder / name).write_text(text, encoding="utf-8", newline="")
        return folder

    def write_zip(self, path: Path) -> Path:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in self.texts().items():
                archive.writestr(name, text)
        return path


def tables_of(filings: Iterable[tuple[str, date | None, OwnershipDocument]], *, cents: bool = False) -> Tables:
    tables = Tables(cents=cents)
    for filing in filings:
        tables.add(*filing)
    return tables
