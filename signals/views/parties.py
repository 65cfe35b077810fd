"""Issuer and insider pages: who they are, what happened along time, their filings, the trades behind each number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from filings.errors import NotFound
from filings.models import Issuer
from form4site.kit.pages import page_or_partial, wants_partial
from form4site.kit.statements import Question, together
from signals.choice import ADJUSTED, FILINGS, HOLDINGS, LINES, TRADES, Choice
from signals.models import Trade
from signals.readings.splits import NO_SPLITS
from signals.selectors.freshness import freshness
from signals.selectors.insiders import along_of, insider_along, insider_scope
from signals.selectors.issuer_sheets import USUAL, kept_sheet, sheet_of
from signals.selectors.latest import Among, latest, of_insider, of_issuer, page_key
from signals.selectors.ledgers import ledger
from signals.selectors.parties import (
    find_insider,
    find_issuer,
    insider_number,
    insider_page,
)
from signals.selectors.positions import Figures, Position, positions_at, positions_of
from signals.selectors.prices import splits_of
from signals.selectors.seats import Seat, seats_of
from signals.selectors.timelines import OF_INSIDER, happened_to, timeline

LISTING, TIMELINE = "filings", "timeline"
INFERRED_PLAN = "inferred_plan"
PARTIALS = {LISTING: "signals/_listing.html", TIMELINE: "signals/_timeline.html"}


@require_safe
def issuer(request: HttpRequest, key: str) -> HttpResponse:
    try:
        found = find_issuer(key)
    except NotFound as error:
        raise Http404(str(error)) from error
    choice = Choice.of(request.GET)
    listed, whole = not wants_partial(request, TIMELINE), not wants_partial(request, LISTING)
    usual = listed and whole and replace(choice, before="") == USUAL
    listing, sheet = together(
        _issuer_listing(found.issuer, choice) if listed else _nothing(),
        kept_sheet.question(found) if usual else sheet_of.question(found, choice) if whole else _nothing(),
    )
    context = _choices(request, choice, FILINGS, TRADES, LINES, HOLDINGS) | {"lead": "owner", "party": found} | listing
    if whole:
        context["freshness"] = freshness()
        if usual and sheet:
            context["sheet"] = sheet
        else:
            context |= sheet or sheet_of(found, choice)
    return page_or_partial(request, "signals/issuer.html", PARTIALS, context)


def _nothing() -> Question[dict[str, Any]]:
    """Where only a part of the page is asked for that has no list."""
    yield []
    return {}


def _issuer_listing(issuer: Issuer, choice: Choice) -> Question[dict[str, Any]]:
    if choice.show == HOLDINGS:
        positions = yield from positions_at.question(issuer)
        splits = splits_of(issuer.cik) if choice.prices == ADJUSTED else NO_SPLITS
        return {"positions": [position.figures(splits) for position in positions]}
    return (yield from _listing(choice, of_issuer(int(issuer.cik)), Q(issuer=issuer)))


@require_safe
def insider(request: HttpRequest, cik: str) -> HttpResponse:
    choice = Choice.of(request.GET)
    listed, whole = not wants_partial(request, TIMELINE), not wants_partial(request, LISTING)
    try:
        number = insider_number(cik)
        found, listing, *parts = together(
            find_insider.question(cik),
            _insider_listing(number, choice) if listed else _nothing(),
            *(_of_insider(number) if whole else ()),
        )
    except NotFound as error:
        raise Http404(str(error)) from error
    context = _choices(request, choice, FILINGS, TRADES, LINES) | listing
    if whole:
        seats, positions, own = parts
        page = insider_page(found, seats, positions)
        last_on = max((seat.last_on for seat in seats if seat.last_on), default=None)
        along = last_on and timeline(insider_scope(seats), choice, happened_to(number, OF_INSIDER, choice, last_on))
        context |= {
            "party": page,
            "timeline": along,
            "along": insider_along(own, seats, choice),
            "held": _on_scale(page.held, page.seats, choice),
            "ended": _on_scale(page.ended, page.seats, choice),
            "inferred": [signal for signal in along.all_signals if signal.kind == INFERRED_PLAN] if along else [],
            "freshness": freshness(),
        }
    return page_or_partial(request, "signals/insider.html", PARTIALS, context)


def _of_insider(number: int) -> tuple[Question[Any], ...]:
    """What is asked for beside who they are."""
    return seats_of.question(number), positions_of.question(number), along_of.question(number)


def _on_scale(positions: Sequence[Position], seats: Sequence[Seat], choice: Choice) -> list[Figures]:
    splits = {seat.issuer.cik: seat.splits for seat in seats} if choice.prices == ADJUSTED else {}
    return [position.figures(splits.get(position.line.issuer.cik, NO_SPLITS)) for position in positions]


def _choices(request: HttpRequest, choice: Choice, *lists: str) -> dict[str, Any]:
    rest = choice.query().removeprefix("?")
    return {
        "choice": choice,
        "shown": choice.shown(*lists),
        "partial": any(wants_partial(request, target) for target in PARTIALS),
        "extra": f"&{rest}" if rest else "",
        "all_trades": choice.query(side="", since=None, until=None),
    }


def _insider_listing(number: int, choice: Choice) -> Question[dict[str, Any]]:
    return (yield from _listing(choice, of_insider(number), Q(owners__contains=[f"{number:010}"])))


def _listing(choice: Choice, among: Among, theirs: Q) -> Question[dict[str, Any]]:
    """The list below the charts. `theirs` are the trades of whom it is of."""
    if choice.show == TRADES:
        return {"ledger": ledger(Trade.objects.filter(theirs), choice), "first_page": not choice.before}
    before = page_key(choice.before)
    page = yield from latest.question(before, among, lines=choice.show == LINES)
    return {"page": page, "first_page": before is None}
