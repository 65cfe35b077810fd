"""`OwnershipDocument` -> the XML that `parse` reads back into the same facts.

Promises: element order and spelling of the SEC's schema; what `parse` read from any document without issues is read
from its writing too, equal in every field. The demo filings are written with it, and it is the other half of the
reader's round-trip test.
Refuses: to keep what has no place in the schema (`issues`), and the spelling of flags.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import Any

from lxml import etree

from filings.ownership import schema
from filings.ownership.document import Line, Owner, OwnershipDocument, Signature

_GROUPED = (
    # the children of a row in the schema's order: single fields, and groups of them
    "securityTitle",
    "conversionOrExercisePrice",
    "transactionDate",
    "deemedExecutionDate",
    "transactionCoding",
    "transactionTimeliness",
    "transactionAmounts",
    "exerciseDate",
    "expirationDate",
    "underlyingSecurity",
    "postTransactionAmounts",
    "ownershipNature",
)
_OWNER_PLACES = {
    "reportingOwnerId": ("rptOwnerCik", "rptOwnerName"),
    "reportingOwnerAddress": tuple(name for name in schema.OWNER_FIELDS if name.startswith("rptOwner"))[2:],
    "reportingOwnerRelationship": tuple(name for name in schema.OWNER_FIELDS if not name.startswith("rptOwner")),
}
_TABLE_NAMES = {table: name for name, table in schema.TABLES.items()}
_BEFORE_ISSUER = tuple(name for name in schema.DOCUMENT_FIELDS if name not in ("aff10b5One", "remarks"))


def to_xml(document: OwnershipDocument) -> bytes:
    """The document as EDGAR would disseminate it, UTF-8, indented."""
    root = etree.Element("ownershipDocument")
    for name in _BEFORE_ISSUER:
        _leaf(root, name, schema.DOCUMENT_FIELDS[name][0], document)
    issuer = etree.SubElement(root, "issuer")
    for name, (field, _) in schema.ISSUER_FIELDS.items():
        _leaf(issuer, name, field, document.issuer)
    for owner in document.owners:
        _owner(root, owner)
    _leaf(root, "aff10b5One", "aff10b5_one", document)
    for table, lines in groupby(document.lines, key=attrgetter("table")):
        element = etree.SubElement(root, _TABLE_NAMES[table])
        for line in lines:
            _line(element, line)
    if document.footnotes:
        notes = etree.SubElement(root, "footnotes")
        for ref, text in document.footnotes.items():
            etree.SubElement(notes, "footnote", id=ref).text = text
    _leaf(root, "remarks", "remarks", document)
    for number, signature in enumerate(document.signatures, 1):
        _signature(root, signature, f"ownershipDocument/ownerSignature[{number}]", document.as_filed)
    etree.indent(root, "    ")
    return b'<?xml version="1.0"?>\n' + etree.tostring(root, encoding="utf-8")


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _spelled(as_filed: str, value: Any) -> str:
    """The words as filed. A space inside a figure that has a value was EDGAR's line break, and is one again."""
    return as_filed if value is None else as_filed.replace(" ", "\n")


def _leaf(parent: etree._Element, name: str, field: str, source: Any, as_filed: str | None = None) -> None:
    value = getattr(source, field)
    as_filed = as_filed or getattr(source, "as_filed", {}).get(field)
    if value is not None or as_filed is not None:
        etree.SubElement(parent, name).text = _spelled(as_filed, value) if as_filed else _words(value)


def _owner(root: etree._Element, owner: Owner) -> None:
    element = etree.SubElement(root, "reportingOwner")
    for group, names in _OWNER_PLACES.items():
        inner = etree.SubElement(element, group)
        for name in names:
            _leaf(inner, name, schema.OWNER_FIELDS[name][0], owner)


def _signature(root: etree._Element, signature: Signature, path: str, as_filed: Mapping[str, str]) -> None:
    element = etree.SubElement(root, "ownerSignature")
    for name, (field, _) in schema.SIGNATURE_FIELDS.items():
        _leaf(element, name, field, signature, as_filed.get(f"{path}/{name}"))


def _line(table: etree._Element, line: Line) -> None:
    name = next(name for name, kind in schema.ROWS.items() if kind == (line.table, line.kind))
    row = etree.SubElement(table, name)
    for child in _GROUPED:
        members = [leaf for leaf, (_, _, group) in schema.LINE_FIELDS.items() if group == child]
        if not members:
            _field(row, child, line)
            continue
        group = etree.SubElement(row, child)
        for leaf in members:
            _field(group, leaf, line)
        if child == "transactionCoding":
            _cite(group, line.footnotes.get("code", ()))
        if len(group) == 0:
            row.remove(group)


def _field(parent: etree._Element, name: str, line: Line) -> None:
    field = schema.LINE_FIELDS[name][0]
    value = getattr(line, field)
    as_filed = line.as_filed.get(field)
    words = _spelled(as_filed, value) if as_filed else None if value is None else _words(value)
    refs = () if field == "code" else line.footnotes.get(field, ())
    if words is None and not refs:
        return
    element = etree.SubElement(parent, name)
    if name in schema.BARE:
        element.text = words
    elif words is not None:
        etree.SubElement(element, "value").text = words
    _cite(element, refs)


def _cite(element: etree._Element, refs: tuple[str, ...]) -> None:
    for ref in refs:
        etree.SubElement(element, "footnoteId", id=ref)
