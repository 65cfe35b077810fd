"""/alerts/ and /account/keys/: everything a person does there works as a plain form, and shows only what is theirs."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.delivery.outcome import WORDS, Fault
from accounts.models import ApiKey, Channel, Delivery
from accounts.selectors.deliveries import PAGE
from accounts.services import channels, keys, notices
from accounts.services.sending import send_owed
from tests.accounts.conftest import PASSWORD
from tests.accounts.sending.conftest import QUICK, owe
from tests.pages.reading import read

pytestmark = [pytest.mark.db_and_celery, pytest.mark.django_db]


@pytest.fixture
def page(logged_in_olive):
    """Olive's browser, in which she has just proved again who she is."""
    assert logged_in_olive.post("/account/reauthenticate/", {"password": PASSWORD}).status_code == 302
    return logged_in_olive


def text(answer):
    return answer.content.decode()


def to(name, subject):
    return reverse(f"alerts:{name}", args=[subject.uid])


def test_a_webhook_is_made_with_its_secret_shown_once(page, olive, sink):
    form = {"url": sink.url, "name": "My program", "event_types": ["ClusterBuy", "ScreenMatched"]}
    made = page.post("/alerts/channels/new/webhook/", form)
    assert made.status_code == 200
    (secret,) = re.findall(r"whsec_[A-Za-z0-9+/=]{44}", text(made))
    channel = Channel.objects.get(user=olive)
    assert channel.event_types == ["ClusterBuy", "ScreenMatched"]
    assert made["Cache-Control"].startswith("max-age=0")
    assert secret not in text(page.get(to("channel", channel)))
    changed = page.post(to("channel-rotate", channel))
    assert len(re.findall(r"whsec_", text(changed))) == 1
    assert secret not in text(changed)
    assert "Old secret signs until" in text(page.get(to("channel", channel)))


@pytest.mark.parametrize(
    ("kind", "form", "says"),
    [
        ("webhook", {"url": "http://example.com/", "event_types": ["ClusterBuy"]}, "https://"),
        ("webhook", {"url": "https://10.0.0.1/", "event_types": ["ClusterBuy"]}, "not on the public internet"),
        ("webhook", {"url": "https://93.184.215.14/"}, "required"),
        ("webhook", {"url": "https://93.184.215.14/", "event_types": ["Rumour"]}, "not one of the available"),
        (
            "webhook",
            {"url": "https://93.184.215.14/", "event_types": ["ClusterBuy"], "header_name": "X-A"},
            "both the header and its value",
        ),
        ("chat", {"url": "https://user:pw@93.184.215.14/"}, "user name or password"),
        ("email", {"address": "stan@example.test"}, "not one of the available"),
    ],
)
def test_what_cannot_be_told_is_a_field_error(page, kind, form, says):
    answer = page.post(f"/alerts/channels/new/{kind}/", form)
    assert answer.status_code == 422
    assert says in text(answer)
    assert not Channel.objects.exists()


def test_a_mail_and_a_room_are_added_and_tested(page, olive, mailoutbox, sink):
    assert page.get("/alerts/channels/new/email/").status_code == 200
    page.post("/alerts/channels/new/email/", {"address": olive.email})
    page.post("/alerts/channels/new/chat/", {"url": sink.url, "name": "Room"})
    listed = text(page.get("/alerts/"))
    assert "Room" in listed
    assert olive.email in listed
    for channel in Channel.objects.all():
        said = page.post(to("channel-test", channel), follow=True)
        assert "The test arrived" in text(said)
    assert [mail.subject for mail in mailoutbox].count("A test from form4site") == 1
    assert b"This is the test" in sink.got[0].body
    assert set(Delivery.objects.values_list("status", flat=True)) == {"sent"}


def test_a_test_that_fails_says_what_came_and_is_not_tried_again(page, hook, sink):
    sink.answer = lambda got, handler: 500
    assert "The answer was 500" in text(page.post(to("channel-test", hook), follow=True))
    assert Delivery.objects.get().status == "failed"
    assert b'"test":true' in sink.got[0].body
    assert send_owed(pace=QUICK, now=timezone.now() + timedelta(days=1)).sent == 0


