"""A new filing is read without its whole issuer, and what is stored is what reading the whole issuer would store."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db.models import F

from filings.models import Completeness, Filing, Issuer, Line
from filings.services.keep import Received
from filings.services.load import files_below, load, load_received
from signals.models import IssuerState, Signal, Trade
from signals.readings.trades import issuer_reading
from signals.selectors import histories, outlines
from signals.selectors.histories import facts_of
from signals.services import read, read_news
from signals.services.read import read_issuers
from tests.archive import make
from tests.archive.held_back import NOBODY, bring_back, hold_back
from tests.filings.services.papers import accession, sale, submission, xml
from tests.signals.services.stored import as_signals_cite, cited
from tests.signals.services.test_read import ISSUER, bought, told

pytestmark = [pytest.mark.db_and_celery, pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(autouse=True)
def few_are_enough(monkeypatch):
    monkeypatch.setattr(read_news, "FEWEST", 10)


@pytest.fixture
def whole(monkeypatch) -> list[str]:
    """The issuers that were read whole."""
    seen: list[str] = []
    all_facts = read.facts_of

    def facts_of(issuers):
        seen.extend(issuers)
        return all_facts(issuers)

    monkeypatch.setattr(read, "facts_of", facts_of)
    return seen


@pytest.fixture
def issuer(tmp_path: Path) -> str:
    """One with the trades of some years."""
    make.one_issuer(filings=150, out=tmp_path, seed=3)
    assert not load(paths=files_below([str(tmp_path)])).failed
    return Issuer.objects.exclude(cik=NOBODY).get().cik


def assert_as_if_read_whole(issuer: str) -> None:
    again = read_issuers(issuers=[issuer])
    assert (again.changed, again.signals) == ([], [])
    assert cited() == as_signals_cite()


def test_one_by_one_and_in_any_order_they_come_to_what_reading_all_comes_to(issuer, whole):
    held = hold_back(issuer, 40)
    late = random.Random(1).sample(held, 8)
    read_issuers(issuers=[issuer])
    by_themselves = 0
    for brought in bring_back(issuer, [one for one in held if one not in late] + late):
        whole.clear()
        outcome = read_issuers(issuers=[issuer], only_owed=True)
        assert brought in outcome.changed
        by_themselves += not whole
        assert_as_if_read_whole(issuer)
    assert by_themselves > 20
    assert Signal.objects.filter(issuer=issuer).exists()


def test_a_price_that_cannot_be_is_doubted_without_reading_all(issuer, whole):
    held = hold_back(issuer, 40)
    sold = Line.objects.filter(filing__in=held, kind="transaction", table="I", code__in=("P", "S"), price__gt=0)
    odd = sold.earliest("filing").filing_id
    sold.filter(filing=odd).update(price=F("price") * 1_000)
    read_issuers(issuers=[issuer])
    whole.clear()
    next(bring_back(issuer, [odd]))
    assert odd in read_issuers(issuers=[issuer], only_owed=True).changed
    assert not whole
    assert any("bad_price" in trade.reasons for trade in Trade.objects.filter(filing=odd))
    assert_as_if_read_whole(issuer)


class TestPricesThatAreStored:
    """They come to what the facts put on the tape, whatever of it is stored."""

    def assert_as_told(self, issuer: str) -> None:
        stored = outlines.told_prices(issuer)
        quotes = issuer_reading(facts_of([issuer]).histories[issuer]).quotes
        assert Counter(one.quote for one in stored if one.stands) == Counter(quotes)
        assert quotes

    @pytest.fixture
    def asked(self, monkeypatch) -> list[set[str]]:
        """The filings whose facts were asked."""
        seen: list[set[str]] = []

        def facts_among(accessions):
            seen.append(set(accessions))
            return histories.facts_among(accessions)

        monkeypatch.setattr(outlines, "facts_among", facts_among)
        return seen

    def test_of_an_issuer_of_some_years(self, issuer, asked):
        read_issuers(issuers=[issuer])
        self.assert_as_told(issuer)
        assert sum(map(len, asked)) < 15

    def test_facts_are_asked_where_the_trade_does_not_tell_what_its_rows_say(self, db, asked):
        papers = {
            1: [bought(10, price=10), bought(10, row=2, price=12)],  # 11 on average
            2: [bought(10, price=11), bought(10, row=2, price=10), bought(10, row=3, price=12)],
            3: [bought(None, price=10)],
            4: [bought(10, price=None), bought(10, row=2, price=12)],
            5: [bought(10, price=0), bought(10, row=2, price=12, transaction_date=date(2024, 6, 1))],
        }
        load_received(received=[told(number, lines=lines) for number, lines in papers.items()])
        read_issuers(issuers=[ISSUER])
        self.assert_as_told(ISSUER)
        assert asked == [{accession(2), accession(3)}]


def test_what_cannot_be_read_by_itself_is_read_whole(issuer, whole):
    held = hold_back(issuer, 12)
    reported = Filing.objects.filter(accession__in=held, form="4").values_list("accession", flat=True)
    first, second, third, *_ = sorted(reported)
    read_issuers(issuers=[issuer])

    def read_the_news(brought: str) -> bool:
        """Whether by itself."""
        whole.clear()
        next(bring_back(issuer, [brought]))
        assert brought in read_issuers(issuers=[issuer], only_owed=True).changed
        return not whole

    assert read_the_news(first)
    Issuer.objects.filter(cik=issuer).update(ticker="OTHER")  # which stands in every signal
    assert not read_the_news(second)
    IssuerState.objects.update(read_on="2020-01-01")  # time alone may have changed others' signals
    assert not read_the_news(third)
    Filing.objects.filter(accession=third).update(published_at=Filing.objects.get(pk=second).published_at)
    whole.clear()
    read_issuers(issuers=[issuer], only_owed=True)  # what was read before is published anew
    assert whole


def test_no_cluster_is_told_of_a_filing_that_came_meanwhile_and_is_not_read(db, monkeypatch, whole):
    """Insiders who buy together file within minutes of each other, while the first filings are read."""

    def paper(number: int, on: date, cik: int) -> Received:
        shares = {"shares": Decimal(10_000), "shares_owned_following": Decimal(50_000)}
        line = bought(**shares, price=Decimal(20), transaction_date=on)
        owners = [(cik, f"TRADER {chr(65 + cik % 10)}")]
        filed = {"filed": on, "accepted": f"{on:%Y%m%d}{160000 + number}"}
        content = submission(number, xml(lines=[line], owners=owners, period=on), **filed)
        return Received(accession(number), content, "tests", Completeness.ACCEPTED)

    first, last = date(2022, 1, 3), date(2024, 6, 3)
    load_received(received=[paper(number, first + timedelta(days=30 * number), 9000310) for number in range(1, 12)])
    read_issuers(issuers=[ISSUER])
    load_received(received=[paper(20 + number, last, 9000320 + number) for number in range(3)])

    def facts_of_more(issuers):
        load_received(received=[paper(30, last, 9000330)])
        return facts_of(issuers)

    monkeypatch.setattr(read_news, "facts_of", facts_of_more)
    read_issuers(issuers=[ISSUER], only_owed=True)
    cluster = Signal.objects.get(issuer=ISSUER, kind="cluster_buy")
    stored = set(Trade.objects.values_list("filing_id", flat=True))
    assert {trade["accession"] for trade in cluster.trades} <= stored
    assert whole


@pytest.mark.parametrize("seed", [1, 4])
def test_clusters_are_found_among_all_without_putting_all_into_words_again(db, whole, seed):
    """Seven insiders deal at random, some within days of each other; some change their names, or file with a fund."""
    chance = random.Random(seed)
    names = {9000300 + number: f"TRADER {chr(65 + number)}" for number in range(7)}
    days = sorted(chance.sample(range(700), 20)) + sorted(chance.sample(range(705, 760), 24))
    papers = []
    for number, day in enumerate(days, start=1):
        on = date(2022, 1, 3) + timedelta(days=day)
        cik = chance.choice([*names])
        if chance.random() < 0.15:
            names[cik] = f"{names[cik]} JR"
        deed = bought if chance.random() < (0.95 if number > 20 else 0.6) else sale
        shares = Decimal(chance.randint(100, 9_000))
        line = deed(shares=shares, price=Decimal(20), transaction_date=on, shares_owned_following=50_000 + shares)
        owners = [(cik, names[cik]), *([(9000399, "FUND LP")] if chance.random() < 0.2 else [])]
        filed = on + timedelta(days=1)
        content = submission(
            number, xml(lines=[line], owners=owners, period=on), filed=filed, accepted=f"{filed:%Y%m%d}163000"
        )
        papers.append(Received(accession(number), content, "tests", Completeness.ACCEPTED))
    load_received(received=papers[:20])
    read_issuers(issuers=[ISSUER])
    by_themselves, clusters = 0, set()
    for one in papers[20:]:
        load_received(received=[one])
        whole.clear()
        outcome = read_issuers(issuers=[ISSUER], only_owed=True)
        assert one.accession in outcome.changed
        if not whole:
            by_themselves += 1
            clusters |= {key for key in outcome.signals if key.startswith("cluster_")}
        assert_as_if_read_whole(ISSUER)
    assert by_themselves > 15
    assert clusters
