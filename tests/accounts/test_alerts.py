"""Alerts: who is told of what, once, with the reason, and told again where it holds no more."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.utils import timezone

from accounts.models import Channel, Delivery, Evaluation, Match, SavedScreen
from accounts.services import alerts, screens
from accounts.services.evaluate import evaluate_owed
from accounts.services.live_screens import LiveScreens, live
from signals.criteria import from_query
from signals.models import Reading, Signal, Trade
from signals.services import citations
from tests.accounts.screens_archive import AFTER, BEFORE, ISSUER, ask, bought, publish
from tests.filings.services.papers import accession, sale

pytestmark = [pytest.mark.db_and_celery, pytest.mark.django_db]


@pytest.fixture
def keep(olive):
    EmailAddress.objects.create(user=olive, email=olive.email, verified=True, primary=True)

    def save(query: str, *, owner=olive, now: datetime = BEFORE, **fields: str) -> SavedScreen:
        return screens.save(owner=owner, name=fields.pop("name", query), criteria=from_query(query), now=now, **fields)

    return save


def told(screen: SavedScreen) -> list[tuple[str, int, bool]]:
    return list(Match.objects.filter(screen=screen).order_by("pk").values_list("subject", "revision", "standing"))


def inbox(user) -> list[Delivery]:
    return list(Delivery.objects.filter(channel__user=user, channel__kind="inbox").order_by("pk"))


class TestOnce:
    def test_a_filing_tells_the_screens_that_it_meets_and_no_other(self, keep):
        meets, meets_not = keep("side=bought&min_value=10000"), keep("side=sold")
        publish(1, lines=[bought(1000)])
        assert ask() == 1
        assert told(meets) == [(f"{accession(1)} 1", 1, True)]
        assert told(meets_not) == []

    def test_asked_again_in_any_way_it_tells_nobody_twice(self, keep):
        keep("side=bought")
        publish(1, lines=[bought(1000)])
        ask()
        before = (list(Match.objects.values()), Delivery.objects.count())
        assert ask() == 0
        alerts.ask_of_filing(accession=accession(1), known_at=Reading.objects.get().known_at, now=AFTER)
        Evaluation.objects.all().delete()
        ask()
        assert (list(Match.objects.values()), Delivery.objects.count()) == before

    def test_what_was_known_before_the_screen_was_saved_is_not_told(self, keep):
        publish(1, lines=[bought(1000)])
        late = keep("side=bought", now=AFTER)
        ask(AFTER + timedelta(minutes=1))
        assert told(late) == []

    def test_a_screen_that_rests_or_is_gone_or_whose_owner_left_is_not_told(self, keep, stan):
        resting, gone, left = keep("side=bought"), keep("side=bought&min_value=1"), keep("side=bought", owner=stan)
        publish(1, lines=[bought(1000)])
        live.forget()
        live.refresh()
        screens.pause(screen=resting)
        screens.remove(screen=gone)
        stan.is_active = False
        stan.save()
        evaluate_owed(now=AFTER)
        assert told(resting) == told(left) == []
        assert not Match.objects.exists()

    def test_without_a_screen_nothing_is_asked(self, db):
        publish(1, lines=[bought(1000)])
        assert ask() == 0
        assert Evaluation.objects.count() == 1

    def test_one_reading_that_cannot_be_asked_stops_no_other(self, keep, monkeypatch):
        screen = keep("side=bought")
        publish(1, lines=[bought(1000)])
        publish(2, lines=[bought(2000)])
        whole = alerts.ask_of_filing

        def broken(*, accession: str, **named):
            if accession.endswith("1"):
                raise ValueError("of a test")
            return whole(accession=accession, **named)

        monkeypatch.setattr(alerts, "ask_of_filing", broken)
        ask()
        assert [subject for subject, *_ in told(screen)] == [f"{accession(2)} 1"]
        monkeypatch.undo()
        ask(AFTER + timedelta(minutes=1))
        assert len(told(screen)) == 2


class TestWhy:
    def test_an_alert_says_which_criteria_and_which_words_and_where_to_check(self, keep, olive):
        screen = keep("side=bought&min_value=10000", name="Mine")
        hook = Channel.objects.create(
            user=olive,
            kind="webhook",
            name="H",
            address="https://a.example/",
            secret="x",
            event_types=["ScreenMatched"],
        )
        publish(1, lines=[bought(1000)])
        ask()
        (item,) = inbox(olive)
        sentence = Match.objects.get().told["sentence"]
        assert "Mine" in item.title
        assert "ANVL" in item.title
        assert "Bought, for $10,000 or more." in item.text
        assert sentence in item.text
        assert f"/filings/{accession(1)}/#I-t-1" in item.text
        assert f'/filings/{accession(1)}/#I-t-1">' in item.html
        assert item.link == f"/screens/{screen.uid}/"
        payload = json.loads(bytes(Delivery.objects.get(channel=hook).payload))
        assert payload["screen"]["query"] == "side=bought&min_value=10000"
        assert payload["matches"][0]["sentence"] == sentence
        assert Delivery.objects.filter(channel__kind="email").count() == 1

    def test_what_a_stranger_wrote_into_a_filing_is_escaped(self, keep, olive):
        keep("side=bought")
        publish(1, lines=[bought(1000)], issuer_name="<script>alert(1)</script> Inc")
        ask()
        (item,) = inbox(olive)
        assert "<script>" not in item.html
        assert "<script>alert(1)</script> Inc" in item.text

    def test_one_filing_with_many_trades_is_one_alert(self, keep, olive):
        keep("")
        publish(1, lines=[bought(1000), sale(row=2, transaction_date=date(2024, 5, 2))])
        ask()
        assert Match.objects.count() == 2
        assert len(inbox(olive)) == 1


class TestChanges:
    def test_figures_that_change_are_told_as_changed(self, keep, olive):
        screen = keep("side=bought")
        publish(1, lines=[bought(1000)])
        ask()
        publish(1, lines=[bought(2000)])
        ask()
        assert told(screen) == [(f"{accession(1)} 1", 1, True), (f"{accession(1)} 1", 2, True)]
        assert "Changed" in inbox(olive)[-1].html

    def test_what_holds_no_more_is_taken_back_once_and_the_snapshot_stays(self, keep, olive):
        screen = keep("side=bought")
        publish(1, lines=[bought(1000)])
        ask()
        publish(1, lines=[sale()])
        ask()
        publish(1, lines=[sale(shares=77)])
        ask()
        assert told(screen) == [(f"{accession(1)} 1", 1, True), (f"{accession(1)} 1", 2, False)]
        first, second = Match.objects.order_by("pk")
        assert second.told["sentence"] == first.told["sentence"]
        assert "NO LONGER" in inbox(olive)[-1].text

    def test_an_amendment_tells_of_itself_and_takes_back_what_it_corrects(self, keep):
        screen = keep("side=bought")
        publish(1, lines=[bought(1000)])
        ask()
        publish(2, form="4/A", date_of_original_submission=date(2024, 5, 3), lines=[bought(1500)])
        ask()
        assert told(screen)[0] == (f"{accession(1)} 1", 1, True)
        assert set(told(screen)[1:]) == {(f"{accession(1)} 1", 2, False), (f"{accession(2)} 1", 1, True)}

    def test_a_change_that_the_screen_does_not_show_is_quiet(self, keep, olive):
        keep("side=bought")
        publish(1, lines=[bought(1000)])
        ask()
        Reading.objects.update(digest=b"another sixteen.")
        assert ask() == 1
        assert len(inbox(olive)) == 1


class TestGroups:
    def test_a_group_is_told_when_it_first_meets_and_when_more_insiders_join(self, keep):
        screen = keep("side=bought&group=issuer&min_insiders=2&filed_from=2024-05-01")
        for number, owner in ((1, 9000201), (2, 9000202), (3, 9000202), (4, 9000203)):
            publish(number, owners=[(owner, f"INSIDER {owner}")], lines=[bought(1000 + number)])
            ask()
        assert told(screen) == [(f"issuer {ISSUER}", 1, True), (f"issuer {ISSUER}", 2, True)]
        assert [match.told["insiders"] for match in Match.objects.order_by("pk")] == [2, 3]

    def test_a_group_is_taken_back_when_what_made_it_is_corrected_and_told_again_when_it_meets_again(self, keep, olive):
        screen = keep("side=bought&group=issuer&min_insiders=2&filed_days=30")
        publish_two_buyers()
        ask_then()
        publish(1, owners=[(9000201, "INSIDER A")], lines=[sale()])
        ask_then()
        ask_then()
        assert told(screen) == [(f"issuer {ISSUER}", 1, True), (f"issuer {ISSUER}", 2, False)]
        assert "the screen is not met" in inbox(olive)[-1].text
        publish(3, owners=[(9000203, "INSIDER C")], lines=[bought(3000)])
        ask_then()
        assert told(screen)[2:] == [(f"issuer {ISSUER}", 3, True)]

    def test_a_group_whose_days_have_passed_is_not_taken_back(self, keep):
        screen = keep("side=bought&group=issuer&min_insiders=2&filed_days=30")
        publish_two_buyers()
        ask_then()
        later = AFTER + timedelta(days=60)
        with time_machine.travel(later):
            alerts.ask_of_filing(accession=accession(1), known_at=AFTER, now=later)
        assert told(screen) == [(f"issuer {ISSUER}", 1, True)]

    def test_a_group_told_by_other_criteria_is_left_as_it_was_told(self, keep):
        screen = keep("side=bought&group=issuer&min_insiders=2&filed_days=30")
        publish_two_buyers()
        ask_then()
        asked = from_query("side=bought&group=issuer&min_insiders=5&filed_days=30")
        screens.change(screen=screen, criteria=asked, now=AFTER + timedelta(minutes=1))
        publish(1, owners=[(9000201, "INSIDER A")], lines=[sale()])
        ask_then(AFTER + timedelta(minutes=2))
        assert told(screen) == [(f"issuer {ISSUER}", 1, True)]


def ask_then(now: datetime = AFTER) -> None:
    """Asked on that day, from which days are counted back."""
    with time_machine.travel(now):
        ask(now)


def publish_two_buyers() -> None:
    publish(1, owners=[(9000201, "INSIDER A")], lines=[bought(1000)])
    publish(2, owners=[(9000202, "INSIDER B")], lines=[bought(2000)])


class TestUnread:
    def test_what_was_told_of_a_filing_that_has_no_reading_any_more_is_taken_back_once(self, keep, olive):
        screen, group = keep("side=bought"), keep("side=bought&group=issuer&filed_days=30")
        publish(1, lines=[bought(1000)])
        ask_then()
        assert alerts.take_back_unread(now=AFTER) == []
        Reading.objects.all().delete()
        Trade.objects.all().delete()
        assert len(alerts.take_back_unread(now=AFTER)) == 2
        assert alerts.take_back_unread(now=AFTER) == []
        assert [standing for *_, standing in told(screen) + told(group)] == [True, False] * 2
        assert "NO LONGER" in inbox(olive)[-1].text

    def test_whoever_was_not_told_is_told_of_nothing_gone(self, keep, olive):
        keep("side=sold")
        publish(1, lines=[bought(1000)])
        ask_then()
        Reading.objects.all().delete()
        Trade.objects.all().delete()
        assert alerts.take_back_unread(now=AFTER) == []
        assert inbox(olive) == []


def only_a_cluster() -> None:
    """In place of the signals that were found, one of the first row of the first filing."""
    Signal.objects.all().delete()
    Signal.objects.create(
        key="k", kind="cluster_buy", issuer_id=ISSUER, known_at=AFTER, provisional=False, strength=1, insiders=[],
        trades=[{"accession": accession(1), "lines": [["I", 1]]}], evidence={}, excluded=[],
        sentence="Three bought.", caveat="", detector_version=1, digest=b"1", changed_in=2**40, changed_at=AFTER,
    )  # fmt: skip
    citations.renew([ISSUER])


class TestSignals:
    def test_a_signal_that_cites_nothing_the_screen_asks_for_any_more_is_taken_back(self, keep):
        screen, other = keep("signal=cluster_buy&min_value=100000"), keep("signal=cluster_buy")
        publish(1, lines=[bought(10000)])
        only_a_cluster()
        ask()
        assert told(screen) == told(other) == [("signal k", 1, True)]
        Trade.objects.update(value=5)
        live.refresh()
        alerts.ask_of_signal(key="k", now=AFTER)
        alerts.ask_of_signal(key="k", now=AFTER)
        assert told(screen)[1:] == [("signal k", 2, False)]
        assert told(other)[1:] == []

    def test_a_signal_tells_the_screens_that_ask_for_its_kind_once(self, keep):
        wanted, other = keep("signal=cluster_buy"), keep("signal=hedging")
        publish(1, lines=[bought(1000)])
        only_a_cluster()
        ask()
        ask()
        assert told(wanted) == [("signal k", 1, True)]
        assert told(other) == []
        Signal.objects.update(digest=b"2", sentence="Four bought.")
        ask()
        assert told(wanted)[1:] == [("signal k", 2, True)]
        Signal.objects.all().delete()
        ask()
        ask()
        assert told(wanted)[2:] == [("signal k", 3, False)]
        assert told(other) == []


class TestDigests:
    def test_a_daily_screen_is_told_at_its_owners_hour_in_one_piece(self, keep, olive):
        olive.time_zone, olive.digest_hour = "Asia/Tokyo", 8
        olive.save()
        screen = keep("side=bought", cadence="daily")
        assert screen.digest_at == datetime(2024, 5, 3, 23, tzinfo=UTC)
        publish(1, lines=[bought(1000)])
        publish(2, lines=[bought(3000)])
        ask()
        assert inbox(olive) == []
        assert alerts.send_digests(now=AFTER) == 0
        due = datetime(2024, 5, 3, 23, 0, 5, tzinfo=UTC)
        assert alerts.send_digests(now=due) == 1
        assert alerts.send_digests(now=due) == 0
        (item,) = inbox(olive)
        assert item.title.endswith("and 1 more")
        screen.refresh_from_db()
        assert screen.digest_at == datetime(2024, 5, 4, 23, tzinfo=UTC)

    def test_a_digest_without_matches_is_not_sent(self, keep, olive):
        keep("side=bought", cadence="weekly")
        assert alerts.send_digests(now=AFTER + timedelta(days=8)) == 0
        assert inbox(olive) == []

    def test_news_that_is_old_by_now_waits_for_a_digest(self, keep, olive):
        screen = keep("side=bought")
        publish(1, lines=[bought(1000)])
        late = AFTER + timedelta(days=4)
        ask(late)
        assert inbox(olive) == []
        assert alerts.send_digests(now=late + timedelta(days=1)) == 1
        screen.refresh_from_db()
        assert screen.digest_at is None

    def test_another_hour_or_zone_holds_from_the_next_digest_on_and_one_that_is_due_stays_due(self, keep, olive):
        daily, weekly, due = (keep("side=bought", cadence=cadence) for cadence in ("daily", "weekly", "daily"))
        at_once, waiting = keep("side=bought"), keep("side=bought")
        SavedScreen.objects.filter(pk=waiting.pk).update(digest_at=AFTER + timedelta(days=5))  # old news
        SavedScreen.objects.filter(pk=due.pk).update(digest_at=AFTER)
        olive.time_zone, olive.digest_hour = "Asia/Tokyo", 8
        screens.reckon_digests(owner=olive, now=AFTER)
        dues = {one: SavedScreen.objects.get(pk=one.pk).digest_at for one in (daily, weekly, due, at_once, waiting)}
        assert dues == {
            daily: datetime(2024, 5, 3, 23, tzinfo=UTC),
            weekly: datetime(2024, 5, 5, 23, tzinfo=UTC),  # on Monday in Tokyo
            due: AFTER,
            at_once: None,
            waiting: datetime(2024, 5, 3, 23, tzinfo=UTC),
        }

    @pytest.mark.parametrize(
        ("now", "cadence", "due"),
        [
            (datetime(2026, 3, 7, 13, tzinfo=UTC), "daily", datetime(2026, 3, 8, 11, tzinfo=UTC)),  # clocks go forward
            (datetime(2026, 3, 7, 11, tzinfo=UTC), "daily", datetime(2026, 3, 7, 12, tzinfo=UTC)),
            (datetime(2026, 3, 7, 12, tzinfo=UTC), "daily", datetime(2026, 3, 8, 11, tzinfo=UTC)),
            (datetime(2026, 3, 7, 12, tzinfo=UTC), "weekly", datetime(2026, 3, 9, 11, tzinfo=UTC)),
            (datetime(2026, 3, 9, 11, tzinfo=UTC), "weekly", datetime(2026, 3, 16, 11, tzinfo=UTC)),
            (datetime(2026, 3, 9, 11, tzinfo=UTC), "at_once", None),
        ],
    )
    def test_a_digest_is_due_by_the_clock_on_its_owners_wall(self, olive, now, cadence, due):
        assert screens.next_digest(olive, cadence, now) == due


class TestLive:
    def test_what_is_saved_later_is_found_beside_what_was_compiled(self, keep):
        publish(1, lines=[bought(1000)])
        first = keep("side=bought", now=timezone.now())
        known = LiveScreens()
        known.refresh()
        second = keep("side=bought", now=timezone.now())
        screens.change(screen=first, name="x", criteria=from_query("side=sold"), cadence="at_once")
        known.refresh()
        assert _keys(known) == [second.pk]
        screens.pause(screen=second)
        known.refresh()
        assert _keys(known) == []

    def test_many_changes_are_compiled_anew_and_found_all_the_same(self, keep, monkeypatch):
        monkeypatch.setattr("accounts.services.live_screens.MOST_CHANGES", 3)
        publish(1, lines=[bought(1000)])
        known = LiveScreens()
        kept = []
        for number in range(9):
            kept.append(keep(f"side=bought&min_value={number}").pk)
            known.refresh()
            assert _keys(known) == kept

    def test_one_that_can_be_read_no_more_is_paused_and_matches_nothing(self, keep):
        bad, foreign = keep("side=bought"), keep("side=bought")
        SavedScreen.objects.filter(pk=bad.pk).update(query="side=sideways")
        SavedScreen.objects.filter(pk=foreign.pk).update(schema=99)
        publish(1, lines=[bought(1000)])
        ask()
        assert not Match.objects.exists()
        assert set(SavedScreen.objects.values_list("paused", flat=True)) == {"unreadable"}


def _keys(known: LiveScreens) -> list[int]:
    from signals.models import Trade
    from signals.selectors.matching import today, with_signals

    trade = with_signals(Trade.objects.all()).get()
    return sorted(key for keys in known.matches(trade, today()).values() for key in keys)
