"""Saved screens on their pages: kept, changed, shared, followed, imported, with script and without."""

from __future__ import annotations

import threading

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.models import Channel, Match, SavedScreen
from accounts.selectors import screens as kept
from accounts.services import screens, ways
from signals.criteria import EVERYTHING, from_query
from tests.accounts.screens_archive import ISSUER, bought, publish
from tests.pages.reading import read

pytestmark = [pytest.mark.db_and_celery, pytest.mark.django_db]
PART = {"HX-Request": "true", "HX-Target": "follow"}


@pytest.fixture
def browser(client, olive):
    client.force_login(olive)
    return client


@pytest.fixture
def screen(olive):
    return screens.save(owner=olive, name="Mine", criteria=from_query("side=bought"))


def link(response, words: str) -> str:
    """Where the one link with these words leads."""
    (found,) = [a.attributes["href"] for a in read(response).all("a") if words in a.text]
    return found


class TestSaving:
    def test_it_stores_the_one_spelling_and_says_how_often_it_would_have_told(self, browser, olive):
        publish(1, lines=[bought()])
        page = read(browser.get("/screens/new/?role=director&side=bought&filed_from=2024-05-01"))
        assert "Bought, by director" in page.text
        assert "Last 90 days:" in page.text
        response = browser.post(
            "/screens/new/?role=director&side=bought&min_value=", {"name": "Board", "cadence": "weekly"}, follow=True
        )
        saved = SavedScreen.objects.get()
        assert (saved.user, saved.name, saved.query) == (olive, "Board", "side=bought&role=director")
        assert saved.cadence == "weekly"
        assert "Board" in read(response).text

    def test_criteria_that_cannot_be_read_lead_back_to_their_page(self, browser):
        response = browser.get("/screens/new/?role=king")
        assert (response.status_code, response["Location"]) == (302, "/screen/?role=king")

    def test_it_says_by_whose_clock_and_on_which_day_a_digest_comes(self, browser, olive, screen):
        olive.time_zone, olive.digest_hour = "America/Los_Angeles", 9
        olive.save()
        for address in ("/screens/new/?side=sold", f"/screens/{screen.uid}/"):
            page = read(browser.get(address))
            assert "Digests come at 09:00 by the clock of America/Los Angeles, the weekly ones on Mondays" in page.text
            assert page.all("a", href="/account/")

    def test_a_screen_without_a_name_is_not_saved(self, browser):
        assert browser.post("/screens/new/?side=sold", {"name": "", "cadence": "daily"}).status_code == 422
        assert not SavedScreen.objects.exists()

    @pytest.mark.django_db(transaction=True)
    def test_the_limit_holds_when_many_save_at_once(self, olive, monkeypatch):
        monkeypatch.setattr(screens, "MOST_SCREENS", 3)

        def one():
            try:
                screens.save(owner=olive, name="x", criteria=EVERYTHING)
            except screens.ScreenRefused:
                pass
            finally:
                connection.close()

        threads = [threading.Thread(target=one) for _ in range(8)]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
        assert SavedScreen.objects.count() == 3


