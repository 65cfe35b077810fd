"""One thing a footnote says: its kind, the exact words, and what they say as typed values.

Promises: `words` is `text[start:end]` of the footnote as given; a value that the words do not say is None or empty,
never guessed. Refuses: to decide what follows for a trade; `plan`, `timeliness` and the trades do that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from typing import Any

from signals.readings.notes.dates import sentences

KINDS = (
    "price_range", "weighted_average", "plan", "vesting", "trust", "spouse", "entity_holder", "sell_to_cover", "tax",
    "espp", "k401", "drip", "gift", "pledge", "forward", "collar", "swap", "offering", "lockup", "private",
    "disclaimer", "late", "error", "conversion", "other",
)  # fmt: skip

# A hostile footnote may say the same thing ten thousand times; a reader needs it a few times.
MOST_OF_A_KIND = 12


@dataclass(frozen=True, slots=True)
class NoteFact:
    """One reading of some words of a footnote. Which values can be set depends on `kind`.

    `about` narrows the kind by a slug: an offering's sort, the reason of an error ("withdrawn", "duplicate",
    "omitted", "corrected"), what an "other" is about. `denied` says that the words deny the thing ("not pursuant to
    a Rule 10b5-1 plan"); `intended` that it is for the future. `scope` of a plan is what its sentence covers beyond
    the row it hangs on: "sales", "purchases" or "transactions" of the whole form. `parts` are fractions as written.
    """

    kind: str
    start: int
    end: int
    words: str
    about: str | None = None
    denied: bool = False
    intended: bool = False
    low: Decimal | None = None
    high: Decimal | None = None
    average: Decimal | None = None
    currency: str | None = None  # ISO 4217
    adopted_on: date | None = None
    modified_on: date | None = None
    terminated_on: date | None = None
    adopter: str | None = None
    names_rule: bool | None = None
    scope: str | None = None
    dates: tuple[date, ...] = ()
    parts: tuple[str, ...] = ()
    installments: int | None = None
    every: str | None = None  # month, quarter, half_year, year
    performance: bool | None = None
    complete: bool | None = None
    holder: str | None = None
    trustee: bool | None = None
    recipient: str | None = None
    pays: str | None = None  # tax, exercise_price, both
    mandatory: bool | None = None
    took_part: bool | None = None

    def as_json(self) -> dict[str, Any]:
        """The kind, the words and whatever values are set; dates and filed numbers as strings."""
        found: dict[str, Any] = {"kind": self.kind, "words": self.words}
        for name in _VALUES:
            value = getattr(self, name)
            if value is None or value is False or value == ():
                continue
            found[name] = _plain(value)
        return found


_VALUES = tuple(item.name for item in fields(NoteFact) if item.name not in ("kind", "start", "end", "words"))


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


@dataclass(slots=True)
class Note:
    """A footnote's text while it is read: lower case once, sentences and dates once, when somebody asks."""

    text: str
    low: str = field(init=False)
    found: list[NoteFact] = field(init=False, default_factory=list)
    _sentences: tuple[tuple[int, int], ...] | None = field(init=False, default=None)
    _count: dict[str, int] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.low = self.text.lower()
        if len(self.low) != len(self.text):  # a few letters grow when lowered, and offsets must hold
            self.low = "".join(char.lower() if len(char.lower()) == 1 else char for char in self.text)

    def sentences(self) -> tuple[tuple[int, int], ...]:
        """Where each sentence starts and ends."""
        if self._sentences is None:
            self._sentences = tuple(sentences(self.text))
        return self._sentences

    def has(self, *triggers: str) -> bool:
        low = self.low
        for trigger in triggers:  # noqa: SIM110  (a generator takes twice the time, and this is the hot line)
            if trigger in low:
                return True
        return False

    def add(self, kind: str, start: int, end: int, **values: Any) -> None:
        """Keep a fact about these words, trimmed of white space, unless there are enough of its kind and topic."""
        key = f"{kind} {values.get('about')}"
        self._count[key] = self._count.get(key, 0) + 1
        if self._count[key] > MOST_OF_A_KIND:
            return
        words = self.text[start:end]
        start += len(words) - len(words.lstrip())
        words = words.strip()
        self.found.append(NoteFact(kind, start, start + len(words), words, **values))


Reader = Callable[[Note], None]
