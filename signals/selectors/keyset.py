"""Pages in any order: the rows after a row, found by its values and not by counting.

Promises: the order is total, by a column and then by the key; the page after a row is one comparison of rows, which an
index answers; rows without a value come last, whichever way the list runs. A key that nobody can have been given
begins at the top.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias, TypeVar

from django.core.exceptions import EmptyResultSet, ValidationError
from django.db import connection
from django.db.models import BigIntegerField, BooleanField, Expression, F, Func, Q, QuerySet, Subquery, Value
from django.db.models.expressions import RawSQL

from filings.models.fields import NumericField

Sql: TypeAlias = tuple[str, tuple[Any, ...]]  # a statement with its values
K = TypeVar("K")
_APART = "~"
_NONE = "-"


@dataclass(frozen=True, slots=True)
class Order:
    """What a list may be ordered by, how its value is read from an address, and whether it can be None."""

    expression: Expression | F | Subquery
    read: Callable[[str], Any] = str
    nullable: bool = True


@dataclass(frozen=True, slots=True)
class Each:
    """Some values of a column by which, and then by the order of the list, an index has the rows.

    A page is then made of the first rows of each: however seldom they occur, nothing else is read. With `among` it is
    the index of a narrower table, whose rows name those of the list by `key`, one of them perhaps under several values;
    it has the columns of the order under the same names.
    """

    column: str
    values: Sequence[int] | Sequence[str]
    among: QuerySet[Any, Any] | None = None
    key: str = "pk"

    def first(
        self, rows: QuerySet[Any, Any], order: Order, after: Sequence[Any], by: Sequence[Any], most: int
    ) -> QuerySet[Any, Any]:
        """The rows narrowed to the first `most` of those `after` a row, which stand among the first of each."""
        looked_through = rows if self.among is None else self.among.annotate(placed=order.expression)
        names = [one.expression.name for one in by]
        own = looked_through.filter(*after, **{self.column: RawSQL("asked.value", ())}).order_by(*by)[:most]
        asked = compiled(own.values(self.key, *names))
        if asked is None:
            return rows.none()
        keys = [f"key{number}" for number in range(len(names))]
        way = "DESC" if by[0].descending else "ASC"
        kind = "bigint" if isinstance(self.values[0], int) else "text"
        once = "" if self.among is None else f" GROUP BY one.id, {', '.join(keys)}"
        return rows.filter(
            pk__in=RawSQL(
                f"SELECT one.id FROM unnest(%s::{kind}[]) AS asked (value),"
                f" LATERAL ({asked[0]}) AS one (id, {', '.join(keys)}){once}"
                f" ORDER BY {', '.join(f'one.{key} {way}' for key in keys)} LIMIT {most}",
                (list(self.values), *asked[1]),
            )
        )


class Unindexed(Func):
    """The same value, which no index is in the order of: the rows are found by another and sorted."""

    template = "(%(expressions)s + 0)"


class RowAfter(Func):
    """Whether the expressions stand after the values: `(a, b) < (x, y)` where the order falls."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, row: Sequence[tuple[str, Any]], *, falling: bool) -> None:
        self.falling = falling
        super().__init__(*(F(name) for name, _ in row), *(_value(value) for _, value in row))

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        compiled = [compiler.compile(source) for source in self.source_expressions]
        half = len(compiled) // 2
        left, right = (", ".join(sql for sql, _ in part) for part in (compiled[:half], compiled[half:]))
        params = [value for _, given in compiled for value in given]
        return f"({left}) {'<' if self.falling else '>'} ({right})", params


def _value(value: Any) -> Value:
    if isinstance(value, Decimal):
        return Value(value, output_field=NumericField())
    return Value(value, output_field=BigIntegerField()) if isinstance(value, int) else Value(value)


def parts(
    rows: QuerySet[Any, Any],
    order: Order,
    tail: Sequence[str],
    *,
    falling: bool,
    after: str,
    limit: int,
    each: Each | None = None,
) -> Iterator[QuerySet[Any, Any]]:
    """What a page after the row with this key is taken from: the rows with a value in their order, then those without.

    `tail` are the columns of the key that end the order, all of whole numbers. Each row has its value as `placed`. A
    part has one row more than a page has at most, which tells whether there are more. The rows are of `each` of some
    values, if it is given.
    """

    def first(after: Sequence[Any], by: Sequence[Any]) -> QuerySet[Any, Any]:
        part = rows.filter(*after) if each is None else each.first(rows, order, after, by, limit + 1)
        return part.order_by(*by)[: limit + 1]

    key = _read(after, order, len(tail))
    names = ("placed", *tail)
    by = [F(name).desc() if falling else F(name).asc() for name in names]
    rows = rows.annotate(placed=order.expression)
    if key is None or key[0] is not None:
        valued: list[Any] = [Q(placed__isnull=False)] if order.nullable else []
        if key is not None:
            valued.append(RowAfter(list(zip(names, key, strict=True)), falling=falling))
        yield first(valued, by)
    if order.nullable:
        rest: list[Any] = [Q(placed__isnull=True)]
        if key is not None and key[0] is None:
            rest.append(RowAfter(list(zip(tail, key[1:], strict=True)), falling=falling))
        yield first(rest, by[1:])


def page(
    parts: Iterable[K], fetch: Callable[[K], list[Any]], tail: Sequence[str], limit: int
) -> tuple[list[Any], str | None]:
    """At most `limit` rows out of `parts`, and the key of the next page, None on the last.

    `fetch` makes rows with all that belongs to them, in their order, out of a part, bare or put into words already:
    joined any earlier, it would be looked up for every row that is yet to be sorted.
    """
    found: list[Any] = []
    for part in parts:
        found += fetch(part)
        if len(found) > limit:
            break
    more = len(found) > limit
    return found[:limit], _spelled(found[limit - 1], ("placed", *tail)) if more else None


def compiled(rows: QuerySet[Any, Any]) -> Sql | None:
    """A queryset as a statement, to stand within another, and its values; None where it can have no rows."""
    try:
        sql, params = rows.query.get_compiler(connection=connection).as_sql()
    except EmptyResultSet:
        return None
    return sql, tuple(params)


def _spelled(row: Any, names: Sequence[str]) -> str:
    values = [row[name] if isinstance(row, dict) else getattr(row, name) for name in names]
    first = _NONE if values[0] is None else f"={values[0].isoformat() if isinstance(values[0], date) else values[0]}"
    return _APART.join([first, *(str(value).replace("-", "") for value in values[1:])])


def _read(words: str, order: Order, tail: int) -> tuple[Any, ...] | None:
    first, *rest = words.rsplit(_APART, tail)
    if len(rest) != tail or not all(one.isascii() and one.isdigit() and len(one) <= 18 for one in rest):
        return None
    if first == _NONE and order.nullable:
        return (None, *map(int, rest))
    try:
        return (order.read(first[1:]), *map(int, rest)) if first[:1] == "=" and first.isprintable() else None
    except (ValueError, ValidationError, ArithmeticError):
        return None
