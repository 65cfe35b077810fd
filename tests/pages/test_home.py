"""The list of the latest filings: newest first, every filing once, page after page."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from filings.models import Filing
from signals.models import Reading
from signals.selectors.latest import PAGE_SIZE, Before, page_key
from tests.pages.archive import accession, made_up, publish, received
from tests.pages.reading import read

pytestmark = pytest.mark.db_and_celery


def listed(page):
    return [link.attributes["href"].split("/")[2] for link in page.all("a", class_="entry__issuer")]


def walk(client, address="/"):
    """The accessions of each page, from `address` on by the links a reader would follow."""
    pages = []
    while address:
        page = read(client.get(address))
        pages.append(listed(page))
        older = page.all("a", rel="next")
        address = "/" + older[0].attributes["href"] if older else None
    return pages


@pytest.fixture
def many(db):
    """Ties on one date around the page's edge, filings dated by their period only, and filings without any date."""
    document = made_up()
    dateless = replace(document, period_of_report=None)
    dates = [date(2025, 3, 6)] * (PAGE_SIZE + 7) + [date(2025, 3, 5)] * 30 + [date(2025, 3, 7)]
    items = [received(document, accession(number), day) for number, day in enumerate(dates, 1)]
    items += [received(document, accession(number), None) for number in range(200, 205)]
    items += [received(dateless, accession(number), None) for number in range(300, 300 + PAGE_SIZE + 2)]
    publish(*items)
    return items


def test_a_walk_meets_every_filing_once_in_order(client, many):
    pages = walk(client)
    met = [accession for page in pages for accession in page]
    assert len(met) == len(set(met)) == len(many)
    assert [len(page) for page in pages[:-1]] == [PAGE_SIZE] * (len(pages) - 1)
    listed_on = dict(Filing.objects.values_list("accession", "listed_on"))
    keys = [(listed_on[accession] or date.min, accession) for accession in met]
    assert keys == sorted(keys, reverse=True)
    assert listed_on[met[-1]] is None


def test_filings_without_a_date_come_last(client, many):
    met = [accession for page in walk(client) for accession in page]
    dateless = set(Filing.objects.filter(listed_on=None).values_list("accession", flat=True))
    assert set(met[-len(dateless) :]) == dateless
    assert len(dateless) > PAGE_SIZE


def test_a_filing_published_during_a_walk_doubles_and_hides_nothing(client, many):
    first = read(client.get("/"))
    publish(received(made_up(), accession(900), date(2025, 3, 9)))
    rest = walk(client, "/" + first.all("a", rel="next")[0].attributes["href"])
    met = listed(first) + [accession for page in rest for accession in page]
    assert sorted(met) == sorted(item.accession for item in many)


def test_an_older_page_leads_back_to_the_newest(client, many):
    older = read(client.get("/" + read(client.get("/")).all("a", rel="next")[0].attributes["href"]))
    (back,) = older.all("nav", class_="pager")
    assert "Newest" in back.text


@pytest.mark.parametrize(
    "words",
    ["", "x", "2025-03-06", "2025-02-30,9999999981-25-000001", "0000-00-00,9999999981-25-000001", "none,1",
     "2025-03-06,9999999981-25-000001' OR 1=1", "\x00", "٢٠٢٥-03-06,9999999981-25-000001"],
)  # fmt: skip
def test_a_key_that_is_none_starts_at_the_top(client, db, words):
    publish(received(made_up()))
    assert page_key(words) is None
    assert len(listed(read(client.get("/", {"before": words})))) == 1


def test_a_key_names_a_place_even_if_no_filing_stands_there():
    assert page_key("2025-03-06,9999999981-25-000001") == Before(date(2025, 3, 6), "9999999981-25-000001")
    assert page_key("none,9999999981-25-000001") == Before(None, "9999999981-25-000001")


def test_an_empty_archive_says_so_and_how_to_fill_it(client, db):
    page = read(client.get("/"))
    assert "No filings yet" in page.text
    assert "manage.py ingest" in page.text
    assert "No filing is here yet" in page.text


def test_a_page_past_the_end_leads_back(client, db):
    publish(received(made_up()))
    page = read(client.get("/?before=none,0000000000-00-000000"))
    assert "No older filings" in page.text
    assert page.breaches() == []


def test_an_entry_says_who_what_and_when(client, db):
    publish(received(made_up()))
    (entry,) = read(client.get("/")).all("li", class_="entry")
    assert "6 Mar 2025" in entry.text
    assert "Form 4" in entry.text
    assert "Plain issuer (FICTIONAL)" in entry.text
    assert "Plain name (FICTIONAL), Plain officer title (FICTIONAL)" in entry.text
    reading = Reading.objects.get()
    assert "acquiring side" in reading.headline
    assert reading.headline in entry.text
