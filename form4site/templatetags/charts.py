"""The parts of a chart that repeat by the hundred, joined in one go: a template's loop takes forty times as long.

Promises: every word is escaped; the markup is what `kit/charts/_drawing.html` and `_numbers.html` say it is.
"""

from __future__ import annotations

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from form4site.kit.charts import Drawing, Table

register = template.Library()


@register.simple_tag
def chart_marks(drawing: Drawing) -> SafeString:
    """Each mark with its sentence; one that leads somewhere is a link."""
    parts = []
    for mark in drawing.marks:
        inside = f'<title>{escape(mark.sentence)}</title><path d="{mark.d}"/>'
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
            text = str(escape(cell.text))
            if cell.on:
                text = f'<time datetime="{cell.on.isoformat()}">{text}</time>'
            if cell.href:
                text = f'<a href="{escape(cell.href)}">{text}</a>'
            cells.append(f'<td class="number">{text}</td>' if cell.number else f"<td>{text}</td>")
        parts.append(f"<tr>{''.join(cells)}</tr>")
    return mark_safe("\n".join(parts))
