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
from accounts.selectors import unevaluated
from accounts.services import telling
from accounts.services.live_screens import live
from accounts.services.screens import criteria_of, next_digest
from filings.ownership.submission import EASTERN
from signals.criteria import ScreenCriteria
from signals.models import Signal, Trade
from signals.selectors import matching
from signals.selectors.compiling import GROUP_KEYS
from signals.selectors.hits import Hit, hits_of, with_owners


@dataclass(frozen=True, slots=True)
class Found:
    """What one screen is about to be told: a subject with its snapshot, or that it stands no more."""

    screen_id: int
    subject: str
    accession: str
    told: dict[str, Any]
    standing: bool = True


Before = dict[tuple[int, str], Match]  # by screen and subject, what was told last


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
    """Without filings that changed, are older than every screen, and of which (or of whose issuer) nobody was told."""
    since = SavedScreen.objects.live().order_by("alerts_from").values_list("alerts_from", flat=True).first()
    told = set(
        Match.objects.filter(accession__in=[one.accession for one in news.filings])
        .values_list("accession", flat=True)
        .distinct()
    )
    issuers = [f"issuer {one.issuer_cik}" for one in news.filings if not one.is_first]
    groups = set(Match.objects.filter(subject__in=issuers).values_list("subject", flat=True).distinct())
    return [
        one
        for one in sorted(news.filings, key=lambda one: (one.known_at, one.accession))
        if one.accession in told
        or (not one.is_first and f"issuer {one.issuer_cik}" in groups)
        or (since is not None and one.known_at > since)
    ]


@transaction.atomic
def ask_of_filing(*, accession: str, known_at: datetime, now: datetime) -> list[Match]:
    """Every live screen against the trades of one filing, and what was told of it before against what it says now."""
    trades = matching.with_signals(with_owners(Trade.objects.filter(filing=accession).order_by("number")))
    found: dict[tuple[int, str], Found] = {}
    groups: dict[ScreenCriteria, tuple[Trade, list[int]]] = {}
    hits = {hit.trade.number: hit for hit in hits_of(list(trades))}
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
    of_groups = telling.group_subjects(accession, [hit.trade for hit in hits.values()])
    before = _before(Q(accession=accession) | Q(subject__in=of_groups), found.values())
    gone = [
        _taken_back(match, hits if match.subject.startswith(accession) else {})
        for match in _missing(before, found.values())
        if match.subject.startswith(accession) or _group_is_gone(match)
    ]
    return _tell([*found.values(), *gone], before, known_at, now)


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
    before = _before(Q(subject=f"signal {key}"), found.values())
    gone = [_taken_back(match, {}) for match in _missing(before, found.values()) if _as_it_is_kept_now(match)]
    return _tell([*found.values(), *gone], before, signal.known_at, now)


@transaction.atomic
def take_back_signal(*, key: str, now: datetime) -> list[Match]:
    """A signal that does not stand any more, for the screens that were told of it."""
    before = _before(Q(subject=f"signal {key}"), ())
    return _tell([_taken_back(match, {}) for match in _missing(before, ())], before, now, now)


@transaction.atomic
def take_back_unread(*, now: datetime) -> list[Match]:
    """What was told of filings that have no reading any more, and so are never news again."""
    live.refresh()
    return [
        match
        for accession in unevaluated.told_and_unread()
        for match in ask_of_filing(accession=accession, known_at=now, now=now)
    ]


def _missing(before: Before, found: Iterable[Found]) -> list[Match]:
    """What stands as it was told last, and is not found now."""
    now_found = {(one.screen_id, one.subject) for one in found}
    return [match for key, match in before.items() if match.standing and key not in now_found]


def _taken_back(match: Match, hits: dict[int, Hit]) -> Found:
    return Found(match.screen_id, match.subject, match.accession, telling.gone(match, hits), standing=False)


def _as_it_is_kept_now(match: Match) -> bool:
    """Whether it was told by the criteria that its screen has still."""
    return match.made_at > match.screen.alerts_from


def _group_is_gone(match: Match) -> bool:
    """Whether a group met its screen on the day it was told only by what has been corrected or withdrawn since.

    That its days have passed meanwhile takes nothing back.
    """
    criteria = criteria_of(match.screen)
    kind, _, key = match.subject.partition(" ")
    if criteria is None or criteria.group != kind or not _as_it_is_kept_now(match):
        return False
    names = dict(zip(GROUP_KEYS[kind], [key] if kind == "filing" else key.split(), strict=False))
    then = match.made_at.astimezone(EASTERN).date()
    return not matching.grouped(criteria.asked, then, Q(**names)).exists()


def _tell(found: Sequence[Found], before: Before, known_at: datetime, now: datetime) -> list[Match]:
    """Writes what is new or another than it was told before, and owes it."""
    wanted = {one.screen_id for one in found}
    screens = {screen.pk: screen for screen in SavedScreen.objects.live().filter(pk__in=wanted).select_related("user")}
    fresh: list[Match] = []
    for one in found:
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


def _before(of: Q, found: Iterable[Found]) -> Before:
    """What was told last of these, and of what is found."""
    found = list(found)
    wanted = of | Q(screen__in={one.screen_id for one in found}, subject__in={one.subject for one in found})
    told = Match.objects.filter(wanted).select_related("screen").order_by("revision")
    return {(match.screen_id, match.subject): match for match in told}


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
