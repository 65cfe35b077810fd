"""Markup joined from strings, for what stands on a page by the hundred: a template's loop takes ten times as long.

Promises: whatever is given as words is escaped. A tag that joins such pieces owns the markup of its part of a page, as
a template owns that of the rest; `tests/pages/test_hostile_text.py` holds both to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from html import escape

from form4site.kit.charts import words as of_charts


def words(value: object, default: str = "") -> str:
    """The value as text of a page or of an attribute; `default`, which is escaped too, stands for None."""
    return escape(default if value is None else str(value))


@lru_cache(maxsize=4096)
def day(on: date | None) -> str:
    """ "3 Mar 2026"; nothing for no day."""
    return "" if on is None else of_charts.day(on)


@lru_cache(maxsize=4096)
def dated(on: date) -> str:
    """The day as an element that programs can read."""
    return f'<time datetime="{on.isoformat()}">{day(on)}</time>'


def link(href: str, inside: str, attributes: str = "") -> str:
    """`inside` and `attributes` are markup, `href` is an address."""
    return f'<a{attributes} href="{escape(href)}">{inside}</a>'


def cell(label: str, inside: str, *, number: bool = False) -> str:
    """A cell of a table that turns into cards on a narrow screen. `inside` is markup."""
    return f'<td data-label="{escape(label)}"{NUMBER if number else ""}>{inside}</td>'


NUMBER = ' class="number"'


def row(cells: Iterable[str]) -> str:
    """A row that the keys j and k walk to."""
    return f'<tr data-row tabindex="-1">{"".join(cells)}</tr>'
