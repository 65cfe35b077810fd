"""The demo archive, walked: every link leads on, and nobody can take it for the market.

All pages of lists and of issuers are opened, some signals of each kind, and one in ten of filings and insiders, whose
links name whom there is in any case; `test_insider.py` opens every insider.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from dataclasses import dataclass
from urllib.parse import parse_qsl, urljoin

import pytest
from django.db import connection, reset_queries
from django.db.models import Max
from django.test import Client
from django.test.utils import CaptureQueriesContext

from filings.models import Filing, Insider, Issuer
from tests.pages.archive import made_up, publish, received
from tests.pages.reading import read, squeezed
from tests.pages.test_queries import MORE, MOST

pytestmark = [pytest.mark.db_and_celery, pytest.mark.usefixtures("demo")]
OF_A_KIND = 3
OF_A_PATH = 30  # with questions, of all kinds
# A screen of groups asks for their figures apart, and one without rows of each criterion whether it emptied it.
LIMITS = {f"/{name}s/": most for name, most in MORE.items()} | {"/screen/": MOST + 1}
OWN = ("/account/", "/alerts/", "/screens/")  # these ask who one is: tests/access
SAYS_SO = "This archive holds invented filings for demonstration."


@dataclass(frozen=True)
class Seen:
    """What one page of the walk answered. The page itself is not kept: there are a thousand."""

    status: int
    queries: int
    is_page: bool = False
    breaches: tuple[str, ...] = ()
    text: str = ""
    notices: tuple[str, ...] = ()
    entries: tuple[str, ...] = ()
    freshness: tuple[str, ...] = ()
    links: tuple[str, ...] = ()


def visit(client, address):
    reset_queries()  # Django keeps the last 9,000, and the walk asks more
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    if response.status_code != 200 or not response["Content-Type"].startswith("text/html"):
        return Seen(response.status_code, len(queries))
    page = read(response)
    return Seen(
        status=200,
        queries=len(queries),
        is_page=True,
        breaches=tuple(page.breaches()),
        text=page.by_id("main").text,
        notices=tuple(notice.text for notice in page.all("p", class_="notice")),
        entries=tuple(entry.text for entry in page.all("li", class_="entry")),
        freshness=tuple(line.text for line in page.all("p", class_="freshness")),
        links=tuple(link.attributes["href"] for link in page.all("a")),
    )


def kind_of(address):
    """What addresses of one kind have in common: the path without whom it names, and which questions it asks.

    Filters, orders and spans of time multiply: of each kind, `OF_A_KIND` are asked for, and of each path `OF_A_PATH`.
    Only what leads through the whole archive, one page of a list after another, has no kind.
    """
    path, _, query = address.partition("?")
    asked = [name for name, _ in parse_qsl(query)]
    if asked in ([], ["before"]) and not path.endswith("/document.txt") and not path.startswith("/signals/"):
        return None
    path = re.sub(r"/signals/(\w+):[^/]+/", r"/signals/\1/", path)
    return re.sub(r"/[\w:.-]*(?:\d{6,}|[A-Z]DEMO\b)[\w:.-]*/", "/*/", path), *sorted(asked)


def enough(kinds, kind):
    return kinds[kind] == OF_A_KIND or kinds[kind[0]] == OF_A_PATH


def left_closed(address):
    """The key in the address of a filing or insider that this walk does not open; None where it is opened."""
    named = re.fullmatch(r"/(?:filings|insiders)/([\d-]*(\d))/", address)
    return named[1] if named and named[2] != "0" else None


@pytest.fixture(scope="module")
def walked(demo_rows, django_db_blocker):
    """Every page that links lead to from home, search and each party: address -> what it answered."""
    client, found, kinds = Client(), {}, Counter()
    ahead = deque(["/", "/search/?q=demo", "/search/?q=zzzz"])
    with django_db_blocker.unblock():
        there = {*Filing.objects.values_list("accession", flat=True), *Insider.objects.values_list("cik", flat=True)}
        ahead += [f"/issuers/{cik}/" for cik in Issuer.objects.values_list("cik", flat=True)]
        ahead += [f"/insiders/{cik}/" for cik in Insider.objects.values_list("cik", flat=True)]
        while ahead:
            address = ahead.popleft()
            kind = kind_of(address)
            if address in found or address.startswith(OWN) or (kind and enough(kinds, kind)):
                continue
            kinds.update([kind, kind and kind[0]])
            if key := left_closed(address):
                found[address] = Seen(200 if key in there else 404, queries=0)
                continue
            found[address] = seen = visit(client, address)
            inside = [link for link in seen.links if not link.startswith(("https://", "#"))]
            ahead += [urljoin(address, link).partition("#")[0] for link in inside]
    return found


def pages_of(walked, beginning):
    return {address: seen for address, seen in walked.items() if seen.is_page and address.startswith(beginning)}


def test_no_link_leads_nowhere(walked):
    assert len(walked) > 600
    assert {address: seen.status for address, seen in walked.items() if seen.status != 200} == {}


def test_links_lead_to_every_filing(walked):
    keys = Filing.objects.values_list("accession", flat=True)
    assert [key for key in keys if f"/filings/{key}/" not in walked] == []


def test_no_page_costs_more_queries_than_it_may(walked):
    allowed = {address: LIMITS.get(f"/{address.split('/')[1]}/", MOST) for address in walked}
    allowed |= {at: allowed[at] + len(parse_qsl(at.partition("?")[2])) for at in walked if at.startswith("/screen/?")}
    assert {at: seen.queries for at, seen in walked.items() if seen.queries > allowed[at]} == {}


def test_every_page_is_sound_html_without_a_missing_value(walked):
    assert {address: seen.breaches for address, seen in walked.items() if seen.breaches} == {}
    missing = re.compile(r"(?<!If-)\bNone\b(?! (of|here|found|ticked)\b)")
    told = {
        at: seen.text[found.start() - 40 : found.end() + 40]
        for at, seen in walked.items()
        if (found := missing.search(seen.text))
    }
    assert told == {}


@pytest.mark.parametrize("beginning", ["/filings/", "/issuers/", "/insiders/"])
def test_every_page_of_one_invented_thing_says_that_it_is_invented(walked, beginning):
    pages = pages_of(walked, beginning)
    assert len(pages) > 10
    silent = [at for at, seen in pages.items() if not any(notice.startswith("Invented.") for notice in seen.notices)]
    assert silent == []


def test_every_invented_filing_in_any_list_bears_the_mark(walked):
    entries = [entry for seen in walked.values() for entry in seen.entries]
    assert len(entries) > 1000
    assert [entry for entry in entries if "invented" not in entry] == []


def test_every_list_says_how_fresh_it_is_and_that_it_holds_invented_filings(walked):
    newest = f"{Filing.objects.aggregate(newest=Max('listed_on'))['newest']:%-d %B %Y}"
    lists = {
        at: seen for at, seen in pages_of(walked, "/").items() if not re.match("/(filings|search|codes/.|api/)", at)
    }
    assert {address: len(seen.freshness) for address, seen in lists.items() if len(seen.freshness) != 1} == {}
    for address, seen in lists.items():
        assert f"Newest filing here: {newest}." in seen.freshness[0], address
        assert SAYS_SO in seen.freshness[0], address


def test_no_invented_filing_offers_the_page_of_the_sec_that_it_cannot_have(walked):
    outside = [
        link for seen in pages_of(walked, "/filings/").values() for link in seen.links if link.startswith("http")
    ]
    assert outside == []


def test_a_real_filing_beside_them_bears_no_mark_and_the_archive_still_says_that_some_are_invented(client):
    publish(received(made_up()))
    page = read(client.get("/?before=2025-03-07,0000000000-00-000000"))
    entries = [entry.text for entry in page.all("li", class_="entry")]
    (real,) = [words for words in entries if "Plain issuer (FICTIONAL)" in words]
    assert "invented" not in real
    assert SAYS_SO in squeezed(page.text)
