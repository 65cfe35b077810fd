"""The form as filed and what is said of it, joined in one go: rows, footnotes, sayings, reasons, balances.

Promises: every word is escaped (`form4site.kit.markup`). Anchors, kinds, places and accessions are our own and bear no
letter that would have to be.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from filings.ownership.facsimile import FormLayout
from form4site.kit.markup import link, words
from form4site.kit.parts import part
from signals.addresses import code_address, filing_address
from signals.readings.explain.ledgers import Balance, CountedRow
from signals.readings.explain.marks import Piece
from signals.readings.explain.weighing import Reason
from signals.selectors.explained import Saying, SheetCell, SheetNote, SheetRow, SheetTable
from signals.selectors.histories import Neighbour
from signals.templatetags.facts import long_date, mark_of_note, note_number, said_in_pieces, said_in_spans, unbroken

register = template.Library()


# --- the head of the form -----------------------------------------------------------------------------------------


@register.simple_tag
def form_banner(filing: Any, layout: FormLayout, boxes: Mapping[str, Saying] | None) -> SafeString:
    """The head of the form, which is one of the few dozen that there are."""
    return part("signals/_form_banner.html", **banner_of(filing, layout, boxes or {}))


def banner_of(filing: Any, layout: FormLayout, boxes: Mapping[str, Saying]) -> dict[str, Any]:
    return {
        "form": filing.form,
        "layout": layout,
        "not_subject": filing.not_subject_to_section16,
        "form3_holdings": filing.form3_holdings_reported,
        "form4_transactions": filing.form4_transactions_reported,
        "planned": filing.aff10b5_one,
        "nothing_owned": filing.no_securities_owned,
        "has_plan_box": filing.has_plan_box,
        "says_not_subject": boxes.get("form-not_subject_to_section16"),
        "says_planned": boxes.get("form-aff10b5_one"),
    }


@register.simple_tag
def tells(saying: Saying | None, ident: str, of: str) -> SafeString:
    """The button of a box that has something to say; nothing for one that has not."""
    return mark_safe(_tells(saying.number, ident, of) if saying else "")


@register.simple_tag
def box_tells(boxes: Mapping[str, Saying] | None, ident: str, of: str) -> SafeString:
    """The same by the id of the box, with which its saying is kept."""
    return tells(boxes.get(ident) if boxes else None, ident, of)


@cache
def _tells(number: int, ident: str, of: str) -> str:
    opens = f'id="{ident}" popovertarget="says-{number}" aria-label="What this means: {words(of)}"'
    return f'<button class="tells tells--box" type="button" {opens}>what this means</button>\n'


# --- tables -------------------------------------------------------------------------------------------------------


@register.simple_tag
def form_rows(table: SheetTable) -> SafeString:
    """The rows of a table: each with its own address, the button of its words, and below it what has no column."""
    return mark_safe("".join(_form_row(row, table) for row in table.rows))


def _form_row(row: SheetRow, table: SheetTable) -> str:
    anchor, what = row.anchor, f"{row.kind} {row.row} of Table {table.name}"
    opens = f'<button class="tells tells--row" type="button" popovertarget="row-{anchor}"'
    tells = f'{opens} aria-label="What {what} says">…</button>' if row.words else ""
    cells = "".join(map(_form_cell, row.cells))
    also = f'<tr class="formtable__also"><td colspan="{table.width + 1}">{_also(row)}</td></tr>\n' if row.also else ""
    return (
        f'<tr id="{anchor}" class="formtable__line formtable__line--{row.kind}">\n'
        f'<td><a class="formtable__row" data-row href="#{anchor}" title="The address of this line: {what}">'
        f'<span class="visually-hidden">Table {table.name} {row.kind} </span>'
        f"{'h' if row.kind == 'holding' else ''}{row.row}</a>{tells}</td>\n{cells}</tr>\n{also}"
    )


def _form_cell(shown: SheetCell) -> str:
    text, saying = words(shown.text), shown.saying
    if not text and not shown.notes and not saying:
        return _blank_cell(shown.label, shown.numeric)
    label = words(shown.label)
    attributes = f' id="{words(shown.id)}"' if shown.id else ""
    attributes += ' class="number"' if shown.numeric else ""
    attributes += f' data-label="{label}"'
    attributes += f' title="as filed: {words(shown.title)}"' if shown.title else ""
    if saying:
        named = "" if text else f' aria-label="Empty: {label}"'
        opens = f'popovertarget="says-{saying.number}"'
        text = f'<button class="tells" type="button" {opens}{named}>{text or "–"}</button>'
    return f"<td{attributes}><span>{text}{_marks(shown)}</span></td>\n"


@cache
def _blank_cell(label: str, numeric: bool) -> str:
    return f'<td class="{"number " if numeric else ""}is-blank" data-label="{words(label)}"><span></span></td>\n'


def _also(row: SheetRow) -> str:
    return " · ".join(f"{words(cell.label)}: {words(cell.text)}{_marks(cell)}" for cell in row.also)


def _marks(cell: SheetCell) -> str:
    return "".join(map(mark_of_note, cell.notes)) if cell.notes else ""


# --- what opens beside them ---------------------------------------------------------------------------------------


@register.simple_tag
def row_sayings(table: SheetTable) -> SafeString:
    """The sentence of each row, opened by its button without script."""
    return mark_safe("".join(_row_saying(row, table) for row in table.rows if row.words))


def _row_saying(row: SheetRow, table: SheetTable) -> str:
    assert row.words is not None
    trade = row.words.trade
    of = f'<p><a href="#trade-{trade}">The trade it belongs to</a></p>' if trade else ""
    title = f"{row.kind.capitalize()} {row.row} of Table {table.name}"
    return _opened(f"row-{row.anchor}", title, words(row.words.sentence), of)


@register.simple_tag
def cell_sayings(sayings: Iterable[Saying]) -> SafeString:
    """What cells and boxes say, each opened by its button."""
    return mark_safe("".join(map(_cell_saying, sayings)))


def _cell_saying(saying: Saying) -> str:
    of = f"<p>{link(code_address(saying.code), f'All about code {saying.code}')}</p>" if saying.code else ""
    return _opened(f"says-{saying.number}", words(saying.label), words(unbroken(saying.text)), of)


def _opened(ident: str, label: str, text: str, more: str) -> str:
    """`label`, `text` and `more` are markup."""
    named = f'<p class="note-pop__label">{label}</p>' if label else ""
    return f'<div class="note-pop says-pop" id="{ident}" popover>{named}<p>{text}</p>{more}</div>\n'


# --- footnotes ----------------------------------------------------------------------------------------------------


@register.simple_tag
def footnotes(notes: Iterable[SheetNote]) -> SafeString:
    """The footnotes in a list, with what each states in a few words."""
    return mark_safe("".join(map(_footnote, notes)))


def _footnote(note: SheetNote) -> str:
    ref, says = words(note.ref), note.says
    stated = f'<span class="notes__says">{words(" · ".join(says))}</span>' if says else ""
    number = f'<span class="notes__number">{words(note_number(note.ref))}.</span>'
    return f'<li id="footnote-{ref}">{number} <span>{said_in_pieces(note.pieces)}{stated}</span></li>\n'


@register.simple_tag
def footnotes_beside(notes: Iterable[SheetNote]) -> SafeString:
    """The same once more, each opened by its marks on the cells."""
    return mark_safe("".join(_beside(note.ref, note.pieces) for note in notes))


def _beside(ref: str, text: Iterable[Piece]) -> str:
    label = f'<p class="note-pop__label">Footnote {words(note_number(ref))}</p>'
    return f'<div class="note-pop" id="note-{words(ref)}" popover>{label}<p>{said_in_pieces(text)}</p></div>\n'


# --- the explanation ----------------------------------------------------------------------------------------------


@register.simple_tag
def reason_items(reasons: Iterable[Reason]) -> SafeString:
    """Reasons of one side, each with the research behind it."""
    return mark_safe("".join(map(_reason, reasons)))


def _reason(reason: Reason) -> str:
    return f"<li>{said_in_spans(reason.words)}{_study(reason.study) if reason.study else ''}</li>"


def _study(text: str) -> str:
    return f'<details class="study"><summary>What research says</summary><p>{words(text)}</p></details>'


@register.simple_tag
def counted_rows(rows: Iterable[CountedRow]) -> SafeString:
    """Trades of the filing in the counting ledger, with each reason why one is left out of totals."""
    return mark_safe("".join(map(_counted_row, rows)))


def _counted_row(row: CountedRow) -> str:
    value = f", {words(row.value)}" if row.value else ""
    anchors = ", ".join(f'<a href="#{anchor}">{anchor}</a>' for anchor in row.anchors)
    what = f'<span class="counting__what">{words(row.what)}{value}</span> <span class="quiet">{anchors}</span>'
    if not row.reasons:
        return f"<li>{what}</li>"
    return f'<li class="counting__out">{what}\n<ul>{"".join(map(_left_out, row.reasons))}</ul></li>'


def _left_out(reason: tuple[str, str | None]) -> str:
    text, by = reason
    return f"<li>Left out: {words(text)}{' ' + link(filing_address(by), 'That filing') if by else ''}</li>"


@register.simple_tag
def balances(entries: Iterable[Balance]) -> SafeString:
    """The balances of one ownership line, and whether each follows from the one before."""
    return mark_safe("".join(map(_balance, entries)))


def _balance(entry: Balance) -> str:
    anchor = entry.anchor
    address = "" if entry.here else filing_address(entry.accession)
    where = link(f"{address}#{anchor}", anchor if entry.here else entry.accession)
    gap = f'<span class="position__gap">{words(entry.cause)}</span> {words(entry.gap)}'
    return (
        f'<tr{_HERE if entry.here else ""}><td data-label="Day">{words(entry.on)}</td>'
        f'<td class="number" data-label="Moved">{words(entry.moved)}</td>'
        f'<td class="number" data-label="Balance">{words(entry.after)}</td>'
        f'<td data-label="Filing">{where}{" here" if entry.here else ""}</td>'
        f'<td data-label="Does it follow?">{gap if entry.gap else "yes"}</td></tr>\n'
    )


_HERE = ' class="position__here"'


@register.simple_tag
def neighbours(others: Iterable[Neighbour]) -> SafeString:
    """Other filings of the same owners, as items of a list."""
    return mark_safe("".join(map(_neighbour, others)))


def _neighbour(other: Neighbour) -> str:
    on = long_date(other.on) if other.on else "date not known"
    named = unbroken(other.headline) if other.headline else f"Form {other.form} {other.accession}"
    return f'<li><span class="quiet">{on}</span> {link(filing_address(other.accession), words(named))}</li>\n'
