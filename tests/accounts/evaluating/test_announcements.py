"""What programs are told of filings, amendments and signals, and how often."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from accounts.models import Delivery, DeliveryStatus
from accounts.news import CHANGED, RAISED
from accounts.services.outbox import LONGEST_KEY
from signals.models import Signal
from tests.accounts.evaluating.conftest import (
    LATER,
    NOW,
    amended,
    bought,
    buyer,
    cluster,
    evaluate,
    hook_of,
    owed,
    paper,
    publish,
)
from tests.filings.services.papers import accession, sale

pytestmark = [pytest.mark.db_and_celery, pytest.mark.django_db]
IN_THREE_DAYS = NOW + timedelta(days=3)


def test_a_filing_is_told_with_its_reference(hook, settings):
    settings.BASE_URL = "https://form4site.example"
    publish(paper(1, lines=(bought(5000),)))
    evaluate()
    (told,) = owed("TransactionFiled")
    headline = told.pop("Headline")
    assert "bought" in headline
    assert told == {
        "FilingId": int(accession(1).replace("-", "")),
        "AccessionNumber": accession(1),
        "Form": "4",
        "IssuerCik": "0009000100",
        "Ticker": "ANVL",
        "CompanyName": "Invented Anvils Inc",
        "FiledAt": "2024-05-03T20:30:00Z",
        "Url": f"https://form4site.example/filings/{accession(1)}/",
    }
    delivery = Delivery.objects.get(event="TransactionFiled")
    assert (delivery.subject_key, delivery.link) == (accession(1), f"/filings/{accession(1)}/")
    assert b", " not in bytes(delivery.payload).replace(headline.encode(), b""), "compact"


@pytest.mark.parametrize("form", ["3", "4", "5", "4/A"])
def test_every_form_is_told_with_its_name(hook, form):
    more = {"date_of_original_submission": date(2024, 5, 1)} if form == "4/A" else {}
    publish(paper(1, form=form, **more))
    evaluate()
    assert [told["Form"] for told in owed("TransactionFiled")] == [form]


def test_only_who_asked_is_told(olive, stan):
    filings, signals = hook_of(olive, events=["TransactionFiled"]), hook_of(stan, events=["SignalRaised"])
    publish(*cluster())
    evaluate()
    assert set(filings.deliveries.values_list("event", flat=True)) == {"TransactionFiled"}
    assert set(signals.deliveries.values_list("event", flat=True)) == {"SignalRaised"}


def test_a_paused_webhook_is_owed_its_replay_and_one_of_a_closed_account_nothing(olive, stan):
    paused, closed = hook_of(olive), hook_of(stan)
    type(paused).objects.filter(pk=paused.pk).update(state="paused")
    stan.is_active = False
    stan.save()
    publish(paper(1))
    evaluate()
    assert set(paused.deliveries.values_list("status", flat=True)) == {DeliveryStatus.FAILED}
    assert not closed.deliveries.exists()


class TestAmended:
    def test_the_rows_that_an_amendment_restates_are_told_once(self, hook):
        publish(paper(1))
        evaluate()
        publish(amended(2, lines=(sale(price=11),)), at=IN_THREE_DAYS)
        evaluate(IN_THREE_DAYS)
        (told,) = owed("FilingAmended")
        assert (told["AccessionNumber"], told["AmendedBy"], told["Revision"]) == (accession(1), accession(2), 2)
        assert told["Superseded"] == [{"Table": "I", "Kind": "transaction", "Row": 1}]
        assert told["Withdrawn"] == []
        publish(amended(3, accepted="20240506170000", lines=(sale(price=12),)), at=IN_THREE_DAYS)
        evaluate(IN_THREE_DAYS)
        assert len(owed("FilingAmended")) == len(
            {(t["AccessionNumber"], t["AmendedBy"]) for t in owed("FilingAmended")}
        )

    def test_an_amendment_of_a_filing_that_came_with_it_is_no_news_of_that(self, hook):
        publish(paper(1), amended(2, accepted="20240503164000", lines=(sale(price=11),)))
        evaluate()
        assert owed("FilingAmended") == []
        assert len(owed("TransactionFiled")) == 2

    def test_an_amendment_of_long_ago_is_history(self, hook):
        publish(paper(1))
        evaluate()
        publish(amended(2, lines=(sale(price=11),)), at=LATER)
        evaluate(LATER)
        assert owed("FilingAmended") == []


class TestSignals:
    def test_a_signal_is_told_with_its_sentence_and_page(self, hook, settings):
        settings.BASE_URL = "https://form4site.example"
        publish(*cluster())
        evaluate()
        signal = Signal.objects.get(kind="cluster_buy")
        (told,) = [told for told in owed("SignalRaised") if told["Kind"] == "cluster_buy"]
        assert (told["SignalId"], told["State"], told["Revision"]) == (signal.key, RAISED, 1)
        assert (told["Sentence"], told["Ticker"], told["InsiderCount"]) == (signal.sentence, "ANVL", 3)
        assert told["Value"] == float(signal.value)
        assert told["Url"].startswith("https://form4site.example/signals/cluster_buy")

    def test_one_that_grows_is_told_again_as_changed(self, hook):
        publish(*cluster())
        evaluate()
        publish(buyer(3, 9, accepted="20240506163000"), at=IN_THREE_DAYS)
        evaluate(IN_THREE_DAYS)
        told = [told for told in owed("SignalRaised") if told["Kind"] == "cluster_buy"]
        assert [(one["State"], one["Revision"], one["InsiderCount"]) for one in told] == [
            (RAISED, 1, 3), (CHANGED, 2, 4),
        ]  # fmt: skip

    def test_an_old_one_that_nobody_was_told_of_is_raised_when_it_grows(self, hook):
        publish(*cluster())
        evaluate(NOW + timedelta(days=4))
        assert owed() == []
        publish(buyer(3, 9, accepted="20240507163000"), at=NOW + timedelta(days=4))
        evaluate(NOW + timedelta(days=4))
        states = [told["State"] for told in owed("SignalRaised") if told["Kind"] == "cluster_buy"]
        assert states == [RAISED]

    def test_a_key_of_any_length_has_its_subject(self, hook):
        publish(*cluster())
        Signal.objects.filter(kind="cluster_buy").update(key="cluster_buy:" + "x" * 500)
        evaluate()
        assert max(map(len, Delivery.objects.values_list("subject_key", flat=True))) <= LONGEST_KEY


class TestClusters:
    def test_a_cluster_is_told_once_an_issuer_and_day_by_the_presets_own_names(self, hook, settings):
        settings.BASE_URL = "https://form4site.example"
        publish(*cluster())
        evaluate()
        (told,) = owed("ClusterBuy")
        assert told == {
            "SignalId": "0009000100:2024-05-01:bought",
            "Ticker": "ANVL",
            "CompanyName": "Invented Anvils Inc",
            "SignalDate": "2024-05-01",
            "InsiderCount": 3,
            "BuySellRatio": 18000.0,
            "IssuerCik": "0009000100",
            "Url": "https://form4site.example/issuers/0009000100/",
        }
        publish(buyer(3, 9))  # it grows on the same day
        evaluate()
        assert len(owed("ClusterBuy")) == 1
        assert owed("ClusterSell") == []

    def test_two_are_no_cluster_and_the_third_makes_it_on_the_day_on_which_all_count(self, hook):
        first, second, third = cluster()
        publish(first, second)
        evaluate()
        assert owed("ClusterBuy") == []
        publish(third)
        evaluate()
        assert [told["InsiderCount"] for told in owed("ClusterBuy")] == [3]

    def test_three_who_sell_are_a_cluster_of_sales_and_plans_count_for_none(self, hook):
        sellers = [paper(n, owners=((9000300 + n, f"SELLER {n}"),), lines=(sale(shares=100 + n),)) for n in range(1, 4)]
        publish(*sellers)
        evaluate()
        assert [told["InsiderCount"] for told in owed("ClusterSell")] == [3]
        planned = [
            paper(
                10 + n, issuer=9000101, issuer_name="Other Anvils Inc", ticker="OTHR", aff10b5_one=True,
                owners=((9000300 + n, f"SELLER {n}"),), lines=(sale(shares=100 + n),),
            )
            for n in range(1, 4)
        ]  # fmt: skip
        publish(*planned)
        evaluate()
        assert len(owed("ClusterSell")) == 1
