"""An issuer's page over the demo archive: found by what one knows of it, and complete to the last filing and line."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from filings.models import Filing, FilingOwner, Issuer, IssuerTicker, Line
from signals.models import Trade
from signals.selectors.latest import PAGE_SIZE
from tests.pages.reading import read

pytestmark = [pytest.mark.db_and_celery, pytest.mark.usefixtures("demo")]
MOST_QUERIES = 10
PART = {"HX-Request": "true", "HX-Target": "filings"}


def issuer_of(symbol):
    return Issuer.objects.get(ticker=symbol)


def walk(client, address, path, **how):
    """The pages from `address` on, by the links a reader would follow."""
    pages = []
    while address:
        pages.append(read(client.get(address, **how)))
        older = pages[-1].all("a", rel="next")
        address = path + older[0].attributes["href"] if older else None
    return pages


def rows_of(page, label):
    return [cell.text for cell in page.all("td", data_label=label)]


@pytest.mark.parametrize("key", ["HLDNDEMO", "hldndemo", "HldnDemo", "9990000114"])
def test_an_issuer_is_found_by_symbol_in_any_case_and_by_cik(client, key):
    page = read(client.get(f"/issuers/{key}/"))
    assert page.all("h1")[0].text == "Halden Photonics Inc. (Demo) HLDNDEMO"


def test_a_renamed_issuer_shows_both_names_and_symbols_with_their_time(client):
    page = read(client.get("/issuers/HLDNDEMO/"))
    section = page.all("section", aria_labelledby="names")[0].text
    now, before = section.index("Halden Photonics Inc. (Demo)"), section.index("Fenwick Optical Corp. (Demo)")
    assert now < section.index("HLDNDEMO") < before < section.index("FNWKDEMO")


def test_an_issuer_that_was_never_renamed_has_no_table_of_names(client):
    assert read(client.get("/issuers/QLMKDEMO/")).all("section", aria_labelledby="names") == []


def test_the_insiders_are_all_who_ever_filed_with_their_role_and_number_of_filings(client):
    issuer = issuer_of("QLMKDEMO")
    page = read(client.get("/issuers/QLMKDEMO/"))
    owners = FilingOwner.objects.filter(filing__issuer=issuer)
    shown = dict(zip(rows_of(page, "Name"), rows_of(page, "Filings"), strict=True))
    wanted = {
        owner.name: str(owners.filter(insider_id=owner.insider_id).values("filing").distinct().count())
        for owner in owners
    }
    assert shown == wanted
    roles = dict(zip(rows_of(page, "Name"), rows_of(page, "Relationship"), strict=True))
    assert roles["Varga Ilona (Demo)"] == "Chief Executive Officer, Director"


def test_a_walk_through_its_filings_meets_each_once_newest_first(client):
    issuer = issuer_of("QLMKDEMO")
    pages = walk(client, "/issuers/QLMKDEMO/", "/issuers/QLMKDEMO/")
    links = [link.attributes["href"] for page in pages for link in page.all("a", class_="entry__issuer")]
    met = [link.split("/")[2] for link in links if link.startswith("/filings/")]  # the others are signals
    wanted = Filing.objects.filter(issuer=issuer).latest_first().values_list("accession", flat=True)
    assert len(met) > 2 * PAGE_SIZE
    assert met == list(wanted)


def test_a_walk_through_its_lines_meets_each_transaction_once(client):
    issuer = issuer_of("VRLNDEMO")
    pages = walk(client, "/issuers/VRLNDEMO/?show=lines", "/issuers/VRLNDEMO/", headers=PART)
    links = [link.attributes["href"] for page in pages for link in page.all("a")]
    met = [link for link in links if link.startswith("/filings/")]
    lines = Line.objects.filter(filing__issuer=issuer, kind="transaction")
    assert len(pages) > 1
    assert sorted(met) == sorted(f"/filings/{line.filing_id}/#{line.anchor}" for line in lines)


@pytest.mark.parametrize("show", ["filings", "lines"])
def test_the_part_for_htmx_is_the_listing_of_the_page_and_costs_less(client, show):
    address = f"/issuers/QLMKDEMO/?show={show}"
    whole = client.get(address).content.decode()
    with CaptureQueriesContext(connection) as queries:
        part = client.get(address, headers=PART).content.decode()
    listing, beside = part.split('<nav class="choices"')
    assert listing.strip() in whole
    assert 'hx-swap-oob="true"' in beside
    assert "<h1" not in part
    assert len(queries) < MOST_QUERIES


@pytest.mark.parametrize("symbol", ["QLMKDEMO", "TDWKDEMO", "VRLNDEMO", "HSKWDEMO", "HLDNDEMO"])
def test_every_chart_has_its_numbers_and_every_mark_its_sentence(client, symbol):
    page = read(client.get(f"/issuers/{symbol}/"))
    charts = page.all("figure", class_="chart")
    assert [chart.attributes["id"] for chart in charts][:2] == ["trades", "months"]
    for chart in charts:
        assert page.by_id(f"{chart.attributes['id']}-numbers").tag == "details"
    marks = [element for element in page.all("a") if element.attributes.get("class", "").startswith("mark ")]
    assert marks
    for mark in marks:
        assert re.search(r" on \d+ \w+ 20\d\d(, under a plan)?$|\$\S+ together|: (bought|sold) \$", mark.text), (
            mark.text
        )
        assert re.match(r"/filings/9990000001-|\?show=trades&since=20", mark.attributes["href"])


def test_an_issuer_whose_insiders_never_traded_says_so_where_its_charts_would_be(client):
    (trades, *_) = read(client.get("/issuers/BXIFDEMO/")).all("figure", class_="chart")
    assert "No trades of these kinds in these years." in trades.text


def test_the_table_behind_the_trades_tells_of_every_purchase_and_sale(client):
    counted = Trade.objects.filter(issuer=issuer_of("TDWKDEMO"), counted=True, traded_on__year=2026)
    numbers = read(client.get("/issuers/TDWKDEMO/")).by_id("trades-numbers").text
    makers = counted.values("decision_maker")
    names = set(FilingOwner.objects.filter(insider__in=makers).values_list("name", flat=True))
    assert len(names) > 3
    assert {name for name in names if name not in numbers} == set()


def test_every_issuer_of_the_archive_has_a_sound_page_within_ten_queries(client):
    for cik in Issuer.objects.values_list("cik", flat=True):
        with CaptureQueriesContext(connection) as queries:
            response = client.get(f"/issuers/{cik}/")
        page = read(response)
        assert (response.status_code, page.breaches()) == (200, []), cik
        assert "None" not in page.by_id("main").text, cik
        assert len(queries) <= MOST_QUERIES, (cik, [query["sql"][:120] for query in queries])


@pytest.mark.parametrize("key", ["AAPL", "FNWKDEMO0", "9990009999"])
def test_an_issuer_that_is_not_here_is_named_and_can_be_searched_for(client, key):
    response = client.get(f"/issuers/{key}/")
    page = read(response)
    assert response.status_code == 404
    assert f"No issuer {key} is in this archive." in page.text
    assert page.all("input", name="q")[0].attributes["value"] == key


def test_the_sec_s_own_symbol_and_exchange_stand_beside_the_filed_one(client):
    cik = issuer_of("HLDNDEMO").cik
    IssuerTicker.objects.create(cik=cik, ticker="OLD", exchange="NYSE", since=date(2020, 1, 1), until=date(2024, 1, 1))
    assert "file of tickers" not in client.get("/issuers/HLDNDEMO/").content.decode()

    IssuerTicker.objects.create(cik=cik, ticker="HLDX", exchange="Nasdaq", since=date(2024, 1, 2))

    with CaptureQueriesContext(connection) as queries:
        page = client.get("/issuers/HLDNDEMO/").content.decode()
    assert "HLDX on Nasdaq" in page
    assert len(queries) <= MOST_QUERIES
