"""A file of EDGAR's -> what its envelope says, and the ownership XML inside. Pure.

Promises: both header styles of full submissions (`<SEC-DOCUMENT>` with tabbed names, and the feed's `<SUBMISSION>`
with one tag a line), with or without the old privacy-enhanced-mail wrapper, and bare ownership XML. Times are
converted from US Eastern once, here. Linear time; nothing outside the bytes is looked at.
Refuses, with `BadDocument`: HTML error pages, files that end before their closing tag, envelopes without an
ownership document, and an envelope that names another accession number than its file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import PurePath
from zoneinfo import ZoneInfo

from filings.errors import BadDocument
from filings.ownership.values import day, padded_cik
from filings.ownership.wellformed import MAX_BYTES, refuse_html

EASTERN = ZoneInfo("America/New_York")

_ACCESSION = re.compile(r"(\d{10})-(\d{2})-(\d{6})", re.ASCII)
_ACCESSION18 = re.compile(r"(\d{10})(\d{2})(\d{6})", re.ASCII)
_STYLES = ((b"<SEC-DOCUMENT>", b"</SEC-DOCUMENT>"), (b"<SUBMISSION>", b"</SUBMISSION>"))
_TAGGED = re.compile(r"<(/?)([A-Z0-9-]{1,60})>(.*)")
_FOURTEEN_DIGITS = re.compile(r"[0-9]{14}").fullmatch
_SIC = re.compile(r"\[?([0-9]{3,4})\]?$")
_LARGEST_HEADER = 256 * 1024


@dataclass(frozen=True, slots=True)
class Party:
    """The issuer or a reporting owner as EDGAR's header knows it. `fiscal_year_end` is "MMDD"."""

    cik: str
    name: str | None = None
    sic: str | None = None
    state_of_incorporation: str | None = None
    fiscal_year_end: str | None = None
    former_names: tuple[tuple[str, date | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Submission:
    """One filing's file. What only an envelope tells is None where the file is bare XML.

    `accepted_at` is UTC; `filed_on` is the SEC's own filing date, which already follows its rules for late evenings.
    """

    accession: str | None
    xml: bytes
    envelope: bool
    form: str | None = None
    filed_on: date | None = None
    accepted_at: datetime | None = None
    issuer: Party | None = None
    owners: tuple[Party, ...] = ()


def accession_in(name: str) -> str | None:
    """The accession number that this file name or address starts with, dashed; None if it has none."""
    stem = PurePath(name).name
    found = _ACCESSION.match(stem) or _ACCESSION18.match(stem)
    rest = stem[found.end() : found.end() + 1] if found else ""
    return "-".join(found.groups()) if found and not rest.isdigit() else None


def read_submission(content: bytes, name: str = "") -> Submission:
    """What this file holds; `name` (its file name) gives the accession number that bare XML lacks."""
    if len(content) > MAX_BYTES:
        raise BadDocument("identify", "", f"{len(content):,} bytes; a submission may have {MAX_BYTES:,} at most")
    refuse_html(content, "identify")
    named = accession_in(name)
    body = content.lstrip(b"\xef\xbb\xbf \t\r\n")
    start = 0
    if body.startswith(b"-----BEGIN PRIVACY-ENHANCED MESSAGE-----"):
        start = max(body.find(opening, 0, 65536) for opening, _ in _STYLES)
    for opening, closing in _STYLES:
        if start >= 0 and body.startswith(opening, start):
            submission = _enveloped(body[start:], closing, tagged=opening == b"<SUBMISSION>")
            if named and named != submission.accession:
                raise BadDocument(
                    "identify", "ACCESSION NUMBER", f"says {submission.accession}, but the file is named {named}"
                )
            return submission
    if body.startswith((b"<", b"\xff\xfe", b"\xfe\xff")):
        return Submission(accession=named, xml=content, envelope=False)
    if not body:
        raise BadDocument("identify", "", "empty")
    raise BadDocument("identify", "", f"neither a submission nor XML; it begins with {body[:40]!r}")


def _enveloped(body: bytes, closing: bytes, *, tagged: bool) -> Submission:
    end = body.rfind(closing)
    if end < 0:
        raise BadDocument("submission", closing.decode(), "truncated: the closing tag is missing")
    opening = closing.replace(b"/", b"")
    if body.find(b"\n" + opening, 0, end) >= 0:
        raise BadDocument("submission", opening.decode(), "more than one submission in the file")
    header_end = body.find(b"<DOCUMENT>")
    if header_end < 0 or header_end > _LARGEST_HEADER:
        raise BadDocument("submission", "DOCUMENT", "no document follows the header")
    header = body[:header_end].decode("utf-8", "replace")
    fields, parties = (_tagged_header if tagged else _tabbed_header)(header)
    words = fields.get("ACCESSION NUMBER", "")
    found = _ACCESSION.fullmatch(words)
    if not found:
        raise BadDocument("submission", "ACCESSION NUMBER", f"not an accession number: {words!r:.60}")
    issuers = [party for role, party in parties if role == "ISSUER"]
    return Submission(
        accession=found[0],
        xml=_ownership_xml(body[header_end:end]),
        envelope=True,
        form=fields.get("CONFORMED SUBMISSION TYPE"),
        filed_on=_compact_day(fields.get("FILED AS OF DATE")),
        accepted_at=_eastern(fields.get("ACCEPTANCE-DATETIME")),
        issuer=issuers[0] if issuers else None,
        owners=tuple(party for role, party in parties if role == "REPORTING-OWNER"),
    )


def _ownership_xml(documents: bytes) -> bytes:
    """The XML of the first document that holds an ownershipDocument; attachments are passed over."""
    at = 0
    while (opened := documents.find(b"<XML>", at)) >= 0:
        closed = documents.find(b"</XML>", opened)
        if closed < 0:
            raise BadDocument("submission", "XML", "truncated: </XML> is missing")
        xml = documents[opened + len(b"<XML>") : closed].strip()
        if b"ownershipDocument" in xml:
            return xml
        at = closed
    raise BadDocument("submission", "XML", "no ownership document inside")


_ROLES = {"REPORTING-OWNER", "ISSUER"}
_PARTY_FIELDS = {
    "COMPANY CONFORMED NAME": "name",
    "CONFORMED-NAME": "name",
    "CENTRAL INDEX KEY": "cik",
    "CIK": "cik",
    "STANDARD INDUSTRIAL CLASSIFICATION": "sic",
    "ASSIGNED-SIC": "sic",
    "STATE OF INCORPORATION": "state_of_incorporation",
    "STATE-OF-INCORPORATION": "state_of_incorporation",
    "FISCAL YEAR END": "fiscal_year_end",
    "FISCAL-YEAR-END": "fiscal_year_end",
}
# The feed's names for the fields of the tabbed header.
_TAGGED_NAMES = {
    "ACCESSION-NUMBER": "ACCESSION NUMBER",
    "TYPE": "CONFORMED SUBMISSION TYPE",
    "FILING-DATE": "FILED AS OF DATE",
    "FORMER-CONFORMED-NAME": "FORMER CONFORMED NAME",
    "DATE-CHANGED": "DATE OF NAME CHANGE",
}


def _tabbed_header(header: str) -> tuple[dict[str, str], list[tuple[str, Party]]]:
    pairs = []
    for line in header.splitlines():
        if tag := _TAGGED.match(line.strip()):  # some copies of EDGAR's files are indented
            pairs.append((tag[2], tag[3].strip()))
        else:
            name, _, words = line.partition(":")
            pairs.append((name.strip(), words.strip()))
    return _header(pairs)


def _tagged_header(header: str) -> tuple[dict[str, str], list[tuple[str, Party]]]:
    pairs = []
    for line in header.splitlines():
        if (tag := _TAGGED.match(line.strip())) and not tag[1]:
            pairs.append((_TAGGED_NAMES.get(tag[2], tag[2]), tag[3].strip()))
    return _header(pairs)


def _header(pairs: list[tuple[str, str]]) -> tuple[dict[str, str], list[tuple[str, Party]]]:
    """The filing's own fields, and each party after its heading with the fields that follow it."""
    fields: dict[str, str] = {}
    parties: list[tuple[str, dict[str, str], list[list[str]]]] = []
    for name, words in pairs:
        if name in _ROLES:
            parties.append((name, {}, []))
        elif not words:
            continue
        elif not parties:
            fields.setdefault(name, words)
        elif name in _PARTY_FIELDS:
            parties[-1][1].setdefault(_PARTY_FIELDS[name], words)
        elif name == "FORMER CONFORMED NAME":
            parties[-1][2].append([words, ""])
        elif name == "DATE OF NAME CHANGE" and parties[-1][2]:
            parties[-1][2][-1][1] = words
    return fields, [(role, _party(given, former)) for role, given, former in parties if "cik" in given]


def _party(given: dict[str, str], former: list[list[str]]) -> Party:
    sic = _SIC.search(given.get("sic", ""))
    return Party(
        cik=padded_cik(given["cik"], "CENTRAL INDEX KEY", "submission"),
        name=given.get("name"),
        sic=sic[1].zfill(4) if sic else None,
        state_of_incorporation=given.get("state_of_incorporation"),
        fiscal_year_end=given.get("fiscal_year_end"),
        former_names=tuple((name, _compact_day(changed)) for name, changed in former),
    )


def _compact_day(words: str | None) -> date | None:
    return day(f"{words[:4]}-{words[4:6]}-{words[6:8]}")[0] if words and len(words) == 8 else None


def _eastern(words: str | None) -> datetime | None:
    """EDGAR's fourteen digits, always US Eastern, as UTC. An hour that happened twice is taken as the first."""
    if not words or not _FOURTEEN_DIGITS(words):
        return None
    try:
        return datetime.strptime(words, "%Y%m%d%H%M%S").replace(tzinfo=EASTERN).astimezone(UTC)
    except (ValueError, OverflowError):  # no such day, or beyond the calendar's end in UTC
        return None
