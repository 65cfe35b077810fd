"""Mails: plain, short, ours; their links are the site's own address; where there is no server, a folder and a page."""

from __future__ import annotations

import re
import smtplib
import stat

import pytest
from django.core import mail
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends import locmem
from django.test import Client

from accounts.delivery import folder
from tests.accounts.conftest import PASSWORD

LINK = re.compile(r"\bhttps?://\S+")


class ServerAway(locmem.EmailBackend):
    """A mail server that does not answer."""

    def send_messages(self, messages):
        raise smtplib.SMTPServerDisconnected("away")


def ask_for_every_mail(email: str, **headers: str) -> None:
    for address in ("new@example.test", email):
        Client(**headers).post("/account/signup/", {"email": address, "password1": "a long enough password"})
    client = Client(**headers)
    client.post("/account/password/reset/", {"email": email})
    client.post("/account/password/reset/", {"email": "nobody@example.test"})
    client.post("/account/login/", {"login": email, "password": PASSWORD})
    client.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": "a wholly new long one"})


@pytest.mark.django_db
@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_HOST": "127.0.0.1:8000"},
        {"HTTP_HOST": "other.example"},
        {"HTTP_HOST": "localhost", "HTTP_X_FORWARDED_HOST": "evil.example"},
        {"HTTP_HOST": "localhost", "HTTP_X_FORWARDED_PROTO": "https", "HTTP_FORWARDED": "host=evil.example"},
    ],
)
def test_links_begin_with_the_base_url_whatever_host_was_asked(headers, verified_olive, mails, settings):
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1", "other.example"]
    settings.BASE_URL = "https://form4site.example"
    ask_for_every_mail(verified_olive.email, **headers)
    texts = [mail.text for mail in mails()]
    assert len(texts) == 6
    assert any("/account/password/reset/key/" in text for text in texts)
    for text in texts:
        links = LINK.findall(text)
        assert links
        assert [link for link in links if not re.match(r"https://form4site\.example(/|$)", link)] == []


@pytest.mark.django_db
@pytest.mark.parametrize("host", ["evil.example", "localhost@evil.example", "evil.example:80", "localhost.evil.test"])
def test_a_host_that_is_not_ours_gets_no_mail_sent(host, verified_olive, mails, settings):
    settings.ALLOWED_HOSTS = ["localhost"]
    answer = Client(HTTP_HOST=host).post("/account/password/reset/", {"email": verified_olive.email})
    assert answer.status_code == 400
    assert mails() == []


@pytest.mark.django_db
def test_every_mail_is_plain_text_without_html_and_says_who_we_are(verified_olive):
    ask_for_every_mail(verified_olive.email)
    assert len(mail.outbox) == 6
    for message in mail.outbox:
        assert not getattr(message, "alternatives", [])
        assert "\n\nform4site\nhttp" in message.body
        assert not re.search(r"</?\w+|&(amp|#x27|quot|lt);|\{[{%]", message.subject + message.body)
        assert "\n\n\n" not in message.body


@pytest.mark.django_db
def test_letters_that_html_knows_stand_as_they_are_in_a_mail(client):
    client.post("/account/password/reset/", {"email": "o'brien&co@example.test"})
    assert "o'brien&co@example.test" in mail.outbox[0].body


@pytest.mark.django_db
@pytest.mark.parametrize("email", ["olive@example.test", "nobody@example.test"])
def test_a_mail_server_that_is_away_is_said_not_a_broken_page(email, verified_olive, settings, client, caplog):
    settings.EMAIL_BACKEND = "tests.accounts.test_mail.ServerAway"
    page = client.post("/account/password/reset/", {"email": email}, follow=True)
    assert page.status_code == 200
    assert "could not be sent just now" in page.content.decode()
    assert "could not be sent" in caplog.text


# --- the folder ---------------------------------------------------------------------------------------------------


