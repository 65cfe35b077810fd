"""A person's screens as their pages show them. A stranger's screen is not there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from accounts.models import Match, SavedScreen, User
from accounts.services.screens import criteria_of
from signals.criteria import ScreenCriteria
from signals.criteria_words import in_a_sentence
from signals.forms import names_of
from signals.selectors import matching

LOOKED_BACK = 90
LATEST = 20


@dataclass(frozen=True, slots=True)
class Kept:
    screen: SavedScreen
    words: str | None  # None where its criteria can be read no more


@dataclass(frozen=True, slots=True)
class LookBack:
    """How many rows the criteria had in the last days, and how often that is; `many` is None where nobody can say."""

    days: int
    many: matching.Many | None

    @property
    def often(self) -> str:
        if self.many is None or not self.many.exact:
            return "too many to be told of each"
        if not self.many.number:
            return "none, so it may be quiet for long"
        for days, name in ((1, "day"), (7, "week"), (30, "month")):
            times = self.many.number * days / self.days
            if times >= 0.9:
                return f"about {round(times) if times >= 1.5 else 'one'} a {name}"
        return "less than one a month"


def mine(user: User) -> list[Kept]:
    """All, the newest first, each with the number of matches that its owner has not seen. Two queries."""
    rows = (
        SavedScreen.objects.owned_by(user)
        .annotate(news=Count("matches", filter=Q(matches__made_at__gt=F("seen_at"))))
        .order_by("-made_at", "-pk")
    )
    asked = [(row, criteria_of(row)) for row in rows]
    ciks = {cik for _, one in asked if one for key in ("issuer", "insider") for cik in one.get(key) or ()}
    names = _names(ciks)
    return [Kept(row, in_a_sentence(one, names) if one else None) for row, one in asked]


def _names(ciks: set[str]) -> dict[str, str]:
    if not ciks:
        return {}
    both = tuple(sorted(ciks))
    return names_of(ScreenCriteria((("issuer", both), ("insider", both))))


def screen_of(user: User, uid: UUID) -> SavedScreen | None:
    return SavedScreen.objects.owned_by(user).filter(uid=uid).select_related("user").first()


def shared(token: str) -> SavedScreen | None:
    return SavedScreen.objects.filter(shared_as=token).first()


def news(user: User) -> int:
    """How many matches came since their owner last looked."""
    return Match.objects.filter(screen__user=user, made_at__gt=F("screen__seen_at")).count()


def latest(screen: SavedScreen) -> Sequence[Match]:
    """What it told last, and one more than is shown where there are more."""
    return list(Match.objects.filter(screen=screen).order_by("-pk")[: LATEST + 1])


def follows(user: User, query: str) -> QuerySet[SavedScreen]:
    return SavedScreen.objects.owned_by(user).filter(query=query)


def look_back(criteria: ScreenCriteria) -> LookBack:
    """What the screen would have told in the last days, as it is read today."""
    asked = criteria.asked
    if "filed_days" not in asked or asked.get("filed_days") > LOOKED_BACK:
        asked = asked.without("filed_days").having(filed_days=str(LOOKED_BACK))
    try:
        with matching.within(matching.PAGE_MS):
            many = matching.count(asked, ms=matching.PAGE_MS)
    except matching.TooBroad:
        many = None
    return LookBack(asked.get("filed_days"), many)
