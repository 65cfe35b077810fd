"""The pages of signals: what each counted, what it left out and why, and the same by the reader's own numbers."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.urls import reverse

from signals.detectors.catalogue import CATALOGUE
from signals.detectors.thresholds import TABLE
from signals.models import Signal
from signals.selectors.signal_feed import BACKGROUND, PAGE_SIZE, Wanted, feed, wanted

pytestmark = [pytest.mark.db_and_celery, pytest.mark.slow]


def page_of(signal: Signal) -> str:
    return reverse("signals:signal", args=[signal.key])


@pytest.fixture
def cluster(demo) -> Signal:
    found = Signal.objects.filter(kind="cluster_buy").order_by("-known_at").first()
    assert found is not None
    return found


def test_walking_the_feed_shows_every_signal_once(demo):
    asked = Wanted(kinds=tuple(CATALOGUE))
    seen: list[str] = []
    after = ""
    while True:
        page = feed(asked, after)
        seen += [signal.key for signal in page.signals]
        assert len(page.signals) <= PAGE_SIZE
        if page.older is None:
            break
        after = page.older
    assert len(seen) == len(set(seen)) == Signal.objects.count()


def test_the_feed_leaves_the_background_out_until_it_is_asked_for(demo):
    assert not {signal.kind for signal in feed(Wanted()).signals} & set(BACKGROUND)
    assert {signal.kind for signal in feed(Wanted(kinds=("isolated_trade",))).signals} == {"isolated_trade"}


@pytest.mark.parametrize("after", ["", "x", "2026-13-45T99:99:99Z,key", "2026-01-01T00:00:00Z", "\x00,\x00"])
def test_a_place_that_nobody_was_given_is_the_top(demo, client, after):
    assert client.get(f"/signals/?after={quote(after)}").status_code == 200


def test_filters_narrow_to_what_they_say(demo, client):
    asked = wanted({"kind": ["large_purchase"], "role": ["ceo"], "least": ["$500,000"]})
    found = feed(asked, among=Signal.objects.all()).signals
    assert found
    assert [signal.key for signal in feed(asked).signals] == [signal.key for signal in found]
    assert {signal.kind for signal in found} == {"large_purchase"}
    assert all("ceo" in signal.roles and signal.value >= 500_000 for signal in found)


@pytest.mark.parametrize("words", ["1e140000", "1e-20000", "1e999999999", "-1", "nan"])
def test_a_number_beyond_all_dollars_is_named_and_not_asked(client, db, words):
    assert wanted({"least": [words]}).least is None
    response = client.get("/signals/", {"least": words})
    assert (response.status_code, len(response.content) < 100_000) == (200, True)
    assert f"least={words}" in response.content.decode()


def test_what_a_filter_cannot_read_is_said_and_left_out(demo, client):
    response = client.get("/signals/?kind=rumour&least=lots&kind=cluster_buy")
    assert response.status_code == 200
    text = response.content.decode()
    assert "kind=rumour" in text
    assert "least=lots" in text
    assert {signal.kind for signal in response.context["page"].signals} == {"cluster_buy"}


def test_an_empty_result_offers_a_way_on(demo, client):
    text = client.get("/signals/?kind=lockup_sale&least=99999999999").content.decode()
    assert "No signal meets all of these filters" in text


def test_a_signal_shows_the_rows_it_counted_and_links_to_them(client, cluster):
    response = client.get(page_of(cluster))
    text = response.content.decode()
    assert cluster.sentence in response.context["whole"].signal.sentence
    assert cluster.trades
    for cited in cluster.trades:
        table, row = cited["lines"][0]
        assert f"/filings/{cited['accession']}/#{table}-t-{row}" in text
    total = sum(row.trade.value for row in response.context["whole"].counted)
    assert total == cluster.value


def test_every_stored_signal_has_its_page_and_stands_again_by_our_own_numbers(client, demo):
    """One of each kind and mark; a pledge cites a filing as a whole, not a row of it."""
    chosen = {(one.kind, *one.tags): one for one in Signal.objects.order_by("key")}
    assert any("pledge" in signal.tags for signal in chosen.values())
    for signal in chosen.values():
        page = client.get(page_of(signal))
        assert page.status_code == 200, signal.key
        for row in page.context["whole"].counted:
            assert f'/filings/{row.accession}/{"#" if row.anchor else ""}{row.anchor}"' in page.content.decode()
        own = next((row for name, row in TABLE.items() if name.startswith(f"{signal.kind}.")), None)
        if own:
            again = client.get(page_of(signal), {own.name: own.default}).context["again"]
            assert again.same is not None, signal.key


def test_what_was_left_out_says_why(client, demo):
    signal = next(one for one in Signal.objects.order_by("key") if one.excluded)
    rows = client.get(page_of(signal)).context["whole"].left_out
    assert rows
    assert all(row.reason for row in rows)


def test_own_thresholds_compute_the_signal_again_and_change_nothing_stored(client, cluster):
    before = list(Signal.objects.values_list("key", "digest").order_by("key"))
    more = client.get(page_of(cluster), {"cluster_buy.insiders": "40"})
    assert more.context["again"].same is None
    same = client.get(page_of(cluster), {"cluster_buy.insiders": "2"})
    assert same.context["again"].same is not None
    assert list(Signal.objects.values_list("key", "digest").order_by("key")) == before


@pytest.mark.parametrize("words", ["many", "-1", "1e400", "nan", "1.5", "1000000000000"])
def test_a_threshold_that_is_none_is_said_and_not_obeyed(client, cluster, words):
    response = client.get(page_of(cluster), {"cluster_buy.days": words})
    assert response.status_code == 422
    assert "notice--error" in response.content.decode()


def test_a_signal_that_is_undone_is_not_found_and_says_so(client, demo):
    response = client.get("/signals/cluster_buy:0000000001:gone/")
    assert response.status_code == 404


def test_the_summaries_count_what_became_known(client, demo):
    summary = client.get("/signals/last-week/").context["summary"]
    assert sum(count for _, count in summary.counts) == Signal.objects.filter(known_at__gt=summary.since).count()
    assert client.get("/signals/last-year/").status_code == 404


def test_the_market_adds_up_counted_trades_and_no_others(client, demo):
    from signals.models import Trade

    market = client.get("/signals/market/").context["market"]
    counted = Trade.objects.filter(counted=True, filed_on__gte=market.months[0].on)
    assert sum(row.bought + row.sold for row in market.months) == sum(trade.value for trade in counted)
    assert sum(row.purchases + row.sales for row in market.months) == counted.count()


@pytest.mark.parametrize("kind", sorted(CATALOGUE))
def test_every_kind_has_a_page_with_both_sides_of_the_research(client, db, kind):
    text = client.get(f"/learn/signals/{kind}/").content.decode()
    for study in (*CATALOGUE[kind].research_for, *CATALOGUE[kind].research_against):
        assert study.year in text


def test_every_threshold_is_on_the_page_with_its_reason(client, db):
    text = client.get("/learn/thresholds/").content.decode()
    assert all(name in text for name in TABLE)
