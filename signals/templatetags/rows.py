"""The rows of long lists, joined in one go: filings, signals, insiders, trades, lines, the rows of a screen.

Promises: every word is escaped (`form4site.kit.markup`); a row costs no query.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from filings.demo import is_demo_cik
from form4site.kit.markup import cell, dated, day, link, row, words
from signals.addresses import filing_address, insider_address, issuer_address, signal_address, symbol_address
from signals.choice import ADJUSTED
from signals.models import Signal
from signals.selectors.codes import CodedLine
from signals.selectors.latest import Glance
from signals.selectors.ledgers import Entry
from signals.selectors.positions import Figures
from signals.selectors.seats import Seat
from signals.selectors.signal_feed import ListedSignal
from signals.selectors.timelines import KindRow, ToldSignal
from signals.templatetags.facts import (
    SHAPES,
    badge_of_code,
    counted,
    dollars,
    filed,
    quantity,
    relationship,
)
from signals.templatetags.signal_words import badge_of_signal, signal_title, tag_words
from signals.views.columns import Row

register = template.Library()

_INVENTED = ' <span class="badge badge--unknown">invented</span>'
_UNREAD = "Published, and not read yet: the form itself is here."
_INCOMPLETE = "Incomplete: the data set that it came from lacked some of its tables."
_ROW = " data-row"
_ISSUER = ' class="entry__issuer" data-row'
SHOWN_INSIDERS = 4  # of a signal, in a list


@register.simple_tag
def reported_by(owners: Iterable[Any]) -> SafeString:
    """The owners of a filing, each a link with the role it gives."""
    return mark_safe("; ".join(f"{_insider(owner)} ({words(relationship(owner))})" for owner in owners))


@register.simple_tag
def filing_entries(glances: Iterable[Glance], lead: str = "") -> SafeString:
    """Filings of a list. `lead` "owner": on an issuer's page, by who reports; else by issuer."""
    return mark_safe("\n".join(_filing(glance, lead) for glance in glances))


def _filing(glance: Glance, lead: str) -> str:
    when = dated(glance.filed_on) if glance.filed_on else "date not known"
    invented = _INVENTED if is_demo_cik(glance.issuer_id) else ""
    unread = _INCOMPLETE if glance.partial else _UNREAD
    tones = "".join(
        f'<span class="tone tone--{tone}" aria-hidden="true">{SHAPES[tone]}</span> ' for tone in glance.tones
    )
    return (
        f'<li class="entry"><div class="entry__when"><span>{when}</span> '
        f'<span><span class="badge badge--form">Form {words(glance.form)}</span>{invented}</span></div>'
        f'<div class="entry__who">{_who_reports(glance) if lead == "owner" else _of_whom(glance)}</div>'
        f'<div class="entry__what"><p class="headline">{tones}{words(glance.headline, unread)}</p></div></li>'
    )


def _who_reports(glance: Glance) -> str:
    first = glance.owners[0] if glance.owners else None
    name = words(first.name, first.insider_id) if first else "Owner not known"
    others = "; ".join(
        f"{'' if place == 0 else f'with {_insider(owner)}, '}{words(relationship(owner))}"
        for place, owner in enumerate(glance.owners)
    )
    return f'{link(filing_address(glance.accession), name, _ISSUER)}<p class="entry__owners">{others}</p>'


def _of_whom(glance: Glance) -> str:
    owners = "; ".join(
        f"{_insider(owner)}{', ' + words(role) if (role := relationship(owner)) else ''}" for owner in glance.owners
    )
    issuer = link(filing_address(glance.accession), words(glance.issuer_name, "Unnamed issuer"), _ISSUER)
    return f'{issuer} {_symbol(glance.ticker)}<p class="entry__owners">{owners}</p>'


def _insider(owner: Any) -> str:
    return _person(owner.insider_id, owner.name)


@lru_cache(4096)  # the same few report most filings of an issuer
def _person(cik: str, name: str | None) -> str:
    return link(insider_address(cik), words(name, cik))


def _symbol(ticker: str | None) -> str:
    if not ticker:
        return ""
    told = words(ticker)
    return link(symbol_address(ticker), told, f' class="ticker" aria-label="All filings of {told}"')


