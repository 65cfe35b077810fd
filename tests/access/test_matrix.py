"""Nobody sees or touches what is another's: every route, every method, each of the cast, against `policies.py`."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.access.objects import OBJECTS, Owned
from tests.access.policies import BEARER, ENTRANCE, KEY, NOTHING, OBJECT, OWN, POLICIES, PUBLIC, STAFF, Route
from tests.access.routes import routes

pytestmark = [pytest.mark.db_and_celery, pytest.mark.slow]
METHODS = ("GET", "HX-GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")  # HX-GET: as htmx asks
CAST = ("amy", "stan", "olive", "sue", "sam")  # Sam is staff without a second factor
TOKENS = re.compile(rb'(csrfmiddlewaretoken" value="|x-csrftoken": "|"requestId":"|"asOf":")[\w:-]+')
# What a visit itself may write: who was here, how often they tried, the mail to come.
TRACES = {"django_session", "usersessions_usersession", "accounts_tries"}
ANYWHERE = {"REMOTE_ADDR": "192.0.2.1"}  # nobody is at the machine itself


def test_every_route_has_a_policy():
    without = [name for name in routes() if name not in POLICIES]
    assert not without, (
        f"Routes without a policy: {', '.join(without)}. Say in tests/access/policies.py who may use each of them; "
        "for an OBJECT, tests/access/objects.py says how to make one."
    )


def test_every_policy_has_a_route():
    assert not sorted(set(POLICIES) - set(routes())), "these rows of tests/access/policies.py name no route any more"


def test_every_policy_is_one_that_the_matrix_knows_and_every_object_can_be_made():
    for name, route in POLICIES.items():
        assert route.policy in CHECKS, name
        assert set(route.methods.split()) <= set(METHODS), name
        assert not route.of or route.of in OBJECTS, (
            f"{name}: tests/access/objects.py does not say how to make {route.of}"
        )
        assert route.of or route.policy not in (OBJECT, BEARER), f"{name} names no object"


LOGGED_IN: dict[int, str] = {}  # the sessions of the test that runs


@pytest.fixture
def cast(small_archive, olive, stan, sue, django_user_model, settings, tmp_path) -> dict[str, User | None]:
    cache.clear()
    LOGGED_IN.clear()
    settings.MAIL_FOLDER, settings.DATABASE_URL = tmp_path / "mail", ""
    sam = django_user_model.objects.create_user("sam@example.test", "sam's long password", is_staff=True)
    people = {"amy": None, "stan": stan, "olive": olive, "sue": sue, "sam": sam}
    for person in people.values():
        if person:
            EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return people


def browser(person: User | None) -> Client:
    """A browser of this person; logged in once for as long as nobody ends the session."""
    client = Client(**ANYWHERE)
    if person is None:
        return client
    kept = LOGGED_IN.get(person.pk)
    if kept and Session.objects.filter(session_key=kept).exists():
        client.cookies[settings.SESSION_COOKIE_NAME] = kept
    else:
        client.force_login(person)
        session = client.session  # who shows once more who they are gets everywhere that their rights reach
        session["account_authentication_methods_user"] = str(person.pk)
        session["account_authentication_methods"] = [
            {"method": "password", "at": time.time(), "reauthenticated": True, "username": person.email}
        ]
        session.save()
        LOGGED_IN[person.pk] = session.session_key
    return client


def send(client: Client, method: str, address: str, route: Route) -> Any:
    form = route.form if method == "POST" else {}
    if method == "HX-GET":
        return client.get(address, headers={"HX-Request": "true"})
    if method in ("PUT", "PATCH", "DELETE"):
        return client.generic(method, address, b"{}", content_type="application/json")
    return getattr(client, method.lower())(address, form)


def allowed(route: Route) -> set[str]:
    methods = set(route.methods.split())
    return methods | ({"HEAD", "HX-GET"} if "GET" in methods else set())


def body(answer: Any, *names: str) -> bytes:
    """What came, without tokens and without the object's own name, which whoever asked knew."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    content = TOKENS.sub(rb"\1", content)
    for name in names:
        for spelling in (name, name.replace("-", " ")):
            content = content.replace(spelling.encode(), b"NAMED")
    return content


