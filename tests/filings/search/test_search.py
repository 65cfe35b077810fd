"""A search finds what is meant among the first three, and answers any text at all."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import example, given, settings
from hypothesis import strategies as st

from filings.search import MAX_HITS, Hit, search
from tests.filings.search import archive
from tests.filings.search.archive import (
    ALPHABET,
    ANVILS,
    BANKERS,
    BLACKROCK,
    BRIEN,
    COOK,
    DOCTOR,
    FUND,
    GOODS,
    HATHAWAY,
    HYPHEN,
    JEN,
    JUNIOR,
    LETTERS,
    NOVELTY,
    OSTROM,
    SOUP,
    STATE,
    TELEPHONE,
    TRUST,
    VAN,
    WILLIAM,
    filing,
    publish,
)
from tests.filings.services.papers import accession

pytestmark = pytest.mark.db_and_celery

ADDRESS = "https://www.sec.gov/Archives/edgar/data"


@pytest.fixture(scope="module", autouse=True)
def invented_archive(filled_once):
    filled_once(archive.publish_the_archive)


@pytest.fixture(autouse=True)
def undone(invented_archive):
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def keys(query: str, limit: int = 10) -> list[str]:
    return [hit.key for hit in search(query, limit)]


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("tim koch", COOK),
        ("Koch Timothy", COOK),
        ("koch, timothy d.", COOK),
        ("timothy ko", COOK),
        ("O'Brain", BRIEN),
        ("o’brain", BRIEN),
        ("obrain", BRIEN),
        ("o brain deirdra", BRIEN),
        ("donald robertsen", JUNIOR),
        ("Don Robertsen, Jr.", JUNIOR),
        ("arthur levinsen phd", DOCTOR),
        ("kathleen wilsen-thompsen", HYPHEN),
        ("thompsen", HYPHEN),
        ("wilsenthompsen", HYPHEN),
        ("jensen hueng", JEN),
        ("van der burg", VAN),
        ("vanderburg pieter", VAN),
        ("fernam street partners lp", FUND),
        ("reid hoffmen", TRUST),
        ("bill gattes", WILLIAM),
        ("gat wil", WILLIAM),
        ("JQ Morgen", BANKERS),
        ("j q morgen", BANKERS),
        ("j.q. morgen chased", BANKERS),
        ("jqmorgen", BANKERS),
        ("zt&t", TELEPHONE),
        ("ZT & T", TELEPHONE),
        ("ztt inc", TELEPHONE),
        ("alphabetical gogx", ALPHABET),
        ("goglx", ALPHABET),
        ("BRX.B", HATHAWAY),
        ("brx-b", HATHAWAY),
        ("brx b", HATHAWAY),
        ("brx", HATHAWAY),
        ("black ruck", BLACKROCK),
        ("campball soup", SOUP),
        ("elv beauty", LETTERS),
        ("e.l.v.", LETTERS),
        ("nova nordsk a/s", NOVELTY),
        ("better goods of america", GOODS),
        ("the better goods co", GOODS),
        ("ostrom energie", OSTROM),
        ("Östrøm", OSTROM),
        ("foundry works", ANVILS),
        ("FNDY", ANVILS),
        (str(ANVILS), ANVILS),
        (f"{ANVILS:010d}", ANVILS),
        (f"CIK {ANVILS}", ANVILS),
        (f"{ADDRESS}/{ANVILS}/", ANVILS),
        (f"https://www.sec.gov/cgi-bin/browse-edgar?action=getcompany&CIK={ANVILS:010d}&type=4", ANVILS),
    ],
)
def test_what_is_meant_is_among_the_first_three(query, meant):
    assert f"{meant:010d}" in keys(query)[:3]


@pytest.mark.parametrize(
    "query",
    [
        accession(2),
        accession(2).replace("-", ""),
        f"  {accession(2)} ",
        f"{ADDRESS}/{ANVILS}/{accession(2).replace('-', '')}/{accession(2)}-index.htm",
        f"{ADDRESS}/{ANVILS}/{accession(2).replace('-', '')}/form4.xml",
        f"see {accession(2)}, please",
    ],
)
def test_an_accession_number_finds_its_filing_however_it_is_written(query):
    assert search(query, 10) == [
        Hit("filing", accession(2), "Invented Anvils, Inc.", "Form 4, 2024-05-03"),
    ]


def test_an_accession_number_that_is_not_here_finds_nothing():
    assert search("0009000001-24-999999", 10) == []


def test_an_issuer_shows_its_ticker_and_an_insider_the_latest_role():
    assert search("ANVL", 1) == [Hit("issuer", f"{ANVILS:010d}", "Invented Anvils, Inc.", "ANVL")]
    assert search("koch timothy", 1) == [
        Hit("insider", f"{COOK:010d}", "KOCH TIMOTHY D", "Director, Invented Anvils, Inc.")
    ]
    assert search("nova nordsk", 1)[0].detail == ""


def test_a_former_name_leads_to_the_present_one_and_is_said():
    assert search("foundry", 1) == [
        Hit("issuer", f"{ANVILS:010d}", "Invented Anvils, Inc.", "ANVL", "FOUNDRY WORKS INC")
    ]
    assert search("FNDY", 1)[0].former_name is None


def test_a_name_found_both_as_present_and_as_former_is_one_hit_under_the_better():
    assert [(hit.key, hit.former_name) for hit in search("wilsen", 10)] == [(f"{HYPHEN:010d}", None)]
    assert [(hit.key, hit.former_name) for hit in search("kathleen wilsen", 10)] == [
        (f"{HYPHEN:010d}", "WILSEN KATHLEEN")
    ]


def test_an_exact_ticker_comes_before_a_name_and_a_whole_name_before_the_beginning_of_one():
    assert keys("ohio")[0] == f"{STATE:010d}"
    publish(
        filing(80, issuer=9000501, issuer_name="Quorra", ticker="ZZA", owners=[(9000601, "A B")]),
        *(
            filing(81 + n, issuer=9000502, issuer_name="Quorra Mining", ticker="QUOR", owners=[(9000601, "A B")])
            for n in range(3)
        ),
        filing(85, issuer=9000503, issuer_name="Something Else", ticker="QUORRA", owners=[(9000601, "A B")]),
    )
    assert keys("quorra") == [f"{cik:010d}" for cik in (9000503, 9000501, 9000502)]


def test_present_names_come_before_former_ones_then_the_active_then_those_with_more_filings():
    by = {"owners": [(9000602, "C D")], "ticker": None}
    recent, old = date(2024, 5, 3), date(2014, 5, 5)
    publish(
        filing(60, old, issuer=9000511, issuer_name="Velmora Old", **by),
        filing(61, old, issuer=9000511, issuer_name="Velmora Old", **by),
        filing(62, old, issuer=9000511, issuer_name="Velmora Old", **by),
        filing(63, recent, issuer=9000512, issuer_name="Velmora Once", **by),
        filing(64, recent, issuer=9000513, issuer_name="Velmora Twice", **by),
        filing(65, recent, issuer=9000513, issuer_name="Velmora Twice", **by),
        filing(66, old, issuer=9000514, issuer_name="Velmora Gone", **by),
        *(filing(67 + n, recent, issuer=9000514, issuer_name="Renamed", **by) for n in range(5)),
    )
    assert keys("velmora") == [f"{cik:010d}" for cik in (9000513, 9000512, 9000511, 9000514)]


def test_whole_words_come_before_words_that_only_begin_so():
    publish(
        filing(50, issuer=9000520, issuer_name="E F", owners=[(9000621, "REEDSON JOHN"), (9000622, "HART JOHN")]),
        filing(51, issuer=9000520, issuer_name="E F", owners=[(9000621, "REEDSON JOHN")]),
        filing(52, issuer=9000520, issuer_name="E F", owners=[(9000623, "REED MARY")]),
    )
    assert keys("reed") == ["0009000623", "0009000621"]


def test_equal_names_come_in_the_order_of_their_ciks_every_time():
    publish(filing(40, issuer=9000530, issuer_name="G H", owners=[(9000640 - n, "TWINNE SAM") for n in range(4)]))
    assert keys("twinne sam") == [f"{9000637 + n:010d}" for n in range(4)]


def test_no_more_hits_than_asked_for_and_never_more_than_the_most():
    assert len(search("a", 2)) == 2
    assert search("anvils", 0) == search("anvils", -1) == []
    assert len(search("a", 10**9)) <= MAX_HITS


def test_one_letter_finds_names_that_begin_with_it():
    hits = search("b", 20)
    assert hits
    assert all(
        any(
            word.startswith("b")
            for word in f"{hit.title} {hit.former_name} {hit.detail}".lower().replace("'", " ").split()
        )
        for hit in hits
    )


def test_the_more_is_typed_the_longer_what_is_meant_stays_found():
    for end in range(4, len("alphabetical inc") + 1):
        assert f"{ALPHABET:010d}" in keys("alphabetical inc"[:end])


@pytest.mark.parametrize(
    "query", ["koch timothy", "a", "jo", "zz yy", "a b c d e f g h", "gat wil", accession(2), "1", ""]
)
def test_a_search_asks_the_database_at_most_three_times(query):
    with CaptureQueriesContext(connection) as asked:
        search(query, 10)
    assert len(asked) <= 3


@settings(max_examples=150, deadline=None)
@given(st.text() | st.text(alphabet="aj&|!:*'\"()<->\\$~= %\x00éß", max_size=40), st.integers(-1, 12))
@example("' | 'a':* & !", 5)
@example("%(rows)s %s %", 5)
@example("\x00", 5)
@example("\ud800", 5)
@example("x" * 1_000_000, 5)
@example("a " * 100_000, 5)
@example("9" * 30, 5)
@example("٣٢٠١٩٣", 5)
@example("/data/99999999999", 5)
@example("ﷺ" * 300, 5)
def test_any_text_is_answered(query, limit):
    assert len(search(query, limit)) <= max(limit, 0)


@pytest.mark.parametrize("query", ["!koch", "koch | anvils", "koch <-> timothy", "koch:*", "'koch'", "(koch"])
def test_what_means_something_to_postgresql_means_nothing_here(query):
    plain = query.translate(str.maketrans("!|<->:*'()", " " * 10))
    assert keys(query) == keys(plain)
