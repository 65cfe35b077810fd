"""The form of a screen: the one door from a querystring to criteria, and what a page needs to show it again.

Promises: what a person typed is read as they meant it (a symbol or a company's name, an insider's name, a sector), or
stands at its field with a sentence that helps; the rest is `signals.criteria.parse`, which stored criteria go through
too. Refuses to guess: a name that fits several is an error that names them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models.functions import Coalesce
from django.http import QueryDict

from filings.models import Insider, Issuer
from filings.search import search
from signals import criteria_words
from signals.criteria import (
    BY_KEY,
    DEFAULT_ORDER,
    EVERYTHING,
    FLAG,
    LIST,
    MOST_LISTED,
    PARTIES,
    BadCriteria,
    ScreenCriteria,
    parse,
)
from signals.criteria import spelled as spell
from signals.readings.sectors import SECTORS

NOT_CRITERIA = ("after", "sector", "changing")
# What other sites add to a link.
_TRACKING = ("utm_", "fbclid", "gclid", "ref")
_NAMES_TOLD = 3
MOST_NAMES = 20  # typed names that are looked up one by one


class Choice(NamedTuple):
    value: str
    words: str
    chosen: bool


class Box(NamedTuple):
    """One criterion as the page shows it: its key, the words in it, its choices, and what is wrong with it.

    A tuple, whose hash costs little: a page has fifty, each the key of a part that is kept (`kit/parts.py`).
    """

    key: str
    words: str
    choices: tuple[Choice, ...]
    error: str | None

    @property
    def chosen(self) -> list[str]:
        return [choice.words for choice in self.choices if choice.chosen]


# By section of the page, the boxes in it; what is said in the panel's sentence is in none.
SECTIONS = {
    "who": ("insider", "exclude", "sector", "min_sic", "max_sic"),
    "what": ("kind", "code", "class", "ownership", "table", "signal", "first", "counted", "superseded"),
    "how_much": (
        *("max_value", "min_shares", "max_shares", "min_price", "max_price", "min_stake", "max_stake"),
        *("min_score", "max_score"),
    ),
    "when": ("filed_from", "filed_to", "traded_from", "traded_to", "traded_days", "min_delay", "max_delay", "late"),
    "groups": tuple(key for key, field in BY_KEY.items() if field.of == "group" and key != "group"),
}


@dataclass(frozen=True, slots=True)
class Boxes:
    """The boxes of a section, to be a part of a page: equal where those that say something are, which are few."""

    section: str
    saying: tuple[Box, ...]

    def __getitem__(self, key: str) -> Box:
        if key not in SECTIONS[self.section]:
            raise KeyError(key)
        return next((box for box in self.saying if box.key == key), None) or _empty_boxes()[key]


class ScreenForm:
    """`criteria` are those of a querystring, None where `errors` has any; `ignored` are keys that are no criteria.

    `changing` is the id of what a person is changing by these criteria. The page carries it along and asks nothing of
    it, as it knows nobody; None where there is none.
    """

    def __init__(self, given: QueryDict) -> None:
        self.given = {key: given.getlist(key) for key in given}
        self.ignored = sorted(
            key for key in self.given if key not in BY_KEY and key not in NOT_CRITERIA and not key.startswith(_TRACKING)
        )
        self.changing = _uid(given.get("changing", ""))
        words = {key: list(items) for key, items in self.given.items() if key in BY_KEY}
        self.errors: dict[str, str] = {}
        self._sector(words)
        for key, look_up in BY_WORDS:
            try:
                if key in words:
                    words[key] = look_up(words[key])
            except ValueError as error:
                self.errors[key] = str(error)
                del words[key]
        self.criteria: ScreenCriteria | None = None
        try:
            self.criteria = parse(words)
        except BadCriteria as error:
            self.errors |= error.errors
        if self.errors:
            self.criteria = None

    @property
    def untidy(self) -> bool:
        """Whether the address says more than it asks, as the address that a browser makes of a form does."""
        return "sector" in self.given or any(not word.strip() for words in self.given.values() for word in words)

    def _sector(self, words: dict[str, list[str]]) -> None:
        """A sector is a range of industry codes; chosen by name it goes before what stands in their boxes."""
        chosen = next((word for word in self.given.get("sector", ()) if word), None)
        if chosen is None:
            return
        bounds = {f"{low}-{high}": (low, high) for _, low, high in SECTORS}.get(chosen)
        if bounds is None:
            self.errors["sector"] = "There is no such sector."
        else:
            words["min_sic"], words["max_sic"] = ([str(bound)] for bound in bounds)

    @cached_property
    def names(self) -> dict[str, str]:
        """By CIK, how the issuers and insiders of the criteria are called: a symbol where there is one."""
        return names_of(self.criteria or EVERYTHING)

    @cached_property
    def box(self) -> Mapping[str, Box]:
        """Every criterion by its key, to be shown; `sector` with them."""
        values = dict(self.criteria.values) if self.criteria else {}
        sectors = _sectors(values.get("min_sic"), values.get("max_sic"), self.errors.get("sector"))
        if sectors.chosen:  # said once: two boxes that ask the same could not be emptied in one
            values = {key: value for key, value in values.items() if key not in ("min_sic", "max_sic")}
        found = dict(_empty_boxes())
        if sectors.chosen or sectors.error:
            found["sector"] = sectors
        for key in {*values, *self.given, *self.errors} & BY_KEY.keys():
            typed = [word for word in self.given.get(key, ()) if word.strip()]
            value = spell(values[key]) if key in values else ",".join(typed)
            if BY_KEY[key].form == PARTIES and key in values:
                value = ", ".join(self.names.get(cik, cik) for cik in value.split(","))
            found[key] = _box(key, value, self.errors.get(key))
        return found

    @property
    def columns(self) -> tuple[Choice, ...]:
        """The columns that the list can have as it is grouped, those it has chosen."""
        criteria = self.criteria or EVERYTHING
        return _columns(criteria.columns, criteria.group is not None)

    @cached_property
    def order(self) -> Box:
        """Every order that the list can have as it is grouped."""
        criteria = self.criteria or EVERYTHING
        orders = _orders(criteria.order, criteria.group is not None)
        return Box("sort", criteria.order, orders, self.errors.get("sort"))

    @cached_property
    def sections(self) -> Mapping[str, Boxes]:
        empty = _empty_boxes()
        return {
            name: Boxes(name, tuple(self.box[key] for key in keys if self.box[key] is not empty[key]))
            for name, keys in SECTIONS.items()
        }


@lru_cache(200)
def _sectors(low: Any, high: Any, error: str | None) -> Box:
    choices = tuple(Choice(f"{first}-{last}", words, (first, last) == (low, high)) for words, first, last in SECTORS)
    return Box("sector", "", choices, error)


def _box(key: str, value: str, error: str | None = None) -> Box:
    field = BY_KEY[key]
    chosen = value.split(",") if field.form == LIST else [value]
    say = criteria_words.CHOICES.get(key, str)
    choices = tuple(Choice(choice, say(choice), choice in chosen) for choice in field.choices)
    if field.form == FLAG:
        choices = (Choice("1", "", value in ("1", "on", "yes", "true")),)
    return Box(key, value, choices, error)


@cache
def _empty_boxes() -> Mapping[str, Box]:
    """The boxes of what is not asked, which most are."""
    return MappingProxyType({"sector": _sectors(None, None, None), **{key: _box(key, "") for key in BY_KEY}})


@lru_cache(200)
def _columns(shown: tuple[str, ...], grouped: bool) -> tuple[Choice, ...]:
    called = criteria_words.GROUP_COLUMNS if grouped else criteria_words.COLUMNS
    return tuple(Choice(name, words, name in shown) for name, words in called.items())


@lru_cache(200)
def _orders(order: str, grouped: bool) -> tuple[Choice, ...]:
    return tuple(
        Choice(value, f"{column.words}, {way}", value == order)
        for column in _columns((), grouped)
        for value, way in ((f"-{column.value}", "falling"), (column.value, "rising"))
        if value != DEFAULT_ORDER
    )


def _uid(word: str) -> str | None:
    try:
        return str(UUID(word))
    except ValueError:
        return None


def names_of(criteria: ScreenCriteria) -> dict[str, str]:
    """The issuers and insiders that are asked for, by CIK. One query at most."""
    issuers, insiders = criteria.get("issuer") or (), criteria.get("insider") or ()
    if not issuers and not insiders:
        return {}
    called = Issuer.objects.filter(cik__in=issuers).values_list("cik", Coalesce("ticker", "name"))
    named = Insider.objects.filter(cik__in=insiders).values_list("cik", "name")
    return {cik: name for cik, name in called.union(named, all=True) if name}


def issuers_by_words(typed: Sequence[str]) -> list[str]:
    """The CIKs of symbols, CIKs and names, in a list or one by one. Raises ValueError with a sentence."""
    items = _items(typed)
    ciks = [item.zfill(10) for item in items if _is_cik(item)]
    symbols = {item.upper() for item in items if not _is_cik(item)}
    if not symbols:
        return ciks
    known = _by_symbol(symbols)
    if symbols <= set(known):
        return ciks + sorted(known.values())
    found = []
    for part in _names(typed):
        # A part with a symbol in it is a list of symbols; one without is a name.
        for word in part.split() if any(_is_cik(one) or one.upper() in known for one in part.split()) else (part,):
            found.append(word if _is_cik(word) else known.get(word.upper()) or _one_named(word, "issuer"))
    return found


def _by_symbol(symbols: Collection[str]) -> dict[str, str]:
    """CIKs by symbol; of several that used one, the issuer that filed last has it."""
    sharing: dict[str, list[str]] = {}
    rows = Issuer.objects.filter(ticker__in=symbols).order_by("cik").values_list("ticker", "cik")
    for ticker, cik in rows:
        sharing.setdefault(str(ticker), []).append(cik)
    return {ticker: ciks[0] if len(ciks) == 1 else _filed_last(ciks) for ticker, ciks in sharing.items()}


def insiders_by_words(typed: Sequence[str]) -> list[str]:
    """The CIKs of insiders by CIK or name, several apart by commas or semicolons. Raises ValueError."""
    if all(_is_cik(item) for item in _items(typed)):
        return _items(typed)
    return [word if _is_cik(word) else _one_named(word, "insider") for word in _names(typed)]


BY_WORDS = (("issuer", issuers_by_words), ("insider", insiders_by_words))


def _items(typed: Sequence[str]) -> list[str]:
    items = [item for words in typed for item in words.replace(",", " ").replace(";", " ").split()]
    if any("\0" in item for item in items):
        raise ValueError("A NUL is part of no name.")
    if len(items) > MOST_LISTED:
        raise ValueError(f"At most {MOST_LISTED} in one screen.")
    return items


def _names(typed: Sequence[str]) -> list[str]:
    """What stands between commas, semicolons and line ends, which names may not have."""
    words = [part.strip() for text in typed for part in text.replace(";", ",").replace("\n", ",").split(",")]
    return [word for word in words if word]


def _is_cik(word: str) -> bool:
    return word.isascii() and word.isdigit()


def _filed_last(ciks: Sequence[str]) -> str:
    last = Issuer.objects.filter(cik__in=ciks, filings__isnull=False).order_by("-filings__listed_on", "-cik")
    return last.values_list("cik", flat=True).first() or ciks[0]


def _one_named(word: str, kind: str) -> str:
    """The one issuer or insider of this name. Raises ValueError where there is none, or more than one."""
    hits = [hit for hit in search(word, MOST_NAMES) if hit.kind == kind]
    whole = [hit for hit in hits if word.upper() in (hit.title.upper(), hit.detail.upper())]
    what = "company has the symbol or name" if kind == "issuer" else "insider has the name"
    if len(whole) == 1 or len(hits) == 1:
        return (whole or hits)[0].key
    if not hits:
        raise ValueError(f"No {what} “{word[:60]}” in this archive.")
    some = "; ".join(f"{hit.title} (CIK {hit.key})" for hit in hits[:_NAMES_TOLD])
    raise ValueError(f"More than one {what} “{word[:60]}”: {some}. Give the CIK of the one you mean.")
