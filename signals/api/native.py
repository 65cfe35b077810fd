"""What is ours beyond the peer's contract: facts and readings whole, trades by any screen, signals with their evidence,
counting ledgers, positions, timelines, and what has changed since a cursor. The JSON is that of docs/json.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, Q, Sum

from filings.errors import NotFound
from filings.models import Filing, Footnote, Line
from filings.ownership.submission import accession_in
from filings.selectors import filing_json, whole_filing
from form4site.kit.api import bad_request, not_found, number
from form4site.kit.transactions import oldest_open
from signals.api.parties import issuer_of
from signals.api.transactions import cik_of
from signals.criteria import BadCriteria, ScreenCriteria, parse
from signals.forms import BY_WORDS
from signals.models import Reading, Signal, Trade
from signals.readings.footnotes import facts
from signals.readings.trades import issuer_reading
from signals.selectors import keyset, matching
from signals.selectors.compiling import ORDERS
from signals.selectors.detected import signal_json
from signals.selectors.histories import history_of
from signals.selectors.readings import reading_json
from signals.selectors.signal_feed import feed, wanted
from signals.selectors.trade_rows import instant, listed_json, rows_of, statement, trade_rows

MOST = 500
MOST_FILINGS = 3_000  # of an issuer whose positions are worked out while somebody waits


def accession_of(words: str) -> str:
    found = accession_in(words)
    if found is None:
        raise not_found(f"{words[:40]!r} is no accession number.")
    return found


def filing(accession: str) -> dict[str, Any]:
    """The facts as filed. Raises `ApiError`."""
    try:
        return filing_json(whole_filing(accession_of(accession)))
    except (NotFound, ValidationError) as error:
        raise not_found(str(error)) from error


def reading(accession: str) -> dict[str, Any]:
    """What it means. Raises `ApiError`."""
    try:
        return reading_json(accession_of(accession))
    except (NotFound, ValidationError) as error:
        raise not_found(str(error)) from error


def footnotes(accession: str) -> list[dict[str, Any]]:
    """Each footnote with the cells that cite it and the facts that its words state. Raises `ApiError`."""
    key = accession_of(accession)
    if not Filing.objects.filter(accession=key).exists():
        raise not_found(f"No filing {key} is here.")
    cells: dict[str, list[dict[str, str]]] = {}
    for line in Line.objects.filter(filing=key).order_by("position"):
        for name, refs in (line.footnotes or {}).items():
            for ref in refs:
                cells.setdefault(ref, []).append({"line": line.anchor, "field": name})
    return [
        {
            "ref": note.ref,
            "text": note.text,
            "cells": cells.get(note.ref, []),
            "facts": [{**fact.as_json(), "start": fact.start, "end": fact.end} for fact in facts(note.text)],
        }
        for note in Footnote.objects.filter(filing=key).order_by("position")
    ]


def published_at(accession: str) -> datetime | None:
    """When the facts were written, last."""
    return Filing.objects.filter(accession=accession_of(accession)).values_list("published_at", flat=True).first()


def changed_at(accession: str) -> datetime | None:
    """When the reading became what it is, which later filings may change."""
    return Reading.objects.filter(filing=accession_of(accession)).values_list("changed_at", flat=True).first()


# --- trades and screens -----------------------------------------------------------------------------------------------


def criteria_of(given: Mapping[str, Sequence[str]]) -> ScreenCriteria:
    """Companies and people by symbol, CIK or name, as on the page. Raises `ApiError` that names each field."""
    words = dict(given)
    for key, look_up in BY_WORDS:
        try:
            if key in words:
                words[key] = look_up(words[key])
        except ValueError as error:
            raise bad_request(f"{key}: {error}") from error
    try:
        return parse(words)
    except BadCriteria as error:
        raise bad_request("; ".join(f"{name}: {text}" for name, text in error.errors.items())) from error


def trades(criteria: ScreenCriteria, after: str, limit: int) -> dict[str, Any]:
    """A keyset page of the trades (or groups) that the screen matches. Raises `matching.TooBroad`."""
    most = max(1, min(limit, MOST))
    if criteria.group is None:
        rows, key = matching.trade_page(criteria, after, limit=most, worded=statement, fetch=rows_of)
        return {"items": [listed_json(row) for row in rows], "next": key}
    page = matching.trades(criteria, after, limit=most)
    return {"items": [_group(row) for row in page.rows if isinstance(row, matching.Group)], "next": page.after}


def _group(group: matching.Group) -> dict[str, Any]:
    figures = {name: value.isoformat() if isinstance(value, date) else value for name, value in group.figures.items()}
    return {
        "issuer": {"cik": group.issuer_id, "name": group.issuer_name, "ticker": group.ticker},
        "insider": group.decision_maker and {"cik": group.decision_maker, "name": group.insider_name},
        "accession": group.accession,
        **figures,
    }


def ledger(criteria: ScreenCriteria) -> dict[str, Any]:
    """What the screen's trades come to, and what is left out of it, by reason. Raises `matching.TooBroad`."""
    with matching.within(matching.PAGE_MS):
        rows = matching.matching(criteria).order_by()
        sides = {
            row["direction"]: row
            for row in rows.filter(counted=True).values("direction").annotate(trades=Count("pk"), value=Sum("value"))
        }
        left = list(rows.filter(counted=False).values_list("reasons").annotate(trades=Count("pk"), value=Sum("value")))
    reasons: dict[str, dict[str, Any]] = {}
    for slugs, count, value in left:
        for slug in slugs:
            row = reasons.setdefault(slug, {"reason": slug, "trades": 0, "value": 0})
            row["trades"] += count
            row["value"] += number(value) or 0
    return {
        "criteria": criteria.query,
        "bought": _side(sides.get("acquired")),
        "sold": _side(sides.get("disposed")),
        "left_out": [reasons[slug] for slug in sorted(reasons)],
    }


