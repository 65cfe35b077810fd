"""The account pages hold to what every page holds to: sound, light, few queries, kept by nobody, clear when wrong."""

from __future__ import annotations

import gzip
from itertools import takewhile

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.pages.reading import read

pytestmark = [pytest.mark.db_and_celery, pytest.mark.django_db]
MOST_QUERIES = 8
MOST_BYTES = 60_000
OPEN = {
    "log in": "/account/login/",
    "sign up": "/account/signup/",
    "forgotten password": "/account/password/reset/",
    "reset link sent": "/account/password/reset/done/",
    "closed account": "/account/inactive/",
}
OWN = {
    "account": "/account/",
    "e-mail address": "/account/email/",
    "password": "/account/password/change/",
    "log out": "/account/logout/",
    "reauthenticate": "/account/reauthenticate/",
}
EVERY = {**OPEN, **OWN}
every_page = pytest.mark.parametrize("name", EVERY)


@pytest.fixture(autouse=True)
def no_tries_yet():
    cache.clear()


@pytest.fixture
def visitor(client, olive):
    """Asks for open pages as anybody, for the others as Olive, whose address is confirmed."""
    EmailAddress.objects.create(user=olive, email=olive.email, verified=True, primary=True)

    def ask(name):
        if name in OWN:
            client.force_login(olive)
        return client.get(EVERY[name])

    return ask


def links(page, label, **attributes):
    """Where the links of the navigation with this label lead: all, or those with these attributes."""
    (start,) = [at for at, element in enumerate(page.elements) if element.attributes.get("aria-label") == label]
    within = list(takewhile(lambda element: element.tag == "a", page.elements[start + 1 :]))
    wanted = page.all("a", **attributes)
    return [element.attributes["href"] for element in within if any(element is one for one in wanted)]


def marked(page, label):
    """Those of them that are marked as where one is."""
    return links(page, label, aria_current="page")


@every_page
def test_a_page_is_sound_has_one_headline_and_a_way_home(visitor, name):
    response = visitor(name)
    page = read(response)
    assert response.status_code == 200
    assert page.breaches() == []
    assert len(page.all("h1")) == 1
    assert page.all("a", href="/")
    assert "None" not in page.by_id("main").text


@every_page
def test_a_page_costs_at_most_eight_queries(visitor, client, name):
    visitor(name)  # logs in where that is needed
    with CaptureQueriesContext(connection) as queries:
        assert client.get(EVERY[name]).status_code == 200
    assert len(queries) <= MOST_QUERIES


@every_page
def test_every_field_has_a_label_and_every_password_can_be_filled_in_by_a_manager(visitor, name):
    page = read(visitor(name))
    labels = {label.attributes.get("for") for label in page.all("label")}
    fields = [
        field
        for field in page.all("input")
        if field.attributes.get("type") != "hidden" and "hidden" not in field.attributes
    ]
    assert [field.attributes for field in fields if field.attributes["id"] not in labels] == []
    for field in page.all("input", type="password"):
        assert field.attributes["autocomplete"] in ("current-password", "new-password")


@every_page
def test_a_first_visit_is_light(visitor, client, name):
    response = visitor(name)
    page = read(response)
    files = [link.attributes["href"] for link in page.all("link")]
    files += [script.attributes["src"] for script in page.all("script")]
    sizes = [len(gzip.compress(client.get(file).getvalue(), 9)) for file in files]
    assert sum(sizes) + len(gzip.compress(response.content, 9)) < MOST_BYTES


@pytest.mark.parametrize("name", [name for name in OWN if name != "log out"])
def test_what_is_somebodys_own_is_asked_to_log_in_for_and_leads_back(client, name):
    response = client.get(OWN[name])
    assert response.status_code == 302
    assert response["Location"] == f"/account/login/?next={OWN[name]}"


def test_the_log_in_says_what_is_open_without_it_and_what_it_gives(client):
    text = read(client.get("/account/login/")).by_id("main").text
    assert "open to everyone" in text
    assert "Logging in opens what is yours: screens, alerts and the account." in text


def test_the_sign_up_says_what_an_account_is_for(client):
    text = read(client.get("/account/signup/")).by_id("main").text
    assert "Reading needs no account" in text
    assert all(gain in text for gain in ("keep screens", "follow companies and people", "are told", "keys"))


@pytest.mark.parametrize("name", [name for name in OWN if name != "log out"])
def test_the_head_marks_the_account_on_each_of_its_pages(visitor, name):
    assert marked(read(visitor(name)), "Yours") == ["/account/"]


@pytest.mark.parametrize("name", OPEN)
def test_the_head_marks_nothing_as_open_to_a_stranger(visitor, name):
    assert marked(read(visitor(name)), "Yours") == []


def test_every_tab_of_the_account_leads_to_a_page_with_the_same_tabs_on_which_it_is_marked(visitor, client):
    tabs = links(read(visitor("account")), "Your pages")
    assert len(tabs) > 3
    for tab in tabs:
        page = read(client.get(tab))
        assert links(page, "Your pages") == tabs
        assert marked(page, "Your pages") == [tab]


def test_what_asks_for_the_password_once_more_claims_nothing_of_what_comes_next(client, olive):
    client.force_login(olive)  # some time ago
    for address in ("/account/export/", "/account/delete/"):
        page = read(client.get(address, follow=True))
        assert page.all("h1")[0].text == "Your password, once more"
        assert "change" not in page.by_id("main").text


@pytest.mark.parametrize(
    ("address", "typed", "field"),
    [
        ("/account/login/", {"login": "no address", "password": "x"}, "id_login"),
        ("/account/signup/", {"email": "no address", "password1": "correct horse battery"}, "id_email"),
        ("/account/signup/", {"email": "new@example.test", "password1": "short"}, "id_password1"),
        ("/account/password/reset/", {"email": "no address"}, "id_email"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_is_told_to_who_cannot_see_it(client, address, typed, field):
    page = read(client.post(address, typed))
    box = page.by_id(field)
    assert box.attributes["aria-invalid"] == "true"
    described = [page.by_id(each) for each in box.attributes["aria-describedby"].split()]
    errors = [element.text for element in page.elements if element.attributes.get("class") == "field__error"]
    assert errors
    assert errors[0] in " ".join(element.text for element in described)


def test_what_was_typed_is_kept_but_for_the_password(client):
    page = read(client.post("/account/login/", {"login": "olive@example.test", "password": "secret-words"}))
    assert page.by_id("id_login").attributes["value"] == "olive@example.test"
    assert "value" not in page.by_id("id_password").attributes


def test_an_address_that_is_not_confirmed_is_said_with_what_to_do(client, stan):
    client.force_login(stan)
    text = read(client.get("/account/")).by_id("main").text
    assert "stan@example.test, not confirmed" in text


@pytest.mark.parametrize("name", ["password", "reauthenticate"])
def test_a_password_manager_is_told_whose_password_it_is(visitor, olive, name):
    (whose,) = read(visitor(name)).all("input", autocomplete="username")
    assert whose.attributes["value"] == olive.email
    assert "name" not in whose.attributes  # nothing of it is sent
