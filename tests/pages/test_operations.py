"""/ops/ tells staff how the archive stands, and nobody else that it is there; public pages say when they are stale."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from celery.signals import beat_init
from django.conf import settings
from django.test import Client

from filings.errors import BadDocument
from filings.models import (
    Completeness,
    Difference,
    EdgarBudget,
    EdgarRefusal,
    FeedLook,
    Filing,
    Heartbeat,
    IndexDay,
    IngestStage,
    Stage,
)
from filings.services.heartbeat import beat
from filings.services.keep import Received
from filings.services.load import load_received
from filings.services.publish import quarantine
from form4site.tasks import heartbeat
from signals.selectors.coverage import KEY
from signals.selectors.freshness import SILENT_AFTER
from tests.pages.addresses import PAGES, PARTS
from tests.pages.archive import accession, made_up, publish, received
from tests.pages.reading import read

pytestmark = pytest.mark.db_and_celery
NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)  # a Friday
ADDRESSES = ["/ops/", "/ops/?year=2026&month=3", f"/ops/retry/{accession(1)}/", f"/ops/received/{accession(1)}.txt"]
BAD = accession(900)
CUT = b"<SEC-DOCUMENT>\nnot a form <b>at all</b>"


@pytest.fixture(autouse=True)
def friday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def live(settings, db):
    """The site follows the SEC: a pass of each feed just now, and a clock that rings."""
    settings.EDGAR_USER_AGENT = "Olive olive@example.test"
    for form in "345":
        FeedLook.objects.create(form=form, looked_at=NOW, read_at=NOW, newest_accepted_at=NOW, lag=timedelta(seconds=4))
    beat(name=Heartbeat.CLOCK, now=NOW)
    beat(name=Heartbeat.WORKER, now=NOW)


@pytest.fixture
def ops(client, sue):
    client.force_login(sue)

    def look(address="/ops/"):
        response = client.get(address)
        assert response.status_code == 200
        page = read(response)
        assert page.breaches() == []
        assert "None" not in page.by_id("main").text
        return page

    return look


@pytest.fixture
def set_aside(db):
    """A filing that cannot be read: its bytes are kept."""
    load_received(received=[Received(BAD, CUT, "a test", Completeness.BARE_XML)])
    assert IngestStage.objects.get(accession=BAD).stage == Stage.QUARANTINED
    return BAD


def seen(number, *, lane="live", due_at=NOW, day=date(2026, 11, 19), note=None):
    return IngestStage.objects.create(
        accession=accession(number), stage=Stage.SEEN, due_at=due_at, seen_at=NOW - timedelta(hours=3), changed_at=NOW,
        form="4", cik="0000000001", listed_on=day, lane=lane, note=note,
    )  # fmt: skip


def table(page, section):
    """The rows of the table in this region, each as its cells' texts by label."""
    rows = []
    for element in page.elements:
        if element.tag == "tr":
            rows.append({})
        elif "data-label" in element.attributes and rows:
            rows[-1][element.attributes["data-label"]] = element.text
    return [row for row in rows if section in row]


# --- who may see it ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("method", ["get", "head", "post", "put", "patch", "delete", "options"])
@pytest.mark.parametrize("who", ["amy", "olive"])
def test_for_everybody_else_there_is_no_such_page_by_any_method(request, who, method, address, set_aside):
    client = Client(enforce_csrf_checks=True)
    if who != "amy":
        client.force_login(request.getfixturevalue(who))
    there, missing = getattr(client, method)(address), getattr(client, method)(address.replace("/ops/", "/opx/"))
    assert (there.status_code, missing.status_code) == (404, 404)
    assert there.content.replace(b"ops", b"opx") == missing.content.replace(b"ops", b"opx")
    differing = {name for name in {*there.headers, *missing.headers} if there.get(name) != missing.get(name)}
    assert differing <= {"Content-Length"}
    assert IngestStage.objects.get(accession=BAD).stage == Stage.QUARANTINED


def test_not_even_a_missing_slash_tells_that_it_is_there(client, db):
    assert client.get("/ops").status_code == client.get("/opx").status_code == 404


def test_the_page_is_kept_by_no_cache(client, sue):
    client.force_login(sue)
    assert "no-store" in client.get("/ops/")["Cache-Control"]


# --- what it says ------------------------------------------------------------------------------------------------


def test_where_all_is_well_it_says_so(ops, live):
    assert "Nothing wants your hand." in ops().text


