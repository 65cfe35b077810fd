"""Several statements to PostgreSQL in one message: the way there and back is what a small one costs most.

A selector that may be asked beside others is a generator under `asked`: it yields the statements of which it needs the
rows, is sent those rows, and returns what it makes of them. Called, it is asked alone; its `question` goes to
`together`, which sends the statements of all in one message, and what they want to know next in another.

Each statement is prepared once on a connection, as planning one often takes longer than answering it: PostgreSQL plans
the first five uses for their values, and then once for all where that comes out as cheap. So the text of a statement is
a constant, of which there are few; a value takes its type from where it stands, or says it (`%s::date`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from functools import lru_cache, update_wrapper
from itertools import count
from typing import Any, Generic, NamedTuple, ParamSpec, TypeAlias, TypeVar
from weakref import WeakKeyDictionary

from django.db import connection

# Statements prepared on one connection: a plan takes some 100 kB of PostgreSQL's memory. Past that all are forgotten.
MOST = 300

P = ParamSpec("P")
T = TypeVar("T")
Rows: TypeAlias = list[tuple[Any, ...]]


class Statement(NamedTuple):
    """One statement with its values, by name or by place. Its text is one of few: it is prepared."""

    sql: str
    given: Mapping[str, Any] | Sequence[Any] = ()


Question: TypeAlias = Generator[Sequence[Statement], list[Rows], T]


class asked(Generic[P, T]):  # noqa: N801 - a decorator
    """A selector that is asked alone when it is called, and whose `question` may be asked beside others."""

    def __init__(self, question: Callable[P, Question[T]]) -> None:
        self.question = question
        update_wrapper(self, question)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> T:
        found: T = together(self.question(*args, **kwargs))[0]
        return found


def together(*questions: Question[Any]) -> list[Any]:
    """The answers in the order of the questions. What one of them raises comes out, and nothing more is asked."""
    question = all_of(*questions)
    rows: list[Rows] | None = None
    while True:
        try:
            rows = _sent(question.send(rows))  # type: ignore[arg-type]  # None starts a generator
        except StopIteration as end:
            answers: list[Any] = end.value
            return answers


def all_of(*questions: Question[Any]) -> Question[list[Any]]:
    """Several questions as one, for `yield from` in another."""
    answers: list[Any] = [None] * len(questions)
    rows: dict[int, list[Rows]] = {}
    going = dict(enumerate(questions))
    while going:
        wanted: dict[int, Sequence[Statement]] = {}
        for place, question in list(going.items()):
            try:
                wanted[place] = question.send(rows.get(place))  # type: ignore[arg-type]
            except StopIteration as end:
                answers[place] = end.value
                del going[place]
        found = iter((yield [statement for statements in wanted.values() for statement in statements]))
        rows = {place: [next(found) for _ in statements] for place, statements in wanted.items()}
    return answers


def selected(name: str, kind: str = "bigint") -> str:
    """A value as no plan knows it before it is asked.

    Where PostgreSQL can guess how many rows a known value has, a plan for all looks dearer to it than one for each, and
    it plans at every use.
    """
    return f"(SELECT %({name})s::{kind})"


def in_words(words: Iterable[str]) -> str:
    """Words of ours as they stand in the text of a statement, between commas."""
    return ", ".join(f"'{word}'" for word in words)


def rows_of_each(*statements: str, given: Mapping[str, Any]) -> list[Rows]:
    """The rows of each, in their order; all take their values from what is given."""
    return _sent([Statement(sql, given) for sql in statements])


def _sent(statements: Sequence[Statement]) -> list[Rows]:
    if not statements:
        return []
    with connection.cursor() as cursor:
        server = connection.connection
        known = _prepared.get(server)
        if known is None or len(known) > MOST:
            _uncounted(cursor, "DEALLOCATE ALL")
            known = _prepared[server] = {}
        try:
            told: list[str] = []
            values: list[Any] = []
            for statement in statements:
                execution, of_it = _execution(cursor, known, *statement)
                told.append(execution)
                values += of_it
            cursor.execute(";".join(told), values or None)
        except Exception:
            del _prepared[server]  # a table has changed beneath a plan, or who knows: the next message prepares anew
            raise
        found = [cursor.fetchall()]
        while cursor.nextset():
            found.append(cursor.fetchall())
    return found


def _execution(
    cursor: Any, known: dict[str, str], sql: str, given: Mapping[str, Any] | Sequence[Any]
) -> tuple[str, Sequence[Any]]:
    """What executes the statement, once it is prepared, and the values for it in their order."""
    numbered, names = _numbered(sql)
    if sql not in known:
        name = f"kept_{next(_names)}"
        _uncounted(cursor, f"PREPARE {name} AS {numbered}")
        known[sql] = name
    values = [given[name] for name in names] if isinstance(given, Mapping) else given
    places = f" ({', '.join(['%s'] * len(names))})" if names else ""
    return f"EXECUTE {known[sql]}{places}", values


def _uncounted(cursor: Any, sql: str) -> None:
    """What belongs to the connection and not to a page, which counts its messages."""
    with connection.wrap_database_errors:
        cursor.cursor.execute(sql)


# By connection, the names of the statements that are prepared there. A name is never given twice. Of a connection that
# is not among these, nobody knows what is prepared there.
_prepared: WeakKeyDictionary[Any, dict[str, str]] = WeakKeyDictionary()
_names = count()
_VALUE = re.compile(r"%(?:\((\w+)\)s|s|(%))")


@lru_cache(maxsize=4 * MOST)
def _numbered(sql: str) -> tuple[str, tuple[str, ...]]:
    """The statement with numbers for its values, and the name of each ("" where they go by place)."""
    order: list[str] = []

    def number(value: re.Match[str]) -> str:
        if value[2]:
            return "%"
        if not value[1] or value[1] not in order:
            order.append(value[1] or "")
            return f"${len(order)}"
        return f"${order.index(value[1]) + 1}"

    return _VALUE.sub(number, sql), tuple(order)
