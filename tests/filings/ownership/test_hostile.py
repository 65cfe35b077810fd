"""Hostile and broken input: each kind gives its named error, or its issue, in bounded time and memory.

The heavy kinds are read in a child process under the kernel's limits (`child.py`). Linear time is shown by size, not
by the clock: each trap is built as large as `MAX_BYTES` or `MAX_TAGS` allow, where the square of its number would
take hours of the seconds that the child is given.
"""

from __future__ import annotations

import random
import socket
import threading

import pytest

from filings.errors import BadDocument
from filings.ownership.parse import MAX_ISSUES, parse
from filings.ownership.submission import read_submission
from filings.ownership.wellformed import MAX_BYTES
from tests.filings.ownership.child import read_in_child
from tests.filings.ownership.corpus import CASES

HEAD = (
    b"<ownershipDocument><documentType>4</documentType>"
    b"<issuer><issuerCik>9900000001</issuerCik></issuer>"
    b"<reportingOwner><reportingOwnerId><rptOwnerCik>9910000001</rptOwnerCik></reportingOwnerId></reportingOwner>"
)
END = b"</ownershipDocument>"


def document(inside=b""):
    return HEAD + inside + END


def in_row(inside):
    row = b"nonDerivativeTransaction>"
    return document(b"<nonDerivativeTable><" + row + inside + b"</" + row + b"</nonDerivativeTable>")


def enveloped(xml, closing=b"</SEC-DOCUMENT>\n"):
    return (
        b"<SEC-DOCUMENT>9999999980-25-999999.txt : 20250305\n<SEC-HEADER>\n<ACCEPTANCE-DATETIME>20250305163000\n"
        b"ACCESSION NUMBER:\t\t9999999980-25-999999\nCONFORMED SUBMISSION TYPE:\t4\nFILED AS OF DATE:\t\t20250305\n"
        b"</SEC-HEADER>\n<DOCUMENT>\n<TYPE>4\n<TEXT>\n<XML>\n" + xml + b"\n</XML>\n</TEXT>\n</DOCUMENT>\n" + closing
    )


def refusal(content, name=""):
    with pytest.raises(BadDocument) as refused:
        parse(read_submission(content, name).xml)
    return refused.value


def issues(xml):
    return [str(issue) for issue in parse(xml).issues]


BOMB = b'<!DOCTYPE a [<!ENTITY b "x">' + b"".join(
    b'<!ENTITY b%d "%s">' % (level, b"&b%d;" % (level - 1) * 10 if level else b"x" * 10) for level in range(12)
)
EXTERNAL = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]>'
PARAMETER = b'<!DOCTYPE a [<!ENTITY % b SYSTEM "http://127.0.0.1:9/b.dtd">%b;]>'
ERROR_PAGE = b"<html><head><title>Too many\n requests (invented)</title></head><body><h1>Slow down</h1></body></html>"
PLAIN = document(b"<remarks>&b11;</remarks>").decode()

