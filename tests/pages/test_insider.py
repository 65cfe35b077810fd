"""An insider's page over the demo archive: under every name, at every issuer, with what was last reported held."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from filings.models import Filing, FilingOwner, Insider, InsiderName, Line
from signals.choice import Choice
from signals.models import Trade
from signals.readings.habits import Deed, habits_of
from signals.readings.vocabulary import MARKET
from signals.selectors.insiders import along_of, insider_along
from signals.selectors.seats import seats_of
from tests.pages.demo import accessions_of
from tests.pages.reading import read

pytestmark = [pytest.mark.db_and_celery, pytest.mark.usefixtures("demo")]
MOST_QUERIES = 10


def cik_of(name):
    return InsiderName.objects.get(name=f"{name} (Demo)").insider_id


def page_of(client, name, more=""):
    return read(client.get(f"/insiders/{cik_of(name)}/{more}"))


def rows_of(page, label):
    return [cell.text for cell in page.all("td", data_label=label)]


def test_one_person_under_two_names_has_one_page_that_says_both(client):
    assert cik_of("Royce Bianca") == cik_of("Castellane Bianca")
    page = page_of(client, "Castellane Bianca")
    assert page.all("h1")[0].text == "Royce Bianca (Demo)"
    assert "Earlier namesCastellane Bianca (Demo)" in page.all("dl", class_="facts")[0].text
    links = {link.attributes["href"] for link in page.all("a", class_="entry__issuer")}
    assert {f"/filings/{accession}/" for accession in accessions_of("married_name")} <= links


def test_one_person_at_two_issuers_has_a_row_for_each_and_nothing_added_up(client):
    cik = FilingOwner.objects.filter(filing__in=accessions_of("one_person_at_two_issuers")).first().insider_id
    page = read(client.get(f"/insiders/{cik}/"))
    assert sorted(rows_of(page, "Issuer")[:2]) == [
        "Dunmarrow Holdings Inc. (Demo) DNMRDEMO",
        "Saltbridge Logistics Inc. (Demo) SLTBDEMO",
    ]
    assert len(set(rows_of(page, "Relationship"))) == 2


def test_a_last_known_holding_is_the_last_row_of_its_line_and_leads_to_it(client):
    cik = cik_of("Varga Ilona")
    lines = Line.objects.filter(filing__owners__insider_id=cik, table="I", shares_owned_following__isnull=False)
    last = lines.filter(ownership="D").order_by("filing__listed_on", "filing_id", "position").last()
    page = read(client.get(f"/insiders/{cik}/"))
    assert rows_of(page, "Amount")[0] == f"{last.shares_owned_following:,.0f}"
    assert page.all("a", href=f"/filings/{last.filing_id}/#{last.anchor}")


def test_direct_and_indirect_holdings_stand_on_lines_of_their_own(client):
    cik = Line.objects.filter(ownership="I", filing__owners__is_director=True).first().filing.owners.first().insider_id
    page = read(client.get(f"/insiders/{cik}/"))
    held = rows_of(page, "Held")
    assert "directly" in held
    assert [words for words in held if words != "directly"]


def test_what_ended_stands_apart_from_what_is_held(client):
    seen = 0
    for cik in Insider.objects.values_list("cik", flat=True):
        page = read(client.get(f"/insiders/{cik}/"))
        (held,) = page.all("section", aria_labelledby="held")
        for ended in page.all("details", class_="disclosure"):
            if "last reported at zero" in ended.text:
                seen += 1
                assert held.text.endswith(ended.text)
        amounts = rows_of(page, "Amount")
        zeros = [place for place, amount in enumerate(amounts) if amount in ("0", "$0")]
        assert zeros == list(range(len(amounts) - len(zeros), len(amounts))), cik
    assert seen > 3


def test_the_filings_are_those_that_name_the_insider_each_once(client):
    cik = cik_of("Orchardvale Capital Management LP")
    wanted = Filing.objects.filter(owners__insider_id=cik).distinct().latest_first()
    page = read(client.get(f"/insiders/{cik}/"))
    listed = [link.attributes["href"].split("/")[2] for link in page.all("a", class_="entry__issuer")]
    assert listed == list(wanted.values_list("accession", flat=True))[: len(listed)]
    assert rows_of(page, "Filings") == [str(wanted.count())]


def test_the_lines_are_the_transactions_of_those_filings(client):
    cik = cik_of("Royce Bianca")
    page = read(client.get(f"/insiders/{cik}/?show=lines", headers={"HX-Request": "true", "HX-Target": "filings"}))
    lines = Line.objects.filter(filing__owners__insider_id=cik, kind="transaction")
    met = [link.attributes["href"] for link in page.all("a") if link.attributes["href"].startswith("/filings/")]
    assert sorted(met) == sorted(f"/filings/{line.filing_id}/#{line.anchor}" for line in lines)


def test_the_chart_of_a_position_has_its_numbers_and_says_that_splits_are_not_undone(client):
    page = page_of(client, "Varga Ilona")
    (chart,) = page.all("figure", id="position")
    assert "not adjusted for splits" in chart.text
    assert "565,000" in page.by_id("position-numbers").text


def test_every_insider_of_the_archive_has_a_sound_page_within_ten_queries(client):
    for cik in Insider.objects.values_list("cik", flat=True):
        with CaptureQueriesContext(connection) as queries:
            response = client.get(f"/insiders/{cik}/")
        page = read(response)
        assert (response.status_code, page.breaches()) == (200, []), cik
        assert "None" not in page.by_id("main").text, cik
        assert len(queries) <= MOST_QUERIES, cik


def test_an_insider_is_found_only_by_the_whole_number(client):
    cik = cik_of("Varga Ilona")
    assert client.get(f"/insiders/{cik}/").status_code == 200
    response = client.get(f"/insiders/{cik[:-1]}/")
    assert response.status_code == 404
    assert f"No insider {cik[:-1]} is in this archive." in read(response).text


def test_habits_plans_and_stakes_are_those_of_the_standing_trades_one_by_one():
    """PostgreSQL adds them up; here the same is told from the trades themselves."""
    seen = 0
    for insider in Insider.objects.all():
        along = insider_along(along_of(int(insider.cik)), seats_of(int(insider.cik)), Choice())
        trades = Trade.objects.filter(owners__contains=[insider.cik], standing=True, traded_on__isnull=False)
        market = trades.filter(counted=True, kind__in=MARKET)
        deeds = [
            Deed(
                one.issuer_id, "bought" if "buy" in one.kind else "sold", one.traded_on, one.value,
                one.kind.startswith("planned_"),
            )
            for one in market
        ]  # fmt: skip
        assert [row.habit for row in along.habits] == habits_of(deeds), insider
        assert along.plans.trades == len(deeds)
        assert list(along.plans.adopted) == sorted({one.plan_adopted_on for one in market} - {None}, reverse=True)
        if along.position is None:
            continue
        (line,) = along.position.lines
        told: dict = {}
        for one in trades.filter(table="I", stake_after__isnull=False).order_by("traded_on", "filing", "number"):
            told.setdefault((one.issuer_id, one.security_class), []).append(one)
        most = max(len(of) for of in told.values())
        wanted = [
            list({(one.traded_on, one.filing_id): one.stake_after for one in of}.items())
            for (_, name), of in told.items()
            if name == line.name and len(of) == most
        ]
        assert [((report.on, report.href.split("/")[2]), report.shares) for report in line.reports] in wanted, insider
        seen += 1
    assert seen > 10
