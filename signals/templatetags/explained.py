"""What is said of a filing above and below its form, joined in one go: trades, reasons, sums, stories, balances.

Promises: every word is escaped (`form4site.kit.markup`). Anchors, kinds, places and accessions are our own and bear no
letter that would have to be.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django import template
from django.utils.safestring import SafeString, mark_safe

from form4site.kit.markup import link, words
from signals.addresses import filing_address
from signals.readings.explain.filing import TradeWords
from signals.readings.explain.ledgers import Balance, CountedRow, Counting, Position
from signals.readings.explain.stories import Step, StoryWords
from signals.readings.explain.weighing import Reason
from signals.selectors.histories import Neighbour
from signals.templatetags.facts import long_date, said_in_spans, shape, unbroken

register = template.Library()


@register.simple_tag
def told_trades(trades: Iterable[TradeWords]) -> SafeString:
    """What was done, a trade to an item."""
    return mark_safe("".join(_trade(place, trade) for place, trade in enumerate(trades, start=1)))


def _trade(place: int, trade: TradeWords) -> str:
    tone = trade.tone
    return (
        f'<li id="trade-{place}" class="told__trade told__trade--{tone}">'
        f'<span class="told__mark" aria-hidden="true">{shape(tone)}</span><p>{said_in_spans(trade.sentence)}</p></li>\n'
    )


@register.simple_tag
def reasons(found: Sequence[Reason], none: str) -> SafeString:
    """Reasons of one side, each with the research behind it; `none` are the words for no reason."""
    items = "".join(map(_reason, found))
    return mark_safe(f'<ul class="reasons">{items}</ul>' if found else f'<p class="quiet">{words(none)}</p>')


def _reason(reason: Reason) -> str:
    return f"<li>{said_in_spans(reason.words)}{_study(reason.study) if reason.study else ''}</li>"


def _study(text: str) -> str:
    return f'<details class="study"><summary>What research says</summary><p>{words(text)}</p></details>'


# --- what is counted ----------------------------------------------------------------------------------------------


@register.simple_tag
def counting(sides: Iterable[Counting]) -> SafeString:
    """The counting ledgers: each total opens the rows it counts and those it leaves out."""
    return mark_safe("".join(map(_side, sides)))


def _side(side: Counting) -> str:
    total = f": <b>{words(side.total)}</b>" if side.total else ""
    told = ((side.counted, "counted"), (side.left_out, "left out of totals"))
    numbers = ", ".join(f"{len(rows)} {what}" for rows, what in told if rows)
    counted, left_out = ("".join(map(_counted_row, rows)) for rows, _ in told)
    return (
        f'<details class="counting__side">\n<summary>{words(side.side)}{total} <span class="quiet">{numbers}</span>'
        f"</summary>\n<ul>{counted}\n{left_out}</ul>\n</details>"
    )


def _counted_row(row: CountedRow) -> str:
    """A trade of the filing, with each reason why it is left out of totals."""
    value = f", {words(row.value)}" if row.value else ""
    anchors = ", ".join(f'<a href="#{anchor}">{anchor}</a>' for anchor in row.anchors)
    what = f'<span class="counting__what">{words(row.what)}{value}</span> <span class="quiet">{anchors}</span>'
    if not row.reasons:
        return f"<li>{what}</li>"
    return f'<li class="counting__out">{what}\n<ul>{"".join(map(_left_out, row.reasons))}</ul></li>'


def _left_out(reason: tuple[str, str | None]) -> str:
    text, by = reason
    return f"<li>Left out: {words(text)}{' ' + link(filing_address(by), 'That filing') if by else ''}</li>"


# --- stories, balances, neighbours --------------------------------------------------------------------------------


@register.simple_tag
def stories(told: Iterable[StoryWords]) -> SafeString:
    """Grant, vest, withheld, sold, each story as a strip over days and filings."""
    return mark_safe("".join(map(_story, told)))


def _story(story: StoryWords) -> str:
    provisional = f" <em>{words(story.provisional)}</em>" if story.provisional else ""
    return (
        f'\n<section class="story" aria-label="What became of the shares">\n<h2>{words(story.outcome)}</h2>\n'
        f"<p>{words(story.text)}{provisional}</p>\n"
        f'<ol class="story__steps">{"".join(map(_step, story.steps))}</ol>\n</section>\n'
    )


def _step(step: Step) -> str:
    at = f"<span>{words(step.at)}</span>" if step.at else ""
    on = f'<span class="quiet">{words(step.on)}</span>' if step.on else ""
    where = ""
    if step.here:
        where = link(f"#{step.anchor}", "on this form")
    elif step.accession:
        where = link(f"{filing_address(step.accession)}#{step.anchor}", "another filing")
    return (
        f'<li class="story__step story__step--{words(step.slug)}"><b>{words(step.name)}</b>'
        f"<span>{words(step.amount)}</span>{at}{on}{where}</li>"
    )


@register.simple_tag
def positions(told: Iterable[Position]) -> SafeString:
    """Ownership lines, each balance by balance."""
    return mark_safe("".join(map(_position, told)))


def _position(position: Position) -> str:
    title = f"{words(position.title)}, {words(position.how)}"
    gaps = f" · {position.gaps} gap{_s(position.gaps)} in all" if position.gaps else ""
    earlier = position.earlier
    caption = f"<caption>After {earlier} earlier balance{_s(earlier)}.</caption>" if earlier else ""
    return (
        f'\n<details class="disclosure position">\n'
        f'<summary>{title} <span class="quiet">{words(position.holder)}{gaps}</span></summary>\n'
        f'<div class="scroll" tabindex="0" role="region" aria-label="{title}">\n<table class="table table--cards">\n'
        f"{caption}\n{_BALANCES}\n<tbody>{''.join(map(_balance, position.entries))}</tbody>\n</table>\n"
        "</div>\n</details>\n"
    )


def _s(number: int) -> str:
    return "" if number == 1 else "s"


_BALANCES = (
    '<thead><tr><th scope="col">Day</th><th scope="col" class="number">Moved</th><th scope="col" class="number">Balance'
    '</th><th scope="col">Filing</th><th scope="col">Does it follow?</th></tr></thead>'
)


def _balance(entry: Balance) -> str:
    """A balance of an ownership line, and whether it follows from the one before."""
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
