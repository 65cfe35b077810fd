"""How facts are printed: quantities, dollars, dates, shapes. The one place where a number gets its commas."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from filings.demo import is_demo_cik
from filings.ownership.codes import CODES
from filings.ownership.submission import EASTERN
from form4site.kit.markup import words
from signals.addresses import document_address, filing_address, issuer_address
from signals.readings.explain.marks import Piece
from signals.readings.explain.spans import Sentence, Span
from signals.readings.glance import of_title, tone_of

register = template.Library()

SHAPES = {"bought": "▲", "sold": "▼", "mechanics": "◇", "unknown": "○"}


@register.filter
def shape(tone: str) -> str:
    """The mark of a kind of trade; colour never speaks alone."""
    return SHAPES.get(tone, SHAPES["unknown"])


@register.filter
def quantity(number: Decimal) -> str:
    """A number of shares, with the digits it has."""
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@register.filter
def thousands(number: int) -> str:
    """A whole number with its commas."""
    return f"{number:,}"


# A product of two figures as filed can have more digits than Python's usual 28.
_WIDE = Context(prec=400, rounding=ROUND_HALF_EVEN)
_CENT, _DOLLAR = Decimal("0.01"), Decimal(1)


@register.filter
def dollars(amount: Decimal) -> str:
    """A computed amount in whole dollars, in cents below ten."""
    rounded = amount.quantize(_CENT if abs(amount) < 10 else _DOLLAR, context=_WIDE)
    return f"-${-rounded:,f}" if rounded < 0 else f"${rounded:,f}"


@register.filter
def counted(security_title: str) -> str:
    """A title as it reads after a number: "shares of Common Stock"."""
    return of_title(security_title)


@register.filter
def note_number(ref: str) -> str:
    """The number that a footnote bears on the form: "F12" is 12."""
    return ref[1:] if ref[:1] in "Ff" and ref[1:].isdigit() else ref


@register.simple_tag
def note_mark(ref: str) -> SafeString:
    """The mark of a footnote on a cell; its text opens beside it, without script."""
    return mark_safe(mark_of_note(ref))


def mark_of_note(ref: str) -> str:
    number = words(note_number(ref))
    opens = f'popovertarget="note-{words(ref)}"'
    return f'<button class="fn" type="button" {opens} aria-label="Footnote {number}">({number})</button>\n'


@register.simple_tag
def pieces(text: Iterable[Piece]) -> SafeString:
    """A text in pieces, those marked that state something."""
    return mark_safe(said_in_pieces(text))


def said_in_pieces(text: Iterable[Piece]) -> str:
    return "".join(
        f'<mark title="{words(piece.says)}">{words(piece.text)}</mark>' if piece.says else words(piece.text)
        for piece in text
    )


@register.simple_tag
def sentence(told: Sentence) -> SafeString:
    """A sentence whose parts point at the cells they rest on."""
    return mark_safe(said_in_spans(told))


def said_in_spans(told: Sentence) -> str:
    return "".join(map(_span, told.spans)) + "\n"


def _span(span: Span) -> str:
    text, ids = words(unbroken(span.text)), span.ids
    if not ids:
        return text
    return f'<a class="part" href="#{words(ids[0])}" data-lights="{words(" ".join(ids))}">{text}</a>'


@register.inclusion_tag("signals/_check.html")
def check(flag: bool | None, label: str) -> dict[str, str]:
    """A box of the form with its label. A flag that the filing leaves out is not an empty box."""
    state = {True: "checked", False: "not checked", None: "not stated"}[flag]
    return {"state": state, "mark": {"checked": "✕", "not checked": "", "not stated": "?"}[state], "label": label}


@register.filter
def eastern(instant: datetime) -> str:
    """An instant as EDGAR's clock showed it."""
    return f"{instant.astimezone(EASTERN):%-d %B %Y %H:%M} Eastern"


@register.filter
@lru_cache(maxsize=4096)
def long_date(on: date) -> str:
    """ "3 March 2026"."""
    return f"{on.day} {on:%B} {on.year:04}"


@register.filter
@lru_cache(maxsize=4096)
def long_dated(on: date) -> SafeString:
    """The same as an element that programs can read."""
    return mark_safe(f'<time datetime="{on.isoformat()}">{long_date(on)}</time>')


@register.filter
@lru_cache(maxsize=4096)
def form_dated(on: date) -> SafeString:
    """ "03/09/2026", as the form itself prints it."""
    return mark_safe(f'<time datetime="{on.isoformat()}">{on:%m/%d}/{on.year:04}</time>')


@register.filter
def hex(content: bytes) -> str:
    return bytes(content).hex()


@register.filter
def filed(number: Decimal) -> str:
    """A filed number with its commas and every digit it was filed with."""
    return f"{number:,f}"


@register.filter
def unbroken(text: str) -> str:
    """The rule's name with a hyphen at which no line ends: for the eye only, the words stay as they are elsewhere."""
    return text.replace("10b5-1", "10b5\u20111")


@register.filter
def month_and_day(words: str) -> str:
    """A fiscal year end "MMDD" as a reader says it; other words as they are."""
    try:
        return f"{datetime.strptime('2000' + words, '%Y%m%d'):%-d %B}"  # noqa: DTZ007 (a day of the year has no zone)
    except ValueError:
        return words


# A tenth of what `url` takes, for what a page names by the dozen.
register.filter("address", filing_address)
register.filter("document_address", document_address)
register.filter("issuer_address", issuer_address)


@register.filter
def is_demo(cik: str) -> bool:
    return is_demo_cik(cik)


@register.simple_tag
def code_badge(letter: str | None, acquired_disposed: str | None, *, bare: bool = False) -> SafeString:
    """A transaction code as a badge: shape, letter, and the verb of its direction, unless `bare`."""
    return mark_safe(badge_of_code(letter, acquired_disposed, bare=bare))


@lru_cache(maxsize=1024)
def badge_of_code(letter: str | None, acquired_disposed: str | None, *, bare: bool = False) -> str:
    code = CODES.get(letter or "")
    verb = (
        code.verb(acquired_disposed) if code else {"A": "Acquired", "D": "Disposed of"}.get(acquired_disposed or "", "")
    )
    tone = tone_of(letter)
    badge = (
        f'<span class="badge badge--{tone}"><span aria-hidden="true">{SHAPES[tone]}</span> {words(letter, "?")}</span>'
    )
    return badge if bare or not verb else f'{badge} <span class="quiet">{words(verb)}</span>'


@register.filter
def relationship(owner: Any) -> str:
    """The relationship that a filing gives its owner, in words."""
    parts = []
    if owner.officer_title:
        parts.append(owner.officer_title)
    elif owner.is_officer:
        parts.append("Officer")
    if owner.is_director:
        parts.append("Director")
    if owner.is_ten_percent_owner:
        parts.append("10% owner")
    if owner.is_other:
        parts.append("Other" if owner.other_text is None else owner.other_text)
    return ", ".join(parts)


@register.filter
def percent(share: float) -> str:
    """A share of one in percent; what is not nothing never shows as 0."""
    if 0 < share < 0.001:
        return "under 0.1%"
    return f"{100 * share:.1f}%"
