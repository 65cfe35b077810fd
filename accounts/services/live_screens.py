"""The screens that are live, compiled in memory once a process and kept up to date with what is saved.

Promises: what is found is checked against the database by whoever uses it, so that a screen that was paused, changed
or removed a moment ago tells nothing. One that cannot be read is paused and left out. Screens that ask the same are
asked once.
"""

from __future__ import annotations

import threading
from datetime import date, datetime, timedelta
from typing import Any

from accounts.models import SavedScreen
from accounts.services import screens
from signals.criteria import ScreenCriteria
from signals.matching_index import ScreenIndex

MOST_CHANGES = 500  # beside the compiled screens, before all are compiled anew
OVERLAP = timedelta(minutes=10)  # a change is committed later than its time says


class LiveScreens:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        self._seen: datetime | None = None
        self._known: dict[int, ScreenCriteria | None] = {}
        self._changed: set[int] = set()
        self._base = self._delta = _Compiled({})

    def refresh(self) -> None:
        """Takes in what was saved since the last time."""
        with self._lock:
            rows = SavedScreen.objects.select_related("user").order_by("changed_at")
            if self._seen is not None:
                rows = rows.filter(changed_at__gte=self._seen - OVERLAP)
            unreadable, fresh = [], False
            for screen in rows.iterator():
                self._seen = max(self._seen or screen.changed_at, screen.changed_at)
                criteria = screens.criteria_of(screen) if screen.paused is None else None
                if criteria is None and screen.paused is None:
                    unreadable.append(screen)
                asked = criteria and criteria.asked
                if self._known.get(screen.pk) != asked or screen.pk not in self._known:
                    self._known[screen.pk], fresh = asked, True
                    self._changed.add(screen.pk)
            if len(self._changed) > MOST_CHANGES:
                self._base = _Compiled(self._known)
                self._changed.clear()
            if fresh:
                self._delta = _Compiled({key: self._known[key] for key in self._changed})
            screens.pause_unreadable(screens=unreadable)

    def matches(self, trade: Any, today: date) -> dict[ScreenCriteria, list[int]]:
        """The keys of the screens whose tests of a trade hold, by what they ask."""
        found: dict[ScreenCriteria, list[int]] = {}
        for compiled, changed in ((self._base, self._changed), (self._delta, frozenset())):
            for criteria, keys in compiled.matches(trade, today):
                found.setdefault(criteria, []).extend(key for key in keys if key not in changed)
        return {criteria: keys for criteria, keys in found.items() if keys}


class _Compiled:
    def __init__(self, known: dict[int, ScreenCriteria | None]) -> None:
        asking: dict[ScreenCriteria, list[int]] = {}
        for key, criteria in known.items():
            if criteria is not None:
                asking.setdefault(criteria, []).append(key)
        self._asking = list(asking.items())
        self._index = ScreenIndex([criteria.whole for criteria in asking])

    def matches(self, trade: Any, today: date) -> list[tuple[ScreenCriteria, list[int]]]:
        return [self._asking[number] for number in self._index.matches(trade, today)]


live = LiveScreens()
