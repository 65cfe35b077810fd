"""`OwnershipDocument` -> the full submission text, as EDGAR hands it out: SGML header, then the XML inside.

Promises: the header names the same form, period, parties and dates as the XML, and gives what only a header has
(acceptance time in US Eastern, industry, state, fiscal year end, former names).
"""

from __future__ import annotations

from datetime import date, datetime

from filings.demo.parties import Address, Issuer, Seat, former_names, known_as
from filings.ownership.document import OwnershipDocument
from filings.ownership.write import to_xml


def submission(
    accession: str, accepted: datetime, document: OwnershipDocument, owners: tuple[Seat, ...], until: date
) -> bytes:
    """`accepted` is US Eastern and its day is the filing date, as for all Forms 3, 4 and 5 sent by 22:00."""
    filed_on = accepted.date()
    header = [
        f"<SEC-DOCUMENT>{accession}.txt : {filed_on:%Y%m%d}",
        f"<SEC-HEADER>{accession}.hdr.sgml : {filed_on:%Y%m%d}",
        f"<ACCEPTANCE-DATETIME>{accepted:%Y%m%d%H%M%S}",
        f"ACCESSION NUMBER:\t\t{accession}",
        f"CONFORMED SUBMISSION TYPE:\t{document.form}",
        "PUBLIC DOCUMENT COUNT:\t\t1",
        f"CONFORMED PERIOD OF REPORT:\t{document.period_of_report:%Y%m%d}",
        f"FILED AS OF DATE:\t\t{filed_on:%Y%m%d}",
        f"DATE AS OF CHANGE:\t\t{filed_on:%Y%m%d}",
        "",
    ]
    for seat in owners:
        header += _owner(seat, document.form, filed_on, until)
    header += _issuer(owners[0].issuer, filed_on, until)
    opening = [
        "</SEC-HEADER>",
        "<DOCUMENT>",
        f"<TYPE>{document.form}",
        "<SEQUENCE>1",
        "<FILENAME>ownership.xml",
        f"<DESCRIPTION>FORM {document.form}",
        "<TEXT>",
        "<XML>",
        "",
    ]
    closing = ["", "</XML>", "</TEXT>", "</DOCUMENT>", "</SEC-DOCUMENT>", ""]
    return "\n".join(header + opening).encode() + to_xml(document) + "\n".join(closing).encode()


def _owner(seat: Seat, form: str, on: date, until: date) -> list[str]:
    return [
        "REPORTING-OWNER:\t",
        "",
        "\tOWNER DATA:\t",
        f"\t\tCOMPANY CONFORMED NAME:\t\t\t{known_as(seat.insider, on, until)}",
        f"\t\tCENTRAL INDEX KEY:\t\t\t{seat.insider.cik}",
        "",
        "\tFILING VALUES:",
        f"\t\tFORM TYPE:\t\t{form}",
        "\t\tSEC ACT:\t\t1934 Act",
        "",
        *_address("MAIL", seat.insider.address),
        *_former("NAME", former_names(seat.insider, on, until)),
    ]


def _issuer(issuer: Issuer, on: date, until: date) -> list[str]:
    return [
        "ISSUER:\t\t",
        "",
        "\tCOMPANY DATA:\t",
        f"\t\tCOMPANY CONFORMED NAME:\t\t\t{known_as(issuer, on, until)}",
        f"\t\tCENTRAL INDEX KEY:\t\t\t{issuer.cik}",
        f"\t\tSTANDARD INDUSTRIAL CLASSIFICATION:\t{issuer.industry} [{issuer.sic}]",
        f"\t\tSTATE OF INCORPORATION:\t\t\t{issuer.state}",
        f"\t\tFISCAL YEAR END:\t\t\t{issuer.fiscal_year_end}",
        "",
        *_address("BUSINESS", issuer.address),
        *_former("COMPANY", former_names(issuer, on, until)),
    ]


def _address(kind: str, address: Address) -> list[str]:
    return [
        f"\t{kind} ADDRESS:\t",
        f"\t\tSTREET 1:\t\t{address.street}",
        f"\t\tCITY:\t\t\t{address.city}",
        f"\t\tSTATE:\t\t\t{address.country or address.state}",
        f"\t\tZIP:\t\t\t{address.zip_code}",
        "",
    ]


def _former(kind: str, names: list[tuple[str, date]]) -> list[str]:
    lines = []
    for name, ended in names:
        lines += [
            f"\tFORMER {kind}:\t",
            f"\t\tFORMER CONFORMED NAME:\t{name}",
            f"\t\tDATE OF NAME CHANGE:\t{ended:%Y%m%d}",
            "",
        ]
    return lines