def test_an_empty_archive_is_told_without_a_claim(ops, db):
    page = ops()
    assert "Live updates are off." in page.text
    assert "The clock is silent." in page.text
    assert "Nothing was ever asked of the SEC" in page.text
    assert "0 complete, 0 filling, 0 open gap" in page.text


def test_the_backlog_counts_what_is_owed_and_what_is_late_of_it(ops, live):
    seen(1)
    seen(2, due_at=NOW - timedelta(minutes=3))
    seen(3, due_at=NOW + timedelta(minutes=3), note="status 503")
    seen(4, lane="historic", due_at=NOW - timedelta(days=2))
    new, historic, fetched, *of_people = table(ops(), "Put off")
    assert (new["Waiting"], new["Due now"], new["Late"], new["Put off"]) == ("3", "2", "! 1 late", "1")
    assert (historic["Waiting"], historic["Late"]) == ("1", "may wait")
    assert [row["Waiting"] for row in (fetched, *of_people)] == ["0"] * 4
    assert new["Oldest seen"].startswith("3 hours ago")


def test_what_was_tried_in_vain_says_what_it_brought(ops, live):
    IngestStage.objects.filter(pk=seen(3, note="status 503").pk).update(attempts=2)
    assert "Form 4, 2 tries, next 20 Nov 2026, 18:00 UTC. status 503" in ops().text


def test_a_penalty_says_until_when_and_why(ops, live):
    until = NOW + timedelta(minutes=10)
    EdgarBudget.objects.create(next_slot_at=NOW, refused_until=until, live_requests=7, historic_requests=1200)
    EdgarRefusal.objects.create(refused_at=NOW, until=until, reason="Undeclared Automated Tool", address="https://x/")
    text = ops().text
    assert "The SEC refuses this site." in text
    assert "refused until 20 Nov 2026, 18:10 UTC" in text
    assert "“Undeclared Automated Tool” for https://x/" in text
    assert "7 live, 1,200 historic" in text


def test_each_feed_says_when_it_was_read_and_why_it_was_not(ops, live):
    FeedLook.objects.filter(form="3").update(read_at=NOW - timedelta(minutes=9), reason="status 503")
    three, four, five = table(ops(), "Lag")
    assert three["Last read whole"].startswith("9")
    assert three["Trouble"] == "status 503"
    assert (four["Trouble"], four["Lag"], five["Feed"]) == ("none", "4 s", "Form 5")
    assert "The feed is not read whole." in ops().text


def test_a_difference_stands_with_its_explanation(ops, live):
    Difference.objects.create(
        index="2026-11-18", accession=accession(5), kind="vanished", explanation="a second look", found_at=NOW
    )
    (row,) = table(ops(), "Explanation")
    assert row["Filing"] == accession(5)
    assert (row["What"], row["Explanation"], row["Settled"]) == ("vanished", "a second look", "○ not yet")
    assert "1 difference from the SEC's lists not confirmed." in ops().text


def test_a_worker_that_is_silent_is_missed_and_one_that_beats_again_is_not(ops, live):
    beat(name=Heartbeat.WORKER, now=NOW - timedelta(minutes=4))
    assert "The workers are silent." in ops().text
    heartbeat()
    assert "The workers are silent." not in ops().text


def test_a_ring_for_a_heartbeat_is_the_clock_s_own_sign_of_life(db, celery_nowhere):
    heartbeat.apply_async()
    assert Heartbeat.objects.get(name=Heartbeat.CLOCK).at == NOW
    assert not Heartbeat.objects.filter(name=Heartbeat.WORKER).exists()


def test_a_clock_that_starts_is_alive_before_its_first_ring(db):
    beat_init.send(sender=None)
    assert Heartbeat.objects.get(name=Heartbeat.CLOCK).at == NOW


def test_the_clock_rings_for_a_heartbeat_well_within_the_time_after_which_it_is_missed():
    (rings,) = [each for each in settings.CELERY_BEAT_SCHEDULE.values() if each["task"] == heartbeat.name]
    assert 3 * rings["schedule"] < SILENT_AFTER < timedelta(minutes=5)


@pytest.fixture
def celery_nowhere():
    """Rings go into a broker in memory, to be heard by nobody."""
    from form4site.celery import app

    names = ("broker_url", "broker_transport", "broker_transport_options")
    before = {name: getattr(app.conf, name) for name in names}
    app.conf.update(broker_url="memory://", broker_transport="memory", broker_transport_options={})
    app.amqp._producer_pool = None
    yield
    app.conf.update(before)
    app.amqp._producer_pool = None


