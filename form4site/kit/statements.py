"""Several statements to PostgreSQL in one message: the way there and back is what a small one costs most."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection


def rows_of_each(*statements: str, given: Mapping[str, Any]) -> list[list[tuple[Any, ...]]]:
    """The rows of each, in their order; all take their values from what is given."""
    with connection.cursor() as cursor:
        cursor.execute(";".join(statements), given)
        found = [cursor.fetchall()]
        while cursor.nextset():
            found.append(cursor.fetchall())
    return found
