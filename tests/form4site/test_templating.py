"""What a page was made of is gone with it."""

from __future__ import annotations

import gc
import weakref

import pytest
from django.template import TemplateDoesNotExist, engines
from django.template.loader import render_to_string


class Given:
    """Whatever a page shows."""

    def __str__(self):
        return "given"


@pytest.fixture
def no_collector():
    gc.disable()
    yield
    gc.enable()


def test_a_page_lets_go_of_what_it_was_made_of_without_the_collector(rf, no_collector):
    given = Given()
    gone = weakref.ref(given)
    made = engines["django"].from_string("{{ said }}").render({"said": given}, rf.get("/"))
    del given
    assert made == "given"
    assert gone() is None


def test_what_was_given_stays_as_it_was(rf):
    context = {"said": "given"}
    render_to_string("errors/404.html", context, rf.get("/"))
    assert context == {"said": "given"}


def test_a_template_that_is_not_there_is_said_to_be_missing(rf):
    with pytest.raises(TemplateDoesNotExist, match=r"nowhere\.html"):
        engines["django"].from_string('{% include "nowhere.html" %}').render({}, rf.get("/"))
