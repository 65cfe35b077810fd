"""EDGAR's lists of filings -> references to Forms 3, 4 and 5. Pure.

Promises: every layout of the current feed and of the daily and quarterly indexes (form, master and company; the header
of one line and the 2026 one of two; plain or gzip); each accession once, in the order of the list; forms by their exact
name, amendments included. Refuses, with `BadDocument`, whatever is not wholly such a list: an HTML or error page, a cut
row, a header without its rule. None of these is ever an empty list.

What a list alone cannot show: that whole rows are missing from its end. The transport shows that (the client takes no
answer whose end it cannot prove), and whoever reads a list again should see no fewer `rows` than before.

Where the current feed ends: ask for the next page only after a page with `full`; a page that is not full is the last.
The page after a full one may be past the end, where the SEC answers 503 with HTML: `EdgarUnavailable.past_the_end`. An
outage looks the same, so take it for the end only if the page before it, asked once more, is answered, and the next one
again is not.
"""

from __future__ import annotations

import io
import json
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from lxml import etree

from filings.edgar.addresses import PAGE_ROWS
from filings.errors import BadDocument
from filings.ownership.document import FORMS

MAX_INDEX_BYTES = 256 * 1024 * 1024  # a quarter's plain index has 41 MB
MAX_LINE = 4096

_ATOM = "{http://www.w3.org/2005/Atom}"
_PARSER = etree.XMLParser(
    resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True
)

_ENTRY_ACCESSION = re.compile(r"accession(?:-number)?=([0-9]{10})-?([0-9]{2})-?([0-9]{6})\Z")
_ENTRY_CIK = re.compile(r"/edgar/data/0*([0-9]{1,10})/")
_ENTRY_FILED = re.compile(r"Filed:\s*(?:</b>)?\s*([0-9]{4}-[0-9]{2}-[0-9]{2})")

# The widths of the columns have changed with the years, and rows do not keep to their header's; so a row is read from
# its right end, where nothing holds a space.
_FIXED_ROW = re.compile(
    r"(?P<head>\S.*?) +(?P<cik>[0-9]{1,10}) +(?P<day>[0-9]{8}|[0-9]{4}-[0-9]{2}-[0-9]{2}) +(?P<path>edgar/\S+\.txt) *"
)
_MASTER_ROW = re.compile(
    r"(?P<cik>[0-9]{1,10})\|.*\|(?P<form>[^|]+)"
    r"\|(?P<day>[0-9]{8}|[0-9]{4}-[0-9]{2}-[0-9]{2})\|(?P<path>edgar/\S+\.txt) *"
)
_PATH_ACCESSION = re.compile(r"/([0-9]{10}-[0-9]{2}-[0-9]{6})\.txt\Z")
_COLUMNS = {
    "form": ("Form Type", "Company Name", "CIK", "Date Filed", "File Name"),
    "company": ("Company Name", "Form Type", "CIK", "Date Filed", "File Name"),
    "master": ("CIK", "Company Name", "Form Type", "Date Filed", "File Name"),
}
_RULE = re.compile(r"-{20,} *")
_LAST_RECEIVED = re.compile(r"Last Data Received:\s*([A-Z][a-z]+)\s+([0-9]{1,2}),\s*([0-9]{4})\s*")
_DAILY_NAME = re.compile(r"(form|master|company)\.([0-9]{8})\.idx(?:\.gz)?")
_MOST_HEADER_LINES = 30


@dataclass(frozen=True, slots=True)
class Reference:
    """One filing as a list names it. `cik` is that of any party, never to be taken for the issuer's.

    `path` is where the full submission lies below /Archives/. `accepted_at` (UTC) is told by the feed alone.
    """

    accession: str
    form: str
    filed_on: date | None
    accepted_at: datetime | None
    cik: str
    path: str


@dataclass(frozen=True, slots=True)
class FeedPage:
    """One page of the current feed. `rows` counts its entries of every form; one filing has several."""

    entries: tuple[Reference, ...]
    rows: int
    updated: datetime | None

    @property
    def full(self) -> bool:
        """Whether there may be a page after this one."""
        return self.rows >= PAGE_ROWS


@dataclass(frozen=True, slots=True)
class Index:
    """One index file. `rows` counts its rows of every form; `last_received` is the day that its header names."""

    references: tuple[Reference, ...]
    rows: int
    last_received: date | None


@dataclass(frozen=True, slots=True)
class ListedFile:
    """One name in a folder of indexes. `kind` and `day` are None where the name is not that of a daily index."""

    name: str
    kind: str | None
    day: date | None


