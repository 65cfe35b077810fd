"""Bytes -> `OwnershipDocument`, with a list of what could not be placed. Pure: no network, no database, no clock.

Promises: elements are read by name, whatever the schema version; an unknown element, a value that is no number or
date, a field given twice is an `Issue` with its path and its words, and the rest is read. Equal bytes give equal
documents. The only error is `BadDocument`.
Refuses: to guess. A number or date that cannot be read is None, with its words in `as_filed`.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast

from lxml import etree

from filings.errors import BadDocument
from filings.ownership.document import FORMS, Issue, Issuer, Line, Owner, OwnershipDocument, Signature
from filings.ownership.schema import (
    BARE,
    DATE,
    DERIVATIVE_ONLY,
    DOCUMENT_FIELDS,
    FLAG,
    ISSUER_FIELDS,
    LINE_FIELDS,
    LINE_GROUPS,
    NUMBER,
    OWNER_FIELDS,
    OWNER_GROUPS,
    ROWS,
    SIGNATURE_FIELDS,
    TABLES,
    TEXT,
)
from filings.ownership.values import (
    FLAG_WORDS,
    MAX_DIGITS,
    calendar_day,
    day,
    number,
    padded_cik,
    plain_day,
    plain_number,
    single_spaced,
)
from filings.ownership.wellformed import ROOT, root_element

# Moves when the same bytes would give other facts; `reparse` rebuilds what older versions read.
PARSER_VERSION = 1

# Far above what the SEC accepts (10 owners, 30 + 30 rows, 99 footnotes, 10 signatures); far below what a page can show.
MAX_PARTS = 1_000
# Enough to see what is wrong with a document; a hostile one could give a million.
MAX_ISSUES = 200
# Twice the longest text of the schema. The rest of an unplaced text stays in the kept bytes only.
MAX_WORDS = 4_000

# Text between elements, and attributes other than the ids of footnotes: neither has a place in the schema.
# (Written with the cheap test first: `../*` on each text would cost the square of a row's elements.)
_TEXTS = etree.XPath("count(//text())")
_ATTRIBUTES = etree.XPath("count(//@*)")
_STRAY_TEXTS = etree.XPath(
    "//*[*]/text()[normalize-space() and not(ancestor::*[self::remarks or self::footnote[parent::footnotes]])]"
)
_STRAY_ATTRIBUTES = etree.XPath("//@*[name() != 'id' or not(parent::footnoteId or parent::footnote)]")


def parse(xml: bytes) -> OwnershipDocument:
    """One ownership XML, read whole. Raises `BadDocument` when it is not one, or cannot be trusted to be whole."""
    root, mends = root_element(xml)
    return _Reader(root, mends).document()


def _whole(ref: str) -> str:
    """The id of a footnote or of a mark; a space in it can only be a hard line break."""
    return "".join(ref.split())


def _note_path(ref: str) -> str:
    return f"{ROOT}/footnotes/footnote[@id={ref!r:.40}]"


def _text(element: etree._Element, between: str = "") -> str:
    return between.join(map(str, element.itertext())) if len(element) else element.text or ""


def _quoted(words: str) -> str:
    rest = len(words) - MAX_WORDS
    return repr(words) if rest <= 0 else f"{words[:MAX_WORDS]!r} and {rest:,} characters more"


class _Reader:
    """The state of one reading. Runs over each row once, in document order, in time linear in its elements."""

    def __init__(self, root: etree._Element, mends: list[Issue]) -> None:
        self.root = root
        self.issues = mends
        self.more_issues = 0
        self.fields: dict[str, Any] = {}
        self.as_filed: dict[str, str] = {}
        self.issuer: Issuer | None = None
        self.owners: list[Owner] = []
        self.lines: list[Line] = []
        self.footnotes: dict[str, list[str]] = {}
        self.signatures: list[Signature] = []
        self.rows = dict.fromkeys(ROWS.values(), 0)
        # How many texts and attributes were met in their places. Counting all of them takes a tenth of looking for
        # those that stand elsewhere, so that is done only where the numbers differ.
        self.texts = 0
        self.ids = 0

    def document(self) -> OwnershipDocument:
        for element in self.root:
            self.top_level(element)
        if _TEXTS(self.root) != self.texts:
            self.strays(_STRAY_TEXTS)
        if _ATTRIBUTES(self.root) != self.ids:
            self.strays(_STRAY_ATTRIBUTES)
        form = self.fields.get("form")
        if form not in FORMS:
            raise BadDocument("document", f"{ROOT}/documentType", f"not a Form 3, 4 or 5: {form!r:.60}")
        if self.issuer is None:
            raise BadDocument("document", f"{ROOT}/issuer", "the issuer is missing")
        if not self.owners:
            raise BadDocument("document", f"{ROOT}/reportingOwner", "no reporting owner")
        footnotes = {ref: " ".join(filter(None, texts)) for ref, texts in self.footnotes.items()}
        cited = {ref for line in self.lines for ids in line.footnotes.values() for ref in ids}
        self.refuse_too_many(footnotes.keys() | cited)
        self.check_citations(cited)
        if self.more_issues:
            self.issues.append(Issue(ROOT, f"and {self.more_issues:,} more like these"))
        return OwnershipDocument(
            issuer=self.issuer,
            owners=tuple(self.owners),
            lines=tuple(self.lines),
            footnotes=footnotes,
            signatures=tuple(self.signatures),
            issues=tuple(self.issues),
            as_filed=self.as_filed,
            **self.fields,
        )

    def top_level(self, element: etree._Element) -> None:
        tag = str(element.tag)
        if tag in DOCUMENT_FIELDS:
            field, how = DOCUMENT_FIELDS[tag]
            if tag == "remarks" and len(element) and element.find("value") is None:
                self.note(element, "has markup; its text was joined")
                self.put(_text(element), f"{ROOT}/{tag}", field, how, self.fields, self.as_filed, field)
            elif not self.quick_leaf(element, field, how, self.fields):
                self.leaf(element, f"{ROOT}/{tag}", field, how, self.fields, self.as_filed)
        elif tag in TABLES:
            self.table(element, tag)
        elif tag == "footnotes":
            for note in element:
                self.footnote(note)
        elif tag == "reportingOwner":
            self.owners.append(self.owner(element, f"{ROOT}/reportingOwner[{len(self.owners) + 1}]"))
        elif tag == "ownerSignature":
            path = f"{ROOT}/ownerSignature[{len(self.signatures) + 1}]"
            self.signatures.append(Signature(**self.group(element, path, SIGNATURE_FIELDS, {})))
        elif tag == "issuer":
            self.read_issuer(element)
        else:
            self.unknown(element)

    # --- parties and signatures -----------------------------------------------------------------------------------

    def read_issuer(self, element: etree._Element) -> None:
        path = f"{ROOT}/issuer"
        if self.issuer is not None:
            self.unknown(element)
            return
        fields = self.group(element, path, ISSUER_FIELDS, {})
        fields["cik"] = padded_cik(fields.get("cik"), f"{path}/issuerCik")
        self.issuer = Issuer(**fields)

    def owner(self, element: etree._Element, path: str) -> Owner:
        fields = self.group(element, path, OWNER_FIELDS, {}, OWNER_GROUPS)
        fields["cik"] = padded_cik(fields.get("cik"), f"{path}/reportingOwnerId/rptOwnerCik")
        return Owner(**fields)

    def group(
        self,
        element: etree._Element,
        path: str,
        places: Mapping[str, tuple[str, str]],
        fields: dict[str, Any],
        groups: tuple[str, ...] = (),
    ) -> dict[str, Any]:
        """Adds the leaves below `element`, directly or inside one of `groups`, to `fields`, and returns these."""
        for child in element:
            tag = child.tag
            if tag in places:
                field, how = places[tag]
                if not self.quick_leaf(child, field, how, fields):
                    self.leaf(child, f"{path}/{tag}", field, how, fields, self.as_filed, key=f"{path}/{tag}")
            elif tag in groups:
                self.group(child, f"{path}/{tag}", places, fields)
            else:
                self.unknown(child)
        return fields

    def quick_leaf(self, element: etree._Element, field: str, how: str, into: dict[str, Any]) -> bool:
        """Reads a leaf in its plain spelling, which nearly all have; False leaves it to `leaf`."""
        if len(element) or field in into:
            return False
        words = element.text
        if words is None:
            return True
        if how == TEXT:
            if text := " ".join(words.split()):
                into[field] = text
        elif how == FLAG and words in FLAG_WORDS:
            into[field] = FLAG_WORDS[words]
        else:
            return False
        self.texts += 1
        return True

    def leaf(
        self,
        element: etree._Element,
        path: str,
        field: str,
        how: str,
        into: dict[str, Any],
        as_filed: dict[str, str],
        key: str | None = None,
    ) -> None:
        """A leaf outside the tables. It holds its text itself; a <value> inside is taken as well."""
        if not len(element):
            self.texts += element.text is not None
            self.put(element.text, path, field, how, into, as_filed, key or field)
            return
        for child in element:
            if child.tag == "value" and not len(child):
                self.texts += child.text is not None
                self.put(child.text, path, field, how, into, as_filed, key or field)
            else:
                self.unknown(child)

    # --- the tables -----------------------------------------------------------------------------------------------

    def table(self, element: etree._Element, tag: str) -> None:
        table = TABLES[tag]
        for child in element:
            kind = ROWS.get(child.tag)
            if kind is None or kind[0] != table:
                self.unknown(child)
                continue
            self.rows[kind] += 1
            self.lines.append(self.line(child, *kind, self.rows[kind]))

    def line(self, element: etree._Element, table: str, kind: str, row: int) -> Line:
        """One row. Every element below it is met once, in order: a field's own <value> and ids follow it."""
        fields: dict[str, Any] = {}
        notes: dict[str, dict[str, None]] = {}
        as_filed: dict[str, str] = {}
        places = LINE_FIELDS if table == "II" else TABLE_I_FIELDS
        groups = LINE_GROUPS if table == "II" else TABLE_I_GROUPS
        field: str | None = None
        how = place = ""
        cell: etree._Element | None = None
        texts = 0
        for inner in element.iterdescendants():
            tag = inner.tag
            if tag == "value":
                words = inner.text
                if inner.getparent() is not cell:
                    field = None
            elif tag in places:
                field, how, _ = places[tag]
                place = tag
                cell = inner
                words = inner.text if tag in BARE or not len(inner) else None
            elif tag == "footnoteId":
                self.cite(inner, places, notes)
                continue
            elif tag in groups:
                field = words = cell = None
            else:
                field = words = cell = None
                self.unknown(inner, deep=False)
            if words is None:
                continue
            texts += 1
            # The plain spellings, which nearly all are, are read here; `put` knows the others.
            if field is None:
                self.unknown(inner)
            elif how == NUMBER and plain_number(words) and field not in fields and len(words) <= MAX_DIGITS:
                fields[field] = Decimal(words)
            elif how == TEXT and field not in fields:
                if text := " ".join(words.split()):
                    fields[field] = text
            elif how == FLAG and words in FLAG_WORDS and field not in fields:
                fields[field] = FLAG_WORDS[words]
            elif how == DATE and plain_day(words) and field not in fields and (on := calendar_day(words)):
                fields[field] = on
            else:
                self.put(words, place, field, how, fields, as_filed, field, element)
        self.texts += texts
        fields["table"], fields["kind"], fields["row"] = table, kind, row
        if notes:
            fields["footnotes"] = {name: tuple(ids) for name, ids in notes.items()}
        if as_filed:
            fields["as_filed"] = as_filed
        return Line.of(fields)

    def cite(
        self, element: etree._Element, places: Mapping[str, tuple[str, str, Any]], notes: dict[str, dict[str, None]]
    ) -> None:
        parent = element.getparent()
        tag = "" if parent is None else parent.tag
        field = "code" if tag == "transactionCoding" else places[tag][0] if tag in places else None
        ref = self.reference(element)
        if not ref or field is None:
            self.note(element, f"a footnote mark without a cell: {ref!r:.40}")
            return
        cited = notes.setdefault(field, {})
        if ref in cited:
            self.note(element, f"cites {ref:.40} twice")
        cited[ref] = None

    # --- values ---------------------------------------------------------------------------------------------------

    def put(
        self,
        words: str | None,
        place: str,
        field: str,
        how: str,
        into: dict[str, Any],
        as_filed: dict[str, str],
        key: str,
        row: etree._Element | None = None,
    ) -> None:
        """Reads `words` as `how` into `into[field]`; what they say beyond the value goes to `as_filed[key]`."""
        text = " ".join(words.split()) if words else ""
        if not text:
            return
        if field in into:
            self.note(row, f"given twice; the second, {text!r:.80}, was left out", place)
            return
        if how == TEXT:
            into[field] = text
            return
        if how == FLAG:
            into[field] = FLAG_WORDS.get(text.lower())
            if into[field] is None:
                self.note(row, f"not a yes or no: {text!r:.80}", place)
            return
        # EDGAR's hard wrap can break a figure in two; a space inside one is no such break.
        whole = "".join(words.split()) if words and "\n" in words.strip() else text
        into[field], plain = number(whole) if how == NUMBER else day(whole)
        if not plain or whole != text:
            as_filed[key] = text
            if into[field] is None:
                self.note(row, f"not a {how}: {text!r:.80}", place)
            elif whole != text:
                self.note(row, f"a line break inside it was left out: {text!r:.80}", place)

    # --- footnotes ------------------------------------------------------------------------------------------------

    def footnote(self, element: etree._Element) -> None:
        ref = self.reference(element)
        if element.tag != "footnote" or not ref:
            self.unknown(element)
            return
        if len(element):
            self.note(None, "has markup; its text was joined", _note_path(ref))
        elif element.text is not None:
            self.texts += 1
        if ref in self.footnotes:
            self.note(None, "stands twice; the texts were joined", _note_path(ref))
        self.footnotes.setdefault(ref, []).append(single_spaced(_text(element)))

    def reference(self, element: etree._Element) -> str:
        """The id of a footnote or of a mark, counted as met."""
        ref = element.get("id")
        if ref is None:
            return ""
        self.ids += 1
        return ref if ref.isalnum() else _whole(ref)

    def refuse_too_many(self, refs: set[str]) -> None:
        counts = {
            "reporting owners": len(self.owners),
            "rows": len(self.lines),
            "footnotes": len(refs),
            "signatures": len(self.signatures),
        }
        for name, count in counts.items():
            if count > MAX_PARTS:
                raise BadDocument("document", ROOT, f"{count:,} {name}; at most {MAX_PARTS:,} are read")

    def check_citations(self, cited: set[str]) -> None:
        for ref in sorted(cited - self.footnotes.keys()):
            self.note(None, f"{ref:.40} is cited and has no text", f"{ROOT}/footnotes")

    # --- what has no place ----------------------------------------------------------------------------------------

    def note(self, element: etree._Element | None, problem: str, place: str = "") -> None:
        """Adds an issue at `element`, or at `place` below it. Past `MAX_ISSUES` they are only counted."""
        if len(self.issues) >= MAX_ISSUES:
            self.more_issues += 1
            return
        path = "" if element is None else self.root.getroottree().getpath(element).lstrip("/")
        self.issues.append(Issue("/".join(filter(None, (path, place))), problem))

    def unknown(self, element: etree._Element, deep: bool = True) -> None:
        """An element that no version of the schema has here, with its words (and if `deep` all below it)."""
        if len(self.issues) >= MAX_ISSUES:
            self.more_issues += 1
            return
        words = " ".join((_text(element, " ") if deep else element.text or "").split())
        problem = f"unknown element: {_quoted(words)}" if words else "unknown element, empty"
        marks = [_whole(mark.get("id", "")) for mark in element.iter("footnoteId")] if deep else []
        self.note(element, f"{problem}; it cites {' '.join(marks)[:MAX_WORDS]}" if marks else problem)

    def strays(self, find: etree.XPath) -> None:
        for found in cast("list[Any]", find(self.root)):
            self.stray(found)

    def stray(self, found: Any) -> None:
        parent = found.getparent()
        words = " ".join(str(found).split())
        if found.is_attribute:
            self.note(parent, f"unknown attribute {found.attrname:.200}: {_quoted(words)}")
        else:
            self.note(parent.getparent() if found.is_tail else parent, f"text outside of any field: {_quoted(words)}")


TABLE_I_FIELDS = {tag: place for tag, place in LINE_FIELDS.items() if tag not in DERIVATIVE_ONLY}
TABLE_I_GROUPS = {tag: cell for tag, cell in LINE_GROUPS.items() if tag not in DERIVATIVE_ONLY}
