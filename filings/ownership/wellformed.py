"""Bytes -> the root element of an ownership document, with what had to be mended on the way.

Promises: no network, no file, no entity is ever reached for; any DOCTYPE, anything over `MAX_BYTES`, an HTML page and
a document cut short are refused with `BadDocument`, in time linear in the input. The small damage of real filings
(EDGAR's hard line breaks inside tags, bare ampersands, Windows characters, a doubled attribute) is mended, each
kind of mend an `Issue`.
Refuses: a mend that would lose an element or text. Such a document is `BadDocument`, not a shorter filing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from html.entities import html5
from typing import Any

from lxml import etree

from filings.errors import BadDocument
from filings.ownership import schema
from filings.ownership.document import Issue

# An ownership document is normally 3 to 60 kB (domain facts §2.2); the largest allowed one is far below this.
MAX_BYTES = 16 * 1024 * 1024
# The largest form the SEC accepts (10 owners, 30 + 30 rows, 99 footnotes) has under 5,000 tags.
MAX_TAGS = 200_000
ROOT = "ownershipDocument"

_SAFE: dict[str, Any] = {
    "encoding": "utf-8",  # the one encoding that reaches libxml2: no declaration can hide markup from the checks
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
_DECLARED = re.compile(rb"<\?xml\b[^>]{0,200}?\bencoding\s{0,20}=\s{0,20}[\"']([A-Za-z0-9._-]{1,40})[\"']")
_DECLARATION = re.compile(r"\ufeff?\s{0,64}<\?xml\b[^>]{0,200}\?>")
_END = re.compile(r"</(?:[A-Za-z_][\w.-]{0,40}:)?ownershipDocument\s*>")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REFERENCE = re.compile(r"&#(?:([0-9]{1,7})|x([0-9A-Fa-f]{1,6}));")
_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)([A-Za-z][A-Za-z0-9]{1,31};)?")
_SHIELD = re.compile(r"<!--|<!\[CDATA\[")
_LESS_THAN = re.compile(r"<(?![A-Za-z_:/!?])")
_TAG_NAME = re.compile(
    r"<(\s{0,8}/?\s{0,8})([A-Za-z][A-Za-z0-9]{0,60})(?:\s{1,8}([A-Za-z0-9]{1,60}))?(?=[\s/>])", re.ASCII
)

# Byte sequences of these are read here, never by libxml2. Any other name is refused.
_ASCII_COMPATIBLE = frozenset(
    {"utf-8", "utf8", "us-ascii", "ascii", "latin-1", "latin1"}
    | {f"iso-8859-{part}" for part in (*range(1, 12), *range(13, 17))}
    | {f"windows-125{page}" for page in range(9)}
    | {f"cp125{page}" for page in range(9)}
)
_UTF8 = ("utf-8", "utf8", "us-ascii", "ascii")

# What libxml2's recovery mends without touching any element or text. After everything else it may drop words or move
# elements below others, and it stops telling after `_TOLD` errors.
_HARMLESS = frozenset(
    {
        etree.ErrorTypes.ERR_ATTRIBUTE_REDEFINED,
        etree.ErrorTypes.ERR_ATTRIBUTE_WITHOUT_VALUE,
        etree.ErrorTypes.NS_ERR_UNDEFINED_NAMESPACE,
    }
)
_TOLD = 100

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


# Footnotes and remarks with markup inside, in any namespace.
_MIXED_TEXT = etree.XPath(
    "boolean(/*/*[local-name() = 'remarks']/* | /*/*[local-name() = 'footnotes']/*[local-name() = 'footnote']/*)"
)


def root_element(xml: bytes) -> tuple[etree._Element, list[Issue]]:
    """The root `ownershipDocument`, without namespaces, and the mends that were needed. Raises `BadDocument`."""
    if len(xml) > MAX_BYTES:
        raise BadDocument("xml", "", f"{len(xml):,} bytes; an ownership document may have {MAX_BYTES:,} at most")
    issues: list[Issue] = []
    xml = _as_utf8(xml, issues).strip()
    if not xml:
        raise BadDocument("xml", "", "empty")
    refuse_html(xml, "xml")
    _refuse_doctype(xml)
    if b"\0" in xml:
        raise BadDocument("xml", "", "holds NUL bytes: damaged, or not UTF-8")
    if len(xml) > MAX_TAGS and (xml.count(b"<") > MAX_TAGS or xml.count(b"=") > MAX_TAGS):
        raise BadDocument("xml", "", f"more than {MAX_TAGS:,} tags or attributes")
    try:
        root = etree.fromstring(xml, _STRICT)
        if _MIXED_TEXT(root):
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


def _as_utf8(xml: bytes, issues: list[Issue]) -> bytes:
    if xml.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            text = xml.decode("utf-16")
        except UnicodeDecodeError as error:
            raise BadDocument("xml", "", f"marked as UTF-16, and is not: {error.reason}") from error
        issues.append(Issue(ROOT, "was UTF-16; EDGAR allows ASCII and UTF-8 only"))
        return _DECLARATION.sub("", text, count=1).encode("utf-8", "replace")
    declared = _DECLARED.match(xml[:400].removeprefix(b"\xef\xbb\xbf").lstrip())
    encoding = declared[1].decode("ascii").lower() if declared else "utf-8"
    if encoding in _UTF8:
        return xml
    if encoding.startswith("utf-16"):
        issues.append(Issue(ROOT, "declares UTF-16, and is not; read as UTF-8"))
        return xml
    if encoding not in _ASCII_COMPATIBLE:
        raise BadDocument("xml", "encoding", f"declares {encoding!r}; EDGAR allows ASCII and UTF-8 only")
    try:
        text = xml.decode(encoding)
    except UnicodeDecodeError as error:
        issues.append(Issue(ROOT, f"not {encoding}, as declared (byte {error.start}); unknown bytes are shown as ?"))
        text = xml.decode(encoding, "replace")
    return _DECLARATION.sub("", text, count=1).encode("utf-8")


def _refuse_doctype(xml: bytes) -> None:
    """Before any tree is built: with resolve_entities off, lxml turns an entity into silence, not into an error."""
    if b"!" in xml and (found := _DOCTYPE.search(xml)):
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
    text = _DECLARATION.sub("", _without_forbidden_characters(_decoded(xml, issues), issues), count=1)
    text = _mended_markup(text, issues)
    end = max((found.end() for found in _END.finditer(text)), default=None)
    if end is None:
        whole = f"truncated: </{ROOT}> is missing ({error.msg})"
        raise BadDocument("xml", ROOT, whole if f"<{ROOT}" in text else str(error.msg)) from error
    if words := text[end:].strip():
        issues.append(Issue(ROOT, f"text after the end of the document was left out: {words!r:.200}"))
        text = text[:end]
    mended = text.encode("utf-8")
    _refuse_doctype(mended)
    try:
        return etree.fromstring(mended, _SPACED)
    except etree.XMLSyntaxError as still:
        return _recovered(mended, still, issues)


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


def _mended_markup(text: str, issues: list[Issue]) -> str:
    """Whole tags, and &, < and references that are text escaped; all outside of comments and CDATA sections."""
    joined: Counter[str] = Counter()
    escaped: Counter[str] = Counter()

    def whole(tag: re.Match[str]) -> str:
        gap, name, rest = tag[1], tag[2], tag[3] or ""
        broken_name = name not in KNOWN_ELEMENTS and name + rest in KNOWN_ELEMENTS
        if not broken_name and (name not in KNOWN_ELEMENTS or gap in ("", "/")):
            return tag[0]
        joined[name + rest if broken_name else name] += 1
        return "<" + gap.strip() + (name + rest if broken_name else tag[0][1 + len(gap) :])

    def reference(found: re.Match[str]) -> str:
        number = int(found[1]) if found[1] else int(found[2], 16)
        if number <= 0x10FFFF and not _NOT_XML.match(chr(number)):
            return found[0]
        escaped["references to characters that XML forbids were left out"] += 1
        return ""

    def ampersand(found: re.Match[str]) -> str:
        escaped["bare or undeclared & were read as text"] += 1
        name = found[1]
        if name and name in html5:
            return "".join(f"&#{ord(character)};" for character in html5[name])
        return "&amp;" + (name or "")

    def less_than(_: re.Match[str]) -> str:
        escaped["bare < were read as text"] += 1
        return "&lt;"

    mends = ((_TAG_NAME, whole), (_REFERENCE, reference), (_AMPERSAND, ampersand), (_LESS_THAN, less_than))
    pieces = []
    for piece, is_markup in _pieces(text):
        if is_markup:
            for pattern, mend in mends:
                piece = pattern.sub(mend, piece)
        pieces.append(piece)
    # EDGAR's hard wrap at 1,023 characters breaks tags in two.
    issues.extend(Issue(name, f"{count} of its tags were broken and were joined") for name, count in joined.items())
    issues.extend(Issue(ROOT, f"{count} {what}") for what, count in escaped.items())
    return "".join(pieces)


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """The text in order, in pieces: markup (True), or a whole comment or CDATA section (False)."""
    at = 0
    for opening in _SHIELD.finditer(text):
        if opening.start() < at:
            continue  # stands inside the last one
        closing = "]]>" if opening[0].endswith("[") else "-->"
        end = text.find(closing, opening.end())
        if end < 0:
            break
        yield text[at : opening.start()], True
        at = end + len(closing)
        yield text[opening.start() : at], False
    yield text[at:], True


def _recovered(mended: bytes, error: etree.XMLSyntaxError, issues: list[Issue]) -> etree._Element:
    """libxml2's own recovery, accepted only where it is known to lose no element and no text."""
    lenient = etree.XMLParser(recover=True, **_SAFE)
    try:
        root = etree.fromstring(mended, lenient)
    except etree.XMLSyntaxError:
        root = None
    told = lenient.error_log
    harmful = next((entry.message for entry in told if entry.type not in _HARMLESS), None)
    if root is None or harmful or len(told) >= _TOLD:
        raise BadDocument("xml", "", f"not well-formed: {harmful or error.msg}".strip()) from error
    issues.extend(Issue(ROOT, f"not well-formed, and recovered: {entry.message}") for entry in told)
    return root
