"""EDGAR's lists: every layout is read to the last filing, and nothing else is ever read as a list of none."""

from __future__ import annotations

import gzip
import json
import zlib
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from filings.edgar import feeds
from filings.edgar.feeds import Reference, parse_current_feed, parse_index, parse_listing
from filings.errors import BadDocument
from tests.conftest import REAL_FILINGS
from tests.filings.edgar import pages
from tests.filings.edgar.pages import company_index, entry, feed, form_index, form_row, master_index

ONE, TWO, THREE = "0009999999-26-000001", "0009999999-26-000002", "0009999999-26-000003"
NOT_LISTS = {
    "nothing": b"",
    "a line": b"\n",
    "an outage": pages.OUTAGE,
    "a refusal": pages.RATE,
    "not there": pages.DENIED,
    "another message": pages.NO_KEY,
    "a filing": pages.SUBMISSION,
    "garbage": bytes(range(256)) * 20,
    "text": b"There are no filings.\n",
    "json": b"{}\n",
    "zipped html": gzip.compress(pages.OUTAGE),
}


def accessions(references: tuple[Reference, ...]) -> list[str]:
    return [reference.accession for reference in references]


# --- the current feed --------------------------------------------------------------------------------------------


def test_the_feed_gives_each_filing_once_with_its_time_in_utc():
    page = parse_current_feed(feed(entry("4", 1214156, ONE), entry("4", 320193, ONE), entry("3/A", 7, TWO)))

    assert page.rows == 3
    assert not page.full
    assert page.updated == datetime(2026, 1, 5, 23, 3, 57, tzinfo=UTC)
    assert page.entries == (
        Reference(
            accession=ONE, form="4", filed_on=date(2026, 1, 5), cik="0001214156",
            accepted_at=datetime(2026, 1, 5, 23, 2, 43, tzinfo=UTC), path=f"edgar/data/1214156/{ONE}.txt",
        ),
        Reference(
            accession=TWO, form="3/A", filed_on=date(2026, 1, 5), cik="0000000007",
            accepted_at=datetime(2026, 1, 5, 23, 2, 43, tzinfo=UTC), path=f"edgar/data/7/{TWO}.txt",
        ),
    )  # fmt: skip


def test_the_feed_gives_forms_by_their_exact_name():
    others = ("424B2", "485BPOS", "40-F", "3-X", "4 ", "SC 13D", "5/AA", "144", "25", "345")
    entries = [entry(form, 7, f"0009999999-26-{n:06}") for n, form in enumerate((*others, *feeds.FORMS))]

    page = parse_current_feed(feed(*entries))

    assert [reference.form for reference in page.entries] == ["3", "3/A", "4", "4/A", "5", "5/A"]
    assert page.rows == len(entries)


def test_a_summer_time_is_read_by_its_own_offset():
    page = parse_current_feed(feed(entry("4", 7, ONE, at="2026-07-05T18:00:00-04:00")))
    assert page.entries[0].accepted_at == datetime(2026, 7, 5, 22, 0, tzinfo=UTC)


def test_a_page_of_a_hundred_rows_may_have_a_page_after_it():
    rows = [entry("4", 7, f"0009999999-26-{n:06}") for n in range(100)]
    assert parse_current_feed(feed(*rows)).full
    assert not parse_current_feed(feed(*rows[1:])).full


def test_a_feed_that_is_really_empty_is_empty():
    page = parse_current_feed(feed())
    assert (page.entries, page.rows, page.full) == ((), 0, False)


@pytest.mark.parametrize("content", NOT_LISTS.values(), ids=NOT_LISTS)
def test_what_is_no_feed_is_never_an_empty_one(content):
    with pytest.raises(BadDocument, match=r"^feed"):
        parse_current_feed(content)


