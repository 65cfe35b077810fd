"""The parts of a chart that repeat by the hundred, joined in one go: a template's loop takes forty times as long.

Promises: every word is escaped; the markup is what `kit/charts/_drawing.html` and `_numbers.html` say it is.
"""

from __future__ import annotations

from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe

from form4site.kit.charts import Drawing, Table
from form4site.kit.charts.drawing import Rule

register = template.Library()


@register.simple_tag
def chart_ground(drawing: Drawing) -> SafeString:
    """What lies behind the marks, from the back: washes, rules, lines, labels."""
    parts = [f'<path class="{wash.name}" d="{wash.d}">{_title(wash.words or "")}</path>' for wash in drawing.washes]
    parts.append('<g aria-hidden="true">')
    parts += map(_rule, drawing.rules)
    for line in drawing.lines:
        title = _title(line.words) if line.words else ""
        parts.append(f'<path class="line {line.name}" d="{line.d}">{title}</path>')
    for label in drawing.labels:
        title = _title(label.words) if label.words else ""
        kind = f"text text--{label.name} text--{label.anchor}"
        parts.append(f'<text class="{kind}" x="{label.x}" y="{label.y}">{title}{escape(label.text)}</text>')
    parts.append("</g>")
    return mark_safe("\n".join(parts))


@register.simple_tag
def chart_front(drawing: Drawing) -> SafeString:
    """What lies over the marks."""
    parts = [f'<path class="{path.name}" d="{path.d}"/>' for path in drawing.over]
    over = f'<g class="over" aria-hidden="true">{"".join(parts)}</g>\n' if parts else ""
    return mark_safe(over + "\n".join(map(_rule, drawing.front)))


def _rule(rule: Rule) -> str:
    return f'<line class="rule rule--{rule.name}" x1="{rule.x1}" y1="{rule.y1}" x2="{rule.x2}" y2="{rule.y2}"/>'


def _title(words: str) -> str:
    return f"<title>{escape(words)}</title>"


@register.simple_tag
def chart_marks(drawing: Drawing) -> SafeString:
    """Each mark with its sentence; one that leads somewhere is a link."""
    parts = []
    for mark in drawing.marks:
        inside = f'{_title(mark.sentence)}<path d="{mark.d}"/>'
        if mark.href:
            parts.append(f'<a class="mark {mark.name}" href="{escape(mark.href)}">{inside}</a>')
        else:
            parts.append(f'<g class="mark {mark.name}">{inside}</g>')
    return mark_safe("\n".join(parts))


@register.simple_tag
def chart_rows(table: Table) -> SafeString:
    """The rows of the table behind a chart."""
    parts = []
    for row in table.shown:
        cells = []
        for cell in row:
            text = escape(cell.text)
            if cell.on:
                text = f'<time datetime="{cell.on.isoformat()}">{text}</time>'
            if cell.href:
                text = f'<a href="{escape(cell.href)}">{text}</a>'
            cells.append(f'<td class="number">{text}</td>' if cell.number else f"<td>{text}</td>")
        parts.append(f"<tr>{''.join(cells)}</tr>")
    return mark_safe("\n".join(parts))