class TestChanging:
    def test_another_name_or_cadence_changes_nothing_of_what_is_told(self, browser, screen):
        began = screen.alerts_from
        browser.post(f"/screens/{screen.uid}/", {"name": "Renamed", "cadence": "daily"})
        screen.refresh_from_db()
        assert (screen.name, screen.alerts_from, screen.digest_at is not None) == ("Renamed", began, True)
        assert screen.query == "side=bought"

    def test_what_it_asks_is_changed_in_the_panel_and_told_from_now_on(self, browser, screen):
        publish(1, lines=[bought()])
        began = screen.alerts_from
        panel = link(browser.get(f"/screens/{screen.uid}/"), "Change what it asks")
        assert panel == f"/screen/?side=bought&changing={screen.uid}"
        # The page carries along whose criteria these are: in its form, its pills and the heads of its table.
        page = read(browser.get(panel))
        assert [field.attributes["value"] for field in page.all("input") if field.attributes.get("name") == "changing"]
        taken_away = [a.attributes["href"] for a in page.all("a") if "Take away" in a.attributes.get("aria-label", "")]
        by_value = [a.attributes["href"] for a in page.all("a") if a.text == "Value"]
        assert taken_away == [f"/screen/?changing={screen.uid}"]
        assert by_value == [f"/screen/?side=bought&sort=-value&changing={screen.uid}"]
        offer = link(browser.get(f"/screen/?side=bought&min_value=5&changing={screen.uid}"), "Save these criteria")
        part = browser.get(offer, headers=PART | {"HX-Target": "changing"})
        assert "<html" not in part.content.decode()
        assert "You are changing Mine" in read(part).text
        assert "You are changing Mine" in read(browser.get(offer)).text
        assert browser.post(offer)["Location"] == f"/screens/{screen.uid}/"
        screen.refresh_from_db()
        assert (screen.name, screen.query) == ("Mine", "side=bought&min_value=5")
        assert screen.alerts_from > began

    def test_the_same_criteria_can_be_saved_as_another_screen_alone(self, browser, screen):
        answer = browser.get(f"/screens/{screen.uid}/criteria/?side=bought")
        assert "asks the same as before" in read(answer).text
        assert not [one for one in read(answer).all("button") if "Save these" in one.text]
        assert link(answer, "Save as a new screen") == "/screens/new/?side=bought"

    def test_the_panel_is_the_same_for_everybody(self, client, stan, screen):
        address = f"/screen/?side=bought&changing={screen.uid}"
        before = client.get(address).content
        assert "Mine" not in before.decode()
        part = f"/screens/{screen.uid}/criteria/?side=bought"
        assert client.get(part, headers=PART | {"HX-Target": "changing"}).status_code == 204
        client.force_login(stan)
        assert client.get(part, headers=PART | {"HX-Target": "changing"}).status_code == 404
        assert client.post(part).status_code == 404

    def test_criteria_that_cannot_be_read_change_nothing_and_lead_back_to_the_panel(self, browser, screen):
        response = browser.post(f"/screens/{screen.uid}/criteria/?side=up")
        assert (response.status_code, response["Location"]) == (302, f"/screen/?side=up&changing={screen.uid}")
        assert "Nothing was searched" in read(browser.get(response["Location"])).text
        screen.refresh_from_db()
        assert screen.query == "side=bought"

    def test_what_is_no_id_is_carried_nowhere(self, browser):
        assert "changing" not in browser.get("/screen/?side=bought&changing=%22%3E").content.decode()

    def test_it_rests_and_goes_on_from_where_it_is_resumed(self, browser, screen):
        browser.post(reverse("screens:pause", args=[screen.uid]))
        screen.refresh_from_db()
        assert screen.paused == "owner"
        before = timezone.now()
        browser.post(reverse("screens:resume", args=[screen.uid]))
        screen.refresh_from_db()
        assert screen.paused is None
        assert screen.alerts_from > before

    def test_one_that_can_be_read_no_more_says_so_and_stays_paused(self, browser, screen):
        SavedScreen.objects.update(query="side=up", paused="unreadable")
        assert "can be read no more" in read(browser.get("/screens/")).text
        assert "can be read no more" in read(browser.get(f"/screens/{screen.uid}/")).text
        browser.post(reverse("screens:resume", args=[screen.uid]))
        screen.refresh_from_db()
        assert screen.paused == "unreadable"
        browser.post(f"/screens/{screen.uid}/criteria/?side=sold")
        screen.refresh_from_db()
        assert (screen.paused, screen.query) == (None, "side=sold")

    def test_it_is_doubled_and_removed(self, browser, screen):
        browser.post(reverse("screens:duplicate", args=[screen.uid]))
        copy = SavedScreen.objects.exclude(pk=screen.pk).get()
        assert (copy.name, copy.query) == ("Mine (copy)", "side=bought")
        assert copy.shared_as != screen.shared_as
        browser.post(reverse("screens:remove", args=[screen.uid]))
        assert list(SavedScreen.objects.all()) == [copy]

    def test_whoever_has_the_link_sees_what_it_asks_and_nothing_of_its_owner(self, client, screen):
        response = client.get(reverse("screens:shared", args=[screen.shared_as]))
        assert (response.status_code, response["Location"]) == (302, "/screen/?side=bought")