def test_the_page_costs_the_same_however_much_there_is(client, sue, live, django_assert_max_num_queries):
    for number in range(1, 40):
        seen(number)
    client.force_login(sue)
    with django_assert_max_num_queries(29):
        client.get("/ops/")


# --- the calendar ------------------------------------------------------------------------------------------------


def index(day, **given):
    values = {"looked_at": NOW, "read_at": NOW, "forms": "3,4,5", "rows": 900, "listed": 1}
    return IndexDay.objects.create(**{"day": day, **values, **given})


@pytest.fixture
def days(live):
    index(date(2026, 11, 16))
    index(date(2026, 11, 17))
    seen(1, day=date(2026, 11, 17))
    index(date(2026, 11, 18), read_at=None, reason="EDGAR lists no index of this day (yet)", due_at=NOW, listed=0)


def sentences(page):
    cells = [each for each in page.all("td", role="cell") if "title" in each.attributes]
    return {re.match(r"\w+ (\d+ \w+)", each.attributes["title"])[1]: each for each in cells}


def test_every_day_of_the_year_has_a_mark_and_a_sentence(ops, days):
    found = sentences(ops())
    assert len(found) == 365
    said = {day: found[f"{day} November"].attributes["title"].partition(": ")[2] for day in range(14, 22)}
    assert said == {
        14: "closed",
        15: "closed",
        16: "complete, 0 of 1 filings settled",
        17: "filling, 0 of 1 filings settled",
        18: "open gap",
        19: "not looked at",
        20: "not over",
        21: "not over",
    }
    for each in found.values():
        mark, _, sentence = each.text.partition(each.attributes["title"])
        assert sentence == ""
        assert mark in {look.mark for look in KEY} | {""}


def test_a_day_nobody_looked_at_is_never_shown_as_one_without_filings(ops, days):
    (row,) = [row for row in table(ops("/ops/?year=2026&month=11"), "Index read") if row["Day"] == "Thu 19 Nov"]
    assert (row["Coverage"], row["Listed"], row["Index read"]) == ("○ not looked at", "not known", "never")


def test_each_month_leads_to_its_days_as_a_table_and_gaps_lead_to_their_day(ops, days, client):
    page = ops()
    months = [link.attributes["href"] for link in page.all("a") if "month=" in link.attributes["href"]]
    assert [link for link in months if link.endswith("#days")] == [
        f"/ops/?year=2026&month={month}#days" for month in range(1, 13)
    ]
    (gap,) = [link for link in months if "#day-" in link]
    assert gap == "/ops/?year=2026&month=11#day-2026-11-18"
    assert read(client.get(gap)).by_id("day-2026-11-18").text.startswith("Wed 18 Nov ! open gap: EDGAR lists no index")


@pytest.mark.parametrize("query", ["year=1066", "year=x", "month=13", "month=0", "year=2026&month=٣", "year=99999"])
def test_a_year_or_month_that_is_none_shows_the_present_one(ops, days, query):
    assert "Coverage of 2026" in ops(f"/ops/?{query}").text


def test_the_years_begin_with_the_first_that_was_looked_at(ops, days):
    index(date(2024, 3, 1))
    page = ops("/ops/?year=2024")
    years = [link.text for link in page.all("a") if re.fullmatch(r"/ops/\?year=\d+#coverage", link.attributes["href"])]
    assert years == ["2024", "2025", "2026"]
    assert "Coverage of 2024" in page.text


# --- set aside, and tried again ----------------------------------------------------------------------------------


def test_what_is_set_aside_says_why_and_leads_to_its_bytes(ops, live, set_aside, client):
    page = ops()
    assert "1 filing could not be read" in page.text
    (link,) = [link for link in page.all("a") if link.text == f"Kept bytes of {BAD}"]
    response = client.get(link.attributes["href"])
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content == CUT


def test_the_element_that_stopped_the_reader_is_named(ops, live):
    publish(received(made_up(), accession(3)))
    Filing.objects.all().delete()
    quarantine({accession(3): BadDocument("document", "/ownershipDocument/issuer", "it <names> no issuer")}, NOW)
    assert "document at /ownershipDocument/issuer: it <names> no issuer" in ops().text


