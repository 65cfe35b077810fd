"""What every public page promises: strict headers, no inline script or style, reading only, one context for page
and part. The list of pages is `addresses.PAGES`, and it is complete."""

from __future__ import annotations

import re
from urllib.parse import urljoin

import pytest
from django.http import HttpResponse
from django.urls import get_resolver, resolve

from form4site.kit import parts
from tests.pages.addresses import NO_PAGE, PAGES, PARTS
from tests.pages.reading import read, squeezed

pytestmark = [pytest.mark.db_and_celery, pytest.mark.usefixtures("small_archive")]
every_page = pytest.mark.parametrize("name", PAGES)
FOUND: dict[str, HttpResponse] = {}  # what the pages of this module answered, when first asked
FOLLOWED: set[str] = set()  # the addresses that links of theirs led to; many pages have the same
BOOSTED = {"HX-Request": "true", "HX-Boosted": "true"}
RESTORED = {"HX-Request": "true", "HX-History-Restore-Request": "true"}


@pytest.fixture
def found(client, name):
    if name not in FOUND:
        FOUND[name] = client.get(PAGES[name])
    return FOUND[name]


def test_the_list_of_pages_is_complete():
    (signals,) = (entry for entry in get_resolver().url_patterns if getattr(entry, "namespace", None) == "signals")
    addresses = {f"signals:{pattern.name}" for pattern in signals.url_patterns}
    assert {resolve(address.partition("?")[0]).view_name for address in PAGES.values()} == addresses - NO_PAGE


@every_page
def test_a_page_answers_with_sound_html_and_nothing_inline(found):
    assert found.status_code == 200
    assert found["Content-Type"] == "text/html; charset=utf-8"
    assert read(found).breaches() == []


@every_page
def test_a_page_bears_its_security_headers(found):
    headers = found.headers
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == policy["form-action"] == "'self'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "http" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert all(f"{power}=()" in headers["Permissions-Policy"] for power in ("camera", "geolocation", "microphone"))


@every_page
def test_a_page_is_only_read(client, name):
    assert client.head(PAGES[name]).status_code == 200
    for method in (client.post, client.put, client.patch, client.delete):
        assert method(PAGES[name]).status_code == 405


@every_page
def test_the_parts_of_a_page_are_kept_for_the_next_time(client, name, found):
    """One that is too large to be kept is made every time, and nobody would see it."""
    made = parts._kept.cache_info().misses
    assert client.get(PAGES[name]).status_code == 200
    assert parts._kept.cache_info().misses == made


@every_page
def test_a_page_needs_no_cookie_and_sets_none(found):
    assert not found.cookies


@every_page
def test_a_page_has_one_headline_a_title_and_a_way_past_the_menu(found):
    page = read(found)
    assert len(page.all("h1")) == 1
    title, *_ = page.all("title")  # a chart may have one of its own
    assert "form4site" in title.text
    assert "None" not in title.text
    assert page.all("a", class_="skip")[0].attributes["href"] == "#main"
    assert page.by_id("main").tag == "main"
    assert page.all("html")[0].attributes["lang"] == "en"


@every_page
def test_a_page_links_few_stylesheets_and_every_file_it_names_is_served(client, found):
    page = read(found)
    files = [link.attributes["href"] for link in page.all("link")]
    files += [script.attributes["src"] for script in page.all("script")]
    assert len(page.all("link", rel="stylesheet")) <= 8
    for file in files:
        response = client.get(file)
        assert (response.status_code, bool(response.getvalue())) == (200, True), file


@every_page
def test_every_link_of_a_page_into_the_site_leads_somewhere(client, found, name):
    page = read(found)
    for address in {link.attributes["href"] for link in page.all("a")}:
        if address.startswith("#"):
            page.by_id(address[1:])
        elif not address.startswith("https://"):
            leads_to = urljoin(PAGES[name], address).partition("#")[0]
            assert leads_to in FOLLOWED or client.get(leads_to, follow=True).status_code == 200, address
            FOLLOWED.add(leads_to)


@pytest.mark.parametrize(("name", "target"), PARTS.items())
def test_a_part_is_the_same_as_that_region_of_the_page(client, found, name, target):
    whole = found.content.decode()
    response = client.get(PAGES[name], headers={"HX-Request": "true", "HX-Target": target})
    part = response.content.decode()
    assert "<html" not in part
    assert squeezed(part)
    assert f'id="{target}"' in whole
    # What else must follow the address, such as the links of the other part, comes beside it, other parts after it.
    alone = re.sub(r'<nav [^>]*hx-swap-oob="true".*?</nav>', "", part, flags=re.DOTALL)
    assert re.split(r"<\w+ [^>]*hx-swap-oob", alone)[0].strip() in whole
    assert {"HX-Request", "HX-Target"} <= set(response["Vary"].split(", "))


@pytest.mark.parametrize(("name", "target"), PARTS.items())
@pytest.mark.parametrize("headers", [BOOSTED, RESTORED, {"HX-Request": "true"}], ids=["boosted", "restored", "other"])
def test_a_boosted_a_restored_and_an_unknown_request_get_the_page(client, found, name, target, headers):
    asked = headers if len(headers) == 1 else {**headers, "HX-Target": target}
    response = client.get(PAGES[name], headers=asked)
    assert response.content == found.content
    assert "HX-Request" in response["Vary"]


def test_suggestions_are_the_hits_alone(client):
    response = client.get(PAGES["search"], headers={"HX-Request": "true", "HX-Target": "suggestions"})
    page = read(response)
    assert "<html" not in response.content.decode()
    assert [link.attributes["href"] for link in page.all("a")]
    assert page.faults == []
