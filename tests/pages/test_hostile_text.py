"""Filers write what they like. Whatever it is, it shows as text, and changes no element and no attribute's name."""

from __future__ import annotations

from itertools import cycle
from urllib.parse import quote

import pytest

from tests.conftest import ROOT
from tests.pages import hostile
from tests.pages.addresses import PAGES
from tests.pages.archive import ACCESSION, made_up, plain, publish, received
from tests.pages.reading import read, squeezed

pytestmark = pytest.mark.db_and_celery
# What these show depends on the words themselves: the hits of a search, what an explanation reads in a footnote.
WORDS = {name for name in PAGES if name.startswith("search")} | {"filing"}
TAGS = (ROOT / "signals" / "templatetags").glob("*.py")  # those that join markup
OURS = "\n".join(path.read_text() for path in sorted([*(ROOT / "templates").rglob("*.html"), *TAGS]))


def skeletons(client):
    return {name: read(client.get(PAGES[name])).skeleton() for name in PAGES if name not in WORDS}


def foreign(page):
    """Elements and attributes that no template and no tag of ours writes."""
    names = {element.tag for element in page.elements}
    written = {f"<{tag}" for tag in names}
    written |= {f"{name}" for element in page.elements for name in element.attributes}
    return {name for name in written if name not in OURS}


def test_there_are_three_hundred_texts_all_different():
    assert len(set(hostile.ALL)) == len(hostile.ALL) >= 300


def no_symbol(name):
    return "?" if "ticker" in name else plain(name)


@pytest.mark.slow
def test_no_text_of_a_filer_changes_the_elements_of_any_page(client, db):
    """What a symbol can be made of stands beside a name, what not does not: two sound pages."""
    publish(received(made_up(no_symbol)))
    without = skeletons(client)
    publish(received(made_up()))
    sound = skeletons(client)
    for words in hostile.SOME[::5]:
        publish(received(made_up(lambda name, words=words: words)))
        for name, skeleton in skeletons(client).items():
            assert skeleton in (sound[name], without[name]), (name, words)


def test_every_text_shows_on_the_filing_page_just_as_it_was_filed(client, db):
    """Each field of each document has another text, until every text has stood in two fields."""
    publish(received(made_up()))
    sound = read(client.get(PAGES["filing, as filed"])).skeleton()
    texts = cycle(hostile.ALL)
    written: list[str] = []
    while len(written) < 2 * len(hostile.ALL):
        given: dict[str, list[str]] = {}

        def words(name, given=given):
            given.setdefault(name, []).append(next(texts))
            return given[name][-1]

        publish(received(made_up(words)))
        for view in ("filing", "filing, as filed"):
            page = read(client.get(PAGES[view]))
            assert page.breaches() == []
            assert foreign(page) == set()
            shown = page.text
            for name, some in given.items():
                assert [text for text in some if squeezed(text) not in shown and "ref" not in name] == [], name
        assert page.skeleton() == sound
        written += [text for some in given.values() for text in some]
    assert set(written) == set(hostile.ALL)


def test_each_text_stands_on_every_page_that_names_the_parties(client, db):
    words = hostile.SOME[0]
    publish(received(made_up(lambda name: words)))
    for name in ("home", "filing", "issuer", "insider", "insider, lines"):
        assert squeezed(words) in read(client.get(PAGES[name])).text, name


@pytest.mark.parametrize("ticker", ["A/B", "../..", "?q", "#x", "BRK.B", "A B", "%2f", "N/A"])
def test_a_symbol_that_is_no_part_of_an_address_breaks_no_link(client, db, ticker):
    publish(received(made_up(lambda name: ticker)))
    for name in PAGES:
        response = client.get(PAGES[name])
        assert response.status_code == 200
        for link in read(response).all("a", class_="ticker"):
            assert client.get(link.attributes["href"]).status_code == 200


@pytest.mark.parametrize("words", hostile.SOME)
def test_what_a_visitor_searches_for_shows_as_text(client, db, words):
    query = words[:200].strip()
    publish(received(made_up()))
    nothing = read(client.get("/search/", {"q": "zzzzqqqq"}))
    response = client.get("/search/", {"q": query})
    assert response.status_code == 200
    page = read(response)
    assert page.breaches() == []
    assert query in [box.attributes["value"] for box in page.all("input", type="search")]
    if "Nothing here by that name" in page.text:
        assert page.skeleton() == nothing.skeleton()


@pytest.mark.parametrize(
    "query", ["\x00", "a\x00b", "\ud800", "'", "%", "_", "\\\\", ":*", "a & | !", "9" * 200, "\n", "🙂"]
)
def test_no_search_is_a_fault(client, db, query):
    for headers in ({}, {"HX-Request": "true", "HX-Target": "suggestions"}):
        encoded = quote(query, errors="surrogatepass")
        assert client.get(f"/search/?q={encoded}", headers=headers).status_code in (200, 302)


def test_an_address_that_is_markup_shows_as_text_on_its_404(client, db):
    for words in hostile.SOME:
        response = client.get("/" + words.replace("/", "").replace("?", "") + "/")
        assert response.status_code == 404
        assert read(response).breaches() == [], words


def test_the_hostile_document_itself_is_never_a_page(client, db):
    publish(received(made_up(lambda name: hostile.SOME[0])))
    response = client.get(f"/filings/{ACCESSION}/document.txt")
    assert response["Content-Type"].startswith("text/plain")
    assert response["X-Content-Type-Options"] == "nosniff"
