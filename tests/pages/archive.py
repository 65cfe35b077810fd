"""Filings of our own, published through the real services, for the tests of pages.

A `made_up` document fills every field that a form has; its words are given by the test, so that they may be hostile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from filings.models import Completeness
from filings.ownership.document import Issuer, Line, Owner, OwnershipDocument, Signature
from filings.ownership.submission import read_submission
from filings.ownership.write import to_xml
from filings.services.keep import Received, completeness_of
from filings.services.load import LoadReport, load, load_received
from signals.services.read import read_all_owed
from tests.filings.ownership.corpus import CASES

ISSUER_CIK = "9900000001"
OWNER_CIKS = ("9900000002", "9900000003")
ACCESSION = "9999999981-25-000001"

Words = Callable[[str], str]


def accession(number: int) -> str:
    return f"9999999981-25-{number:06}"


def plain(name: str) -> str:
    """Harmless words for the field of this name."""
    return f"Plain {name.replace('_', ' ')} (FICTIONAL)"


def made_up(words: Words = plain, form: str = "4") -> OwnershipDocument:
    """A document in which every field of the schema has a value, every text from `words`, every field a footnote."""
    refs = tuple("".join(words(f"ref {number}").split()) + str(number) for number in (1, 2))
    return OwnershipDocument(
        form=form,
        issuer=Issuer(ISSUER_CIK, words("issuer"), words("ticker"), words("foreign_ticker")),
        owners=tuple(_owner(cik, words) for cik in OWNER_CIKS),
        schema_version="X0609",
        period_of_report=date(2025, 3, 3),
        date_of_original_submission=date(2025, 3, 4),
        no_securities_owned=False,
        not_subject_to_section16=True,
        form3_holdings_reported=True,
        form4_transactions_reported=False,
        aff10b5_one=True,
        lines=tuple(_line(table, kind, words, refs) for table in ("I", "II") for kind in ("transaction", "holding")),
        footnotes={ref: words(f"footnote {place}") for place, ref in enumerate(refs)},
        remarks=words("remarks"),
        signatures=(Signature(words("signature"), date(2025, 3, 5)), Signature(words("second signature"))),
    )


def traded() -> OwnershipDocument:
    """A purchase and a sale of one day by the parties of `made_up`."""
    document = made_up()
    lines = (replace(document.lines[0], row=row, code=code) for row, code in ((1, "P"), (2, "S")))
    return replace(document, lines=tuple(lines))


def _owner(cik: str, words: Words) -> Owner:
    return Owner(
        cik=cik,
        is_director=True,
        is_officer=True,
        is_ten_percent_owner=False,
        is_other=True,
        good_address=False,
        non_us_address=True,
        **{
            name: words(name)
            for name in (
                "name", "officer_title", "other_text", "street1", "street2", "city", "state", "zip_code",
                "state_description", "non_us_state_territory", "country",
            )
        },
    )  # fmt: skip


def _line(table: str, kind: str, words: Words, refs: tuple[str, ...]) -> Line:
    texts = ("security_title", "form_type", "code", "timeliness", "ownership", "nature_of_ownership")
    values: dict[str, object] = {name: words(name) for name in texts}
    values |= {name: date(2025, 3, 3) for name in ("transaction_date", "deemed_execution_date")}
    values |= {name: Decimal("1234.50") for name in ("shares", "price", "total_value")}
    values |= {"shares_owned_following": Decimal(987654321), "equity_swap": True, "acquired_disposed": "A"}
    if table == "II":
        values |= {"underlying_title": words("underlying_title"), "underlying_shares": Decimal(77)}
        values |= {"exercise_date": date(2026, 1, 2), "expiration_date": date(2030, 1, 2)}
        values |= {"conversion_or_exercise_price": Decimal("12.3400")}
    return Line(table, kind, 1, footnotes={name: refs for name in values if name not in BARE}, **values)  # type: ignore[arg-type]


BARE = ("form_type", "equity_swap")  # their marks belong to the whole transactionCoding, so to "code"
TEXT_FIELDS = tuple(field.name for field in fields(Line) if field.type == "str | None")


def enveloped(document: OwnershipDocument, number: str, filed_on: date) -> bytes:
    """The document as a full submission."""
    header = (
        f"<SEC-DOCUMENT>{number}.txt : {filed_on:%Y%m%d}\n<SEC-HEADER>{number}.hdr.sgml : {filed_on:%Y%m%d}\n"
        f"<ACCEPTANCE-DATETIME>{filed_on:%Y%m%d}171500\nACCESSION NUMBER:\t\t{number}\n"
        f"CONFORMED SUBMISSION TYPE:\t{document.form}\nFILED AS OF DATE:\t\t{filed_on:%Y%m%d}\n</SEC-HEADER>\n"
        "<DOCUMENT>\n<TEXT>\n<XML>\n"
    )
    return header.encode() + to_xml(document) + b"\n</XML>\n</TEXT>\n</DOCUMENT>\n</SEC-DOCUMENT>\n"


def received(
    document: OwnershipDocument, number: str = ACCESSION, filed_on: date | None = date(2025, 3, 6)
) -> Received:
    """As it would come from the SEC; without `filed_on`, the XML alone, whose filing date nobody knows."""
    if filed_on is None:
        return Received(number, to_xml(document), "tests", Completeness.BARE_XML)
    content = enveloped(document, number, filed_on)
    return Received(number, content, "tests", completeness_of(read_submission(content)))


def publish(*items: Received) -> LoadReport:
    report = load_received(received=items)
    assert not report.failed, report.failed
    assert not read_all_owed().failed
    return report


def publish_files(paths: Iterable[Path]) -> LoadReport:
    report = load(paths=paths)
    assert not report.failed, report.failed[:3]
    assert not read_all_owed().failed
    return report


def publish_corpus() -> list[str]:
    publish_files(case.file for case in CASES)
    return [case.accession for case in CASES]