def _side(row: Mapping[str, Any] | None) -> dict[str, Any]:
    return {"trades": row["trades"], "value": number(row["value"]) or 0} if row else {"trades": 0, "value": 0}


# --- signals ----------------------------------------------------------------------------------------------------------


def keyed(signal: Signal) -> dict[str, Any]:
    """A stored signal in the JSON of docs/json.md, with its key and revision. Needs its `issuer`."""
    return {"key": signal.key, **signal_json(signal), "revision": signal.revision}


def signals(given: Mapping[str, Sequence[str]], after: str, limit: int) -> dict[str, Any]:
    """The feed by kind, role, least, sector, since, and by `issuer` and `insider`. Raises `ApiError`."""
    asked = wanted(given)
    if asked.unread:
        raise bad_request(f"Not understood: {', '.join(asked.unread)}.")
    among = Signal.objects.all()
    if words := next(iter(given.get("issuer", ())), ""):
        among = among.filter(issuer=issuer_of(words))
    if words := next(iter(given.get("insider", ())), ""):
        among = among.filter(insider_ciks__contains=[f"{cik_of(words):010}"])
    page = feed(asked, after, size=max(1, min(limit, MOST)), among=among)
    return {"items": [keyed(signal) for signal in page.signals], "next": page.older}


def signal(key: str) -> dict[str, Any]:
    found = Signal.objects.select_related("issuer").filter(key=key).first()
    if found is None:
        raise not_found("No such signal stands now; later filings may have undone it.", "SIGNAL_NOT_FOUND")
    return keyed(found)


# --- along time -------------------------------------------------------------------------------------------------------


def timeline(among: Q, since: date | None, until: date | None, after: str, limit: int) -> dict[str, Any]:
    """The trades of an issuer or an insider that stand, newest filed first, in the JSON of a screen's rows."""
    found = Trade.objects.filter(among, standing=True)
    if since:
        found = found.filter(traded_on__gte=since)
    if until:
        found = found.filter(traded_on__lte=until)
    most = max(1, min(limit, MOST))
    by = ("filing_id", "number")
    parts = keyset.parts(found, ORDERS["filed"], by, falling=True, after=after, limit=most)
    rows, key = keyset.page(parts, trade_rows, by, most)
    return {"items": [listed_json(row) for row in rows], "next": key}


def positions(issuer: str, insider: str | None) -> dict[str, Any]:
    """The ledger of each ownership line at an issuer: every stated balance, how it follows, and gaps with their cause.

    Raises `ApiError`.
    """
    found = issuer_of(issuer)
    if Filing.objects.filter(issuer=found).count() > MOST_FILINGS:
        raise bad_request(f"{found.name} has more than {MOST_FILINGS:,} filings; ask for the positions of one insider.")
    wanted_cik = f"{cik_of(insider):010}" if insider else None
    book = issuer_reading(history_of(found.cik)).ledger
    lines = book.of(wanted_cik) if wanted_cik else tuple(book)
    return {
        "issuer_cik": found.cik,
        "lines": [
            {
                "owners": sorted(one.line.owners),
                "security_class": one.line.security_class,
                "ownership": one.line.ownership,
                "nature": one.line.nature,
                "balance": number(one.balance) if one.known else None,
                "entries": [
                    {
                        "row": list(entry.row),
                        "on": entry.on.isoformat() if entry.on else None,
                        "moved": number(entry.moved),
                        "before": number(entry.before),
                        "after": number(entry.after),
                        "status": entry.status,
                        "gap": entry.gap
                        and {
                            "amount": number(entry.gap.amount),
                            "cause": entry.gap.cause,
                            "text": entry.gap.text,
                            "by": entry.gap.by,
                        },
                    }
                    for entry in one.entries
                ],
            }
            for one in lines
        ],
    }


# --- changes ----------------------------------------------------------------------------------------------------------


def changes(cursor: str, limit: int) -> dict[str, Any]:
    """Readings and signals that are new or another since the cursor, oldest change first, none left out.

    What a transaction under way may still write is held back until it is over, so that a cursor never passes it.
    """
    since, after = _cursor(cursor)
    most = max(1, min(limit, MOST))
    settled = oldest_open()
    later = Q(changed_in__gt=since) | Q(changed_in=since, filing__gt=_accession(after))
    readings = list(
        Reading.objects.filter(later, changed_in__lt=settled)
        .select_related("filing")
        .order_by("changed_in", "filing")[: most + 1]
    )
    shown = readings[:most]
    items = [
        {
            "accession": one.filing_id,
            "form": one.filing.form,
            "issuer_cik": one.issuer_id,
            "revision": one.revision,
            "changed_at": instant(one.changed_at),
            "amends": one.amends,
            "what": "filed" if one.revision == 1 else "reading_changed",
        }
        for one in shown
    ]
    last = shown[-1] if shown else None
    return {
        "items": items,
        "next": f"{last.changed_in}.{last.filing_id}" if last else cursor or None,
        "more": len(readings) > most,
    }


def _cursor(words: str) -> tuple[int, str]:
    if not words:
        return 0, ""
    number_, _, accession = words.partition(".")
    if not (
        number_.isascii() and number_.isdigit() and len(number_) < 19 and (not accession or accession_in(accession))
    ):
        raise bad_request("That cursor was not given by this endpoint.")
    return int(number_), accession


def _accession(words: str) -> str:
    return words or "0000000000-00-000000"
