"""How signals are worded: the titles of kinds, marks, thresholds and evidence. Nothing is decided here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from form4site.kit.markup import words
from signals.detectors.catalogue import CATALOGUE
from signals.detectors.draft import ROLE_WORDS
from signals.templatetags.facts import quantity, shape

register = template.Library()

_TONES = {"buy": "bought", "sell": "sold", "other": "mechanics"}
_TAGS = {
    "red": "red flag", "amber": "amber flag", "tight": "within two trading days",
    "chain": "on the same or consecutive days", "habitual": "habitually late", "late_life": "late in the option’s life",
    "early_release": "before the lock-up’s end", "single_trade": "a plan with a single trade day",
    "date_missing": "adoption date not given", "inferred_split": "a split was inferred", "pledge": "pledged shares",
}  # fmt: skip
_UNITS = {"trading_days": "trading days", "count": "number"}
# What a page shows by itself, or in a table of its own.
_SHOWN_ELSEWHERE = ("tests",)


@register.filter
def signal_title(kind: str) -> str:
    return CATALOGUE[kind].title


@register.simple_tag
def signal_badge(kind: str) -> SafeString:
    return mark_safe(badge_of_signal(kind))


@cache
def badge_of_signal(kind: str) -> str:
    entry = CATALOGUE[kind]
    tone = _TONES[entry.side]
    return (
        f'<span class="badge badge--title badge--{tone}"><span aria-hidden="true">{shape(tone)}</span> '
        f"{words(entry.title)}</span>"
    )


@register.filter
def tag_words(tag: str) -> str:
    return _TAGS.get(tag, tag.replace("_", " "))


@register.filter
def role_words(role: str) -> str:
    return ROLE_WORDS.get(role, role)


@register.filter
def threshold_words(name: str) -> str:
    """ "cluster_buy.times_usual" as a label: "Times usual"."""
    return name.partition(".")[2].replace("_", " ").capitalize()


@register.filter
def unit_words(unit: str) -> str:
    return _UNITS.get(unit, unit)


@register.filter
def ratio(value: float | None) -> str:
    """From −1 to 1, with its sign; a dash where nothing was traded."""
    if value is None:
        return "–"
    return f"{value:+.2f}".replace("-", "−")


@register.filter
def plain_value(value: Any) -> str:
    """A value of the evidence, as a reader takes it in."""
    if value is None:
        return "not known"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return quantity(Decimal(str(value)))
    if isinstance(value, Mapping):
        return ", ".join(f"{_label(name)} {plain_value(item)}" for name, item in value.items())
    if isinstance(value, list | tuple):
        return "; ".join(plain_value(item) for item in value) or "none"
    return str(value)


@register.filter
def evidence_rows(evidence: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The rest of the evidence, by name."""
    for name, value in evidence.items():
        if name not in _SHOWN_ELSEWHERE and value not in (None, [], {}):
            yield _label(name).capitalize(), plain_value(value)


def _label(name: str) -> str:
    return str(name).replace("_", " ")
