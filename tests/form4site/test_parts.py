"""Parts of pages that are kept: what stands on the page is what their template says of the arguments, every time."""

from __future__ import annotations

import pytest
from django.template import Context, Template
from django.utils.safestring import mark_safe

from form4site.kit import parts
from signals.forms import Box, Choice

FLAG = Template('{% load parts %}{% part "signals/_flag.html" box=box label=label %}')
TICKED = (Choice("1", "", True),)


@pytest.fixture(autouse=True)
def nothing_kept():
    parts._kept.cache_clear()


def flag(label, key="late", **context):
    return FLAG.render(Context({"box": Box(key, "", TICKED, None), "label": label, **context}))


def test_a_part_is_what_including_its_template_gives():
    included = Template('{% include "signals/_flag.html" %}')
    box = Box("late", "", TICKED, None)
    assert flag("Late") == included.render(Context({"box": box, "label": "Late"})) != ""


def test_equal_arguments_have_the_same_text_and_it_is_made_once():
    assert flag("Late") == flag("Late")
    assert (parts._kept.cache_info().misses, parts._kept.cache_info().hits) == (1, 1)


def test_other_arguments_have_another_text():
    assert len({flag("Late"), flag("First"), flag("Late", key="first")}) == 3


def test_words_are_escaped_also_after_the_same_words_were_given_as_safe():
    hostile = "<script>alert(1)</script>"
    assert hostile in flag(mark_safe(hostile))
    for _ in range(2):
        assert "<script>" not in flag(hostile)
        assert "&lt;script&gt;" in flag(hostile)
    assert '"><img>' not in flag("Late", key='"><img>')


def test_the_context_of_the_page_is_not_seen():
    tail = Template('{% load parts %}{% part "signals/_flag.html" box=box %}')
    box = Box("late", "", TICKED, None)
    assert tail.render(Context({"box": box, "label": "of the page"})) == tail.render(Context({"box": box}))


def test_long_words_are_shown_and_not_kept():
    words = "x" * parts.LARGEST
    for _ in range(2):
        assert words in flag(words)
    flag("Late", key=words)
    assert parts._kept.cache_info().currsize == 0


def test_how_long_words_are_is_said_by_the_memory_that_they_take():
    flag("\N{GRINNING FACE}" * (parts.LARGEST // 4))
    assert parts._kept.cache_info().currsize == 0


def test_words_that_a_part_does_not_show_count_as_well():
    part = Template('{% load parts %}{% part "signals/_flag.html" box=box label="Late" more=more %}')
    part.render(Context({"box": Box("late", "", TICKED, None), "more": "x" * parts.LARGEST}))
    assert parts._kept.cache_info().currsize == 0


def test_no_more_than_so_many_are_kept():
    for number in range(parts.MOST + 10):
        flag(str(number))
    assert parts._kept.cache_info().currsize == parts.MOST


def test_what_can_be_changed_is_no_argument():
    with pytest.raises(TypeError):
        Template('{% load parts %}{% part "signals/_flag.html" box=box %}').render(Context({"box": ["late"]}))


def test_a_template_that_is_being_written_is_read_anew(settings):
    settings.DEBUG = True
    assert flag("Late") == flag("Late")
    assert parts._kept.cache_info().currsize == 0