def test_a_feed_cut_anywhere_is_refused():
    whole = feed(entry("4", 7, ONE), entry("4", 8, ONE), entry("5", 9, TWO)).rstrip()
    for length in range(len(whole)):
        with pytest.raises(BadDocument, match=r"^feed"):
            parse_current_feed(whole[:length])


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('term="4"', 'term=""', "form type"),
        ("<category", "<categories", "form type"),
        ("accession-number=", "accession-number=x", "accession number"),
        ("/Archives/edgar/data/7/", "/Archives/", "link"),
        ("2026-01-05T18:02:43-05:00", "2026-01-05T18:02:43", "zone"),
        ("2026-01-05T18:02:43-05:00", "yesterday", "not a time"),
        ("2026-01-05 &lt;", "2026-13-05 &lt;", "not a date"),
    ],
)
def test_an_entry_that_cannot_be_placed_is_named_and_not_passed_over(old, new, said):
    good, bad = entry("4", 8, TWO), entry("4", 7, ONE)
    assert old in bad

    with pytest.raises(BadDocument, match=said) as problem:
        parse_current_feed(feed(good, bad.replace(old, new)))
    assert problem.value.path == "entry[2]"


def test_a_feed_with_entities_or_a_document_type_is_refused(tmp_path):
    canary = tmp_path / "canary"
    canary.write_text("seen")
    body = feed(entry("4", 7, ONE)).decode().split("?>", 1)[1]
    for prolog in (
        f'<!DOCTYPE feed [<!ENTITY x SYSTEM "{canary.as_uri()}">]>',
        "\n" * 5000 + f'<!DOCTYPE feed [<!ENTITY x SYSTEM "{canary.as_uri()}">]>',
        '<!DOCTYPE feed [<!ENTITY a "aaaaaaaaaa"><!ENTITY x "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
    ):
        hostile = f"<?xml version='1.0'?>{prolog}{body.replace('Latest Filings', '&x;')}"
        for encoding in ("utf-8", "utf-16"):
            with pytest.raises(BadDocument, match="document type"):
                parse_current_feed(hostile.encode(encoding))


# --- the indexes -------------------------------------------------------------------------------------------------

ROWS = [("4", "Doe Jane", 1214156, ONE), ("4", "EXAMPLE CORP", 320193, ONE), ("4/A", "TRUST  FUND 2020", 7, TWO)]
LAYOUTS = {
    "form": ("form.20260105.idx", form_index(*(form_row(*row) for row in ROWS))),
    "form of 2026": ("form.20260105.idx", form_index(*(form_row(*row) for row in ROWS), wrapped=True)),
    "form of a quarter": ("form.idx", form_index(*(form_row(*row, day="2026-01-05") for row in ROWS))),
    "company": ("company.20260105.idx", company_index(*((name, form, cik, acc) for form, name, cik, acc in ROWS))),
    "master": ("master.20260105.idx", master_index(*((c, n, f, a) for f, n, c, a in ROWS), day="20260105")),
    "master of a quarter": ("master.idx", master_index(*((c, n, f, a) for f, n, c, a in ROWS), last="File Name")),
}