class TestChannels:
    @pytest.fixture
    def hook(self, olive):
        return opened(olive, "webhook", name="Hook", secret="x", event_types=["ScreenMatched"])

    def ticked(self, response) -> dict[str, bool]:
        """The channels to choose of, by name, and whether they are ticked."""
        page = read(response)
        inputs = [one for one in page.all("input") if one.attributes.get("name") == "tells"]
        words = [one.text for one in page.all("label") if one.attributes.get("class") == "choices__one"]
        return dict(zip(words[-len(inputs) :], ["checked" in one.attributes for one in inputs], strict=True))

    def test_what_is_usual_is_ticked_and_follows_what_is_added(self, browser, olive, screen, hook):
        EmailAddress.objects.create(user=olive, email=olive.email, verified=True, primary=True)
        chat = opened(olive, "chat", name="Room")
        assert self.ticked(browser.get("/screens/new/?side=sold")) == {
            f"E-mail to {olive.email}": True,
            "Chat: Room": False,
            "Webhook: Hook": True,
        }
        assert not Channel.objects.filter(kind__in=["email", "inbox"]).exists()  # looking makes none
        browser.post(f"/screens/{screen.uid}/", {"name": "a", "cadence": "daily", "tells": ["mailbox", str(hook.uid)]})
        screen.refresh_from_db()
        assert screen.tells is None
        assert {one.kind for one in ways.of_screen(screen)} == {"inbox", "email", "webhook"}
        later = opened(olive, "webhook", name="Later", secret="x", event_types=["ScreenMatched"])
        assert later in ways.of_screen(screen)
        assert chat not in ways.of_screen(screen)

    def test_what_was_chosen_is_told_and_nothing_else(self, browser, olive, screen, hook):
        EmailAddress.objects.create(user=olive, email=olive.email, verified=True, primary=True)
        chat = opened(olive, "chat", name="Room")
        browser.post(f"/screens/{screen.uid}/", {"name": "a", "cadence": "daily", "tells": [str(chat.uid)]})
        screen.refresh_from_db()
        assert screen.tells == [chat.uid]
        assert [one.kind for one in ways.of_screen(screen)] == ["inbox", "chat"]
        assert self.ticked(browser.get(f"/screens/{screen.uid}/"))["Chat: Room"]
        browser.post(f"/screens/{screen.uid}/", {"name": "a", "cadence": "daily"})
        screen.refresh_from_db()
        assert [one.kind for one in ways.of_screen(screen)] == ["inbox"]
        browser.post("/screens/new/?side=sold", {"name": "New", "cadence": "daily", "tells": ["mailbox"]})
        made = SavedScreen.objects.get(name="New")
        assert [one.address for one in ways.of_screen(made)] == [None, olive.email]

    def test_a_channel_that_is_gone_or_anothers_is_never_told(self, browser, olive, stan, screen, hook):
        foreign = opened(stan, "chat", name="Foreign")
        answer = browser.post(f"/screens/{screen.uid}/", {"name": "a", "cadence": "daily", "tells": [str(foreign.uid)]})
        assert answer.status_code == 422
        screens.set_channels(screen=screen, tells=[foreign.uid, hook.uid])
        assert [one.kind for one in ways.of_screen(screen)] == ["inbox", "webhook"]
        hook.delete()
        assert [one.kind for one in ways.of_screen(screen)] == ["inbox"]


def opened(user, kind: str, **fields: object) -> Channel:
    return Channel.objects.create(user=user, kind=kind, address="https://a.example/", **fields)


