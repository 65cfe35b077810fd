"""Parts of a page that say nothing but their arguments, kept: `{% part "signals/_flag.html" box=box label="Late" %}`.

Promises: a part is what its template makes of the arguments alone, without the request and the page's context, so that
equal arguments have equal text and nothing ever needs to be forgotten; addresses and static files are the same for as
long as a process lives. Every word is escaped, as in any template.
Refuses: to keep what is `LARGEST` or more with its arguments, so that long words which a reader typed take no memory;
arguments that can be changed, which have no hash.
"""

from __future__ import annotations

from functools import lru_cache
from sys import getsizeof
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

MOST = 2_000  # parts, in each process: the boxes of the screen's form in the states that readers leave them in
LARGEST = 20_000  # bytes of memory; so they are 40 MB at worst, and two or three as they come


class _TooLarge(Exception):
    """Made, and not kept: what is raised is not remembered."""


def part(name: str, **arguments: Any) -> SafeString:
    if settings.DEBUG:  # a template that is being written is read anew
        return render_to_string(name, arguments)
    try:
        return _kept(name, **arguments)
    except _TooLarge as made:
        return mark_safe(made.args[0])


# By type too: words that are marked as safe equal the same words that are to be escaped, and 1 equals True.
@lru_cache(MOST, typed=True)
def _kept(name: str, /, **arguments: Any) -> SafeString:
    made = render_to_string(name, arguments)
    if getsizeof(made) + getsizeof(repr(arguments)) >= LARGEST:  # one emoji makes each letter of its text four bytes
        raise _TooLarge(made)
    return made
