"""The tag `url` gives what Django's gives; an address that never differs is looked up once."""

from __future__ import annotations

import pytest
from django.template import NodeList, engines
from django.urls import NoReverseMatch, set_script_prefix

from form4site.templatetags.addresses import Fixed, _address


def made(words: str, **given: object) -> str:
    return engines["django"].from_string(words).render(given)


@pytest.fixture
def prefix():
    set_script_prefix("/below/")
    yield
    set_script_prefix("/")


def test_an_address_that_never_differs_is_looked_up_once():
    _address.cache_clear()
    assert made("{% url 'signals:screen' %} {% url 'signals:screen' %}") == "/screen/ /screen/"
    assert _address.cache_info().misses == 1


def test_so_is_one_whose_arguments_never_differ():
    _address.cache_clear()
    assert made("{% url 'signals:code' 'P' %} {% url 'signals:code' 'P' %} {% url 'signals:code' 'S' %}") == (
        "/codes/P/ /codes/P/ /codes/S/"
    )
    assert _address.cache_info().misses == 2


def test_one_with_arguments_that_differ_a_filter_or_a_name_to_store_it_under_is_made_anew():
    assert made("{% url 'signals:code' letter %}", letter="P") == "/codes/P/"
    assert made("{% url 'signals:code' 'P'|lower %}") == "/codes/p/"
    assert made("{% url route %}", route="signals:screen") == "/screen/"
    assert made("{% url 'SIGNALS:screen'|lower %}") == "/screen/"
    assert made("{% url 'signals:screen' as own %}<{{ own }}>") == "</screen/>"


def test_where_the_site_stands_below_another_place_it_says_so(prefix):
    assert made("{% url 'signals:screen' %}") == "/below/screen/"


def test_a_name_that_no_page_has_is_an_error():
    with pytest.raises(NoReverseMatch):
        made("{% url 'signals:nowhere' %}")


def test_the_templates_of_the_site_have_it():
    nodes: NodeList = engines["django"].get_template("signals/_screen_panel.html").template.nodelist
    assert nodes.get_nodes_by_type(Fixed)