@register.simple_tag
def signal_entries(signals: Iterable[Signal | ListedSignal | ToldSignal], lead: str = "") -> SafeString:
    """Signals of a list, stored ones with their issuer. `lead` "issuer": on a page that is about one."""
    return mark_safe("\n".join(_signal(signal, lead) for signal in signals))


def _signal(signal: Signal | ListedSignal | ToldSignal, lead: str) -> str:
    at = signal.known_at
    known = f'<time datetime="{at.isoformat()}" title="known at {at.day} {at:%B %Y %H:%M} UTC">{day(at.date())}</time>'
    if lead == "issuer":
        about = link(signal_address(signal.key), words(signal_title(signal.kind)), _ISSUER)
    else:
        about = link(signal_address(signal.key), words(signal.issuer.name, "Unnamed issuer"), _ISSUER)
        about += f" {_symbol(signal.issuer.ticker)}"
    who = signal.insiders[:SHOWN_INSIDERS]
    names = "; ".join(link(insider_address(party["cik"]), words(party["name"], party["cik"])) for party in who)
    more = len(signal.insiders) - SHOWN_INSIDERS
    until = f"Provisional until {day(signal.settles_on)} · " if signal.provisional else ""
    tags = "".join(f" · {words(tag_words(tag))}" for tag in signal.tags)
    return (
        f'<li class="entry"><div class="entry__when"><span>{known}</span> <span>{badge_of_signal(signal.kind)}'
        f"{_INVENTED if is_demo_cik(signal.issuer_id) else ''}</span></div>"
        f'<div class="entry__who">{about}<p class="entry__owners">{names}{f" and {more} more" if more > 0 else ""}</p>'
        f'</div><div class="entry__what"><p class="prose">{words(signal.sentence)}</p>'
        f'<p class="quiet">{until}strength {signal.strength} of 100 among its kind{tags}</p></div></li>'
    )


@register.simple_tag
def signal_lines(signals: Iterable[ListedSignal]) -> SafeString:
    """Signals in a line each, as items of a list."""
    return mark_safe("".join(map(_signal_line, signals)))


def _signal_line(signal: ListedSignal) -> str:
    about = link(signal_address(signal.key), words(signal.issuer.name, "Unnamed issuer"))
    until = f' <span class="quiet">Provisional until {day(signal.settles_on)}.</span>' if signal.provisional else ""
    return f"<li>{badge_of_signal(signal.kind)} {about}: {words(signal.sentence)}{until}</li>"


@register.simple_tag
def active_issuers(rows: Iterable[dict[str, Any]]) -> SafeString:
    """Issuers with how many filings each has, as items of a list."""
    return mark_safe(
        "".join(
            f"<li>{link(issuer_address(row['issuer_id']), words(row['issuer__name'], 'Unnamed issuer'))} "
            f'<span class="quiet">{row["count"]}</span></li>'
            for row in rows
        )
    )


@register.simple_tag
def screen_rows(rows: Iterable[Row], group: str | None, columns: int) -> SafeString:
    """The rows of a screen, each with the sentence of its trade below it."""
    opens = "Trades" if group and group != "filing" else "Filing"
    parts = []
    for href, cells, sentence in rows:
        parts.append(f'<tr>{cells}<td class="screen__open">{link(href, opens, _ROW)}</td></tr>')
        if sentence:
            parts.append(f'<tr class="screen__sentence"><td colspan="{columns + 1}">{words(sentence)}</td></tr>')
    return mark_safe("\n".join(parts))


@register.simple_tag
def insider_rows(seats: Iterable[Seat], scale: str) -> SafeString:
    """An issuer's insiders with what each did last."""
    parts = []
    for seat in seats:
        last, stake = seat.last, None
        if last is None:
            acted = '<span class="quiet">no trade here</span>'
        else:
            shares = "" if last.shares is None else f" {quantity(last.shares)}"
            acted = f"{words(last.words)}{shares}, {link(filing_address(last.filing), day(last.on))}"
            stake = last.adjusted if scale == ADJUSTED else last.stake
        parts.append(
            row((
                cell("Name", _insider(seat.owner)),
                cell("Relationship", words(relationship(seat.owner))),
                cell("Last action", acted),
                cell(
                    "Stake it left",
                    '<span class="quiet">not known</span>' if stake is None else quantity(stake),
                    number=True,
                ),
                *_span(seat),
            ))
        )  # fmt: skip
    return mark_safe("\n".join(parts))


