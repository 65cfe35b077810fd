"""Bytes -> the root element of an ownership document, with what had to be mended on the way.

Promises: no network, no file, no entity is ever reached for; any DOCTYPE, anything over `MAX_BYTES`, an HTML page and
a document cut short are refused with `BadDocument`, in time linear in the input. The small damage of real filings
(EDGAR's hard line breaks inside tags, bare ampersands, Windows characters, a doubled attribute) is mended, each
mend an `Issue`.
Refuses: a mend that would lose an element. Such a document is `BadDocument`, not a shorter filing.
"""

from __future__ import annotations

import re
from collections import Counter
from html.entities import html5

from lxml import etree

from filings.errors import BadDocument
from filings.ownership import schema
from filings.ownership.document import Issue

# An ownership document is normally 3 to 60 kB (domain facts §2.2); the largest allowed one is far below this.
MAX_BYTES = 16 * 1024 * 1024
# The largest form the SEC accepts (10 owners, 30 + 30 rows, 99 footnotes) has under 5,000 tags.
MAX_TAGS = 200_000
ROOT = "ownershipDocument"

_SAFE = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "dtd_validation": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}
# Leaving out the white space between elements makes everything after it quicker; where text is mixed with markup it
# would join words, so such documents are read again with `_SPACED`.
_STRICT = etree.XMLParser(remove_blank_text=True, **_SAFE)
_SPACED = etree.XMLParser(**_SAFE)

_DOCTYPE = re.compile(rb"<!DOCTYPE", re.IGNORECASE)
_HTML = re.compile(rb"\s*(?:<!DOCTYPE\s+html|<html)\b", re.IGNORECASE)
_HTML_TITLE = re.compile(rb"<(?:title|h1)[^>]{0,200}>([^<]{1,200})<", re.IGNORECASE)
_END = re.compile(r"</(?:[A-Za-z_][\w.-]{0,40}:)?ownershipDocument\s*>")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)([A-Za-z][A-Za-z0-9]{1,31};)?")
_BROKEN_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]{0,60})[ \t\r\n]{1,8}([A-Za-z0-9]{1,60})[ \t\r\n]{0,8}>")
_START_TAG = re.compile(r"<([A-Za-z][A-Za-z0-9]{0,60})(?=[\s/>])")

# After these, libxml2's recovery moves elements below others: the facts would be there, in the wrong place.
_CROSSED_TAGS = frozenset(
    {
        etree.ErrorTypes.ERR_TAG_NAME_MISMATCH,
        etree.ErrorTypes.ERR_TAG_NOT_FINISHED,
        etree.ErrorTypes.ERR_GT_REQUIRED,
        etree.ErrorTypes.ERR_LTSLASH_REQUIRED,
        etree.ErrorTypes.ERR_DOCUMENT_END,
    }
)

KNOWN_ELEMENTS = frozenset(
    {ROOT, "issuer", "reportingOwner", "ownerSignature", "footnotes", "footnote", "footnoteId", "value"}
    | set(schema.DOCUMENT_FIELDS)
    | set(schema.ISSUER_FIELDS)
    | set(schema.OWNER_GROUPS)
    | set(schema.OWNER_FIELDS)
    | set(schema.SIGNATURE_FIELDS)
    | set(schema.TABLES)
    | set(schema.ROWS)
    | set(schema.LINE_GROUPS)
    | set(schema.LINE_FIELDS)
)


def refuse_html(content: bytes, stage: str) -> None:
    """Raises `BadDocument` if this is an HTML page (an error page, mostly), with the page's own title."""
    if _HTML.match(content[:4096].removeprefix(b"\xef\xbb\xbf")):
        title = _HTML_TITLE.search(content[:65536])
        words = " ".join(title[1].decode("utf-8", "replace").split()) if title else "without a title"
        raise BadDocument(stage, "html", f"an HTML page, not a filing: {words}")


def root_element(xml: bytes) -> tuple[etree._Element, list[Issue]]:
    """The root `ownershipDocument`, without namespaces, and the mends that were needed. Raises `BadDocument`."""
    if len(xml) > MAX_BYTES:
        raise BadDocument("xml", "", f"{len(xml):,} bytes; an ownership document may have {MAX_BYTES:,} at most")
    issues: list[Issue] = []
    xml = _as_utf8_if_marked(xml.strip(), issues)
    if not xml:
        raise BadDocument("xml", "", "empty")
    refuse_html(xml, "xml")
    _refuse_doctype(xml)
    if xml.count(b"<") > MAX_TAGS:
        raise BadDocument("xml", "", f"more than {MAX_TAGS:,} tags")
    try:
        root = etree.fromstring(xml, _STRICT)
        if root.find("{*}footnotes/{*}footnote/*") is not None:
            root = etree.fromstring(xml, _SPACED)
    except etree.XMLSyntaxError as error:
        root = _mended(xml, error, issues)
    if root.getroottree().docinfo.internalDTD is not None:
        raise BadDocument("xml", "DOCTYPE", "a document type declaration is not allowed")
    if root.tag != ROOT:
        _strip_namespaces(root, issues)
    if root.tag != ROOT:
        raise BadDocument("document", str(root.tag)[:80], f"the root element is not {ROOT}")
    return root, issues


