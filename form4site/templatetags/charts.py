"""A chart as markup, joined in one go: a template's loop over marks takes forty times as long.

Promises: every word is escaped. Two drawings are written; charts.css shows the one that fits the container. Where marks
are links a drawing is a group of links, else one picture.
"""

from __future__ import annotations

from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe

from form4site.kit.charts import Chart, Drawing, Sparkbar, Table, TinyBars
from form4site.kit.charts.drawing import Column, KeyItem, Rule
from form4site.kit.markup import NUMBER

register = template.Library()


@register.simple_tag
def chart_figure(chart: Chart) -> SafeString:
    """A chart with its title, key, notes and the tables behind it."""
    unit = f' <span class="chart__unit">{escape(chart.unit)}</span>' if chart.unit else ""
    parts = [
        f'<figure class="chart" id="{chart.ident}">\n'
        f'<figcaption class="chart__title"><strong>{escape(chart.title)}</strong>{unit}</figcaption>\n'
    ]
    if chart.is_empty:
        parts.append(f'<p class="chart__empty">{escape(chart.empty_words)}</p>\n')
    else:
        parts += [_form(chart, drawing) for drawing in chart.drawings]
        parts += map(_note, chart.notes)
        parts.append(_numbers(chart))
    return mark_safe("".join(parts) + "</figure>")


@register.simple_tag
def spark_strip(chart: Sparkbar | TinyBars) -> SafeString:
    """A strip for a row of a list."""
    drawing, summary = chart.drawing, escape(chart.summary)
    bars = f'<path class="spark__bars" d="{drawing.marks_path}"/>' if drawing.marks else ""
    return mark_safe(
        f'<svg class="spark" viewBox="0 0 {drawing.width} {drawing.height}" width="{drawing.width}"'
        f' height="{drawing.height}" role="img" aria-label="{summary}"><title>{summary}</title>\n'
        f"{''.join(map(_rule, drawing.rules))}{bars}\n</svg>"
    )


def _note(words: str) -> str:
    return f'<p class="chart__note">{escape(words)}</p>\n'


def _form(chart: Chart, drawing: Drawing) -> str:
    """One of the drawings, with its key and what is to be said of it alone."""
    key = f'<ul class="chart__key">{"".join(map(_key_item, drawing.key))}</ul>\n' if drawing.key else ""
    skip = (
        f'<a class="chart__skip" href="#{chart.ident}-numbers">Skip the marks of this chart, to its numbers</a>'
        if drawing.linked
        else ""
    )
    return (
        f'<div class="chart__form chart__form--{drawing.form}">\n{key}\n{skip}\n{_drawing(chart, drawing)}\n'
        f"{''.join(map(_note, drawing.notes))}</div>\n"
    )


def _key_item(item: KeyItem) -> str:
    """What the drawing's own words do not say."""
    return (
        '<li><svg class="chart__swatch" viewBox="-8 -8 16 16" width="16" height="16" aria-hidden="true">'
        f'<path class="{item.name}" d="{item.d}"/></svg>{escape(item.word)}</li>'
    )


def _drawing(chart: Chart, drawing: Drawing) -> str:
    name, title, linked = f"{chart.ident}-{drawing.form}", escape(chart.title), drawing.linked
    count = len(drawing.marks)
    group = f' role="group" aria-label="{title}: {count} mark{"" if count == 1 else "s"}"' if linked else ""
    marks = f"<g{group}>\n{_marks(drawing)}</g>\n" if count else ""
    return (
        f'<svg class="chart__svg" viewBox="0 0 {drawing.width} {drawing.height}" role="{"group" if linked else "img"}"'
        f' aria-labelledby="{name}-title" aria-describedby="{name}-desc">\n'
        f'<title id="{name}-title">{title}</title>\n<desc id="{name}-desc">{escape(chart.summary)}</desc>\n'
        f"{_ground(drawing)}\n{marks}{_front(drawing)}</svg>\n"
    )


def _numbers(chart: Chart) -> str:
    """The tables behind a chart, folded."""
    tables = "".join([_table(chart, table) for table in chart.tables])
    return (
        f'<details class="disclosure chart__numbers" id="{chart.ident}-numbers">\n'
        f"<summary>The numbers behind this chart</summary>\n<div>\n{tables}</div>\n</details>\n"
    )


def _table(chart: Chart, table: Table) -> str:
    caption = escape(table.caption)
    newest, all_rows = "", ""
    if table.left_out:
        newest = f": the newest {len(table.shown)} of {table.count} rows"
        if chart.more_href:
            all_rows = f'<p><a href="{escape(chart.more_href)}">All {table.count} rows</a></p>'
    return (
        f'<div class="scroll" tabindex="0" role="group" aria-label="{caption}, numbers"><table class="table">\n'
        f"<caption>{caption}{newest}</caption>\n<thead><tr>{''.join(map(_heading, table.columns))}</tr></thead>\n"
        f"<tbody>\n{_rows(table)}</tbody>\n</table></div>\n{all_rows}\n"
    )


def _heading(column: Column) -> str:
    return f'<th scope="col"{NUMBER if column.number else ""}>{escape(column.name)}</th>'


def _ground(drawing: Drawing) -> str:
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
    return "\n".join(parts)


def _front(drawing: Drawing) -> str:
    """What lies over the marks."""
    parts = [f'<path class="{path.name}" d="{path.d}"/>' for path in drawing.over]
    over = f'<g class="over" aria-hidden="true">{"".join(parts)}</g>\n' if parts else ""
    return over + "\n".join(map(_rule, drawing.front))


def _rule(rule: Rule) -> str:
    return f'<line class="rule rule--{rule.name}" x1="{rule.x1}" y1="{rule.y1}" x2="{rule.x2}" y2="{rule.y2}"/>'


def _title(words: str) -> str:
    return f"<title>{escape(words)}</title>"


def _marks(drawing: Drawing) -> str:
    """Each mark with its sentence; one that leads somewhere is a link."""
    parts = []
    for mark in drawing.marks:
        inside = f'{_title(mark.sentence)}<path d="{mark.d}"/>'
        if mark.href:
            parts.append(f'<a class="mark {mark.name}" href="{escape(mark.href)}">{inside}</a>')
        else:
            parts.append(f'<g class="mark {mark.name}">{inside}</g>')
    return "\n".join(parts)


def _rows(table: Table) -> str:
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
    return "\n".join(parts)