def send(**fields) -> None:
    message = {"subject": "Hello", "body": "text", "from_email": "from@example.test", "to": ["to@example.test"]}
    EmailMessage(**{**message, **fields}, connection=get_connection()).send()


def test_only_the_owner_of_the_folder_can_read_the_mails(mail_folder, settings):
    send()
    (file,) = mail_folder.iterdir()
    assert stat.S_IMODE(mail_folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_mails_come_back_whole_and_the_newest_first(mail_folder, settings):
    send(subject="First, with ü and a very long line of a subject that mail has to fold " * 2)
    send(subject="Second", body="Zürich — 3 × 4\n" + "-" * 79 + "\nafter a line of dashes\nFrom here")
    with get_connection() as connection:
        for subject in ("Third", "Fourth"):
            EmailMessage(subject, "text", "from@example.test", ["to@example.test"], connection=connection).send()
    mails = folder.messages(mail_folder)
    assert [mail.subject[:6] for mail in mails] == ["Fourth", "Third", "Second", "First,"]
    assert mails[2].text.rstrip("\n") == "Zürich — 3 × 4\n" + "-" * 79 + "\nafter a line of dashes\nFrom here"
    assert (mails[0].to, mails[0].sender) == ("to@example.test", "from@example.test")


def test_a_folder_that_is_not_there_yet_or_holds_other_things_is_no_trouble(mail_folder):
    assert folder.messages(mail_folder) == []
    mail_folder.mkdir()
    (mail_folder / "empty.eml").touch()
    (mail_folder / "noise.eml").write_bytes(bytes(range(256)) * 10)
    (mail_folder / "huge.eml").write_bytes(b"To: me\n\n" + b"x" * folder.LARGEST)
    (mail_folder / "folder.eml").mkdir()
    (mail_folder / "gone.eml").symlink_to(mail_folder / "nowhere")
    assert folder.messages(mail_folder) == []


def test_a_hundred_mails_are_shown_at_most(mail_folder, settings):
    for number in range(folder.SHOWN + 3):
        send(subject=f"Number {number}")
    assert len(folder.messages(mail_folder)) == folder.SHOWN


# --- the page that shows it ----------------------------------------------------------------------------------------

HERE = {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "localhost:8000"}


def status(**meta) -> int:
    return Client(**{**HERE, **meta}).get("/account/outbox/").status_code


@pytest.fixture
def open_to_any_name(mail_folder, settings):
    settings.ALLOWED_HOSTS = ["*"]
    return settings


@pytest.mark.django_db
@pytest.mark.parametrize(
    "meta",
    [
        {},
        {"REMOTE_ADDR": "127.8.9.10", "HTTP_HOST": "127.0.0.1:8000"},
        {"REMOTE_ADDR": "::1", "HTTP_HOST": "[::1]:8000"},
        {"REMOTE_ADDR": "::ffff:127.0.0.1"},
    ],
)
def test_the_outbox_opens_at_the_machine_itself(open_to_any_name, meta):
    assert status(**meta) == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    "meta",
    [
        {"REMOTE_ADDR": "192.0.2.1"},
        {"REMOTE_ADDR": "10.0.0.1"},
        {"REMOTE_ADDR": "::ffff:192.0.2.1"},
        {"REMOTE_ADDR": ""},
        {"REMOTE_ADDR": "192.0.2.1", "HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"HTTP_X_FORWARDED_FOR": "192.0.2.1"},
        {"HTTP_X_REAL_IP": "192.0.2.1"},
        {"HTTP_FORWARDED": "for=192.0.2.1"},
        {"HTTP_VIA": "1.1 proxy"},
        {"HTTP_HOST": "form4site.example"},
        {"HTTP_HOST": "localhost.evil.example"},
        {"HTTP_HOST": "rebound.evil.example:8000"},
    ],
)
def test_the_outbox_is_not_there_for_anyone_else(open_to_any_name, meta):
    """Not through a proxy on this machine, nor by a name that a page from elsewhere had pointed at it."""
    assert status(**meta) == 404


@pytest.mark.django_db
def test_the_outbox_is_not_there_where_mail_is_sent_or_the_database_is_a_server(open_to_any_name, sue):
    settings = open_to_any_name
    client = Client(**HERE)
    client.force_login(sue)
    assert client.get("/account/outbox/").status_code == 200
    settings.DATABASE_URL = "postgres://db/form4site"
    assert client.get("/account/outbox/").status_code == 404
    settings.DATABASE_URL, settings.MAIL_FOLDER = "", None
    assert client.get("/account/outbox/").status_code == 404
    assert status() == 404


@pytest.mark.django_db
def test_the_outbox_is_not_there_behind_a_proxy_that_the_settings_name(open_to_any_name):
    open_to_any_name.TRUST_PROXY = True
    assert status() == 404


@pytest.mark.django_db
def test_from_elsewhere_the_outbox_is_for_staff(open_to_any_name, olive, stan, sue):
    for user, expected in ((olive, 404), (stan, 404), (sue, 200)):
        client = Client(REMOTE_ADDR="192.0.2.1")
        client.force_login(user)
        assert client.get("/account/outbox/").status_code == expected
        assert ("/account/outbox/" in client.get("/account/").content.decode()) == (expected == 200)


@pytest.mark.django_db
@pytest.mark.parametrize(("meta", "led"), [({}, True), ({"REMOTE_ADDR": "192.0.2.1"}, False)])
def test_whoever_waits_for_a_mail_that_leaves_no_machine_is_led_to_it(open_to_any_name, meta, led):
    client = Client(**{**HERE, **meta})
    asked = {
        "/account/signup/": {"email": "ann@example.test", "password1": "ann and her three cats"},
        "/account/password/reset/": {"email": "ann@example.test"},
    }
    for address, form in asked.items():
        page = client.post(address, form, follow=True)
        assert page.redirect_chain
        assert ('href="/account/outbox/"' in page.content.decode()) == led, address


@pytest.mark.django_db
def test_an_instant_has_the_day_first_on_every_page_and_in_every_mail(open_to_any_name, verified_olive):
    client = Client(**HERE)
    client.post("/account/login/", {"login": verified_olive.email, "password": PASSWORD})  # a browser not seen before
    outbox = client.get("/account/outbox/").content.decode()
    assert re.search(r"When: \d\d? [A-Z][a-z]+ \d{4}, \d\d:\d\d UTC", outbox)
    for page in (outbox, client.get("/account/sessions/").content.decode()):
        told = re.findall(r"<time [^>]*>([^<]*)</time>", page)
        assert told
        assert [one for one in told if not re.fullmatch(r"\d\d? [A-Z][a-z]{2} \d{4}, \d\d:\d\d UTC", one)] == []


@pytest.mark.django_db
def test_the_outbox_shows_links_to_click_and_nothing_that_runs(open_to_any_name, settings):
    send(subject="<script>alert(1)</script>", body='See http://localhost:8000/a/?b=1&c=2 <img src=x onerror="y">')
    page = Client(**HERE).get("/account/outbox/").content.decode()
    assert '<a href="http://localhost:8000/a/?b=1&amp;c=2"' in page
    assert "<script>alert" not in page
    assert "<img" not in page
    send(body="javascript:alert(1) data:text/html,x")
    assert 'href="javascript' not in Client(**HERE).get("/account/outbox/").content.decode()


@pytest.mark.django_db
def test_the_link_in_the_outbox_is_the_one_that_works(verified_olive, open_to_any_name, settings):
    settings.BASE_URL = "http://localhost:8000"
    client = Client(**HERE)
    client.post("/account/password/reset/", {"email": verified_olive.email})
    page = client.get("/account/outbox/").content.decode()
    (link,) = re.findall(r'href="http://localhost:8000(/account/password/reset/key/[^"]+)"', page)
    assert "Choose a new password" in client.get(link, follow=True).content.decode()