@pytest.mark.parametrize("zipped", [False, True], ids=["plain", "gzip"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_gives_the_same_filings_each_once(layout, zipped):
    name, content = LAYOUTS[layout]

    index = parse_index(gzip.compress(content) if zipped else content, f"{name}.gz" if zipped else name)

    assert index.rows == 3
    assert index.last_received == date(2026, 1, 5)
    assert index.references == (
        Reference(ONE, "4", date(2026, 1, 5), None, "0001214156", f"edgar/data/1214156/{ONE}.txt"),
        Reference(TWO, "4/A", date(2026, 1, 5), None, "0000000007", f"edgar/data/7/{TWO}.txt"),
    )


def test_an_index_gives_forms_by_their_exact_name_whatever_the_company_is_called():
    names = ["4", "Studio 4", "4  4", "3/A 4", "X" * 60, "Y" * 58 + " 4", "Pipe | Dream 4"]
    others = ["10-K", "SC 13D", "1-A POS", "424B2", "40-F", "144", "25"]
    rows = [(form, name, 7, f"0009999999-26-{n:06}") for n, (form, name) in
            enumerate((form, name) for form in (*others, *feeds.FORMS) for name in names)]  # fmt: skip
    expected = [accession for form, _, _, accession in rows if form in feeds.FORMS]

    form = parse_index(form_index(*(form_row(*row) for row in rows)), "form.idx")
    company = parse_index(company_index(*((n, f, c, a) for f, n, c, a in rows)), "company.idx")
    master = parse_index(master_index(*((c, n, f, a) for f, n, c, a in rows)), "master.idx")

    for index in (form, company, master):
        assert accessions(index.references) == expected
        assert index.rows == len(rows)


def test_an_index_that_is_really_empty_has_its_header_and_no_rows():
    for content in (form_index(), form_index(wrapped=True), master_index(), company_index()):
        index = parse_index(content, "x")
        assert (index.references, index.rows) == ((), 0)


@pytest.mark.parametrize("content", NOT_LISTS.values(), ids=NOT_LISTS)
def test_what_is_no_index_is_never_an_empty_one(content):
    for name in ("form.20260105.idx", "master.gz"):
        with pytest.raises(BadDocument, match=r"^index"):
            parse_index(content, name)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_an_index_cut_within_a_row_or_its_header_is_refused(layout):
    name, content = LAYOUTS[layout]
    ends_of_rows = {at + 1 for at, byte in enumerate(content) if byte == 0x0A and at > content.index(b"----------")}
    blanks_at_the_end = len(content) - len(content.rstrip())

    for length in range(len(content) - blanks_at_the_end):
        if length in ends_of_rows:
            continue  # only the transport can show that
        with pytest.raises(BadDocument, match=r"^index"):
            parse_index(content[:length], name)


def test_an_index_in_gzip_cut_or_lengthened_anywhere_is_refused():
    content = gzip.compress(LAYOUTS["form"][1])
    for length in range(1, len(content)):
        with pytest.raises(BadDocument, match=r"^index"):
            parse_index(content[:length], "form.gz")
    with pytest.raises(BadDocument, match="does not end"):
        parse_index(content + b"x", "form.gz")


@pytest.mark.parametrize(
    "damage",
    [
        form_row("4", "Doe Jane", 7, ONE).replace(ONE, "index"),
        form_row("4", "Doe Jane", 7, ONE).replace("20260105", "20261305"),
        form_row("4", "Doe Jane", 7, ONE).replace("20260105", ""),
        "<html>Service unavailable</html>\n",
        "\n" + form_row("4", "Doe Jane", 7, THREE),
        "x" * 100_000 + "\n",
        "\0" * 200 + "\n",
    ],
)
def test_a_row_that_cannot_be_read_is_named_and_not_passed_over(damage):
    rows = [form_row("4", "Doe Jane", 7, ONE), damage, form_row("4", "Doe Jane", 7, TWO)]

    with pytest.raises(BadDocument, match=r"^index at line"):
        parse_index(form_index(*rows), "form.idx")


def test_an_index_of_another_kind_than_asked_for_is_refused():
    with pytest.raises(BadDocument, match="master index where form"):
        parse_index(master_index((7, "Doe", "4", ONE)), "form.20260105.idx")


def test_an_index_that_swells_without_end_is_refused(monkeypatch):
    monkeypatch.setattr(feeds, "MAX_INDEX_BYTES", 1024 * 1024)
    many = form_index(*(form_row("10-K", "Doe", 7, ONE) for _ in range(20_000)))

    with pytest.raises(BadDocument, match="after inflation"):
        parse_index(gzip.compress(many), "form.gz")
    with pytest.raises(BadDocument, match="a line of more than"):
        parse_index(form_index() + b" " * 500_000, "form.idx")


def test_a_quarter_is_read_without_holding_it_unpacked():
    packer = zlib.compressobj(1, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    block = "".join(form_row("10-K", "Doe", 7, ONE) for _ in range(10_000)).encode()
    content = packer.compress(form_index()) + packer.compress(block) + packer.flush()

    assert max(len(piece) for piece in feeds._pieces(content)) <= 256 * 1024
    assert parse_index(content, "form.gz").rows == 10_000


# --- the listing -------------------------------------------------------------------------------------------------


def test_a_listing_tells_kind_and_day_of_the_daily_indexes():
    names = ["form.20260105.idx", "master.20260105.idx.gz", "company.20260106.idx", "sitemap.quarterlyindex1.xml", "x"]
    listing = json.dumps({"directory": {"item": [{"name": name, "type": "file"} for name in names]}}).encode()

    found = [(file.name, file.kind, file.day) for file in parse_listing(listing)]

    assert found == [
        (names[0], "form", date(2026, 1, 5)),
        (names[1], "master", date(2026, 1, 5)),
        (names[2], "company", date(2026, 1, 6)),
        (names[3], None, None),
        (names[4], None, None),
    ]


@pytest.mark.parametrize(
    "content",
    [
        *(NOT_LISTS[name] for name in NOT_LISTS),
        b"[]",
        b'{"directory": []}',
        b'{"directory": {"item": {"name": "x"}}}',
        b'{"directory": {"item": [{"name": 7}]}}',
        b'{"directory": {"item": [{}]}}',
        b'{"directory": {"item": [{"name": "form.20261399.idx"}]}}',
        pages.LISTING[:-1],
        b"[" * 100_000,
    ],
)
def test_what_is_no_listing_is_never_an_empty_one(content):
    with pytest.raises(BadDocument, match=r"^listing"):
        parse_listing(content)


# --- the real thing ----------------------------------------------------------------------------------------------

SAMPLES = REAL_FILINGS.parent / "samples"
real = pytest.mark.skipif(
    not SAMPLES.is_dir(), reason="the real answers (shared/edgar beside the checkout) are not here"
)


def samples(folder: str, pattern: str = "*") -> list[Path]:
    return sorted((SAMPLES / folder).glob(pattern))


@real
def test_every_real_index_gives_what_a_search_by_eye_finds():
    """By eye: lines with an address whose form, cut out by column or bar, is one of ours."""
    for path in samples("idx", "*.idx"):
        content = path.read_bytes()
        lines = [line for line in content.decode("latin-1").splitlines() if "edgar/data/" in line]
        if path.name.startswith("master"):
            wanted = [line for line in lines if line.split("|")[2] in feeds.FORMS]
        else:
            start = 62 if path.name.startswith("company") else 0
            wanted = [line for line in lines if line[start:].split("  ")[0] in feeds.FORMS]
        expected = {line.rstrip().rsplit("/", 1)[1].removesuffix(".txt") for line in wanted}

        index = parse_index(content, path.name)

        assert set(accessions(index.references)) == expected, path.name
        assert len(index.references) == len(expected)
        assert index.rows == len(lines)
        assert index.last_received is not None


@real
def test_every_real_page_of_the_feed_gives_what_a_search_by_eye_finds():
    for path in samples("atom", "*getcurrent*"):
        content = path.read_bytes()
        expected = set()
        for part in content.decode("latin-1").split("<entry>")[1:]:
            form = part.split('term="', 1)[1].split('"', 1)[0]
            if form in feeds.FORMS:
                expected.add(part.split("accession-number=", 1)[1][:20])

        page = parse_current_feed(content)

        assert set(accessions(page.entries)) == expected, path.name
        assert len(page.entries) == len(expected)
        assert page.rows == content.count(b"<entry>")
        assert all(reference.accepted_at and reference.filed_on for reference in page.entries)


@real
def test_no_real_error_page_is_a_list():
    for path in samples("errors"):
        content = path.read_bytes()
        for read in (parse_current_feed, parse_listing, lambda body: parse_index(body, "form.idx")):
            with pytest.raises(BadDocument):
                read(content)
