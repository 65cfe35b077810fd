"""Hostile and broken input: each kind gives its named error and stage; nothing cut short passes for whole."""

from __future__ import annotations

import random
import socket
import threading

import pytest

from filings.errors import BadDocument
from filings.ownership.parse import MAX_ISSUES, parse
from filings.ownership.submission import read_submission
from filings.ownership.wellformed import MAX_BYTES
from tests.filings.ownership.broken import BOMB, END, HEAD, PLAIN, document, enveloped, in_row
from tests.filings.ownership.corpus import CASES


def refusal(content, name=""):
    with pytest.raises(BadDocument) as refused:
        parse(read_submission(content, name).xml)
    return refused.value


def issues(xml):
    return [str(issue) for issue in parse(xml).issues]


EXTERNAL = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]>'
PARAMETER = b'<!DOCTYPE a [<!ENTITY % b SYSTEM "http://127.0.0.1:9/b.dtd">%b;]>'
ERROR_PAGE = b"<html><head><title>Too many\n requests (invented)</title></head><body><h1>Slow down</h1></body></html>"

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
    """Every 97th byte, in what is long some hundreds of places, and every one of the last 200."""
    return sorted({*range(0, length, max(97, length // 400)), *range(max(0, length - 200), length)})


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
                caller, address = listener.accept()
            except TimeoutError:
                continue
            caller.close()
            callers.append(address)

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
    socket.create_connection(listener.getsockname()).close()  # the ear does hear
    while not callers:
        ear.join(0.05)
    stop.set()
    ear.join()
    listener.close()
    assert len(callers) == 1
    assert not any("tweet" in words for words in heard)


def test_the_issues_of_a_hostile_document_are_counted_past_the_first_two_hundred():
    told = issues(document(b"<zzz/>" * 1000))
    assert len(told) == MAX_ISSUES + 1
    assert told[-1] == "ownershipDocument: and 800 more like these"
