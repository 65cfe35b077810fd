"""Lines of comma-separated values that no spreadsheet takes for a formula.

Promises: a text that begins as a formula would is made text by an apostrophe, also where the sign is a full-width one;
a number stays a number, and -5 is one. What is None is an empty cell.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")


def csv_line(values: Iterable[object]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow([_cell(value) for value in values])
    return text.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, int | float | date):
        return str(value)
    words = str(value).replace("\0", "")
    return f"'{words}" if words.startswith(_FORMULA) else words