# what, content, the stage, a word of the reason
REFUSED = [
    ("nothing", b"", "identify", "empty"),
    ("only white space", b" \r\n\t ", "identify", "empty"),
    ("an HTML error page", ERROR_PAGE, "identify", "HTML page, not a filing: Too many requests (invented)"),
    ("an HTML page with a doctype", b"\xef\xbb\xbf <!doctype HTML>" + ERROR_PAGE, "identify", "an HTML page"),
    ("an HTML page without a title", b"<html><body>503</body></html>", "identify", "without a title"),
    ("an HTML page after much white space", b" " * 9000 + ERROR_PAGE, "xml", "an HTML page"),
    ("an HTML page inside the envelope", enveloped(ERROR_PAGE), "submission", "no ownership document"),
    ("JSON", b'{"message": "invented"}', "identify", "neither a submission nor XML"),
    ("a picture", b"\x89PNG\r\n\x1a\n\0\0\0", "identify", "neither a submission nor XML"),
    ("a wrapper around nothing", b"-----BEGIN PRIVACY-ENHANCED MESSAGE-----\nabc", "identify", "neither"),
    ("an envelope without an end", enveloped(document(), b""), "submission", "truncated"),
    ("an envelope without a document", b"<SEC-DOCUMENT>\n</SEC-DOCUMENT>", "submission", "no document follows"),
    (
        "an envelope with an endless header",
        enveloped(b"").replace(b"TYPE:", b"T" * 300_000),
        "submission",
        "no document",
    ),
    ("an envelope without XML", enveloped(b"").replace(b"<XML>", b""), "submission", "no ownership document"),
    ("an XML part without an end", enveloped(document()).replace(b"</XML>", b""), "submission", "</XML> is missing"),
    ("two submissions in a file", enveloped(document()) * 2, "submission", "more than one"),
    ("no accession", enveloped(document()).replace(b"9999999980-25-999999\nC", b"\nC"), "submission", "accession"),
    ("a wrong accession", enveloped(document()).replace(b"9999999980-25", b"9999999980-2x"), "submission", "not an"),
    (
        "a header CIK that is none",
        enveloped(document()).replace(b"</SEC-HEADER>", b"ISSUER:\nCENTRAL INDEX KEY: 12a\n</SEC-HEADER>"),
        "submission",
        "not a CIK",
    ),
    ("too many bytes", b"<" + b" " * MAX_BYTES, "identify", "at most"),
    ("an internal entity bomb", BOMB + b"]>" + PLAIN.encode(), "xml", "document type declaration"),
    ("an external entity", EXTERNAL + PLAIN.encode(), "xml", "document type declaration"),
    ("a parameter entity", PARAMETER + PLAIN.encode(), "xml", "document type declaration"),
    ("a doctype in odd case", b"<!dOcTyPe a>" + PLAIN.encode(), "xml", "document type declaration"),
    ("a doctype after damage", b"<!-- & --><!DOCTYPE a>" + document(b"<remarks>&</remarks>"), "xml", "document type"),
    ("a bomb in UTF-16", (BOMB.decode() + "]>" + PLAIN).encode("utf-16"), "xml", "document type declaration"),
    (
        "a bomb in UTF-16, big end first",
        b"\xfe\xff" + (BOMB.decode() + "]>" + PLAIN).encode("utf-16-be"),
        "xml",
        "type",
    ),
    ("a bomb in unmarked UTF-16", (BOMB.decode() + "]>" + PLAIN).encode("utf-16-le"), "xml", "NUL"),
    (
        "a bomb in UTF-7",
        b'<?xml version="1.0" encoding="UTF-7"?>'
        + (BOMB.decode() + "]>" + PLAIN).encode("utf-7").replace(b"<", b"+ADw-"),
        "xml",
        "declares 'utf-7'",
    ),
    ("an encoding nobody knows", b"<?xml version='1.0' encoding = 'klingon'?>" + document(), "xml", "klingon"),
    ("half of UTF-16", b"\xff\xfe" + document().decode().encode("utf-16-le")[:-1], "xml", "marked as UTF-16"),
    ("a lone surrogate in UTF-16", b"\xff\xfe" + "<a>\ud800</a>".encode("utf-16-le", "surrogatepass"), "xml", "UTF-16"),
    ("a NUL", document(b"<remarks>a\0b</remarks>"), "xml", "NUL"),
    ("a hole of NULs", HEAD + b"\0" * 4096 + END, "xml", "NUL"),
    ("random bytes in a tag", b"<" + random.Random(4).randbytes(4096).replace(b"\0", b""), "xml", ""),
    ("another XML", b"<?xml version='1.0'?><feed><entry/></feed>", "document", "root element"),
    ("two documents", document() * 2, "xml", "not well-formed"),
    ("crossed tags", document(b"<remarks><value>a</remarks></value>"), "xml", "not well-formed"),
    (
        "crossed tags behind a hundred lesser faults",
        document(b"<a b b='1'/>" * 60 + b'<c d="" d=""/>' * 60 + b"<remarks><value>a</remarks></value>"),
        "xml",
        "not well-formed",
    ),
    ("a mark without quotes", in_row(b"<securityTitle><footnoteId id=F1/></securityTitle>"), "xml", "not well-formed"),
    ("words before the root", b"<?xml version='1.0'?>words" + document(), "xml", "not well-formed"),
    ("an open comment", HEAD + b"<!-- " + END, "xml", ""),
    ("an open CDATA section", HEAD + b"<remarks><![CDATA[ </remarks>" + END, "xml", ""),
    ("no form", document().replace(b"<documentType>4</documentType>", b""), "document", "not a Form 3, 4 or 5"),
    ("another form", document().replace(b"<documentType>4<", b"<documentType>144<"), "document", "'144'"),
    ("no issuer", document().replace(b"issuer>", b"tissuer>"), "document", "issuer is missing"),
    ("an issuer without a CIK", document().replace(b"9900000001", b""), "document", "CIK is missing"),
    ("a CIK of eleven digits", document().replace(b"9900000001", b"99000000011"), "document", "not a CIK"),
    ("a CIK of Arabic digits", document().replace(b"9900000001", "٣٤٥".encode()), "document", "not a CIK"),
    ("a CIK of zeros", document().replace(b"9910000001", b"0000000000"), "document", "not a CIK"),
    ("no owner", document().replace(b"reportingOwner>", b"r>"), "document", "no reporting owner"),
]


