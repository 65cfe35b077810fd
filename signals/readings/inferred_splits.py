"""Share splits that nobody listed, from what filings show: strikes of one option that jump by a split's ratio.

An option is one holder's, of one title and expiry. Where all filings up to a day give one strike and all later ones
another, and the first is the second times a split's ratio, a split lies between. Promises: it takes two such options,
or one and filed prices that jump alike, or one and words about a split; the day is the first on which filings show the
new scale; `known_at` is the filing that completed the proof. Every such split is marked as inferred.
Refuses: to call a fall of prices alone a split.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from signals.readings.history import FiledForm, History
from signals.readings.prices import FiledPrice, Prices
from signals.readings.row_notes import facts_of
from signals.readings.securities import OPTION, WARRANT, security_class
from signals.readings.splits import Split

_FORWARD = tuple(
    Decimal(ratio) for ratio in ("1.5", "2", "3", "4", "5", "6", "7", "8", "10", "15", "20", "25", "30", "50")
)
RATIOS = (*_FORWARD, *(1 / ratio for ratio in _FORWARD[1:]))
# Strikes are rounded to cents, or to fractions of one; so may be what is left of them after a split.
_ROUNDING, _TOLERANCE = Decimal("0.006"), Decimal("0.005")
_NEAR = timedelta(days=120)
_LEAST, _MOST = Decimal("0.65"), Decimal("1.5")  # how far prices may move beside the split itself
Key = tuple[str, str, date]


@dataclass(frozen=True, slots=True)
class _Sighting:
    on: date
    strike: Decimal
    known_at: datetime


@dataclass(frozen=True, slots=True)
class _Jump:
    """A strike's change: the last day of the old one, the first of the new one, and when both were known."""

    ratio: Decimal
    after: date
    until: date
    known_at: datetime


def inferred_splits(history: History, prices: Prices) -> tuple[Split, ...]:
    """The splits that these filings of one issuer show, by day."""
    jumps = sorted(jumps_of(history), key=lambda jump: (jump.known_at, jump.until, jump.after))
    found: list[Split] = []
    while jumps:
        first, *rest = jumps
        same = [jump for jump in rest if jump.ratio == first.ratio and _overlap(jump, first)]
        split = _split(first, same, history, prices)
        jumps = rest
        if split is not None:
            found.append(split)
            jumps = [left for jump in rest if jump not in same and (left := _without(jump, split)) is not None]
    return tuple(sorted(found, key=lambda split: (split.on, split.ratio)))


def _without(jump: _Jump, split: Split) -> _Jump | None:
    """What is left of a jump that spans a split found before; None if that is nothing, or no split's ratio."""
    if not jump.after < split.on <= jump.until:
        return jump
    left = jump.ratio / split.ratio
    ratio = next((ratio for ratio in RATIOS if abs(left / ratio - 1) <= _TOLERANCE), None)
    return None if ratio is None else _Jump(ratio, max(jump.after, split.on), jump.until, jump.known_at)


def open_until(history: History) -> date | None:
    """The last day of filings and trades that may make a split of a jump of a strike, or move it; None without."""
    return max((jump.until + _NEAR for jump in jumps_of(history)), default=None)


def jumps_of(history: History) -> Iterator[_Jump]:
    """The strikes that jumped. Those of an option rest on its holder's filings alone."""
    seen: dict[Key, list[_Sighting]] = {}
    for form in history:
        for line in form.lines:
            strike, ends = line.conversion_or_exercise_price, line.expiration_date
            if line.table != "II" or not strike or ends is None or not form.owners:
                continue
            kind = security_class(line.security_title)
            if kind.family in (OPTION, WARRANT):
                on = line.transaction_date or form.filed_on
                key = form.owners[0].cik, kind.name, ends
                seen.setdefault(key, []).append(_Sighting(min(on, form.filed_on), strike, form.known_at))
    for sightings in seen.values():
        yield from _of_option(sightings)


def _of_option(sightings: Sequence[_Sighting]) -> Iterable[_Jump]:
    """Changes of a strike that is one for a time and another from then on."""
    days: dict[Decimal, list[_Sighting]] = {}
    for one in sightings:
        days.setdefault(one.strike, []).append(one)
    spans = sorted((min(s.on for s in own), max(s.on for s in own), strike, own) for strike, own in days.items())
    for (_, last, old, before), (first, _, new, after) in pairwise(spans):
        ratio = _ratio(old, new)
        if last < first and ratio is not None:
            known_at = max(min(one.known_at for one in before), min(one.known_at for one in after))
            yield _Jump(ratio, last, first, known_at)


def _ratio(old: Decimal, new: Decimal) -> Decimal | None:
    tolerance = max(_TOLERANCE, _ROUNDING / min(old, new))
    return next((ratio for ratio in RATIOS if abs(old / new / ratio - 1) <= tolerance), None)


def _overlap(one: _Jump, other: _Jump) -> bool:
    return max(one.after, other.after) < min(one.until, other.until)


def _split(first: _Jump, same: Sequence[_Jump], history: History, prices: Prices) -> Split | None:
    """The split of this jump, if something else shows it too."""
    proofs = [jump.known_at for jump in same]
    proofs += [moment for moment in (_by_prices(first, prices), _by_words(first, history)) if moment is not None]
    if not proofs:
        return None
    after = max([first.after, *(jump.after for jump in same)])
    until = min([first.until, *(jump.until for jump in same)])
    on = min([until, *_new_scale(first.ratio, after, until, prices)])
    return Split(on, first.ratio, inferred=True, known_at=max(first.known_at, min(proofs)))


def _around(jump: _Jump, prices: Prices) -> tuple[FiledPrice, FiledPrice] | None:
    """The last filed price of the old scale and the first of the new, of the class that has both, near the jump."""
    for name in sorted(prices.filed, key=lambda name: (-len(prices.filed[name]), name)):
        before = prices.filed_between(name, jump.after - _NEAR, jump.after)
        after = prices.filed_between(name, jump.until, jump.until + _NEAR)
        if before and after:
            return before[-1], after[0]
    return None


def _by_prices(jump: _Jump, prices: Prices) -> datetime | None:
    """When filed prices showed the same jump."""
    found = _around(jump, prices)
    if found is None or not _LEAST <= found[0].price / found[1].price / jump.ratio <= _MOST:
        return None
    return max(found[0].known_at, found[1].known_at)


def _new_scale(ratio: Decimal, after: date, until: date, prices: Prices) -> list[date]:
    """Days between on which prices are already those of the new scale."""
    days = []
    for name in prices.filed:
        before = prices.filed_between(name, after - _NEAR, after)
        for one in prices.filed_between(name, after + timedelta(days=1), until) if before else ():
            if _LEAST <= before[-1].price / one.price / ratio <= _MOST:
                days.append(one.on)
                break
    return days


def _by_words(jump: _Jump, history: History) -> datetime | None:
    """When a note of a filing about that time first spoke of a split."""
    for form in history:
        if jump.after <= form.filed_on <= jump.until + _NEAR and _speaks(form):
            return form.known_at
    return None


def _speaks(form: FiledForm) -> bool:
    texts = (*form.footnotes.values(), form.remarks or "")
    return any(
        fact.kind == "other" and fact.about == "split" and not fact.denied
        for text in texts
        if "split" in text.lower()
        for fact in facts_of(text)
    )