def leads_to_log_in(answer: Any) -> bool:
    return answer.status_code == 302 and answer["Location"].startswith("/account/login/?next=")


def refuses_method(answer: Any) -> bool:
    return answer.status_code == 405


def is_accepted(answer: Any) -> bool:
    return answer.status_code < 400 or answer.status_code == 422


def contents() -> dict[str, str]:
    """A digest of every table but those that a visit itself touches."""
    tables = sorted({model._meta.db_table for model in apps.get_models(include_auto_created=True)} - TRACES)
    with connection.cursor() as cursor:
        found = {}
        for table in tables:
            cursor.execute(
                f"SELECT md5(string_agg(line, '|' ORDER BY line))"
                f" FROM (SELECT (to_jsonb(t) - 'last_login')::text AS line FROM {table} t) AS lines"
            )
            found[table] = cursor.fetchone()[0]
    return found


def check_public(name: str, route: Route, cast: dict[str, User | None]) -> None:
    address = reverse(name, kwargs=route.args)
    for method in METHODS:
        # Everybody reads the same page; that its head and its part follow it, two of them show.
        asking = CAST if method not in ("HEAD", "HX-GET") else ("amy", "olive")
        answers = {who: send(browser(cast[who]), method, address, route) for who in asking}
        if method in allowed(route):
            assert {who: answer.status_code for who, answer in answers.items()} == dict.fromkeys(asking, 200), method
            assert len({body(answer) for answer in answers.values()}) == 1, f"{method} differs by person"
            assert not any(answer.cookies for who, answer in answers.items() if who == "amy"), "it sets a cookie"
        else:
            for who, answer in answers.items():
                assert refuses_method(answer), (who, method, answer.status_code)


def check_entrance(name: str, route: Route, cast: dict[str, User | None]) -> None:
    address = reverse(name, kwargs=route.args)
    secrets = [cast["olive"].email.encode()]
    for who in CAST:
        for method in METHODS:
            answer = send(browser(cast[who]), method, address, route)
            assert answer.status_code < 400 or answer.status_code in (405, 409), (who, method, answer.status_code)
            assert method in allowed(route) or refuses_method(answer), (who, method, answer.status_code)
            if who != "olive":
                assert not [secret for secret in secrets if secret in body(answer)], (who, method)


def is_no_part(route: Route, method: str, answer: HttpResponse) -> bool:
    return route.part and method.startswith("HX") and (answer.status_code, answer.content) == (204, b"")


def check_own(name: str, route: Route, cast: dict[str, User | None]) -> None:
    address = reverse(name, kwargs=route.args)
    secrets = [cast["olive"].email.encode()]
    for make in OBJECTS.values():
        secrets += [secret.encode() for secret in make(cast["olive"]).secrets]
    for method in METHODS:
        answer = send(browser(None), method, address, route)
        nothing = is_no_part(route, method, answer)
        assert leads_to_log_in(answer) or refuses_method(answer) or nothing, (method, answer.status_code)
        assert leads_to_log_in(answer) or nothing or method not in allowed(route), method
        for who in ("stan", "sue", "sam", "olive"):
            if route.needs:
                OBJECTS[route.needs](cast[who])
            answer = send(browser(cast[who]), method, address, route)
            if method in allowed(route):
                assert is_accepted(answer), (who, method, answer.status_code)
            else:
                assert refuses_method(answer), (who, method, answer.status_code)
            if who != "olive":
                assert not [secret for secret in secrets if secret in body(answer)], (who, method)


