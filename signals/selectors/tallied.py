"""What the last tally of a large archive counted, for those who count for themselves where there is none."""

from __future__ import annotations

from typing import Any

import orjson
from django.db import connection


def tallied(*names: str) -> tuple[Any, ...] | None:
    """When it was counted, and these fields of `Tally`; None where one of them is to be counted now. One query."""
    columns = ", ".join(f"{name}::text" for name in names)
    counted = " AND ".join(f"{name} IS NOT NULL" for name in names)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT counted_at, {columns} FROM signals_codetally WHERE {counted}")
        found = cursor.fetchone()  # the table can hold no more than one
    return (found[0], *map(orjson.loads, found[1:])) if found else None
