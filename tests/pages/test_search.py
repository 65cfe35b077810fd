"""The search page and its suggestions over the demo archive: what is typed leads on, and harms nothing."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from filings.models import Filing
from signals.views.search import PAGE_LIMIT, SUGGESTIONS
from tests.pages import hostile
from tests.pages.reading import read

pytestmark = [pytest.mark.db_and_celery, pytest.mark.usefixtures("demo")]
SUGGEST = {"HX-Request": "true", "HX-Target": "suggestions"}


def hits(client, words, **how):
    """What a search leads to, and how it is named, the likeliest first."""
    page = read(client.get("/search/", {"q": words}, **how))
    return [(link.attributes["href"], link.text) for link in page.all("a", data_row="")]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("QLMKDEMO", "Quillmark Robotics Inc. (Demo)"),
        ("qlmkdemo", "Quillmark Robotics Inc. (Demo)"),
        ("robotics quillmark", "Quillmark Robotics Inc. (Demo)"),
        ("quil", "Quillmark Robotics Inc. (Demo)"),
        ("9990000101", "Quillmark Robotics Inc. (Demo)"),
        ("CIK 9990000101", "Quillmark Robotics Inc. (Demo)"),
        ("ilona varga", "Varga Ilona (Demo)"),
        ("VARGA, ILONA", "Varga Ilona (Demo)"),
        ("fenwick optical", "Halden Photonics Inc. (Demo)"),
        ("bianca castellane", "Royce Bianca (Demo)"),
    ],
)
def test_the_first_hit_is_what_is_meant_on_the_page_and_while_typing(client, words, found):
    assert hits(client, words)[0][1] == found
    assert hits(client, words, headers=SUGGEST)[0] == hits(client, words)[0]


def test_a_hit_under_an_earlier_name_says_so(client):
    assert "formerly Fenwick Optical Corp. (Demo)" in read(client.get("/search/?q=fenwick+optical")).text


@pytest.mark.parametrize("form", ["{}", " {} ", "https://www.sec.gov/Archives/edgar/data/1/{}.txt"])
def test_an_accession_number_leads_straight_to_its_filing(client, form):
    accession = Filing.objects.latest_first().first().accession
    for number in (accession, accession.replace("-", "")):
        response = client.get("/search/", {"q": form.format(number)})
        assert response.status_code == 302
        assert response["Location"] == f"/filings/{accession}/"


def test_while_typing_an_accession_number_is_offered_and_leads_nobody_away(client):
    accession = Filing.objects.latest_first().first().accession
    assert [address for address, _ in hits(client, accession, headers=SUGGEST)] == [f"/filings/{accession}/"]


def test_suggestions_are_few_and_the_page_shows_more(client):
    assert len(hits(client, "demo", headers=SUGGEST)) == SUGGESTIONS
    assert len(hits(client, "demo")) == PAGE_LIMIT
    assert f"The first {PAGE_LIMIT} results for “demo”." in read(client.get("/search/?q=demo")).text


def test_an_empty_result_repeats_the_words_and_says_what_can_be_found(client):
    page = read(client.get("/search/?q=zzzzqqqq"))
    assert "0 results for “zzzzqqqq”." in page.text
    assert "Only parties of filings in this archive can be found" in page.text
    assert page.by_id("search-page").attributes["value"] == "zzzzqqqq"
    assert "Nothing here by that name" in read(client.get("/search/?q=zzzzqqqq", headers=SUGGEST)).text


@pytest.mark.parametrize("query", ["", "?q=", "?q=%20%20", "?other=1"])
def test_a_search_for_nothing_says_what_one_can_search_for(client, query):
    page = read(client.get(f"/search/{query}"))
    assert "Find a company by name or symbol" in page.text
    assert page.all("a", data_row="") == []


def test_nothing_typed_suggests_nothing(client):
    assert client.get("/search/?q=", headers=SUGGEST).content.strip() == b""


@pytest.mark.parametrize("words", [*hostile.SOME, "\x00", "'; DROP TABLE filings_filing; --", "%' OR 1=1", "a" * 5000])
def test_whatever_is_typed_the_page_stays_whole_and_repeats_it_as_text(client, words):
    for headers in ({}, SUGGEST):
        response = client.get("/search/", {"q": words}, headers=headers)
        assert response.status_code == 200
        assert read(response).breaches() == [] if not headers else read(response).faults == []
    assert Filing.objects.exists()


@pytest.mark.parametrize("words", ["quillmark", "demo", "varga ilona", "9990000101", "zzzzqqqq"])
def test_a_search_costs_few_queries(client, words):
    with CaptureQueriesContext(connection) as queries:
        client.get("/search/", {"q": words})
    assert len(queries) <= 4