def check_object(name: str, route: Route, cast: dict[str, User | None]) -> None:
    owned = OBJECTS[route.of](cast["olive"])
    there, gone = (reverse(name, kwargs=named) for named in (owned.args, owned.missing))
    names = (*owned.args.values(), *owned.missing.values())
    before = contents()
    for who in ("amy", "stan", "sue", "sam"):
        for method in METHODS:
            theirs, missing = (send(browser(cast[who]), method, address, route) for address in (there, gone))
            assert theirs.status_code == missing.status_code, (who, method, theirs.status_code)
            assert body(theirs, *names) == body(missing, *names), f"{method} tells {who} that it is there"
            if who == "amy":
                led_away = leads_to_log_in(theirs) or is_no_part(route, method, theirs)
                assert led_away or refuses_method(theirs), (method, theirs.status_code)
            elif method in allowed(route):
                assert theirs.status_code == 404, (who, method, theirs.status_code)
            else:
                assert theirs.status_code == 404 or refuses_method(theirs), (who, method, theirs.status_code)
    changed = [table for table, digest in contents().items() if digest != before[table]]
    assert changed == [], f"somebody else wrote {changed} through {name}"
    for method in sorted(allowed(route)):
        address = reverse(name, kwargs=OBJECTS[route.of](cast["olive"]).args)
        answer = send(browser(cast["olive"]), method, address, route)
        assert is_accepted(answer), f"its owner is refused: {method} {answer.status_code}"
        assert send(browser(cast["olive"]), method, gone, route).status_code == 404, method


def check_staff(name: str, route: Route, cast: dict[str, User | None]) -> None:
    address = reverse(name, kwargs=route.args)
    missing = "/no-such-page/"
    names = (address.rstrip("/").rsplit("/", 1)[-1], "no-such-page")
    before = contents()
    for who in ("amy", "stan", "olive"):
        for method in METHODS:
            answer, none = (send(browser(cast[who]), method, each, route) for each in (address, missing))
            assert answer.status_code == none.status_code, (who, method, answer.status_code)
            assert answer.status_code in (404, 405), (who, method, answer.status_code)
            assert body(answer, *names) == body(none, *names), f"{method} tells {who} that it is there"
    assert contents() == before
    for method in METHODS:
        answer = send(browser(cast["sue"]), method, address, route)
        if method in allowed(route):
            assert is_accepted(answer), (method, answer.status_code)
        else:
            assert refuses_method(answer), (method, answer.status_code)
        answer = send(browser(cast["sam"]), method, address, route)
        assert (answer.status_code, answer.get("Location")) == (302, reverse("mfa_index")), method


def check_key(name: str, route: Route, cast: dict[str, User | None]) -> None:
    args = OBJECTS[route.of](cast["olive"]).args if route.of else route.args
    address = reverse(name, kwargs=args)
    before = contents()
    for who in CAST:
        for method in METHODS:
            answer = send(browser(cast[who]), method, address, route)
            expected = (
                answer.status_code == 401 if method in allowed(route) - {"HEAD"} else answer.status_code in (401, 405)
            )
            assert expected, f"{method} without a key, as {who}: {answer.status_code}"
    assert contents() == before


def check_bearer(name: str, route: Route, cast: dict[str, User | None]) -> None:
    owned: Owned = OBJECTS[route.of](cast["olive"])
    there, gone = (reverse(name, kwargs=named) for named in (owned.args, owned.missing))
    for who in CAST:
        for method in METHODS:
            answer, none = (send(browser(cast[who]), method, address, route) for address in (there, gone))
            if method in allowed(route):
                assert is_accepted(answer), (who, method, answer.status_code)
                assert none.status_code == 404, (who, method, none.status_code)
                assert cast["olive"].email.encode() not in body(answer), (who, method)
            else:
                assert refuses_method(answer), (who, method, answer.status_code)


def check_nothing(name: str, route: Route, cast: dict[str, User | None]) -> None:
    address = reverse(name, kwargs=route.args)
    for who in CAST:
        for method in METHODS:
            answer = send(browser(cast[who]), method, address, route)
            assert answer.status_code in (404, 405), (who, method, answer.status_code)
            if method in allowed(route):
                assert answer.status_code == 404, (who, method)


CHECKS = {
    NOTHING: check_nothing,
    PUBLIC: check_public,
    ENTRANCE: check_entrance,
    OWN: check_own,
    OBJECT: check_object,
    STAFF: check_staff,
    KEY: check_key,
    BEARER: check_bearer,
}


@pytest.mark.parametrize("name", POLICIES)
def test_a_route_keeps_its_policy(name, cast):
    route = POLICIES[name]
    CHECKS[route.policy](name, route, cast)
