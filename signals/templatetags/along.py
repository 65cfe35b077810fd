"""What a party's page says along time, joined in one go: sums, and the rows of years.

Promises: every word is escaped (`form4site.kit.markup`).
"""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.safestring import SafeString, mark_safe

from form4site.kit.markup import cell, link, words
from signals.addresses import issuer_address
from signals.selectors.insiders import ClassRow
from signals.selectors.timelines import Punctuality, Side, Timeline
from signals.templatetags.facts import dollars, percent

register = template.Library()


@register.simple_tag
def sums(timeline: Timeline) -> SafeString:
    """Bought, sold and punctuality between two days, each number a link to its rows."""
    bought = _side("▲", "Bought", timeline.bought, timeline.bought_rows, "acquisition")
    sold = _side("▼", "Sold", timeline.sold, timeline.sold_rows, "disposal")
    return mark_safe(
        f'<dl class="sums">\n{bought}\n{sold}\n{_punctuality(timeline.punctuality, timeline.late_rows)}\n</dl>'
    )


def _side(sign: str, name: str, side: Side, rows: str, left_out: str) -> str:
    if side.value is not None:
        value = dollars(side.value)
    else:
        value = "no value known" if side.trades else "nothing"
    unvalued = f", {side.unvalued} without a value" if side.unvalued else ""
    left = f"; {side.left_out} {left_out}{_s(side.left_out)} left out" if side.left_out else ""
    return (
        f'<div class="sum sum--{name.lower()}"><dt><span aria-hidden="true">{sign}</span> {name}</dt>'
        f'<dd>{link(rows, value)}<span class="quiet">{side.trades} counted{unvalued}{left}</span></dd></div>'
    )


def _punctuality(found: Punctuality, rows: str) -> str:
    share = found.share
    told = "<span>not judged</span>" if share is None else f'<span class="sum__plain">{percent(share)}</span>'
    late = f"; {link(rows, f'{found.late} late')}" if found.late else ""
    return (
        f'<div class="sum"><dt>Reported on time</dt><dd>{told}'
        f'<span class="quiet">of {found.judged} trade{_s(found.judged)} with a deadline{late}</span></dd></div>'
    )


def _s(count: int) -> str:
    return "" if count == 1 else "s"


@register.simple_tag
def class_rows(classes: Iterable[ClassRow]) -> SafeString:
    """Years with their class and the months behind it."""
    return mark_safe("".join(map(_class, classes)))


def _class(of: ClassRow) -> str:
    cells = (
        cell("Year", str(of.year)),
        cell("Company", link(issuer_address(of.issuer), words(of.issuer_name))),
        cell("Class", words(of.status)),
        cell("Months", words(of.months or "none")),
    )
    return f"<tr>{''.join(cells)}</tr>"
