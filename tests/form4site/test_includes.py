"""The tag `include` gives what Django's gives; a template that never differs is looked for once."""

from __future__ import annotations

import pytest
from django.template import Context, TemplateDoesNotExist, engines
from django.template.base import Template
from django.template.loader_tags import IncludeNode

from form4site.templatetags.includes import Fixed


def compiled(words: str) -> Template:
    found: Template = engines["django"].from_string(words).template  # type: ignore[attr-defined]
    return found


def made(words: str, **given: object) -> str:
    return engines["django"].from_string(words).render(given)


def test_a_template_that_never_differs_is_looked_for_once(monkeypatch):
    page = compiled("{% for label in labels %}{% include 'kit/_invented.html' %}{% endfor %}")
    once = made("{% include name %}", name="kit/_invented.html")
    assert page.render(Context({"labels": "ab"})) == 2 * once

    monkeypatch.setattr(page.engine, "find_template", None)

    assert page.render(Context({"labels": "ab"})) == 2 * once


@pytest.mark.parametrize("words", ["{% include name %}", "{% include 'KIT/_invented.html'|lower %}"])
def test_one_whose_name_varies_is_djangos_own(words):
    assert [type(node) for node in compiled(words).nodelist] == [IncludeNode]
    assert "Invented" in made(words, name="kit/_invented.html")


def test_one_that_is_being_written_is_djangos_own(settings):
    settings.DEBUG = True
    assert [type(node) for node in compiled("{% include 'kit/_invented.html' %}").nodelist] == [IncludeNode]


def test_it_says_what_it_is_given_and_what_stands_around_it_unless_that_is_left_out():
    words = "{% include 'signals/_options.html' with label=given %}"
    alone = words.replace(" %}", " only %}")
    around = {"given": "<Time>", "options": [{"ident": "a", "query": "?b", "words": "c", "current": False}]}
    assert [type(node) for node in compiled(words).nodelist] == [Fixed]
    for told in (made(words, **around), made(alone, **around)):
        assert "&lt;Time&gt;" in told
    assert 'id="a"' in made(words, **around)
    assert 'id="a"' not in made(alone, **around)


def test_a_name_that_no_template_has_is_an_error():
    with pytest.raises(TemplateDoesNotExist):
        made("{% include 'nowhere.html' %}")
