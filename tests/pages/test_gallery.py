"""The component gallery: for staff alone, and complete: every partial of the site stands in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string

from form4site.gallery import FRAMES, specimens
from tests.pages.reading import Page, read

TEMPLATES = Path(settings.BASE_DIR) / "templates"
PARTIALS = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("_*.html"))
INCLUDED = re.compile(r"{%-?\s*(?:include|extends|part)\s+\"([^\"]+)\"")
EVERY = [specimen for _, group in specimens() for specimen in group]


def included_by(template, seen=()):
    """A template with all that it includes, however deep."""
    found = {template}
    for name in INCLUDED.findall((TEMPLATES / template).read_text(encoding="utf-8")):
        if name not in seen:
            found |= included_by(name, (*seen, template))
    return found


def test_every_partial_stands_in_the_gallery():
    shown = included_by("gallery.html").union(*(included_by(specimen.template) for specimen in EVERY))
    assert [partial for partial in PARTIALS if partial not in shown | FRAMES] == []


def test_a_frame_is_left_out_only_because_whole_pages_extend_it():
    extended = set()
    for path in TEMPLATES.rglob("*.html"):
        extended |= set(re.findall(r"{% extends \"([^\"]+)\"", path.read_text(encoding="utf-8")))
    assert set(PARTIALS) >= FRAMES
    assert extended >= FRAMES


@pytest.mark.parametrize("specimen", EVERY, ids=lambda specimen: f"{specimen.template} {specimen.state}"[:80])
def test_a_specimen_is_sound_html_and_shows_no_missing_value(specimen):
    page = Page(f"<div>{render_to_string(specimen.template, specimen.context)}</div>")
    assert page.faults == []
    assert not re.search(r"\bNone\b(?! ticked)|{{|{%|Shape\(|namespace\(", page.text), page.text


def test_no_two_specimens_of_a_partial_have_the_same_state():
    states = [(specimen.template, specimen.state) for specimen in EVERY]
    assert [state for state in states if states.count(state) > 1] == []


@pytest.mark.parametrize("who", ["amy", "olive"])
def test_for_everybody_else_there_is_no_such_page_to_the_byte(client, request, who, db):
    person = request.getfixturevalue(who)
    if who != "amy":
        client.force_login(person)
    gallery, missing = client.get("/gallery/"), client.get("/gallerx/")
    assert (gallery.status_code, missing.status_code) == (404, 404)
    assert gallery.content.replace(b"gallery", b"gallerx") == missing.content
    differing = {name for name in {*gallery.headers, *missing.headers} if gallery.get(name) != missing.get(name)}
    assert differing <= {"Content-Length"}


def test_staff_see_every_specimen(client, sue):
    client.force_login(sue)
    response = client.get("/gallery/")
    assert response.status_code == 200
    captions = [caption.text for caption in read(response).all("figcaption") if "·" in caption.text]
    for specimen in EVERY:
        assert f"{specimen.template} · {specimen.state}" in captions


def test_the_gallery_reads_no_archive(client, sue, django_assert_max_num_queries):
    client.force_login(sue)
    with django_assert_max_num_queries(3):  # the session, who it is, and the second factor
        client.get("/gallery/")


def test_no_method_tells_a_stranger_that_it_is_here(client):
    for send in (client.post, client.put, client.delete, client.options):
        assert send("/gallery/").status_code == send("/no-such-page/").status_code == 404
    assert client.get("/gallery").status_code == 404
