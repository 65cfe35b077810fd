"""What the templates write: well-formed, without style or script, every mark a named link, every table whole."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from lxml import etree

from form4site.kit.charts import (
    SOLD,
    Month,
    MonthlyBars,
    OwnershipLine,
    PositionChart,
    Report,
    Sparkbar,
    Trade,
    TradesChart,
)
from form4site.kit.charts.examples import EXAMPLES

DRAWN = [example for example in EXAMPLES if not example.chart.is_empty and not isinstance(example.chart, Sparkbar)]
HOSTILE = '</title><script>alert(1)</script>" onload="x'


def rendered(chart):
    name = "_spark" if isinstance(chart, Sparkbar) else "_chart"
    return render_to_string(f"kit/charts/{name}.html", {"chart": chart})


def parsed(chart):
    return etree.fromstring(rendered(chart))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.chart.ident)
def test_a_chart_is_well_formed_and_keeps_the_content_policy(example):
    page = parsed(example.chart)
    for element in page.iter():
        assert element.tag not in ("script", "style", "foreignObject")
        for name in element.attrib:
            assert name != "style"
            assert not name.startswith("on")
            assert name not in ("fill", "stroke", "color")  # colour is by class


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.chart.ident)
def test_every_drawing_has_a_name_and_every_mark_a_sentence(example):
    page = parsed(example.chart)
    ids = [element.get("id") for element in page.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    drawings = page.xpath("descendant-or-self::svg[@role]")
    assert bool(drawings) or example.chart.is_empty
    for drawing in drawings:
        assert drawing.get("aria-label") or drawing.get("aria-labelledby") in ids
        assert drawing.find("title").text
        for link in drawing.iter("a"):
            assert link.get("href")
            assert link.find("title").text
            assert drawing.get("role") == "group"  # a picture would hide its links


@pytest.mark.parametrize("example", DRAWN, ids=lambda example: example.chart.ident)
def test_the_table_has_a_row_for_each_row_of_the_chart(example):
    chart, page = example.chart, parsed(example.chart)
    table = page.find(".//table")
    assert len(table.findall(".//tbody/tr")) == min(400, len(chart.rows()))
    assert len(table.findall(".//thead//th")) == len(chart.columns) == len(chart.rows()[0])


def test_an_empty_chart_is_a_sentence():
    text = rendered(TradesChart("t", ()))
    assert "No trades of these kinds in these years." in text
    assert "<svg" not in text


def test_hostile_names_are_only_text():
    charts = (
        PositionChart("p", (OwnershipLine(HOSTILE, (Report(date(2024, 1, 1), 1, sentence=HOSTILE),)),), title=HOSTILE),
        TradesChart("t", (Trade(date(2024, 1, 1), SOLD, 1, HOSTILE, "/f", lane=HOSTILE),), lanes=(HOSTILE,)),
        MonthlyBars("m", (Month(date(2024, 1, 1), 1, 1),), unit=HOSTILE),
        Sparkbar("s", (1, 2), date(2024, 1, 1), noun=HOSTILE),
    )
    for chart in charts:
        page = parsed(chart)
        assert not list(page.iter("script"))
        assert "alert(1)" in etree.tostring(page, encoding="unicode")
        assert not [name for element in page.iter() for name in element.attrib if name.startswith("on")]


def test_a_cut_table_says_so_and_leads_to_the_rest():
    reports = tuple(Report(date.fromordinal(730_000 + n), n) for n in range(500))
    text = rendered(PositionChart("p", (OwnershipLine("Direct", reports),), more_href="/all/"))
    assert "the newest 400 of 500 rows" in text
    assert '<a href="/all/">All 500 rows</a>' in text


def test_the_stylesheet_has_no_raw_colour_and_knows_every_class():
    css = (Path(__file__).parents[3] / "form4site/static/form4site/css/charts.css").read_text()
    assert not re.search(r"#[0-9a-f]{3,8}\b|rgb\(|hsl\(", css)
    wanted = set()
    for example in EXAMPLES:
        for names in re.findall(r'<(?:a|g|path|line|text)\b[^>]* class="([^"]+)"', rendered(example.chart)):
            wanted |= set(names.split())
    missing = {name for name in wanted if not re.search(rf"\.{re.escape(name)}(?![\w-])", css)}
    assert missing <= {"rule--grid", "text--tick"}  # as every rule and text is