@pytest.mark.parametrize(("content", "stage", "reason"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_each_kind_of_bad_input_is_refused_at_its_stage_with_its_reason(content, stage, reason):
    error = refusal(content)
    assert (error.stage, reason in error.reason) == (stage, True), error
    assert len(str(error)) < 1000


def test_a_refusal_names_the_path_of_what_was_refused():
    second = b"<reportingOwner><reportingOwnerId><rptOwnerCik>x</rptOwnerCik></reportingOwnerId></reportingOwner>"
    assert refusal(document(second)).path == "ownershipDocument/reportingOwner[2]/reportingOwnerId/rptOwnerCik"


def test_a_file_that_names_another_accession_than_its_envelope_is_refused():
    error = refusal(enveloped(document()), "9999999980-25-000001.txt")
    assert (error.stage, error.path) == ("identify", "ACCESSION NUMBER")
    assert "9999999980-25-999999" in error.reason


def boundaries(length):
    """Every 97th byte, and every one of the last 200."""
    return sorted({*range(0, length, 97), *range(max(0, length - 200), length)})


@pytest.mark.slow
@pytest.mark.parametrize("case", [CASES[0], CASES[5], CASES[14]], ids=lambda case: case.accession)
def test_no_truncated_submission_passes_for_a_whole_one(case):
    content = case.content
    whole = max(content.rfind(end) + len(end) for end in (b"</SEC-DOCUMENT>", b"</SUBMISSION>"))
    for cut in boundaries(whole):
        assert refusal(content[:cut]).stage in ("identify", "submission"), cut


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.accession)
def test_no_truncated_xml_passes_for_a_whole_one(case):
    xml = read_submission(case.content).xml
    whole = xml.rfind(b"</ownershipDocument>") + len(b"</ownershipDocument>")
    cuts = boundaries(whole)
    for cut in cuts:
        with pytest.raises(BadDocument):
            parse(xml[:cut])
    for cut in cuts[::10]:
        assert refusal(enveloped(xml[:cut])).stage in ("submission", "xml"), cut


def test_a_canary_file_and_a_canary_listener_are_never_touched(tmp_path):
    canary = tmp_path / "canary.txt"
    canary.write_text("tweet")
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.1)
    callers = []

    def listen():
        while not stop.is_set():
            try:
                callers.append(listener.accept())
            except TimeoutError:
                continue

    stop = threading.Event()
    ear = threading.Thread(target=listen)
    ear.start()
    addresses = [canary.as_uri(), str(canary), f"http://127.0.0.1:{listener.getsockname()[1]}/canary"]
    heard = []
    for address in addresses:
        doctypes = [
            f'<!DOCTYPE a SYSTEM "{address}">',
            f'<!DOCTYPE a PUBLIC "-//a//b" "{address}">',
            f'<!DOCTYPE a [<!ENTITY b SYSTEM "{address}">]>',
            f'<!DOCTYPE a [<!ENTITY % b SYSTEM "{address}">%b;]>',
        ]
        include = f'<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="{address}" parse="text"/>'
        location = f'<n xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:schemaLocation="a {address}"/>'
        sheet = f'<?xml-stylesheet type="text/xsl" href="{address}"?>'
        text = document(b"<remarks>&b;</remarks>").decode()
        for doctype in doctypes:
            for encoding in ("utf-8", "utf-16", "utf-16-le"):
                heard.append(str(refusal((doctype + text).encode(encoding))))
        heard += issues(document((f"<remarks>{include}</remarks>" + location).encode()))
        heard += issues(sheet.encode() + document())
    stop.set()
    ear.join()
    listener.close()
    assert callers == []
    assert not any("tweet" in words for words in heard)