# --- the current feed --------------------------------------------------------------------------------------------


def parse_current_feed(content: bytes) -> FeedPage:
    """The references of one page of the feed. Raises `BadDocument("feed", ...)`."""
    if b"<!DOCTYPE" in content.upper():
        raise BadDocument("feed", "", "not a feed: it declares a document type")
    try:
        root = etree.fromstring(content, _PARSER)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadDocument("feed", "", f"not a whole XML document: {error}") from error
    if root.getroottree().docinfo.internalDTD is not None:  # in an encoding that hides it from the look above
        raise BadDocument("feed", "", "not a feed: it declares a document type")
    if root.tag != f"{_ATOM}feed":
        raise BadDocument("feed", "", f"not a feed: its root is {root.tag!r:.60}")
    entries = root.findall(f"{_ATOM}entry")
    found = [_entry(entry, f"entry[{place}]") for place, entry in enumerate(entries, 1)]
    updated = root.findtext(f"{_ATOM}updated")
    return FeedPage(
        entries=_once(reference for reference in found if reference),
        rows=len(entries),
        updated=_moment(updated, "updated") if updated else None,
    )


def _entry(entry: etree._Element, where: str) -> Reference | None:
    """One row of the feed; None where its form is none of ours."""
    category = entry.find(f"{_ATOM}category")
    form = category.get("term") if category is not None else None
    if not form:
        raise BadDocument("feed", where, "an entry without a form type")
    if form not in FORMS:
        return None
    named = _ENTRY_ACCESSION.search((entry.findtext(f"{_ATOM}id") or "").strip())
    if named is None:
        raise BadDocument("feed", where, f"an entry of Form {form} without an accession number")
    link = entry.find(f"{_ATOM}link")
    owner = _ENTRY_CIK.search((link.get("href") if link is not None else None) or "")
    if owner is None:
        raise BadDocument("feed", where, f"an entry of Form {form} without a link to its filing")
    accession, cik = "-".join(named.groups()), owner[1]
    filed = _ENTRY_FILED.search(entry.findtext(f"{_ATOM}summary") or "")
    accepted = entry.findtext(f"{_ATOM}updated")
    return Reference(
        accession=accession,
        form=form,
        filed_on=_day(filed[1], "feed", where) if filed else None,
        accepted_at=_moment(accepted, where) if accepted else None,
        cik=cik.zfill(10),
        path=f"edgar/data/{cik}/{accession}.txt",
    )


