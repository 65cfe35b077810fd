"""A second proof beside the password: set up, asked for, used once, taken away; and staff pages open with one only."""

from __future__ import annotations

import json
import re
import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from tests.accounts.conftest import PASSWORD
from tests.accounts.software_key import SoftwareKey
from tests.pages.reading import read

pytestmark = [pytest.mark.django_db]


def code_of(secret: str, *, ahead: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + ahead))


def confirm(client: Client, answer) -> object:
    """Go on through the page that asks for the password once more."""
    assert answer["Location"].startswith("/account/reauthenticate/"), answer["Location"]
    return client.post(answer["Location"], {"password": PASSWORD}, follow=True)


def set_up_app(client: Client) -> str:
    """The secret that the person typed into their app."""
    page = client.get("/account/security/totp/activate/")
    if page.status_code == 302:
        page = confirm(client, page)
    (secret,) = [element.text for element in read(page).all("code", class_="secret")]
    answer = client.post("/account/security/totp/activate/", {"code": code_of(secret)})
    assert answer["Location"] == "/account/security/recovery-codes/"
    return secret


def log_in(client: Client, email: str):
    return client.post("/account/login/", {"login": email, "password": PASSWORD})


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


@pytest.fixture
def app_secret(logged_in_olive, mail_folder) -> str:
    return set_up_app(logged_in_olive)


def recovery_codes(client: Client) -> list[str]:
    page = read(client.get("/account/security/recovery-codes/"))
    return [element.text for element in page.all("code")]


def test_after_the_password_the_app_is_asked_and_opens_the_account(app_secret, verified_olive):
    client = Client()
    with time_machine.travel(time.time() + 90, tick=True):
        assert log_in(client, verified_olive.email)["Location"] == "/account/security/authenticate/"
        assert not is_in(client)
        wrong = client.post("/account/security/authenticate/", {"code": "000000"})
        assert "not the code" in wrong.content.decode()
        client.post("/account/security/authenticate/", {"code": code_of(app_secret)})
        assert is_in(client)