HEAVY_N = 100_000
# what, how to build it, what is said of it
HEAVY = [
    ("unknown attributes", lambda: document(b"<r " + b"".join(b'a%d="" ' % i for i in range(HEAVY_N)) + b"/>"), "read 0 0"),
    ("attributes without end", lambda: document(b"<r " + b"".join(b'a%d="" ' % i for i in range(900_000)) + b"/>"), "refused xml more"),
    ("fields given again", lambda: in_row(b"<transactionDate>2025-03-03</transactionDate>" * (HEAVY_N // 2)), "read 1 0"),
    ("owner fields given again", lambda: document().replace(b"</reportingOwnerId>", b"<rptOwnerName>A</rptOwnerName>" * (HEAVY_N // 2) + b"</reportingOwnerId>"), "read 0 0"),
    ("marks on one field", lambda: in_row(b"<securityTitle>" + b'<footnoteId id="F1"/>' * HEAVY_N + b"</securityTitle>"), "read 1 0"),
    ("different marks on one field", lambda: in_row(b"<securityTitle>" + b"".join(b'<footnoteId id="F%d"/>' % i for i in range(HEAVY_N)) + b"</securityTitle>"), "read 1 0"),
    ("footnotes with the same id", lambda: document(b"<footnotes>" + b'<footnote id="F1">a</footnote>' * (HEAVY_N - 20) + b"</footnotes>"), "read 0 1"),
    ("footnotes", lambda: document(b"<footnotes>" + b"".join(b'<footnote id="F%d">a</footnote>' % i for i in range(HEAVY_N - 20)) + b"</footnotes>"), "read 0 99980"),
    ("markup in a footnote", lambda: document(b'<footnotes><footnote id="F1">' + b"a<b/>" * HEAVY_N + b"</footnote></footnotes>"), "read 0 1"),
    ("stray texts", lambda: document(b"x<remarks/>" * HEAVY_N), "read 0 0"),
    ("stray texts in a row", lambda: in_row(b"x<a/>" * HEAVY_N), "read 1 0"),
    ("stray texts in an unknown element", lambda: document(b"<zzz>" + b"x<a/>" * HEAVY_N + b"</zzz>"), "read 0 0"),
    ("stray texts deep down", lambda: document(b"<a>x" * 200 + b"x<b/>" * HEAVY_N + b"</a>" * 200), "read 0 0"),
    ("unknown elements", lambda: document(b"<zzz/>" * 190_000), "read 0 0"),
    ("rows", lambda: document(b"<derivativeTable>" + b"<derivativeHolding/>" * 190_000 + b"</derivativeTable>"), "read 190000 0"),
    ("tags without end", lambda: document(b"<zzz/>" * 250_000), "refused xml more than 200,000 tags"),
    ("deep nesting", lambda: document(b"<a>" * 90_000 + b"</a>" * 90_000), "refused xml"),
    ("a text of 9 MB", lambda: document(b"<remarks>" + b"a" * 9_000_000 + b"</remarks>"), "read 0 0"),
    ("a text of 12 MB", lambda: document(b"<remarks>" + b"a" * 12_000_000 + b"</remarks>"), "refused xml"),
    ("a last text of 12 MB", lambda: document(b"<ownerSignature><signatureName>" + b"a" * 12_000_000 + b"</signatureName></ownerSignature>"), "refused xml"),
    ("an unknown text of 9 MB", lambda: document(b"<zzz>" + b"\xc2\x80" * 4_500_000 + b"</zzz>"), "read 0 0 1"),
    ("a number of 9 MB", lambda: in_row(b"<transactionShares>" + b"1" * 9_000_000 + b"</transactionShares>"), "read 1 0"),
    ("a date of 9 MB", lambda: in_row(b"<transactionDate>2025-03-03" + b"+" * 9_000_000 + b"</transactionDate>"), "read 1 0"),
    ("an attribute of 9 MB", lambda: document(b'<remarks a="' + b"a" * 9_000_000 + b'"/>'), "read 0 0 1"),
    ("bare ampersands", lambda: document(b"<remarks>" + b"& " * 5_000_000 + b"</remarks>"), "read 0 0 1"),
    ("references to nothing", lambda: document(b"<remarks>" + b"&#0;" * 3_900_000 + b"</remarks>"), "read 0 0 1"),
    ("broken tags", lambda: document(b"<rema\nrks>x</remarks>" * 50_000), "read 0 0"),
    ("closing tags", lambda: document(b"<a></ownershipDocument " * 90_000), "refused xml"),
    ("open comments", lambda: document(b"&" + b"<!--" * 190_000), "refused xml"),
    ("open CDATA sections", lambda: document(b"&" + b"<![CDATA[" * 190_000), "refused xml"),
    ("comments around damage", lambda: document(b"&<!-- -->" * 190_000), "read 0 0"),
    ("white space in a broken tag", lambda: document(b"<a" + b" \n" * 7_000_000 + b"&"), "refused xml"),
    ("white space after an end", lambda: document(b"&") + b"</ownershipDocument" + b" " * 9_000_000, "read 0 0 3"),
    ("namespaces", lambda: document(b"".join(b'<p%d:b xmlns:p%d="u%d"/>' % (i, i, i) for i in range(90_000))), "read 0 0"),
    ("the widest characters, damaged", lambda: document(b"<remarks>&" + "\U0001f4a9".encode() * 2_400_000 + b"</remarks>"), "read 0 0 1"),
    ("16 MB of UTF-16", lambda: b"\xff\xfe" + document(b"<a/>" * 190_000 + b" " * 7_000_000).decode().encode("utf-16-le"), "read 0 0"),
    ("openings of XML parts", lambda: enveloped(b"<XML></XML>" * 1_400_000), "refused submission no ownership document"),
    ("openings without a closing", lambda: enveloped(b"<XML>" * 3_000_000).replace(b"</XML>", b""), "refused submission truncated"),
    ("a header of parties", lambda: enveloped(document()).replace(b"</SEC-HEADER>", b"ISSUER:\nCENTRAL INDEX KEY:1\n" * 8_000 + b"</SEC-HEADER>"), "read 0 0"),
    ("a header line without end", lambda: enveloped(document()).replace(b"</SEC-HEADER>", b"ISSUER:\nCENTRAL INDEX KEY:1\nASSIGNED-SIC:" + b"1" * 250_000 + b"[</SEC-HEADER>"), "read 0 0"),
    ("an entity bomb", lambda: BOMB + b"]>" + PLAIN.encode(), "refused xml a document type declaration"),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("build", "said"), [row[1:] for row in HEAVY], ids=[row[0] for row in HEAVY])
def test_a_heavy_document_is_answered_within_bounds_of_time_and_memory(build, said):
    answer = read_in_child(build())
    assert answer.startswith(said), answer[:300]


@pytest.mark.slow
@pytest.mark.parametrize("limits", [{"memory": 1024 * 1024}, {"seconds": 0}], ids=["memory", "time"])
def test_the_bounds_of_the_child_are_real(limits):
    with pytest.raises(AssertionError):
        read_in_child(document(b"<zzz/>" * 190_000), **limits)


def test_the_issues_of_a_hostile_document_are_counted_past_the_first_two_hundred():
    told = issues(document(b"<zzz/>" * 1000))
    assert len(told) == MAX_ISSUES + 1
    assert told[-1] == "ownershipDocument: and 800 more like these"
