"""Criteria in words: each as a phrase that can stand alone, all of them as one sentence, and the choices by name.

Promises: every criterion has its phrase; *bought* and *sold* are said of codes P and S alone; what was assumed because
nothing was asked is said too. `names` gives issuers and insiders their names; a CIK without one is shown as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from filings.ownership.codes import CODES
from signals.criteria import GROUPED_DAYS, LIST, MOST_DAYS, MOST_LISTED, Field, ScreenCriteria
from signals.detectors.catalogue import CATALOGUE
from signals.readings.explain.words import count, day, joined, number, price, sentence
from signals.readings.sectors import SECTORS

Names = Mapping[str, str]

SIDES = {
    "bought": "Bought",
    "sold": "Sold",
    "market": "Bought or sold",
    "acquired": "Acquired in any way",
    "disposed": "Disposed of in any way",
}
KINDS = {
    "buy": "bought",
    "sell": "sold",
    "planned_buy": "bought under a plan",
    "planned_sell": "sold under a plan",
    "grant": "award",
    "exercise": "exercise",
    "vest": "vesting",
    "withholding": "shares withheld",
    "gift": "gift",
    "conversion": "conversion",
    "issuer_disposition": "returned to the company",
    "expiry": "expiry",
    "inheritance": "will or inheritance",
    "small_acquisition": "small acquisition",
    "voting_trust": "voting trust",
    "tender": "tender in a takeover",
    "plan_switch": "switch inside an employee plan",
    "swap": "equity swap",
    "other": "other",
}
ROLES = {
    "chair": "chair",
    "ceo": "CEO",
    "cfo": "CFO",
    "coo": "COO",
    "president": "president",
    "gc": "general counsel",
    "vp": "vice president",
    "officer": "officer",
    "director": "director",
    "ten_percent": "10% owner",
    "other": "other",
}
PLANS = {
    "plan": "under a plan",
    "plan_filing": "plan box ticked, for an unclear row",
    "not_plan": "not under a plan",
    "unknown": "plan not stated",
}
OWNERSHIP = {"D": "held directly", "I": "held indirectly"}
TABLES = {"I": "Table I (not derivative)", "II": "Table II (derivative)"}
FAMILIES = {
    "common": "common shares",
    "depositary": "depositary shares",
    "preferred": "preferred shares",
    "option": "options",
    "unit": "stock units",
    "warrant": "warrants",
    "note": "notes",
    "right": "rights and contracts",
    "other": "other securities",
}
EXCLUDED = {"ten_percent": "10% owners", "derivative": "derivatives", "amended": "amendments"}
GROUPS = {"filing": "by filing", "insider": "by insider", "issuer": "by issuer"}
FIGURES = {
    "trades": ("trade", "trades"),
    "filings": ("filing", "filings"),
    "insiders": ("insider", "insiders"),
    "officers": ("officer", "officers"),
}
COLUMNS = {
    "filed": "Filed",
    "traded": "Traded",
    "issuer": "Company",
    "insider": "Insider",
    "role": "Role",
    "what": "What",
    "code": "Code",
    "class": "Class",
    "shares": "Shares",
    "price": "Price",
    "value": "Value",
    "stake_after": "Held after",
    "stake": "Stake",
    "plan": "Plan",
    "ownership": "Held",
    "table": "Table",
    "delay": "Days to file",
    "late": "In time",
    "score": "Score",
    "sic": "Industry",
    "form": "Form",
}
GROUP_COLUMNS = {
    "filed": "Last filed",
    "traded": "Last traded",
    "issuer": "Company",
    "insider": "Insider",
    "trades": "Trades",
    "filings": "Filings",
    "insiders": "Insiders",
    "officers": "Officers",
    "total": "Together",
    "total_stake": "Stakes",
}


def signal_kind(slug: str) -> str:
    return CATALOGUE[slug].title


def dollars(amount: Decimal) -> str:
    """To the last digit: what is asked is not rounded."""
    return f"${number(amount)}"


def code(letter: str) -> str:
    found = CODES.get(letter)
    return f"{letter} {found.meaning}" if found else letter


CHOICES: dict[str, Callable[[str], str]] = {
    "side": SIDES.__getitem__,
    "kind": KINDS.__getitem__,
    "code": code,
    "role": ROLES.__getitem__,
    "plan": PLANS.__getitem__,
    "ownership": OWNERSHIP.__getitem__,
    "table": TABLES.__getitem__,
    "class": FAMILIES.__getitem__,
    "signal": signal_kind,
    "exclude": EXCLUDED.__getitem__,
    "group": GROUPS.__getitem__,
}


# What a criterion asks, for whoever writes an address by hand; a least and a most are told of together.
ABOUT = {
    "side": "which way; bought and sold are codes P and S",
    "kind": "what the trade is",
    "code": "transaction codes of the SEC",
    "issuer": f"companies by symbol, CIK or name, up to {MOST_LISTED} with commas",
    "insider": f"insiders by CIK or name, up to {MOST_LISTED} with commas",
    "role": "roles of those who report",
    "value": "dollars, 250000 or 250k; trades without a value drop out",
    "shares": "shares",
    "price": "dollars a share",
    "stake": "change of the stake in percent, less than zero where it fell",
    "plan": "whether under a Rule 10b5-1 plan",
    "ownership": "held directly (D) or indirectly (I)",
    "table": "Table I, or II for derivatives",
    "class": "what was traded",
    "filed_days": f"filed in the last so many days, {MOST_DAYS} at most",
    "filed_from": "filed on this day or later",
    "filed_to": "filed on this day or before",
    "traded_days": f"traded in the last so many days, {MOST_DAYS} at most",
    "traded_from": "traded on this day or later",
    "traded_to": "traded on this day or before",
    "delay": "days from the trade to its filing",
    "late": "1 for what was filed late",
    "first": "1 for the first purchase on record here",
    "sic": "industry code of the issuer",
    "score": "conviction score",
    "signal": "cited by a signal of these kinds",
    "exclude": "what to leave out",
    "counted": "1 for what enters totals of bought and sold",
    "superseded": "1 to have with them what was later corrected, withdrawn or told twice",
    "group": f"groups in place of trades, of the last {GROUPED_DAYS} days unless a period is asked",
    "trades": "trades of a group",
    "filings": "filings of a group",
    "insiders": "insiders of a group",
    "officers": "officers of a group",
    "total": "dollars of a group",
    "total_stake": "change of the stakes of a group in percent",
    "sort": "a column to order by, with a minus in front for the largest first; the last filed first unless said",
    "columns": "columns to show",
    "rows": "rows of a page",
}


def about(of: Field) -> str:
    """What a criterion asks, with the choices there are."""
    name = of.key.removeprefix("min_").removeprefix("max_")
    bound = {"min_": "At least: ", "max_": "At most: "}.get(of.key[:4], "")
    choices = f": {', '.join(of.choices)}" if of.choices else ""
    several = " (several with commas)" if of.form == LIST else ""
    return f"{sentence(f'{bound}{ABOUT[name]}{several}').rstrip('.')}{choices}."


@dataclass(frozen=True, slots=True)
class Phrase:
    """Some criteria as words that stand alone; `keys` are those that go with them."""

    keys: tuple[str, ...]
    words: str


def phrases(criteria: ScreenCriteria, names: Names | None = None) -> list[Phrase]:
    """What is asked, in the order of a sentence; a least and a most value are one phrase."""
    values = dict(criteria.values)
    found = []
    for keys, say in _PHRASES:
        given = [values.get(key) for key in keys]
        if any(value is not None for value in given):
            words = say(*given, names or {}) if keys in _NAMED else say(*given)
            found.append(Phrase(tuple(key for key, value in zip(keys, given, strict=True) if value is not None), words))
    return found


def in_a_sentence(criteria: ScreenCriteria, names: Names | None = None) -> str:
    """All that is asked: "Bought, by CEO or CFO, for $250,000 or more, filed in the last 30 days."."""
    found = phrases(criteria, names)
    words = [phrase.words for phrase in found]
    if not {"side", "kind", "code", "signal"} & set(criteria.asked.without("group").keys):
        words = ["All trades", *words]
    if criteria.lacks_period:
        words.append(f"filed in the last {GROUPED_DAYS} days (assumed, as no period is asked)")
    return sentence(", ".join(words))


def _either(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _range(before: str, say: Callable[[Any], str], after: str = "") -> Callable[[Any, Any], str]:
    def words(low: Any, high: Any) -> str:
        if low is not None and high is not None:
            bounds = say(low) if low == high else f"{say(low)} to {say(high)}"
        else:
            bounds = f"{say(low)} or more" if high is None else f"{say(high)} or less"
        return " ".join(filter(None, (before, bounds, after)))

    return words


def _figure(name: str) -> Callable[[Any, Any], str]:
    one, many = FIGURES[name]

    def words(low: Any, high: Any) -> str:
        if low is not None and high is not None:
            return f"{low} to {high} {many}"
        return f"{count(low, one, many)} or more" if high is None else f"{count(high, one, many)} or fewer"

    return words


def _period(verb: str) -> Callable[[Any, Any, Any], str]:
    def words(days: int | None, first: date | None, last: date | None) -> str:
        parts = [f"in the last {count(days, 'day')}"] if days is not None else []
        if first is not None and last is not None:
            parts.append(f"on {day(first)}" if first == last else f"from {day(first)} to {day(last)}")
        elif first is not None or last is not None:
            parts.append(f"since {day(first)}" if first is not None else f"until {day(last)}")  # type: ignore[arg-type]
        return f"{verb} {' and '.join(parts)}"

    return words


def _some(prefix: str, key: str) -> Callable[[tuple[str, ...]], str]:
    return lambda chosen: " ".join(filter(None, (prefix, _either([CHOICES[key](one) for one in chosen]))))


_MANY_NAMES = 4


def _parties(prefix: str, many: str) -> Callable[[tuple[str, ...], Names], str]:
    def words(ciks: tuple[str, ...], names: Names) -> str:
        if len(ciks) > _MANY_NAMES:
            return f"{prefix} one of {len(ciks)} {many}"
        return f"{prefix} {_either([names.get(cik, f'CIK {cik}') for cik in ciks])}"

    return words


def _signed_percent(value: Any) -> str:
    return f"{'−' if value < 0 else '+' if value > 0 else ''}{number(abs(value))}%"


def _sic(value: int) -> str:
    return f"{value:04}"


def _sector(low: int | None, high: int | None) -> str:
    named = next((words for words, first, last in SECTORS if (first, last) == (low, high)), None)
    return f"in {named[:1].lower()}{named[1:]}" if named else _range("industry (SIC)", _sic)(low, high)


def _codes(letters: tuple[str, ...]) -> str:
    return f"code {_either(list(letters))}"


_NAMED = (("issuer",), ("insider",))
_PHRASES: tuple[tuple[tuple[str, ...], Callable[..., str]], ...] = (
    (("side",), SIDES.__getitem__),
    (("kind",), _some("", "kind")),
    (("code",), _codes),
    (("signal",), lambda kinds: f"part of a signal: {_either([signal_kind(kind) for kind in kinds])}"),
    (("issuer",), _parties("in", "companies")),
    (("role",), _some("by", "role")),
    (("insider",), _parties("by", "insiders")),
    (("min_value", "max_value"), _range("for", dollars)),
    (("min_shares", "max_shares"), _range("", number, "shares")),
    (("min_price", "max_price"), _range("at", price, "a share")),
    (("min_stake", "max_stake"), _range("stake changed by", _signed_percent)),
    (("plan",), _some("", "plan")),
    (("ownership",), _some("", "ownership")),
    (("table",), _some("", "table")),
    (("class",), _some("in", "class")),
    (("filed_days", "filed_from", "filed_to"), _period("filed")),
    (("traded_days", "traded_from", "traded_to"), _period("traded")),
    (("min_delay", "max_delay"), _range("filed", lambda days: count(days, "day"), "after the trade")),
    (("late",), lambda late: "filed late"),
    (("first",), lambda first: "first purchase on record here"),
    (("min_sic", "max_sic"), _sector),
    (("min_score", "max_score"), _range("conviction score", str)),
    (("exclude",), lambda kinds: f"without {joined(EXCLUDED[kind] for kind in kinds)}"),
    (("counted",), lambda counted: "counted in totals only"),
    (("superseded",), lambda superseded: "with what was later corrected, withdrawn or told twice"),
    (("group",), lambda group: f"grouped {GROUPS[group]}"),
    *(((f"min_{name}", f"max_{name}"), _figure(name)) for name in FIGURES),
    (("min_total", "max_total"), _range("together", dollars)),
    (("min_total_stake", "max_total_stake"), _range("stakes together changed by", _signed_percent)),
)
PHRASED = frozenset(key for keys, _ in _PHRASES for key in keys)
