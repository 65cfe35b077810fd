"""The transaction codes: all of them, and a page for each."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from filings.ownership.codes import CODES
from signals.selectors.codes import code_counts, examples
from signals.selectors.freshness import freshness

LETTERS = tuple((code.letter, code.plain) for code in CODES.values())


@require_safe
def codes(request: HttpRequest) -> HttpResponse:
    return render(request, "signals/codes.html", {"counts": code_counts(), "freshness": freshness()})


@require_safe
def code(request: HttpRequest, letter: str) -> HttpResponse:
    if letter.upper() not in CODES:
        raise Http404(f"There is no transaction code {letter[:10]}; the codes are {', '.join(CODES)}.")
    if letter != letter.upper():
        return redirect("signals:code", letter.upper(), permanent=True)
    counts = code_counts()
    of = {count.code.letter: count for count in counts.codes}
    context = {
        "code": CODES[letter],
        "count": of[letter],
        "counts": counts,
        "lines": examples(letter),
        "others": LETTERS,
        "freshness": freshness(),
    }
    return render(request, "signals/code.html", context)
