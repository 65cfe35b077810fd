"""What a person is told of a match: the snapshot that is kept, and the words of the alert made from it.

Promises: an alert says why it came (the criteria in words), what was found (each with its sentence) and where to check
it. The snapshot is all that is needed to say it again, whatever becomes of the readings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.models import Match, SavedScreen
from accounts.services import outbox, ways
from accounts.services.screens import criteria_of
from signals.criteria import GROUPS
from signals.criteria_words import in_a_sentence
from signals.forms import names_of
from signals.models import Signal, Trade
from signals.selectors.hits import Hit
from signals.selectors.matching import Group

MOST_TOLD = 20  # in one alert; the rest are a number and a link


def of_trade(hit: Hit) -> dict[str, Any]:
    trade = hit.trade
    link = reverse("signals:filing", args=[trade.filing_id])
    return {
        "sentence": trade.detail.sentence,
        "issuer": {"cik": trade.issuer_id, "name": trade.issuer.name, "ticker": trade.issuer.ticker},
        "insider": {"cik": hit.insider.cik, "name": hit.insider.name},
        "kind": trade.kind,
        "value": None if trade.value is None else str(trade.value),
        "filed_on": trade.filed_on.isoformat(),
        "link": f"{link}#{hit.anchor}",
    }


def of_group(group: Group) -> dict[str, Any]:
    """Of a group it is told when it first meets the screen, and when more insiders join; not with every trade."""
    insiders = group.figures["insiders"]
    who = group.insider_name or group.issuer_name or group.issuer_id
    name = f"{who}: {insiders} insider{'' if insiders == 1 else 's'}"
    place = ["signals:filing", group.accession] if group.accession else ["signals:issuer", group.issuer_id]
    return {
        "sentence": f"{name} now meet{'s' if insiders == 1 else ''} this screen.",
        "issuer": {"cik": group.issuer_id, "name": group.issuer_name, "ticker": group.ticker},
        "insiders": insiders,
        "link": reverse(place[0], args=place[1:]),
    }


def of_signal(signal: Signal) -> dict[str, Any]:
    return {
        "sentence": signal.sentence,
        "issuer": {"cik": signal.issuer_id, "name": signal.issuer.name, "ticker": signal.issuer.ticker},
        "signal": signal.kind,
        "link": reverse("signals:issuer", args=[signal.issuer_id]),
    }


_NOT_MET = "It does not meet the screen as the filing is read now."
_GROUP = "With what was corrected or withdrawn since, the screen is not met."
_NO_LONGER = {"signal": "The signal does not stand as the filings are read now.", **dict.fromkeys(GROUPS, _GROUP)}


def group_subjects(accession: str, trades: Sequence[Trade]) -> set[str]:
    """The groups that these trades of a filing belong to, or did before they were corrected."""
    issuers = {f"issuer {trade.issuer_id}" for trade in trades}
    insiders = {f"insider {trade.issuer_id} {trade.decision_maker}" for trade in trades}
    return {f"filing {accession}", *issuers, *insiders}


def gone(match: Match, hits: Mapping[int, Hit]) -> dict[str, Any]:
    """What was told and holds no more, with what is read there now, if anything is."""
    kind, _, number = match.subject.rpartition(" ")
    present = hits.get(int(number)) if hits and number.isdigit() else None
    reason = "; ".join(item["text"] for item in present.trade.detail.exclusions) if present else ""
    return {**match.told, "no_longer": reason or _NO_LONGER.get(kind.partition(" ")[0], _NOT_MET)}


def differs(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    if "insiders" in before and "insiders" in after:
        return after["insiders"] > before["insiders"]
    return {**before, "link": None} != {**after, "link": None}


def latest(matches: Sequence[Match]) -> list[Match]:
    """Of each subject the last word alone."""
    return list({match.subject: match for match in matches}.values())


def owe(screen: SavedScreen, matches: Sequence[Match], now: datetime) -> None:
    """One alert of these matches to every channel that this screen tells."""
    criteria = criteria_of(screen)
    why = in_a_sentence(criteria, names_of(criteria)) if criteria else screen.query
    key = f"{screen.uid} {max(match.pk for match in matches)}"
    address = reverse("screens:screen", args=[screen.uid])
    context = {
        "screen": screen,
        "why": why,
        "matches": matches[:MOST_TOLD],
        "more": max(0, len(matches) - MOST_TOLD),
        "site_url": settings.BASE_URL,
    }
    outbox.owe_all(
        channels=ways.of_screen(screen),
        event=ways.EVENT,
        subject_key=key,
        payload=_payload(screen, why, matches),
        title=_title(screen, matches),
        text=render_to_string("screens/alert.txt", context).strip(),
        html=render_to_string("screens/_alert.html", context),
        link=address,
        now=now,
    )


def _title(screen: SavedScreen, matches: Sequence[Match]) -> str:
    first = matches[0].told
    name = first["issuer"]["ticker"] or first["issuer"]["name"] or first["issuer"]["cik"]
    word = "" if matches[0].standing else ", no longer"
    others = f" and {len(matches) - 1} more" if len(matches) > 1 else ""
    return f"{screen.name}: {name}{word}{others}"


def _payload(screen: SavedScreen, why: str, matches: Sequence[Match]) -> dict[str, Any]:
    return {
        "screen": {"id": str(screen.uid), "name": screen.name, "query": screen.query, "criteria": why},
        "matches": [
            {"subject": one.subject, "revision": one.revision, "standing": one.standing, **one.told} for one in matches
        ],
    }