class TestNews:
    def test_what_is_new_is_counted_and_marked_until_it_is_seen(self, browser, screen, olive):
        Match.objects.create(
            screen=screen, subject="x 1", accession="x", told={"sentence": "s", "issuer": {"cik": "1", "name": "N"}}
        )
        assert "1 new match" in browser.get("/screens/news/", headers=PART).content.decode()
        assert "1 new match" in read(browser.get("/screens/")).text
        assert "● new" in read(browser.get(f"/screens/{screen.uid}/")).text
        assert kept.news(olive) == 1  # looking is not writing
        browser.post("/screens/seen/")
        assert kept.news(olive) == 0
        assert "new" not in read(browser.get("/screens/")).by_id("main").text
        assert "● new" not in read(browser.get(f"/screens/{screen.uid}/")).text
        assert browser.get("/screens/news/", headers=PART).content.strip() == b""

    def test_where_more_was_found_than_is_shown_it_says_so(self, browser, screen):
        told = {"sentence": "s", "issuer": {"cik": "1", "name": "N"}}
        for number in range(kept.LATEST):
            Match.objects.create(screen=screen, subject=f"x {number}", accession="x", told=told)
        assert "The latest" not in read(browser.get(f"/screens/{screen.uid}/")).text
        Match.objects.create(screen=screen, subject="x more", accession="x", told=told)
        page = read(browser.get(f"/screens/{screen.uid}/"))
        assert "The latest 20. Your inbox has what was told in the last 90 days." in page.text
        assert len([one for one in page.all("a") if "data-row" in one.attributes]) == kept.LATEST

    def test_a_page_of_strangers_gets_no_part(self, client):
        assert client.get("/screens/news/", headers=PART).status_code == 204
        assert client.get("/screens/news/").status_code == 302


class TestFollowing:
    def test_with_script_the_button_is_a_part_and_turns_round(self, browser, olive):
        publish(1, lines=[bought()])
        address = reverse("screens:follow", args=["issuer", ISSUER])
        assert "<html" not in browser.get(address, headers=PART).content.decode()
        assert "Follow no more" in browser.post(address, headers=PART).content.decode()
        assert SavedScreen.objects.get().query == f"issuer={ISSUER}"
        browser.post(address, headers=PART)
        assert SavedScreen.objects.count() == 1
        assert "Follow no more" not in browser.post(address, {"follow": "0"}, headers=PART).content.decode()
        assert not SavedScreen.objects.exists()

    def test_without_script_its_link_leads_to_a_page_that_says_what_is_so_now_and_leads_back(self, browser):
        publish(1, lines=[bought()])
        for key, cik in (("issuer", ISSUER), ("insider", "0009000200")):
            party = f"/{key}s/{cik}/"
            address = reverse("screens:follow", args=[key, cik])
            assert address in [a.attributes["href"] for a in read(browser.get(party)).all("a")]
            assert "Follow no more" not in read(browser.get(address)).text
            done = browser.post(address, follow=True)
            assert done.redirect_chain == [(address, 302)]
            page = read(done)
            assert "Follow no more" in page.text
            assert page.all("a", href=party)
        assert set(SavedScreen.objects.values_list("query", flat=True)) == {f"issuer={ISSUER}", "insider=0009000200"}

    def test_a_button_that_is_pressed_when_the_session_is_over_leads_to_the_log_in_and_back(self, browser):
        publish(1, lines=[bought()])
        address = reverse("screens:follow", args=["issuer", ISSUER])
        browser.logout()
        assert browser.get(address, headers=PART).status_code == 204  # the page asks for its part: there is none
        assert "HX-Redirect" not in browser.get(address, headers=PART)
        assert browser.post(address, headers=PART)["HX-Redirect"] == f"/account/login/?next={address}"

    def test_what_is_not_here_cannot_be_followed(self, browser):
        for address in ("/screens/follow/issuer/1/", "/screens/follow/moon/1/", "/screens/follow/insider/abc/"):
            assert browser.get(address).status_code == 404

    def test_a_list_of_companies_becomes_one_screen(self, browser):
        publish(1, lines=[bought()])
        publish(2, issuer=9000101, ticker="BNVL", lines=[bought()])
        browser.post("/screens/import/", {"name": "Anvils", "companies": "anvl\nBNVL\n"})
        assert SavedScreen.objects.get().query == f"issuer={ISSUER},0009000101"

    def test_a_company_that_is_not_here_is_named(self, browser):
        publish(1, lines=[bought()])
        response = browser.post("/screens/import/", {"name": "Anvils", "companies": "ANVL, NOSUCH"})
        assert response.status_code == 422
        assert "“NOSUCH”" in read(response).text
        assert not SavedScreen.objects.exists()


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "quiet"),
        (1, "less than one a month"),
        (3, "about one a month"),
        (5, "about 2 a month"),
        (14, "about one a week"),
        (30, "about 2 a week"),
        (90, "about one a day"),
        (180, "about 2 a day"),
    ],
)
def test_how_often_is_said_in_words(number, words):
    assert words in kept.LookBack(90, kept.matching.Many(number, True)).often