def _moment(text: str, where: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise BadDocument("feed", where, f"not a time: {text!r:.60}") from None
    if moment.tzinfo is None:
        raise BadDocument("feed", where, f"a time without its zone: {text!r:.60}")
    return moment.astimezone(UTC)


# --- the indexes -------------------------------------------------------------------------------------------------


def parse_index(content: bytes, name: str) -> Index:
    """`name` is the file's ("form.20260716.idx", "master.gz"). Raises `BadDocument("index", ...)`."""
    lines = _lines(content)
    kind, last_received = _header(lines, name)
    rows = 0
    references: dict[str, Reference] = {}
    ended = False
    for number, line in lines:
        if not line.strip():
            ended = True
            continue
        if ended:
            raise BadDocument("index", f"line {number}", "a row after the blank end of the list")
        rows += 1
        reference = _row(kind, line, number)
        if reference is not None:
            references.setdefault(reference.accession, reference)
    return Index(tuple(references.values()), rows, last_received)


def _row(kind: str, line: str, number: int) -> Reference | None:
    """One row; None where its form is none of ours. Every row must be whole, whatever its form."""
    found = (_MASTER_ROW if kind == "master" else _FIXED_ROW).fullmatch(line)
    if found is None:
        raise BadDocument("index", f"line {number}", f"not a whole row: {line!r:.120}")
    if kind == "master":
        form = found["form"].strip()
    elif kind == "form":
        form = re.split(" {2,}", found["head"], maxsplit=1)[0]
    else:
        form = re.split(" {2,}", found["head"])[-1] if "  " in found["head"] else found["head"].rsplit(" ", 1)[-1]
    if form not in FORMS:
        return None
    named = _PATH_ACCESSION.search(found["path"])
    if named is None:
        raise BadDocument("index", f"line {number}", f"a Form {form} without an accession number: {line!r:.120}")
    filed_on = _day(found["day"], "index", f"line {number}")
    return Reference(named[1], form, filed_on, None, found["cik"].zfill(10), found["path"])


def _header(lines: Iterator[tuple[int, str]], name: str) -> tuple[str, date | None]:
    """The kind of the list and the day its header names; leaves `lines` after the rule below the columns."""
    told: list[str] = []
    for _, line in lines:
        if _RULE.fullmatch(line):
            break
        told.append(line)
        if len(told) > _MOST_HEADER_LINES:
            raise BadDocument("index", "", f"not an index: no rule below a header ({told[0]!r:.60})")
    else:
        raise BadDocument("index", "", f"not a whole index: it ends within its header ({''.join(told[:1])!r:.60})")
    # The columns stand on one line, or wrapped over two (2026, and some earlier daily indexes).
    columns = " ".join(told[-2:]).replace("|", "  ").replace("Filename", "File Name")
    titles = tuple(title for title in re.split(r"\s{2,}", columns.strip()) if title)
    kind = next((kind for kind, its in _COLUMNS.items() if titles[-len(its) :] == its), None)
    if kind is None:
        raise BadDocument("index", "", f"not an index: its columns are {columns.strip()!r:.120}")
    asked = name.rsplit("/", 1)[-1].split(".", 1)[0]
    if asked in _COLUMNS and asked != kind:
        raise BadDocument("index", "", f"a {kind} index where {name} was asked for")
    dated = next((found for line in told if (found := _LAST_RECEIVED.fullmatch(line.strip()))), None)
    return kind, _month_day(dated) if dated else None


def _lines(content: bytes) -> Iterator[tuple[int, str]]:
    """The numbered lines of an index, inflated as they are read; raises if the last one has no end."""
    number, rest = 0, b""
    for piece in _pieces(content):
        *whole, rest = (rest + piece).split(b"\n")
        for raw in whole:
            number += 1
            yield number, raw.decode("latin-1").rstrip("\r")
        if len(rest) > MAX_LINE:
            raise BadDocument("index", f"line {number + 1}", f"a line of more than {MAX_LINE:,} bytes")
    if number == 0:
        raise BadDocument("index", "", "not an index: it has no lines")
    if rest.strip():
        raise BadDocument("index", f"line {number + 1}", "the last line is cut short")


def _pieces(content: bytes, size: int = 256 * 1024) -> Iterator[bytes]:
    source = io.BytesIO(content)
    if not content.startswith(b"\x1f\x8b"):
        yield from iter(lambda: source.read(size), b"")
        return
    inflater = zlib.decompressobj(zlib.MAX_WBITS | 16)
    total = 0
    try:
        while not inflater.eof and (piece := inflater.unconsumed_tail or source.read(size)):
            inflated = inflater.decompress(piece, size)
            total += len(inflated)
            if total > MAX_INDEX_BYTES:
                raise BadDocument("index", "", f"more than {MAX_INDEX_BYTES:,} bytes after inflation")
            yield inflated
    except zlib.error as error:
        raise BadDocument("index", "", f"damaged gzip: {error}") from error
    if not inflater.eof or inflater.unused_data or source.read(1):
        raise BadDocument("index", "", "its gzip does not end where the file does")


# --- the listing -------------------------------------------------------------------------------------------------


def parse_listing(content: bytes) -> tuple[ListedFile, ...]:
    """The names in a folder's index.json. Raises `BadDocument("listing", ...)`."""
    try:
        items = json.loads(content)["directory"]["item"]
        names = [item["name"] for item in items]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadDocument("listing", "", f"not a listing: {type(error).__name__} {error!s:.80}") from error
    if not all(isinstance(name, str) for name in names):
        raise BadDocument("listing", "directory.item", "a name that is no text")
    return tuple(_listed(name) for name in names)


def _listed(name: str) -> ListedFile:
    found = _DAILY_NAME.fullmatch(name)
    return ListedFile(name, found[1], _day(found[2], "listing", name)) if found else ListedFile(name, None, None)


# --- shared ------------------------------------------------------------------------------------------------------


def _once(references: Iterable[Reference]) -> tuple[Reference, ...]:
    first: dict[str, Reference] = {}
    for reference in references:
        first.setdefault(reference.accession, reference)
    return tuple(first.values())


def _day(text: str, stage: str, where: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadDocument(stage, where, f"not a date: {text!r}") from None


def _month_day(found: re.Match[str]) -> date | None:
    for pattern in ("%b %d %Y", "%B %d %Y"):
        try:
            return datetime.strptime(" ".join(found.groups()), pattern).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    return None
