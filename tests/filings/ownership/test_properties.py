"""What holds for every document and for every sequence of bytes, tried on many."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from filings.errors import BadDocument
from filings.ownership.parse import parse
from filings.ownership.submission import read_submission
from filings.ownership.write import to_xml
from tests.filings.ownership.corpus import CASES
from tests.filings.ownership.strategies import damaged, documents

CONTENTS = [case.content for case in CASES if len(case.content) < 20_000]
XMLS = [read_submission(content).xml for content in CONTENTS]
CLEAN = [xml for xml in XMLS if not parse(xml).issues]

some = settings(deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow], max_examples=200)
many = settings(some, max_examples=600)
pytestmark = pytest.mark.slow


def read(content):
    """The document, or the words of the one error that is allowed."""
    try:
        return parse(read_submission(content).xml)
    except BadDocument as error:
        return (error.stage, error.path, error.reason)


@given(documents())
@some
def test_any_document_written_and_read_is_the_same_document(document):
    again = parse(to_xml(document))
    issues = [str(issue) for issue in again.issues]
    assert all("a line break inside it was left out" in issue for issue in issues), issues
    assert replace(again, issues=()) == document


@given(st.binary(max_size=400))
@many
def test_any_bytes_are_read_or_refused_and_twice_the_same(content):
    assert read(content) == read(content)


@given(st.text(alphabet="<>/&;\"'= !-[]?#xvalueF1ownershipDocument\n", max_size=200))
@many
def test_any_words_that_look_like_xml_are_read_or_refused(words):
    assert read(b"<ownershipDocument>" + words.encode()) == read(b"<ownershipDocument>" + words.encode())


@given(damaged(CONTENTS))
@many
def test_any_damage_to_a_submission_is_read_or_refused_and_twice_the_same(content):
    assert read(content) == read(content)


@given(damaged(XMLS))
@many
def test_any_damage_to_a_document_is_read_or_refused_and_what_is_read_can_be_written(xml):
    document = read(xml)
    assert document == read(xml)
    if not isinstance(document, tuple):
        parse(to_xml(document))


TAG = re.compile(rb"<[^<>]+>")


@pytest.mark.parametrize("xml", CLEAN[:6])
def test_a_line_break_anywhere_inside_a_tag_changes_no_fact_in_silence(xml):
    whole = parse(xml)
    for tag in TAG.finditer(xml):
        for at in range(tag.start() + 1, tag.end()):
            found = read(xml[:at] + b"\n" + xml[at:])
            assert isinstance(found, tuple) or found.issues or found == whole, (tag[0], at - tag.start())


@pytest.mark.parametrize("xml", CLEAN[:6])
def test_no_tag_can_be_lost_in_silence(xml):
    whole = parse(xml)
    for tag in TAG.finditer(xml):
        found = read(xml[: tag.start()] + xml[tag.end() :])
        harmless = tag[0].startswith((b"<footnoteId", b"<?xml")) or tag[0].endswith(b"/>")
        assert isinstance(found, tuple) or found.issues or found == whole or harmless, tag[0]


# --- what makes no difference -------------------------------------------------------------------------------------

BETWEEN = [b"<!-- a & b <c> -->", b"<?note a < b?>", b"\n\t \r\n", b"<!---->", b""]


@given(st.sampled_from(CLEAN), st.data())
@some
def test_comments_instructions_and_white_space_between_elements_make_no_difference(xml, data):
    whole = parse(xml)
    gaps = [
        gap.start() + 1
        for gap in re.finditer(rb">\s*<", xml)
        if b"<footnote id" not in xml[gap.start() - 40 : gap.start()]
    ]
    for at in sorted(data.draw(st.sets(st.sampled_from(gaps), max_size=20)), reverse=True):
        xml = xml[:at] + data.draw(st.sampled_from(BETWEEN)) + xml[at:]
    assert parse(xml) == whole


@given(st.sampled_from(CLEAN), st.data())
@some
def test_comments_instructions_and_cdata_inside_a_text_make_no_difference(xml, data):
    whole = parse(xml)
    texts = list(re.finditer(rb">([^<>&]*[^<>&\s][^<>&]*)</", xml))
    for found in sorted(
        data.draw(st.lists(st.sampled_from(texts), unique=True, max_size=12)), key=lambda text: -text.start()
    ):
        at = data.draw(st.integers(found.start(1), found.end(1)))
        while xml[at : at + 1] and xml[at] & 0xC0 == 0x80:
            at -= 1  # not inside of a character
        rest = xml[at : found.end(1)]
        change = data.draw(st.sampled_from([b"<!-- x -->" + rest, b"<?x y?>" + rest, b"<![CDATA[" + rest + b"]]>"]))
        xml = xml[:at] + change + xml[found.end(1) :]
    assert parse(xml) == whole


@pytest.mark.parametrize("xml", CLEAN)
def test_indentation_and_line_ends_make_no_difference(xml):
    whole = parse(xml)
    flat = re.sub(rb">\s+<", b"><", xml)
    assert parse(flat) == whole
    assert parse(flat.replace(b"><", b">\r\n\t  <")) == whole
    assert parse(xml.replace(b"\n", b"\r\n")) == whole
    assert parse(b"\xef\xbb\xbf" + xml) == whole
    assert parse(b"\n \n" + xml[xml.index(b"<ownershipDocument") :] + b"\n\n<!-- end -->\n") == whole


@pytest.mark.parametrize("xml", XMLS)
def test_the_order_of_attributes_makes_no_difference_to_the_facts(xml):
    one = re.sub(rb'<(footnote|footnoteId) (id="F\d+")', rb'<\1 kind="a" \2', xml)
    other = re.sub(rb'<(footnote|footnoteId) (id="F\d+")', rb'<\1 \2 kind="a"', xml)
    assert parse(one) == parse(other)
    assert (one == xml) == (b"<footnote" not in xml)


@pytest.mark.parametrize("xml", CLEAN)
def test_a_document_in_utf_16_or_a_declared_latin_encoding_gives_the_same_facts(xml):
    whole = parse(xml)
    body = xml.decode()[xml.index(b"<ownershipDocument") :]
    for encoding in ("utf-16", "utf-16-be", "utf-16-le"):
        mark = {"utf-16-be": b"\xfe\xff", "utf-16-le": b"\xff\xfe"}.get(encoding, b"")
        found = parse(mark + ("<?xml version='1.0' encoding='UTF-16'?>\n" + body + "\n").encode(encoding))
        assert replace(found, issues=()) == whole
        assert len(found.issues) == 1
    for encoding in ("windows-1252", "ISO-8859-1", "us-ascii", "UTF-8"):
        assert parse(f'<?xml version="1.0" encoding="{encoding}"?>'.encode() + body.encode(encoding)) == whole
