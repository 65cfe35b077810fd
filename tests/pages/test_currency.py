"""A price in another currency is never added to dollars, nor shown with a dollar sign."""

from __future__ import annotations

from dataclasses import replace

import pytest

from filings.models import Line
from signals.selectors.currency import priced_in_doubt, with_doubts
from tests.pages.archive import made_up, publish, received, traded
from tests.pages.demo import accessions_of
from tests.pages.reading import read

pytestmark = pytest.mark.db_and_celery


def doubted(note, *, field="price"):
    """Whether a line whose `field` bears this footnote has its price in doubt."""
    document = made_up()
    (line, *_) = document.lines
    line = replace(line, footnotes={field: ("F1",)})
    publish(received(replace(document, lines=(line,), footnotes={"F1": note})))
    return Line.objects.filter(priced_in_doubt()).exists()


@pytest.mark.parametrize(
    "note",
    ["The price is in Japanese yen: JPY 1,983 per share.", "Paid in EUROS.", "CAD 12.50", "C$12.50 a share", "£3.20",
     "Converted from Swiss francs at the rate of the day.", "The price is 41,000 Korean won."],
)  # fmt: skip
def test_a_footnote_on_the_price_that_names_another_currency_leaves_it_in_doubt(db, note):
    assert doubted(note)


@pytest.mark.parametrize(
    "note",
    ["A weighted average of $41.10 to $41.40.", "He won it. US$ 5.", "The Yenning Trust bought.", "", "50% of EURX"],
)  # fmt: skip
def test_other_words_do_not(db, note):
    assert not doubted(note)


def test_a_currency_in_a_footnote_on_another_cell_says_nothing_of_the_price(db):
    assert not doubted("Shares listed in Tokyo, quoted in yen.", field="security_title")


def test_a_purchase_in_yen_is_told_without_a_dollar_sign_everywhere(client, demo):
    (accession,) = accessions_of("home_market_purchase")
    line = Line.objects.get(filing=accession)
    wrong = f"{line.shares * line.price:,.0f}"
    filing = line.filing
    addresses = [
        f"/filings/{accession}/", f"/issuers/{filing.issuer_id}/", f"/insiders/{filing.owners.first().insider_id}/",
    ]  # fmt: skip
    for address in addresses:
        page = read(client.get(address))
        assert wrong not in page.by_id("main").text, address
    assert "another currency" in read(client.get(addresses[0])).text
    counted = read(client.get(f"/issuers/{filing.issuer_id}/?show=trades&side=bought"))
    assert "in another currency" in counted.by_id("filings").text  # left out of what was bought, and why
    lines = read(client.get(f"/issuers/{filing.issuer_id}/?show=lines"))
    assert f"{line.price:,f}, see its note" in [cell.text for cell in lines.all("td", data_label="Price")]


def test_no_chart_of_counted_trades_has_it(client, demo):
    (accession,) = accessions_of("home_market_purchase")
    filing = Line.objects.get(filing=accession).filing
    page = read(client.get(f"/issuers/{filing.issuer_id}/?kinds=all&years=5"))
    marks = [link for link in page.all("a") if "mark" in link.attributes.get("class", "")]
    assert [link for link in marks if accession in link.attributes["href"]] == []


def test_dollars_stay_dollars(db):
    publish(received(traded()))
    line = Line.objects.first()
    assert not any(line.in_doubt for line in with_doubts(line.filing))
