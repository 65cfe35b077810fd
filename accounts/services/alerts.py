"""Filings and signals -> matches -> deliveries: who is told of what, once, and with the reason.

One of the tellers of `accounts.services.evaluate`, which finds what is new and holds the transaction.
Promises: a match is unique per screen, subject and revision, and its snapshot is what was told. What was told and is so
no more is told again. Nothing that was known before the screen was saved is told; news that is old by now waits for a
digest. Matches and what is owed for them are one transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import Cadence, Match, SavedScreen
from accounts.news import GONE, OLD_AFTER, FilingNews, News
from accounts.services import telling
from accounts.services.live_screens import live
from accounts.services.screens import next_digest
from signals.criteria import ScreenCriteria
from signals.models import Signal, Trade
from signals.selectors import matching
from signals.selectors.matching import Hit


@dataclass(frozen=True, slots=True)
class Found:
    """What one screen is about to be told: a subject with its snapshot, or that it stands no more."""

    screen_id: int
    subject: str
    accession: str
    told: dict[str, Any]
    standing: bool = True


def news_from(now: datetime) -> datetime | None:
    """When the oldest live screen was saved: nothing known before can be told. None without one.

    Takes in what was saved meanwhile. `now` is as the other tellers are asked.
    """
    since = SavedScreen.objects.live().order_by("alerts_from").values_list("alerts_from", flat=True).first()
    if since is not None:
        live.refresh()
    return since


def tell(news: News) -> None:
    """Asks every live screen of this news, and compares what was told before with what is so now."""
    for filing in _that_matter(news):
        ask_of_filing(accession=filing.accession, known_at=filing.known_at, now=news.at)
    for signal in news.signals:
        if signal.state == GONE:
            take_back_signal(key=signal.key, now=news.at)
        else:
            ask_of_signal(key=signal.key, now=news.at)


def _that_matter(news: News) -> list[FilingNews]:
    """Without filings that changed, are older than every screen, and of which nobody was told."""
    since = SavedScreen.objects.live().order_by("alerts_from").values_list("alerts_from", flat=True).first()
    told = set(
        Match.objects.filter(accession__in=[one.accession for one in news.filings])
        .values_list("accession", flat=True)
        .distinct()
    )
    return [
        one
        for one in sorted(news.filings, key=lambda one: (one.known_at, one.accession))
        if one.accession in told or (since is not None and one.known_at > since)
    ]


@transaction.atomic
def ask_of_filing(*, accession: str, known_at: datetime, now: datetime) -> list[Match]:
    """Every live screen against the trades of one filing, and what was told of it before against what it says now."""
    trades = matching.with_signals(matching.with_owners(Trade.objects.filter(filing=accession).order_by("number")))
    found: dict[tuple[int, str], Found] = {}
    groups: dict[ScreenCriteria, tuple[Trade, list[int]]] = {}
    hits = {hit.trade.number: hit for hit in matching.hits_of(list(trades))}
    for hit in hits.values():
        for criteria, keys in live.matches(hit.trade, matching.today()).items():
            if "signal" in criteria:
                continue  # told of when the signal is
            if criteria.group:
                groups.setdefault(criteria, (hit.trade, []))[1].extend(keys)
                continue
            subject, told = f"{accession} {hit.trade.number}", telling.of_trade(hit)
            found |= {(key, subject): Found(key, subject, accession, told) for key in keys}
    for criteria, (trade, keys) in groups.items():
        for group in matching.grouped_hits(criteria, Q(issuer=trade.issuer_id), trade):
            subject, told = f"{criteria.group} {group.key}", telling.of_group(group)
            found |= {(key, subject): Found(key, subject, accession, told) for key in set(keys)}
    return _tell(accession, list(found.values()), known_at, now, hits)


@transaction.atomic
def ask_of_signal(*, key: str, now: datetime) -> list[Match]:
    """Every live screen that asks for signals of this kind, against the trades that this one cites."""
    signal = Signal.objects.filter(key=key).select_related("issuer").first()
    if signal is None:
        return []
    accessions = sorted({str(cited["accession"]) for cited in signal.trades})
    found: dict[int, Found] = {}
    for trade in matching.with_signals(Trade.objects.filter(filing__in=accessions)):
        for criteria, keys in live.matches(trade, matching.today()).items():
            if signal.kind in (criteria.get("signal") or ()):
                told = telling.of_signal(signal)
                found |= {one: Found(one, f"signal {key}", accessions[-1], told) for one in keys}
    return _tell(None, list(found.values()), signal.known_at, now, {})


@transaction.atomic
def take_back_signal(*, key: str, now: datetime) -> list[Match]:
    """A signal that does not stand any more, for the screens that were told of it."""
    last = {match.screen_id: match for match in Match.objects.filter(subject=f"signal {key}").order_by("revision")}
    gone = [
        Found(match.screen_id, match.subject, match.accession, telling.gone(match, {}), standing=False)
        for match in last.values()
        if match.standing
    ]
    return _tell(None, gone, now, now, {})


def _tell(
    accession: str | None, found: Sequence[Found], known_at: datetime, now: datetime, hits: dict[int, Hit]
) -> list[Match]:
    """Writes what is new or another, and owes it. `accession` is the filing of which earlier words are looked at."""
    before = _before(accession, found)
    now_found = {(one.screen_id, one.subject) for one in found}
    gone = [
        Found(match.screen_id, match.subject, match.accession, telling.gone(match, hits), standing=False)
        for key, match in before.items()
        if accession and key not in now_found and match.standing and match.subject.startswith(accession)
    ]
    wanted = {one.screen_id for one in (*found, *gone)}
    screens = {screen.pk: screen for screen in SavedScreen.objects.live().filter(pk__in=wanted).select_related("user")}
    fresh: list[Match] = []
    for one in (*found, *gone):
        screen, last = screens.get(one.screen_id), before.get((one.screen_id, one.subject))
        if screen is None or (last is None and known_at <= screen.alerts_from):
            continue
        if last is not None and last.standing == one.standing and not telling.differs(last.told, one.told):
            continue
        late = now - known_at > OLD_AFTER
        fresh.append(
            Match(
                screen=screen,
                subject=one.subject,
                revision=last.revision + 1 if last else 1,
                accession=one.accession,
                standing=one.standing,
                told=one.told,
                kept_back=screen.cadence != Cadence.AT_ONCE or late,
                made_at=now,
            )
        )
    made = Match.objects.bulk_create(fresh)
    _owe(made, now)
    return made


def _before(accession: str | None, found: Iterable[Found]) -> dict[tuple[int, str], Match]:
    """What was told last of these subjects, and of this filing."""
    of_these = Q(screen__in={one.screen_id for one in found}, subject__in={one.subject for one in found})
    wanted = of_these | Q(accession=accession) if accession else of_these
    return {(match.screen_id, match.subject): match for match in Match.objects.filter(wanted).order_by("revision")}


def _owe(made: Sequence[Match], now: datetime) -> None:
    at_once: dict[int, list[Match]] = {}
    for match in made:
        if not match.kept_back:
            at_once.setdefault(match.screen_id, []).append(match)
        elif match.screen.digest_at is None:  # old news of a screen that tells at once
            due = next_digest(match.screen.user, Cadence.DAILY, now)
            SavedScreen.objects.filter(pk=match.screen_id).update(digest_at=due)
    for matches in at_once.values():
        telling.owe(matches[0].screen, matches, now)


def send_digests(*, now: datetime | None = None) -> int:
    """Owes every digest that is due, of the matches kept back for it; how many had any."""
    now = now or timezone.now()
    told = 0
    for key in list(
        SavedScreen.objects.filter(digest_at__lte=now).order_by("digest_at", "pk").values_list("pk", flat=True)
    ):
        with transaction.atomic():
            screen = SavedScreen.objects.select_for_update(of=("self",), skip_locked=True).select_related("user")
            due = screen.filter(pk=key, digest_at__lte=now).first()
            if due is None:
                continue
            kept = list(Match.objects.filter(screen=due, kept_back=True).order_by("pk"))
            SavedScreen.objects.filter(pk=key).update(digest_at=next_digest(due.user, due.cadence, now))
            if kept and due.paused is None:
                Match.objects.filter(pk__in=[match.pk for match in kept]).update(kept_back=False)
                telling.owe(due, telling.latest(kept), now)
                told += 1
    return told
