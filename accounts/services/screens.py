"""Saved screens: kept, changed, paused, shared and removed by their owner.

Promises: what is stored is the canonical spelling of criteria that were read; from then on only what becomes known
later is told. One that can be read no more is paused and says so; it never matches everything.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import Cadence, Pause, SavedScreen, User
from signals.criteria import SCHEMA, BadCriteria, ScreenCriteria, from_query, stored

MOST_SCREENS = 500  # of one person


class ScreenRefused(Exception):
    """Its text is for the person who asked."""


def next_digest(user: User, cadence: str, now: datetime) -> datetime | None:
    """When the next digest comes: at the person's hour in their zone, on Mondays where it is weekly."""
    if cadence == Cadence.AT_ONCE:
        return None
    there = now.astimezone(user.zone)
    due = there.replace(hour=user.digest_hour, minute=0, second=0, microsecond=0)
    while due <= there or (cadence == Cadence.WEEKLY and due.weekday() != 0):
        due = (due + timedelta(days=1)).replace(hour=user.digest_hour)  # by the wall's clock, over changes of the hour
    return due


def reckon_digests(*, owner: User, now: datetime | None = None) -> None:
    """When the next ones come, by the clock that the owner has now. One that is due already stays due."""
    now = now or timezone.now()
    for cadence in Cadence:
        # What tells at once has a digest only of old news, and that comes within the day.
        due = next_digest(owner, Cadence.DAILY if cadence == Cadence.AT_ONCE else cadence, now)
        SavedScreen.objects.owned_by(owner).filter(cadence=cadence, digest_at__gt=now).update(digest_at=due)


@transaction.atomic
def save(
    *,
    owner: User,
    name: str,
    criteria: ScreenCriteria,
    cadence: str = Cadence.AT_ONCE,
    tells: Sequence[UUID] | None = None,
    now: datetime | None = None,
) -> SavedScreen:
    """`tells` as in `ways.chosen`. Raises `ScreenRefused` at the limit."""
    now = now or timezone.now()
    User.objects.select_for_update(no_key=True).get(pk=owner.pk)  # so that the count holds under parallel calls
    if SavedScreen.objects.owned_by(owner).count() >= MOST_SCREENS:
        raise ScreenRefused(f"There are {MOST_SCREENS} screens already; remove one first.")
    return SavedScreen.objects.create(
        user=owner,
        name=name.strip()[:120] or "Screen",
        query=criteria.query,
        schema=SCHEMA,
        cadence=cadence,
        tells=tells,
        digest_at=next_digest(owner, cadence, now),
        made_at=now,
        changed_at=now,
        alerts_from=now,
        seen_at=now,
    )


def change(
    *,
    screen: SavedScreen,
    name: str | None = None,
    criteria: ScreenCriteria | None = None,
    cadence: str | None = None,
    now: datetime | None = None,
) -> SavedScreen:
    """What is None stays. Other criteria tell from now on; another name or cadence changes nothing of what is told."""
    now = now or timezone.now()
    if criteria is not None and (criteria.query != screen.query or screen.paused == Pause.UNREADABLE):
        screen.query, screen.schema, screen.alerts_from = criteria.query, SCHEMA, now
        screen.paused = None if screen.paused == Pause.UNREADABLE else screen.paused
    if cadence is not None and cadence != screen.cadence:
        screen.cadence, screen.digest_at = cadence, next_digest(screen.user, cadence, now)
    screen.name = (name or "").strip()[:120] or screen.name
    screen.changed_at = now
    screen.save()
    return screen


def set_channels(*, screen: SavedScreen, tells: Sequence[UUID] | None) -> SavedScreen:
    """The channels that it tells beside the inbox, as in `ways.chosen`."""
    screen.tells = tells
    screen.save(update_fields=["tells"])
    return screen


def duplicate(*, screen: SavedScreen) -> SavedScreen:
    return save(
        owner=screen.user,
        name=f"{screen.name[:110]} (copy)",
        criteria=from_query(screen.query),
        cadence=screen.cadence,
        tells=screen.tells,
    )


def pause(*, screen: SavedScreen, reason: str = Pause.OWNER, now: datetime | None = None) -> SavedScreen:
    screen.paused, screen.changed_at = reason, now or timezone.now()
    screen.save(update_fields=["paused", "changed_at"])
    return screen


def resume(*, screen: SavedScreen, now: datetime | None = None) -> SavedScreen:
    """What became known while it rested is not told. Raises `BadCriteria` where it cannot be read."""
    stored(screen.query, screen.schema)
    screen.paused = None
    screen.alerts_from = screen.changed_at = now or timezone.now()
    screen.save(update_fields=["paused", "alerts_from", "changed_at"])
    return screen


def remove(*, screen: SavedScreen) -> None:
    screen.delete()


def mark_seen(*, user: User, now: datetime | None = None) -> None:
    SavedScreen.objects.owned_by(user).update(seen_at=now or timezone.now())


def follow(*, owner: User, key: str, cik: str, name: str) -> SavedScreen:
    """The screen of all trades of one issuer or insider (`key` says which), made now or before."""
    criteria = from_query(f"{key}={cik}")
    known = SavedScreen.objects.owned_by(owner).filter(query=criteria.query).order_by("pk").first()
    return known or save(owner=owner, name=name, criteria=criteria)


def unfollow(*, owner: User, key: str, cik: str) -> None:
    SavedScreen.objects.owned_by(owner).filter(query=from_query(f"{key}={cik}").query).delete()


def criteria_of(screen: SavedScreen) -> ScreenCriteria | None:
    """What it asks; None where that can be read no more."""
    try:
        return stored(screen.query, screen.schema)
    except BadCriteria:
        return None


def pause_unreadable(*, screens: Sequence[SavedScreen]) -> None:
    for screen in screens:
        pause(screen=screen, reason=Pause.UNREADABLE)