def test_the_button_tries_again_and_works_without_script(live, set_aside, sue):
    client = Client(enforce_csrf_checks=True)
    client.force_login(sue)
    (form,) = [form for form in read(client.get("/ops/")).all("form") if form.attributes.get("method") == "post"]
    assert client.post(form.attributes["action"]).status_code == 403  # without the form's token
    assert IngestStage.objects.get(accession=BAD).stage == Stage.QUARANTINED
    page = read(client.get("/ops/"))
    token = page.all("input", name="csrfmiddlewaretoken")[0].attributes["value"]
    response = client.post(form.attributes["action"], {"csrfmiddlewaretoken": token}, follow=True)
    assert response.redirect_chain == [("/ops/", 302)]
    assert f"{BAD} will be read again from its kept bytes within seconds." in read(response).text
    assert IngestStage.objects.get(accession=BAD).stage == Stage.FETCHED


def test_who_comes_second_is_told_so(client, sue, live, set_aside):
    client.force_login(sue)
    client.post(f"/ops/retry/{BAD}/")
    page = read(client.post(f"/ops/retry/{BAD}/", follow=True))
    assert "is not set aside any more" in page.text
    assert client.post("/ops/retry/banana/", follow=True).status_code == 200
    assert client.get("/ops/received/banana.txt").status_code == 404


def test_looking_never_changes_anything(client, sue, live, set_aside):
    client.force_login(sue)
    assert client.get(f"/ops/retry/{BAD}/").status_code == 405
    assert IngestStage.objects.get(accession=BAD).stage == Stage.QUARANTINED


# --- what the public is told -------------------------------------------------------------------------------------


def banner(client, address="/"):
    found = read(client.get(address)).all("aside", class_="stale")
    return found[0].text if found else None


def test_an_empty_archive_says_whether_it_follows_the_sec_too(client, live):
    FeedLook.objects.update(read_at=None)
    page = read(client.get("/"))
    assert "has not been read yet" in page.all("aside", class_="stale")[0].text
    assert "it tells nothing of who traded" in page.text


@pytest.mark.parametrize("name", PAGES)
def test_every_public_page_says_when_it_is_not_up_to_date(client, small_archive, live, name):
    assert banner(client, PAGES[name]) is None
    FeedLook.objects.filter(form="5").update(read_at=NOW - timedelta(minutes=6))
    said = banner(client, PAGES[name])
    assert "Not up to date. This site gets no whole answer from the SEC just now." in said
    assert "last read 20 Nov 2026, 17:54 UTC" in said
    assert "does not mean that nobody traded" in said
    assert not client.get(PAGES[name]).cookies


@pytest.mark.parametrize("name", PARTS)
def test_a_part_of_a_page_repeats_no_banner(client, small_archive, live, name):
    FeedLook.objects.update(read_at=None)
    part = client.get(PAGES[name], headers={"HX-Request": "true", "HX-Target": PARTS[name]})
    assert b"Not up to date" not in part.content


@pytest.mark.parametrize("name", PAGES)
def test_every_public_page_says_that_live_updates_are_off_and_that_is_no_alarm(client, small_archive, settings, name):
    settings.EDGAR_USER_AGENT = ""
    Heartbeat.objects.all().delete()
    page = read(client.get(PAGES[name]))
    if name not in ("code", "search, empty"):  # neither lists what is new
        assert "Live updates from the SEC are off." in page.text
    assert not page.all("aside", class_="stale")


def test_a_quiet_night_is_not_stale(client, small_archive, live):
    FeedLook.objects.update(newest_accepted_at=NOW - timedelta(days=4))
    assert banner(client) is None
    assert "The SEC’s list of new filings was last read 20 Nov 2026, 18:00 UTC." in read(client.get("/")).text


def test_the_public_is_told_within_five_minutes_that_the_clock_stopped(client, small_archive, live):
    with time_machine.travel(NOW + timedelta(minutes=4), tick=False):
        assert "The part of this site that follows the SEC has stopped." in banner(client)


def test_where_the_sec_refuses_the_public_is_told_until_a_probe_is_back(client, small_archive, live):
    EdgarBudget.objects.create(next_slot_at=NOW, refused_until=NOW - timedelta(minutes=1))
    assert "The SEC is refusing this site’s requests for now." in banner(client)
    EdgarBudget.objects.update(refused_until=None)
    assert banner(client) is None


def test_a_list_that_was_never_read_is_said_so(client, small_archive, live):
    FeedLook.objects.filter(form="3").update(read_at=None)
    assert "has not been read yet" in banner(client)


def test_who_polls_seldom_is_not_always_stale(client, small_archive, live, settings):
    settings.EDGAR_POLL_SECONDS = 600
    FeedLook.objects.update(read_at=NOW - timedelta(minutes=20))
    assert banner(client) is None
