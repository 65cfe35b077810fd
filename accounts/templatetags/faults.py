"""Why a try did not deliver, in the words for whoever reads a page: the names of faults are for programs."""

from __future__ import annotations

from django import template

from accounts.delivery.outcome import WORDS, Fault

register = template.Library()


@register.filter
def in_words(fault: str) -> str:
    return WORDS[Fault(fault)]
