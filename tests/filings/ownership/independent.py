"""What a filing's file says, read a second time with other means: the standard library, and the SEC's element paths.

Promises: shares no line and no table with `filings.ownership`, so that one mistake is not made twice; fails on any
text, attribute or footnote mark of the XML that it did not account for, so that "equal" means "everything".
Refuses: malformed documents. It is for real filings and the well-formed part of the corpus.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import Counter
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

TRANSACTION_PATHS = {
    "security_title": "securityTitle/value",
    "conversion_or_exercise_price": "conversionOrExercisePrice/value",
    "transaction_date": "transactionDate/value",
    "deemed_execution_date": "deemedExecutionDate/value",
    "form_type": "transactionCoding/transactionFormType",
    "code": "transactionCoding/transactionCode",
    "equity_swap": "transactionCoding/equitySwapInvolved",
    "timeliness": "transactionTimeliness/value",
    "shares": "transactionAmounts/transactionShares/value",
    "total_value": "transactionAmounts/transactionTotalValue/value",
    "price": "transactionAmounts/transactionPricePerShare/value",
    "acquired_disposed": "transactionAmounts/transactionAcquiredDisposedCode/value",
    "exercise_date": "exerciseDate/value",
    "expiration_date": "expirationDate/value",
    "underlying_title": "underlyingSecurity/underlyingSecurityTitle/value",
    "underlying_shares": "underlyingSecurity/underlyingSecurityShares/value",
    "underlying_value": "underlyingSecurity/underlyingSecurityValue/value",
    "shares_owned_following": "postTransactionAmounts/sharesOwnedFollowingTransaction/value",
    "value_owned_following": "postTransactionAmounts/valueOwnedFollowingTransaction/value",
    "ownership": "ownershipNature/directOrIndirectOwnership/value",
    "nature_of_ownership": "ownershipNature/natureOfOwnership/value",
}
DATES = {"transaction_date", "deemed_execution_date", "exercise_date", "expiration_date"}
NUMBERS = {
    "conversion_or_exercise_price",
    "shares",
    "total_value",
    "price",
    "underlying_shares",
    "underlying_value",
    "shares_owned_following",
    "value_owned_following",
}
HEADER_FLAGS = {
    "no_securities_owned": "noSecuritiesOwned",
    "not_subject_to_section16": "notSubjectToSection16",
    "form3_holdings_reported": "form3HoldingsReported",
    "form4_transactions_reported": "form4TransactionsReported",
    "aff10b5_one": "aff10b5One",
}
ROLE_FLAGS = {
    "is_director": "isDirector",
    "is_officer": "isOfficer",
    "is_ten_percent_owner": "isTenPercentOwner",
    "is_other": "isOther",
}
ADDRESS_TEXTS = {
    "street1": "rptOwnerStreet1",
    "street2": "rptOwnerStreet2",
    "city": "rptOwnerCity",
    "state": "rptOwnerState",
    "zip_code": "rptOwnerZipCode",
    "state_description": "rptOwnerStateDescription",
    "non_us_state_territory": "rptOwnerNonUSStateTerritory",
    "country": "rptOwnerCountry",
}
ADDRESS_FLAGS = {"good_address": "rptOwnerGoodAddress", "non_us_address": "rptOwnerNonUSAddressFlag"}


def expected_filing(xml: bytes) -> dict[str, Any]:
    """The JSON of a filing without `accession`, `filed_on`, `accepted_at` and `issues`."""
    return _Walk(xml).filing()


def expected_addresses(xml: bytes) -> list[dict[str, Any]]:
    """The address of each owner, which the JSON of a filing leaves out."""
    return _Walk(xml).addresses()


class _Walk:
    """Reads by path and ticks off what it read."""

    def __init__(self, xml: bytes) -> None:
        self.root = ET.fromstring(xml.strip())
        assert self.root.tag == "ownershipDocument"
        self.read: set[ET.Element] = set()

    def filing(self) -> dict[str, Any]:
        root = self.root
        issuer = root.find("issuer")
        assert issuer is not None
        filing = {
            "form": self.text(root, "documentType"),
            "schema_version": self.text(root, "schemaVersion"),
            "period_of_report": self.date(root, "periodOfReport"),
            "date_of_original_submission": self.date(root, "dateOfOriginalSubmission"),
            **{name: self.flag(root, path) for name, path in HEADER_FLAGS.items()},
            "remarks": self.text(root, "remarks"),
            "issuer": {
                "cik": self.cik(issuer, "issuerCik"),
                "name": self.text(issuer, "issuerName"),
                "ticker": self.text(issuer, "issuerTradingSymbol"),
                "foreign_ticker": self.text(issuer, "issuerForeignTradingSymbol"),
            },
            "owners": [self.owner(owner) for owner in root.findall("reportingOwner")],
            "lines": self.lines(),
            "footnotes": self.footnotes(),
            "signatures": [
                {"name": self.text(signature, "signatureName"), "date": self.date(signature, "signatureDate")}
                for signature in root.findall("ownerSignature")
            ],
        }
        self.addresses()
        self.assert_nothing_is_left()
        return filing

    def owner(self, owner: ET.Element) -> dict[str, Any]:
        role = "reportingOwnerRelationship/"
        return {
            "cik": self.cik(owner, "reportingOwnerId/rptOwnerCik"),
            "name": self.text(owner, "reportingOwnerId/rptOwnerName"),
            **{name: self.flag(owner, role + path) for name, path in ROLE_FLAGS.items()},
            "officer_title": self.text(owner, role + "officerTitle"),
            "other_text": self.text(owner, role + "otherText"),
        }

    def addresses(self) -> list[dict[str, Any]]:
        place = "reportingOwnerAddress/"
        return [
            {name: self.text(owner, place + path) for name, path in ADDRESS_TEXTS.items()}
            | {name: self.flag(owner, place + path) for name, path in ADDRESS_FLAGS.items()}
            for owner in self.root.findall("reportingOwner")
        ]

    def lines(self) -> list[dict[str, Any]]:
        rows: Counter[tuple[str, str]] = Counter()
        lines = []
        for table in self.root:
            if table.tag not in ("nonDerivativeTable", "derivativeTable"):
                continue
            for element in table:
                prefix, _, kind = element.tag.rpartition("erivative")
                assert prefix in ("nonD", "d"), element.tag
                assert (prefix == "nonD") == (table.tag == "nonDerivativeTable")
                assert kind in ("Transaction", "Holding")
                number, kind = "I" if prefix == "nonD" else "II", kind.lower()
                rows[number, kind] += 1
                lines.append({"table": number, "kind": kind, "row": rows[number, kind], **self.line(element)})
        return lines

    def line(self, row: ET.Element) -> dict[str, Any]:
        line: dict[str, Any] = {}
        footnotes: dict[str, list[str]] = {}
        for name, path in TRANSACTION_PATHS.items():
            if name in DATES:
                line[name] = self.date(row, path)
            elif name in NUMBERS:
                line[name] = self.number(row, path)
            elif name == "equity_swap":
                line[name] = self.flag(row, path)
            else:
                line[name] = self.text(row, path)
            marked = row.find(path.removesuffix("/value"))
            if ids := self.marks(marked):
                footnotes[name] = ids
        coding = self.marks(row.find("transactionCoding"))
        if coding:
            assert "code" not in footnotes, "marks both on the coding and on the code"
            footnotes["code"] = coding
        return line | {"footnotes": footnotes}

    def marks(self, element: ET.Element | None) -> list[str]:
        marks = [] if element is None else element.findall("footnoteId")
        self.read.update(marks)
        return [mark.attrib["id"] for mark in marks]

    def footnotes(self) -> dict[str, str]:
        texts = {}
        for note in self.root.findall("footnotes/footnote"):
            assert note.attrib["id"] not in texts
            self.read.update(note.iter())
            texts[note.attrib["id"]] = _one_line("".join(note.itertext())) or ""
        return texts

    # --- single values --------------------------------------------------------------------------------------------

    def text(self, element: ET.Element, path: str) -> str | None:
        found = element.findall(path)
        assert len(found) <= 1, f"{path} stands {len(found)} times"
        if not found:
            return None
        self.read.add(found[0])
        return _one_line(found[0].text)

    def cik(self, element: ET.Element, path: str) -> str:
        return f"{int(self.text(element, path) or ''):010d}"

    def flag(self, element: ET.Element, path: str) -> bool | None:
        words = self.text(element, path)
        return None if words is None else {"1": True, "true": True, "0": False, "false": False}[words.lower()]

    def number(self, element: ET.Element, path: str) -> str | None:
        words = self.text(element, path)
        assert words is None or re.fullmatch(r"\d+(\.\d+)?", words), words
        return words

    def date(self, element: ET.Element, path: str) -> str | None:
        words = self.text(element, path)
        if words is None:
            return None
        assert re.fullmatch(r"\d{4}-\d\d-\d\d([+-]\d\d:\d\d|Z)?", words), words
        return datetime.strptime(words[:10], "%Y-%m-%d").replace(tzinfo=UTC).date().isoformat()

    def assert_nothing_is_left(self) -> None:
        for element in self.root.iter():
            if element in self.read:
                continue
            assert not (element.text or "").strip(), f"unread: {element.tag} {element.text!r}"
            assert not element.attrib, f"unread: {element.tag} {element.attrib}"
            for child in element:
                assert not (child.tail or "").strip(), f"unread, after {child.tag}: {child.tail!r}"


def _one_line(words: str | None) -> str | None:
    return re.sub(r"\s+", " ", words or "").strip() or None


def expected_header(content: bytes) -> dict[str, Any]:
    """What the header says in either style, found by searching the text before the first document."""
    header = content.decode("utf-8", "replace").split("<DOCUMENT>", 1)[0]
    tagged = header.lstrip().startswith("<SUBMISSION>")

    def value(text: str, tabbed_name: str, tag: str) -> str | None:
        pattern = rf"^\s*<{tag}>(.+)$" if tagged else rf"^\s*{tabbed_name}:\s*(\S.*)$"
        found = re.search(pattern, text, re.MULTILINE)
        return found[1].strip() if found else None

    heading = r"^\s*<(REPORTING-OWNER|ISSUER)>\s*$" if tagged else r"^\s*(REPORTING-OWNER|ISSUER):\s*$"
    own, *blocks = re.split(heading, header, flags=re.MULTILINE)
    parties = []
    for role, block in zip(blocks[::2], blocks[1::2], strict=True):
        cik, name = value(block, "CENTRAL INDEX KEY", "CIK"), value(block, "COMPANY CONFORMED NAME", "CONFORMED-NAME")
        parties.append((role, {"cik": cik, "name": name}))
    accepted = re.search(r"^\s*<ACCEPTANCE-DATETIME>(\d{14})\s*$", own, re.MULTILINE)
    filed = value(own, "FILED AS OF DATE", "FILING-DATE") or ""
    return {
        "accession": value(own, "ACCESSION NUMBER", "ACCESSION-NUMBER"),
        "form": value(own, "CONFORMED SUBMISSION TYPE", "TYPE"),
        "filed_on": f"{filed[:4]}-{filed[4:6]}-{filed[6:]}",
        "accepted_at": datetime.strptime(accepted[1], "%Y%m%d%H%M%S")
        .replace(tzinfo=ZoneInfo("America/New_York"))
        .astimezone(UTC)
        if accepted
        else None,
        "issuer": next((party for role, party in parties if role == "ISSUER"), None),
        "owners": [party for role, party in parties if role == "REPORTING-OWNER"],
    }