@register.simple_tag
def code_entries(lines: Iterable[CodedLine]) -> SafeString:
    """The newest lines with a code, as items of a list."""
    return mark_safe("".join(map(_coded, lines)))


def _coded(line: CodedLine) -> str:
    when = dated(line.filed_on) if line.filed_on else "date not known"
    invented = _INVENTED if is_demo_cik(line.issuer_id) else ""
    owners = "; ".join(
        f"{words(owner.name, owner.insider_id)}{', ' + words(role) if (role := relationship(owner)) else ''}"
        for owner in line.owners
    )
    title = line.security_title or ""
    what = title if line.shares is None else f"{quantity(line.shares)} {counted(title)}"
    if not line.price:
        price = ""
    elif line.in_doubt:
        price = " at a price whose footnote names another currency"
    else:
        price = f" at ${filed(line.price)}"
    href = f"{filing_address(line.accession)}#{line.table}-t-{line.row}"
    return (
        f'<li class="entry">\n<div class="entry__when"><span>{when}</span>'
        f'<span><span class="badge badge--form">Form {words(line.form)}</span>{invented}</span></div>\n'
        f'<div class="entry__who">{link(href, words(line.issuer_name, "Unnamed issuer"), _ISSUER)}\n'
        f'<p class="entry__owners">{owners}</p></div>\n'
        f'<div class="entry__what">{badge_of_code(line.code, line.acquired_disposed)} {words(what)}{price}</div>\n</li>'
    )


@register.simple_tag
def seat_rows(seats: Iterable[Seat], of: str) -> SafeString:
    """Who sits where: `of` an "issuer" its insiders, else an insider's issuers."""
    parts = []
    for seat in seats:
        if of == "issuer":
            who = cell("Name", _insider(seat.owner))
        else:
            symbol = f' <span class="ticker">{words(seat.issuer.ticker)}</span>' if seat.issuer.ticker else ""
            name = words(seat.issuer.name, seat.issuer.cik)
            who = cell("Issuer", link(issuer_address(seat.issuer.cik), name) + symbol)
        parts.append(row((who, cell("Relationship", words(relationship(seat.owner))), *_span(seat))))
    return mark_safe("\n".join(parts))


@register.simple_tag
def kind_rows(kinds: Iterable[KindRow]) -> SafeString:
    """What each kind of trade comes to."""
    return mark_safe("".join(map(_kind, kinds)))


def _kind(kind: KindRow) -> str:
    direction = {"acquired": "acquired", "disposed": "disposed of"}.get(kind.direction or "", "not stated")
    cells = (
        cell("Kind", words(kind.words)),
        cell("Direction", direction),
        cell("Trades", str(kind.trades), number=True),
        cell("Counted", str(kind.counted), number=True),
        cell("Value", "–" if kind.value is None else dollars(kind.value), number=True),
    )
    return f"<tr>{''.join(cells)}</tr>"


@register.simple_tag
def position_rows(positions: Iterable[Figures], by_holder: bool = False) -> SafeString:
    """Ownership lines with what each held; of an issuer `by_holder`, else with their issuer."""
    return mark_safe("".join(_position(shown, by_holder) for shown in positions))


