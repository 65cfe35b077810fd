"""Footnotes by their words: what is typed finds the notes that hold it, marked, and harms nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection

from signals.selectors import footnotes as selector
from signals.selectors.footnotes import footnotes_with
from signals.selectors.matching import TooBroad
from tests.pages import hostile
from tests.pages.archive import accession, made_up, publish, received
from tests.pages.reading import read

pytestmark = pytest.mark.db_and_celery
NOTES = (
    "Shares pledged as collateral for a margin account.",
    "Sold to cover taxes. No shares were pledged.",
    "Gift of shares to a family trust <b>& more</b>.",
)


@pytest.fixture
def noted(db):
    for number, text in enumerate(NOTES, start=1):
        line = replace(made_up().lines[0], footnotes={"code": ("F1",)})
        document = replace(made_up(), lines=(line,), footnotes={"F1": text})
        publish(received(document, accession(number), date(2025, 3, number)))


def found(client, words, **more):
    page = read(client.get("/search/", {"in": "footnotes", "q": words, **more}))
    assert page.breaches() == []
    return page


def links(page):
    return [link.attributes["href"] for link in page.all("a", **{"data-row": ""})]


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("pledge", [2, 1]),
        ("pledged margin", [1]),
        ('"family trust"', [3]),
        ("pledged -taxes", [1]),
        ("gift or margin", [3, 1]),
        ("the", []),
        ("zzzz", []),
    ],
)
def test_notes_are_found_by_their_words_the_latest_first(client, noted, words, numbers):
    assert links(found(client, words)) == [f"/filings/{accession(number)}/#footnote-F1" for number in numbers]


def test_the_words_are_marked_and_the_note_stays_text(client, noted):
    page = found(client, "family gifts")
    assert [mark.text for mark in page.all("mark")] == ["Gift", "family"]
    assert "& more" in page.text
    assert page.all("b") == []


def test_pages_go_on_where_the_last_one_ended(client, noted, monkeypatch):
    monkeypatch.setattr(selector, "PAGE", 1)
    first = found(client, "shares")
    [more] = [link.attributes["href"] for link in first.all("a", rel="next")]
    second = read(client.get(f"/search/{more}"))
    assert links(first) != links(second)
    assert links(found(client, "shares", before="nonsense")) == links(first)


def test_too_many_to_look_through_is_said(client, noted, monkeypatch):
    def broad(*args):
        raise TooBroad("no answer within 3000 ms")

    monkeypatch.setattr("signals.views.search.footnotes_with", broad)
    assert "Too many to look through" in found(client, "shares").text


def test_the_index_serves_the_search(noted):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT 1 FROM filings_footnote WHERE to_tsvector('english'::regconfig, COALESCE(text, ''))"
            " @@ websearch_to_tsquery('english', 'pledged')"
        )
        assert "footnote_words" in " ".join(row[0] for row in cursor.fetchall())


@pytest.mark.parametrize("words", [*hostile.SOME[:6], "\x00", "' & | !", '"', "-", "\ud800", "a" * 5_000])
def test_no_words_are_a_fault(noted, words):
    footnotes_with(words)