@pytest.mark.parametrize("later", [0, 29, 59])
def test_a_code_opens_once_however_late_it_comes_again(app_secret, verified_olive, later):
    start = (int(time.time()) // 30 + 10) * 30  # the beginning of a step
    with time_machine.travel(start, tick=False):
        code = code_of(app_secret)
        first = Client()
        log_in(first, verified_olive.email)
        first.post("/account/security/authenticate/", {"code": code})
        assert is_in(first)
    with time_machine.travel(start + later, tick=False):
        second = Client()
        log_in(second, verified_olive.email)
        second.post("/account/security/authenticate/", {"code": code})
        assert not is_in(second)


@pytest.mark.parametrize(("ahead", "opens"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_clock_may_be_a_step_off_and_no_more(app_secret, verified_olive, ahead, opens):
    with time_machine.travel(time.time() + 600, tick=False):
        client = Client()
        log_in(client, verified_olive.email)
        client.post("/account/security/authenticate/", {"code": code_of(app_secret, ahead=ahead)})
        assert is_in(client) is opens


def test_five_wrong_codes_and_no_more_are_looked_at(app_secret, verified_olive):
    with time_machine.travel(time.time() + 600, tick=False):
        client = Client(REMOTE_ADDR="192.0.2.9")
        log_in(client, verified_olive.email)
        answers = [client.post("/account/security/authenticate/", {"code": f"00000{n}"}) for n in range(7)]
        said = ["not the code" in answer.content.decode() for answer in answers]
        assert said == [True] * 5 + [False] * 2
        client.post("/account/security/authenticate/", {"code": code_of(app_secret)})
        assert not is_in(client)


def test_a_recovery_code_opens_once(app_secret, logged_in_olive, verified_olive):
    codes = recovery_codes(logged_in_olive)
    assert len(set(codes)) == 10
    assert all(re.fullmatch(r"\d{10}", code) for code in codes)
    for expected in (True, False):
        client = Client()
        log_in(client, verified_olive.email)
        client.post("/account/security/authenticate/", {"code": codes[0]})
        assert is_in(client) is expected
    assert codes[0] not in recovery_codes(logged_in_olive)
    assert "9 of 10 are left" in read(logged_in_olive.get("/account/security/")).text


def test_new_recovery_codes_end_the_old_ones(app_secret, logged_in_olive, verified_olive):
    old = recovery_codes(logged_in_olive)
    logged_in_olive.post("/account/security/recovery-codes/generate/")
    assert not set(old) & set(recovery_codes(logged_in_olive))
    client = Client()
    log_in(client, verified_olive.email)
    client.post("/account/security/authenticate/", {"code": old[0]})
    assert not is_in(client)


def test_recovery_codes_can_be_taken_along_by_their_owner_only(app_secret, logged_in_olive, stan):
    answer = logged_in_olive.get("/account/security/recovery-codes/download/")
    assert answer["Content-Type"] == "text/plain"
    assert answer.content.decode().split() == recovery_codes(logged_in_olive)
    stranger = Client()
    stranger.force_login(stan)
    assert stranger.get("/account/security/recovery-codes/download/").status_code == 404


def test_the_first_factor_ends_every_other_session(
    verified_olive, logged_in_olive, mail_folder, django_capture_on_commit_callbacks
):
    earlier = Client()
    log_in(earlier, verified_olive.email)
    assert is_in(earlier)
    with django_capture_on_commit_callbacks(execute=True):
        set_up_app(logged_in_olive)
    assert is_in(logged_in_olive)
    assert not is_in(earlier)


def test_every_change_of_a_factor_is_told_by_mail(logged_in_olive, mails, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        set_up_app(logged_in_olive)
    with django_capture_on_commit_callbacks(execute=True):
        logged_in_olive.post("/account/security/recovery-codes/generate/")
    logged_in_olive.post("/account/security/totp/deactivate/")
    told = [mail.subject for mail in mails()]
    assert told[:3] == [
        "The app was removed from your form4site account",
        "New recovery codes for your form4site account",
        "An app protects your form4site account now",
    ]
    assert "/account/security/" in mails()[0].text


def test_without_the_app_recovery_codes_end_too_and_the_password_is_enough(app_secret, logged_in_olive, verified_olive):
    logged_in_olive.post("/account/security/totp/deactivate/")
    assert not Authenticator.objects.filter(user=verified_olive).exists()
    client = Client()
    log_in(client, verified_olive.email)
    assert is_in(client)


@pytest.mark.parametrize(
    "address",
    [
        "/account/security/totp/activate/",
        "/account/security/webauthn/add/",
        "/account/export/",
        "/account/delete/",
    ],
)
def test_what_changes_how_one_gets_in_asks_for_the_password_once_more(logged_in_olive, address):
    answer = logged_in_olive.get(address)
    assert answer["Location"].startswith(f"/account/reauthenticate/?next={address.replace('/', '%2F')}")


# --- passkeys ----------------------------------------------------------------------------------------------------


def add_passkey(client: Client, key: SoftwareKey, name: str = "Laptop"):
    page = client.get("/account/security/webauthn/add/")
    if page.status_code == 302:
        page = confirm(client, page)
    (form,) = [form for form in read(page).all("form") if form.attributes.get("data-passkey") == "create"]
    options = json.loads(form.attributes["data-options"])
    sent = {"name": name, "credential": json.dumps(key.create(options))}
    return client.post("/account/security/webauthn/add/", sent)


def log_in_by_passkey(client: Client, key: SoftwareKey, **extra: str):
    options = client.get("/account/security/webauthn/login/").json()["request_options"]
    return client.post("/account/security/webauthn/login/", {"credential": json.dumps(key.get(options)), **extra})


def test_a_passkey_opens_the_account_without_password_or_address(logged_in_olive, mail_folder):
    key = SoftwareKey()
    assert add_passkey(logged_in_olive, key).status_code == 302
    assert "Laptop" in read(logged_in_olive.get("/account/security/")).text
    client = Client()
    assert log_in_by_passkey(client, key)["Location"] == "/account/"
    assert is_in(client)


def test_a_passkey_is_a_second_factor_too(logged_in_olive, verified_olive, mail_folder):
    key = SoftwareKey()
    add_passkey(logged_in_olive, key)
    client = Client()
    log_in(client, verified_olive.email)
    page = client.get("/account/security/authenticate/")
    (form,) = [form for form in read(page).all("form") if form.attributes.get("data-passkey") == "get"]
    options = json.loads(form.attributes["data-options"])
    client.post("/account/security/authenticate/", {"credential": json.dumps(key.get(options))})
    assert is_in(client)


def test_a_key_that_saw_neither_finger_nor_pin_is_no_passkey(logged_in_olive, mail_folder):
    answer = add_passkey(logged_in_olive, SoftwareKey(verifies=False))
    assert answer.status_code == 200
    assert not Authenticator.objects.exists()


def test_an_answer_opens_once(logged_in_olive, mail_folder):
    key = SoftwareKey()
    add_passkey(logged_in_olive, key)
    client = Client()
    options = client.get("/account/security/webauthn/login/").json()["request_options"]
    sent = {"credential": json.dumps(key.get(options))}
    client.post("/account/security/webauthn/login/", sent)
    assert is_in(client)
    other = Client()
    other.post("/account/security/webauthn/login/", sent)
    assert not is_in(other)


def test_a_passkey_of_another_site_or_person_opens_nothing(logged_in_olive, verified_olive, mail_folder):
    key = SoftwareKey()
    add_passkey(logged_in_olive, key)
    for wrong in (SoftwareKey(), SoftwareKey(rp="evil.example", origin="https://evil.example")):
        wrong.user = key.user
        client = Client()
        log_in_by_passkey(client, wrong)
        assert not is_in(client)


NONSENSE = ["", "{}", "null", "[]", "0", '{"id": 1}', '{"response": {"userHandle": "MQ"}}', "x" * 9000]


def gnawed() -> list[str]:
    """A right answer, and each of its parts left out, emptied or made into something else."""
    asked = {"publicKey": {"challenge": "AAAA", "user": {"id": "MQ"}}}
    found = []
    for made in (SoftwareKey().create(asked), SoftwareKey().get(asked)):
        for name in made:
            found += [json.dumps({**made, name: value}) for value in (None, "", [], {}, 7, "AAAA")]
        for name in made["response"]:
            for value in (None, "", [], 7, "AAAA", "oA"):
                found.append(json.dumps({**made, "response": {**made["response"], name: value}}))
    return found


def test_no_credential_breaks_a_page(logged_in_olive, settings):
    settings.MFA_RATE_LIMITS = {"webauthn_login": None}
    confirm(logged_in_olive, logged_in_olive.get("/account/security/webauthn/add/"))
    anybody = Client()
    for sent in (*NONSENSE, *gnawed()):
        client, address = (anybody, "login/") if '"signature"' in sent else (logged_in_olive, "add/")
        client.get(f"/account/security/webauthn/{address}")
        answer = client.post(f"/account/security/webauthn/{address}", {"credential": sent})
        assert answer.status_code in (200, 302), (address, sent)
    assert not is_in(anybody)
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("sent", NONSENSE)
def test_no_nonsense_for_a_credential_breaks_a_page(logged_in_olive, sent):
    for client in (Client(), logged_in_olive):
        client.get("/account/security/webauthn/login/")
        for address in ("login/", "add/", "reauthenticate/"):
            answer = client.post(f"/account/security/webauthn/{address}", {"credential": sent})
            assert answer.status_code < 500


# --- staff -------------------------------------------------------------------------------------------------------

STAFF_PAGES = ("/ops/", "/gallery/", "/metrics")


@pytest.mark.parametrize("address", STAFF_PAGES)
def test_staff_without_a_second_factor_are_sent_to_set_one_up_and_then_see_the_page(
    verified_olive, logged_in_olive, mail_folder, address
):
    verified_olive.is_staff = True
    verified_olive.save()
    assert logged_in_olive.get(address)["Location"] == "/account/security/"
    assert "Staff pages need a second factor" in read(logged_in_olive.get("/account/security/")).text
    set_up_app(logged_in_olive)
    assert logged_in_olive.get(address).status_code == 200


def test_at_ones_own_machine_a_password_is_enough_for_staff(client, django_user_model, settings):
    """After `make run`: whoever sits there reads every mail and the database as well."""
    settings.DATABASE_URL = ""
    sam = django_user_model.objects.create_user("sam@example.test", PASSWORD, is_staff=True)
    client.force_login(sam)
    here = {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "localhost:8000"}
    assert client.get("/ops/", **here).status_code == 200
    assert client.get("/ops/", **here, HTTP_X_FORWARDED_FOR="192.0.2.1").status_code == 302
    assert client.get("/ops/", **{**here, "REMOTE_ADDR": "192.0.2.1"}).status_code == 302
    settings.DATABASE_URL = "postgres://db/form4site"
    assert client.get("/ops/", **here).status_code == 302
