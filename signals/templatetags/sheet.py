"""The form as filed and what its cells say, joined in one go: owners, tables, footnotes, signatures, sayings.

Promises: every word is escaped (`form4site.kit.markup`). Anchors, kinds, places and accessions are our own and bear no
letter that would have to be.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from filings.ownership.facsimile import FormLayout
from form4site.kit.markup import link, words
from form4site.kit.parts import part
from signals.addresses import code_address
from signals.readings.explain.marks import Piece
from signals.selectors.explained import Saying, SheetCell, SheetNote, SheetRow, SheetTable
from signals.templatetags.facts import form_dated, mark_of_note, note_number, said_in_pieces, unbroken

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


@cache
def _tells(number: int, ident: str, of: str) -> str:
    opens = f'id="{ident}" popovertarget="says-{number}" aria-label="What this means: {words(of)}"'
    return f'<button class="tells tells--box" type="button" {opens}>what this means</button>\n'


@register.simple_tag
def form_boxes(
    filing: Any, owners: Sequence[Any], layout: FormLayout, boxes: Mapping[str, Saying] | None
) -> SafeString:
    """The numbered boxes above the tables, each with the button of its saying, and below them the further owners."""
    first = owners[0] if owners else None
    foreign = words(filing.issuer_foreign_ticker)
    symbol = f'<p>Foreign trading symbol: <span class="box__value">{foreign}</span></p>' if foreign else ""
    issuer = (
        f'\n<p class="box__value">{words(filing.issuer_name)} [ {words(filing.issuer_ticker)} ]</p>\n{symbol}\n'
        f'<p class="quiet">CIK {words(filing.issuer_id)}</p>'
    )

    def opened(ident: str, of: str) -> str:
        return tells(boxes.get(ident) if boxes else None, ident, of)

    roles = _owner_roles(first) if first else '<p class="quiet">not known</p>'
    period = _day(filing.period_of_report) + opened("form-period_of_report", "the date of the report")
    original = _day(filing.date_of_original_submission)
    original += opened("form-date_of_original_submission", "the date of the original")
    joint = part("signals/_form_joint.html", owners=len(owners)) + opened("form-joint", "the joint filing")
    made = (
        _box(_REPORTER, _owner_address(first, 1)),
        _box(f"{3 if layout.form == '3' else 2}. Issuer Name and Ticker or Trading Symbol", issuer),
        _box(_RELATIONSHIP.format(layout), roles + opened("owner-1-role", "the relationship to the issuer")),
        _box(words(layout.period_item), period),
        _box(f"{layout.amendment_item}. If Amendment, Date of Original Filed", original),
        _box(f"{layout.joint_item}. Individual or Joint/Group Filing", f"\n{joint}"),
    )
    return mark_safe(f'<div class="boxes">\n{"".join(made)}</div>\n{_further(owners, layout)}')


_REPORTER = "1. Name and Address of Reporting Person"
_RELATIONSHIP = "{0.relationship_item}. Relationship of Reporting Person(s) to Issuer"


def _box(name: str, inside: str) -> str:
    """`inside` is markup, `name` printed on the form."""
    return f'<div class="box"><p class="box__name">{name}</p>{inside}</div>\n'


def _day(on: date | None) -> str:
    return f'<p class="box__value">{form_dated(on) if on else ""}</p>'


def _further(owners: Sequence[Any], layout: FormLayout) -> str:
    """The owners after the first."""
    more = len(owners) - 1
    if more < 1:
        return ""
    made = (
        f'\n<div class="owner">\n{_box(_REPORTER, _owner_address(owner, place))}'
        f"{_box(_RELATIONSHIP.format(layout), _owner_roles(owner))}</div>\n"
        for place, owner in enumerate(owners[1:], start=2)
    )
    return (
        f'\n<section class="sheet__more" aria-label="Further reporting persons">\n'
        f"<h3>{more} more reporting person{'' if more == 1 else 's'}</h3>\n{''.join(made)}\n</section>\n"
    )


def _owner_address(owner: Any, place: int) -> str:
    """Who reports, `place` counted from 1, and where; an owner who is not known has nothing in any cell."""
    given = {name: words(getattr(owner, name, None)) for name in _ADDRESS}
    streets = "".join(f"{given[name]}<br>" for name in ("street1", "street2") if given[name])
    where = "".join(f" {given[name]}" for name in ("state", "non_us_state_territory", "zip_code") if given[name])
    further = "".join(f"<br>{given[name]}" for name in ("state_description", "country") if given[name])
    abroad = " · address outside the United States" if getattr(owner, "non_us_address", None) else ""
    wrong = " · marked as not a good address" if getattr(owner, "good_address", None) is False else ""
    return (
        f'\n<address>\n<span class="box__value" id="owner-{place}-name">{given["name"]}</span><br>\n{streets}\n'
        f"{given['city']}{where}\n{further}\n</address>\n"
        f'<p class="quiet">CIK {given["insider_id"]}{abroad}{wrong}</p>\n'
    )


_ADDRESS = (
    "name", "street1", "street2", "city", "state", "non_us_state_territory", "zip_code", "state_description", "country",
    "insider_id",
)  # fmt: skip


def _owner_roles(owner: Any) -> str:
    """What an owner is to the issuer: the boxes, and the words beside them."""
    boxes = part(
        "signals/_owner_boxes.html",
        director=owner.is_director,
        ten_percent=owner.is_ten_percent_owner,
        officer=owner.is_officer,
        other=owner.is_other,
    )
    told = " · ".join(words(text) for text in (owner.officer_title, owner.other_text) if text)
    return f"\n{boxes}" + (f'<p class="box__value">{told}</p>' if told else "") + "\n"


# --- tables -------------------------------------------------------------------------------------------------------


@register.simple_tag
def form_tables(tables: Iterable[SheetTable], partial: bool) -> SafeString:
    """Tables I and II. Of a filing that is not whole here, a table without rows may have had some."""
    return mark_safe("".join(_form_table(table, partial) for table in tables))


def _form_table(table: SheetTable, partial: bool) -> str:
    name = table.name
    head = (
        f'\n<section class="sheet__table" aria-labelledby="table-{name}">\n'
        f'<h3 id="table-{name}">Table {name} – {words(table.title)}</h3>\n'
    )
    if not table.rows:
        none = f"No row of Table {name} is known." if partial else f"No row in Table {name}."
        return f'{head}\n<p class="formtable__none">{none}</p>\n\n</section>\n'
    rows = "".join(_form_row(row, table) for row in table.rows)
    sayings = "".join(_row_saying(row, table) for row in table.rows if row.words)
    return (
        f'{head}\n<div class="scroll" tabindex="0" role="region" aria-label="Table {name}">\n'
        f'<table class="formtable">\n'
        f"<thead>\n{part('signals/_form_columns.html', columns=table.columns)}\n</thead>\n<tbody>\n{rows}</tbody>\n"
        f"</table>\n</div>\n{sayings}\n</section>\n"
    )


def _form_row(row: SheetRow, table: SheetTable) -> str:
    """A row with its own address, the button of its words, and below it what has no column."""
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


def _row_saying(row: SheetRow, table: SheetTable) -> str:
    """The sentence of a row, opened by its button without script."""
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


# --- signatures ---------------------------------------------------------------------------------------------------


@register.simple_tag
def signatures(signed: Sequence[Any], partial: bool) -> SafeString:
    """Who signed, and when. Of a filing that is not whole here, a signature may be missing."""
    s = "" if len(signed) == 1 else "s"
    none = "<li>No signature is known.</li>" if partial else "<li>No signature in the document.</li>"
    return mark_safe(
        f'<h3 id="signatures">Signature{s} of Reporting Person{s}</h3>\n<ul class="signatures">\n'
        f"{''.join(map(_signature, signed)) or none}\n</ul>"
    )


def _signature(signature: Any) -> str:
    on = form_dated(signature.signed_on) if signature.signed_on else "no date"
    return f"<li><span><b>{words(signature.name)}</b></span><span>{on}</span></li>\n"