def _position(shown: Figures, by_holder: bool) -> str:
    position, line = shown.position, shown.position.line
    strike = "" if shown.strike is None else f' <span class="quiet">at ${quantity(shown.strike)}</span>'
    held = {"I": words(line.nature_of_ownership, "indirectly"), "D": "directly"}.get(line.ownership or "", "not stated")
    holder = link(insider_address(line.holder_cik), words(line.holder_name, line.holder_cik)) if line.holder_cik else ""
    cells = (
        cell("Insider", holder) if by_holder else "",
        cell("Security", words(line.security_title, "untitled") + strike),
        "" if by_holder else _issuer_cell(line.issuer.cik, line.issuer.ticker, line.issuer.name),
        cell("Amount", f"{'$' if position.in_dollars else ''}{quantity(shown.amount)}", number=True),
        cell("Held", held),
        cell(
            "Reported",
            link(f"{filing_address(line.filing_id)}#{line.anchor}", day(position.reported_on) or "not dated"),
        ),
    )
    return "<tr>\n" + "\n".join(cells) + "\n</tr>"


def _span(seat: Seat) -> tuple[str, str, str]:
    """How many filings, the first and the latest."""
    latest = link(filing_address(seat.owner.filing_id), day(seat.last_on) or "not dated")
    return cell("Filings", str(seat.filings), number=True), cell("First", day(seat.first_on)), cell("Latest", latest)


@register.simple_tag
def ledger_rows(entries: Iterable[Entry], lead: str = "") -> SafeString:
    """The trades behind a number, each counted or not; with their issuer unless `lead` is "owner"."""
    parts = []
    for entry in entries:
        trade = entry.trade
        on = dated(trade.traded_on) if trade.traded_on else "no date"
        late = ' <span class="badge badge--warning">late</span>' if trade.timeliness == "late" else ""
        cells = [cell("Traded", link(filing_address(trade.filing_id), on) + late)]
        if lead != "owner":
            cells.append(_issuer_cell(trade.issuer_id, trade.issuer.ticker, trade.issuer.name))
        why_not = f'<span class="quiet">No. {words(" ".join(entry.why_not))}</span>'
        cells += [
            cell("What happened", words(trade.detail.sentence)),
            cell("Value", "–" if trade.value is None else dollars(trade.value), number=True),
            cell("Counted", "counted" if trade.counted else why_not),
        ]
        parts.append(row(cells))
    return mark_safe("\n".join(parts))


def _issuer_cell(cik: str, *names: str | None) -> str:
    told = next((name for name in names if name is not None), cik)
    return cell("Issuer", link(issuer_address(cik), words(told)))


@register.simple_tag
def line_rows(glances: Iterable[Glance], lead: str = "") -> SafeString:
    """The transactions as filed of a page of filings; with their issuer unless `lead` is "owner"."""
    return mark_safe("\n".join(row(_line(glance, line, lead)) for glance in glances for line in glance.lines))


def _line(glance: Glance, line: Any, lead: str) -> Sequence[str]:
    owners = glance.owners
    on = dated(line.transaction_date) if line.transaction_date else "no date"
    who = _insider(owners[0]) if owners else ""
    others = f" and {len(owners) - 1} more" if len(owners) > 1 else ""
    held = {"I": words(line.nature_of_ownership, "indirectly"), "D": "directly"}.get(line.ownership, "")
    issuer = () if lead == "owner" else (_issuer_cell(glance.issuer_id, glance.ticker, glance.issuer_name),)
    tone = "warning" if glance.form.endswith("/A") else "form"
    form = f'<span class="badge badge--{tone}">{words(glance.form)}</span>'
    return (
        cell("Date", link(f"{filing_address(glance.accession)}#{line.anchor}", on)),
        cell("Who", who + others),
        cell("Form", form),
        *issuer,
        cell("Code", badge_of_code(line.code, line.acquired_disposed)),
        cell("Security", words(line.security_title)),
        cell("Amount", _amount(line.shares, line.total_value, "not stated"), number=True),
        cell("Price", _price(line), number=True),
        cell("Owned after", _amount(line.shares_owned_following, line.value_owned_following, "–"), number=True),
        cell("Held", held),
    )


def _amount(shares: Any, value: Any, neither: str) -> str:
    if shares is not None:
        return quantity(shares)
    return neither if value is None else f"${quantity(value)}"


def _price(line: Any) -> str:
    if line.price is not None:
        return f"{filed(line.price)}, see its note" if line.in_doubt else f"${filed(line.price)}"
    return "in a footnote" if line.footnotes and line.footnotes.get("price") else "–"