def _as_utf8_if_marked(xml: bytes, issues: list[Issue]) -> bytes:
    if not xml.startswith((b"\xff\xfe", b"\xfe\xff")):
        return xml
    try:
        text = xml.decode("utf-16")
    except UnicodeDecodeError as error:
        raise BadDocument("xml", "", f"marked as UTF-16, and is not: {error.reason}") from error
    issues.append(Issue(ROOT, "was UTF-16; EDGAR allows ASCII and UTF-8 only"))
    return _without_declaration(text).encode("utf-8", "replace")


def _without_declaration(text: str) -> str:
    return re.sub(r"^\ufeff?\s{0,64}<\?xml[^>]{0,200}\?>", "", text)


def _refuse_doctype(xml: bytes) -> None:
    """Before any tree is built: with resolve_entities off, lxml turns an entity into silence, not into an error."""
    if found := _DOCTYPE.search(xml):
        line = xml.count(b"\n", 0, found.start()) + 1
        raise BadDocument("xml", "DOCTYPE", f"a document type declaration is not allowed (line {line})")


def _strip_namespaces(root: etree._Element, issues: list[Issue]) -> None:
    stripped = False
    for element in root.iter("*"):
        _, closed, local = str(element.tag).rpartition("}")
        if closed:
            element.tag = local
            stripped = True
    if stripped:
        issues.append(Issue(ROOT, "stood in a namespace; the schema has none"))


def _mended(xml: bytes, error: etree.XMLSyntaxError, issues: list[Issue]) -> etree._Element:
    """The root of a document that is not well-formed, if nothing of it is lost by mending."""
    text = _decoded(xml, issues)
    ends = list(_END.finditer(text))
    if not ends:
        raise BadDocument(
            "xml", ROOT, f"truncated: </{ROOT}> is missing ({error.msg})" if f"<{ROOT}" in text else str(error.msg)
        ) from error
    end = ends[-1].end()
    if text[end:].strip():
        issues.append(Issue(ROOT, "text after the end of the document was left out"))
        text = text[:end]
    text = _without_declaration(text)
    for mend in (_without_forbidden_characters, _with_whole_tags, _with_escaped_ampersands):
        text = mend(text, issues)
    _refuse_doctype(text.encode("utf-8", "replace"))
    mended = text.encode("utf-8")
    try:
        return etree.fromstring(mended, _SPACED)
    except etree.XMLSyntaxError as still:
        return _recovered(mended, text, still, issues)


def _decoded(xml: bytes, issues: list[Issue]) -> str:
    try:
        return xml.decode("utf-8")
    except UnicodeDecodeError as error:
        issues.append(Issue(ROOT, f"not UTF-8 (byte {error.start}); read as Windows-1252"))
        return xml.decode("cp1252", "replace")


def _without_forbidden_characters(text: str, issues: list[Issue]) -> str:
    text, found = _NOT_XML.subn("", text)
    if found:
        issues.append(Issue(ROOT, f"{found} characters that XML forbids were left out"))
    return text


def _with_whole_tags(text: str, issues: list[Issue]) -> str:
    """Joins tag names that EDGAR's hard wrap at 1,023 characters broke in two."""

    def joined(tag: re.Match[str]) -> str:
        whole = tag[2] + tag[3]
        if tag[2] in KNOWN_ELEMENTS or whole not in KNOWN_ELEMENTS:
            return tag[0]
        issues.append(Issue(whole, "its tag was broken in two and was joined"))
        return f"<{tag[1]}{whole}>"

    return _BROKEN_TAG.sub(joined, text)


def _with_escaped_ampersands(text: str, issues: list[Issue]) -> str:
    def escaped(ampersand: re.Match[str]) -> str:
        name = ampersand[1]
        if name and name in html5:
            return "".join(f"&#{ord(character)};" for character in html5[name])
        return "&amp;" + (name or "")

    text, found = _AMPERSAND.subn(escaped, text)
    if found:
        issues.append(Issue(ROOT, f"{found} bare or undeclared & were read as text"))
    return text


def _recovered(mended: bytes, text: str, error: etree.XMLSyntaxError, issues: list[Issue]) -> etree._Element:
    """libxml2's own recovery, accepted only if every known element that was opened is still there."""
    lenient = etree.XMLParser(recover=True, **_SAFE)
    try:
        root = etree.fromstring(mended, lenient)
    except etree.XMLSyntaxError:
        root = None
    crossed = [entry for entry in lenient.error_log if entry.type in _CROSSED_TAGS]
    if root is None or crossed:
        raise BadDocument("xml", "", crossed[0].message if crossed else str(error.msg)) from error
    opened = Counter(name for name in _START_TAG.findall(text) if name in KNOWN_ELEMENTS)
    kept = Counter(str(element.tag).rpartition("}")[2] for element in root.iter("*"))
    lost = opened - kept
    if lost:
        name, count = lost.most_common(1)[0]
        raise BadDocument("xml", name, f"not well-formed ({error.msg}); mending would lose {count} of its elements")
    issues.append(Issue(ROOT, f"not well-formed, and recovered: {error.msg}"))
    return root