def test_six_tests_a_minute_are_one_too_many(page, hook, sink):
    said = [text(page.post(to("channel-test", hook), follow=True)) for _ in range(6)]
    assert "The test arrived" in said[4]
    assert "wait a moment" in said[5]
    assert len(sink.got) == 5


def test_a_stopped_channel_says_why_and_is_resumed(page, hook, sink):
    sink.answer = lambda got, handler: 410
    owe(hook)
    send_owed(pace=QUICK, until_empty=True)
    shown = text(page.get(to("channel", hook)))
    assert "the receiver answered that it is gone" in shown
    assert "410" in shown
    assert "stopped" in text(page.get("/alerts/"))
    assert "in use again" in text(page.post(to("channel-resume", hook), follow=True))
    replay = {"since": (timezone.now() - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")}
    assert "1 missed delivery will be sent now" in text(page.post(to("channel-replay", hook), replay, follow=True))
    later = {"since": (timezone.now() + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")}
    assert "Nothing was missed since then" in text(page.post(to("channel-replay", hook), later, follow=True))
    assert page.post(to("channel-replay", hook), {"since": "yesterday"}).status_code == 422
    page.post(to("channel-pause", hook))
    hook.refresh_from_db()
    assert hook.state == "paused"
    assert "Resume the channel first" in text(page.post(to("channel-replay", hook), replay, follow=True))


@pytest.mark.parametrize("fault", Fault)
def test_what_went_wrong_is_told_in_words_and_not_by_its_name_for_programs(page, hook, fault):
    owed = owe(hook)
    Delivery.objects.filter(pk=owed.pk).update(status="failed", due_at=None, attempts=1, last_error_class=fault)
    owed.tries.create(number=1, ended_at=timezone.now(), took_ms=7, error_class=fault)
    hook.failing_since, hook.last_error_class = timezone.now(), fault
    hook.save()
    (noticed,) = notices.failing(channel=hook, now=timezone.now())[:1]
    for said in (text(page.get(to("channel", hook))), text(page.get(to("delivery", owed))), noticed.text):
        assert WORDS[fault] in said
        assert fault not in said


def test_only_what_was_sent_is_called_sent(page, hook):
    owed = owe(hook)
    assert "What is to be sent" in text(page.get(to("delivery", owed)))
    channels.pause(channel=hook)
    missed = text(page.get(to("delivery", owed)))
    assert "What was not sent" in missed
    assert "None: the channel was paused or stopped." in missed
    channels.resume(channel=hook)
    owed = owe(hook)
    send_owed(pace=QUICK, until_empty=True)
    assert "What was sent" in text(page.get(to("delivery", owed)))


def test_of_a_mail_or_a_message_in_a_room_no_payload_is_shown_as_it_has_none(page, olive, sink):
    page.post("/alerts/channels/new/chat/", {"url": sink.url, "name": "Room"})
    for channel in (channels.open_email(user=olive, address=olive.email), Channel.objects.get(kind="chat")):
        owed = owe(channel)
        send_owed(pace=QUICK, until_empty=True)
        shown = text(page.get(to("delivery", owed)))
        assert owed.text in shown
        assert "What was sent" not in shown
        assert "&quot;Number&quot;" not in shown


def test_an_address_that_is_a_channel_already_is_not_said_to_be_added(page, olive):
    for _ in range(2):
        said = text(page.post("/alerts/channels/new/email/", {"address": olive.email}, follow=True))
        assert "is added" not in said
        assert "is a channel of yours now" in said


def test_where_nothing_is_yet_one_is_led_to_what_would_bring_something(page):
    for address in ("/alerts/", "/alerts/inbox/"):
        shown = read(page.get(address))
        assert 'class="empty"' in text(page.get(address))
        assert [one for one in shown.all("a", href="/screens/") if "screens" in one.text or "screen of" in one.text]
    assert "Show unread only" not in text(page.get("/alerts/inbox/"))


def test_the_log_is_filtered_paged_and_the_same_as_page_and_as_part(page, hook, sink):
    told = [owe(hook) for _ in range(PAGE + 1)]
    Delivery.objects.filter(pk=told[3].pk).update(status="failed", due_at=None, last_words="<b>a stranger's words</b>")
    first = text(page.get(to("channel", hook)))
    assert told[-1].title in first
    assert f">{told[0].title}<" not in first
    older = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")
    assert f">{told[0].title}<" in text(page.get(older))
    missed = to("channel", hook) + "?status=missed"
    whole = text(page.get(missed))
    part = text(page.get(missed, headers={"HX-Request": "true", "HX-Target": "log"}))
    assert "<html" not in part
    assert part.strip() in whole
    assert part.count("<tr data-row") == 1
    assert "Nothing like this" in text(page.get(to("channel", hook) + "?event=Nothing"))
    detail = text(page.get(to("delivery", told[3])))
    assert "&lt;b&gt;a stranger" in detail
    assert f"msg_{told[3].uid.hex}" in detail


def test_the_log_costs_as_many_queries_for_fifty_rows_as_for_one(page, hook, django_assert_num_queries):
    owe(hook)
    page.get(to("channel", hook))  # what a session reads and writes once
    with CaptureQueriesContext(connection) as few:
        page.get(to("channel", hook))
    for _ in range(PAGE):
        owe(hook)
    with django_assert_num_queries(len(few)):
        page.get(to("channel", hook))


def test_events_are_changed_and_a_channel_is_removed_with_its_log(page, hook):
    page.post(to("channel-events", hook), {"event_types": ["FilingAmended"]})
    hook.refresh_from_db()
    assert hook.event_types == ["FilingAmended"]
    assert page.post(to("channel-events", hook), {}).status_code == 422
    owe(hook)
    page.post(to("channel-remove", hook))
    assert not Channel.objects.exists()
    assert not Delivery.objects.exists()


def test_the_inbox_counts_what_is_unread_and_a_look_does_not_read_it(page, olive):
    box = channels.inbox_of(olive)
    first, second = owe(box, link="/codes/"), owe(box, link=None)
    for _ in range(2):
        assert "2 unread" in text(page.get("/alerts/inbox/"))
    assert ">2<" in text(page.get("/alerts/inbox/unread/"))
    assert page.post(to("inbox-read", first))["Location"] == "/codes/"
    assert "1 unread" in text(page.get("/alerts/inbox/"))
    only = text(page.get("/alerts/inbox/?show=unread"))
    assert second.title in only
    assert first.title not in only
    page.post("/alerts/inbox/read/")
    assert "0 unread" in text(page.get("/alerts/inbox/"))
    assert page.get("/alerts/inbox/unread/").content.strip() == b""


def test_a_browser_left_open_gives_out_no_key_and_no_secret(client, olive, hook):
    client.force_login(olive)  # some time ago
    key = client.post("/account/keys/", {"name": "Thief", "scopes": ["read"]})
    secret = client.post(to("channel-rotate", hook))
    for answer in (key, secret):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/account/reauthenticate/")
    assert not ApiKey.objects.exists()
    assert Channel.objects.get(pk=hook.pk).previous_secret is None


def test_only_a_post_changes_anything(page, hook):
    for name in ("test", "pause", "resume", "events", "rotate", "replay", "remove"):
        assert page.get(to(f"channel-{name}", hook)).status_code == 405


def test_a_key_is_shown_once_works_and_is_revoked(page, olive):
    made = page.post("/account/keys/", {"name": "Notebook", "scopes": ["read"], "lasts": "30"})
    (secret,) = re.findall(r"f4s_[\w-]{49}", text(made))
    assert keys.call(secret).user_id == olive.pk
    listed = text(page.get("/account/keys/"))
    assert secret not in listed
    assert secret[:12] in listed
    assert "1 call went through" in listed
    key = ApiKey.objects.get()
    assert timedelta(days=29) < key.expires_at - timezone.now() <= timedelta(days=30)
    page.post(reverse("accounts:key-revoke", args=[key.uid]))
    assert keys.call(secret) is None
    assert "Keys that ended (1)" in text(page.get("/account/keys/"))


@pytest.mark.parametrize("form", [
    {}, {"name": "K"}, {"name": "K", "scopes": ["all"]}, {"name": "K", "scopes": ["read"], "lasts": "9"},
])  # fmt: skip
def test_a_key_without_a_name_or_a_purpose_is_a_field_error(page, form):
    assert page.post("/account/keys/", form).status_code == 422
    assert not ApiKey.objects.exists()
