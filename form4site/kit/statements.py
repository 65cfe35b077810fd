"""Several statements to PostgreSQL in one message: the way there and back is what a small one costs most.

A selector that may be asked beside others is a generator under `asked`: it yields the statements of which it needs the
rows, is sent those rows, and returns what it makes of them. Called, it is asked alone; its `question` goes to
`together`, which sends the statements of all in one message, and what they want to know next in another.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from functools import update_wrapper
from typing import Any, Generic, NamedTuple, ParamSpec, TypeAlias, TypeVar

from django.db import connection

P = ParamSpec("P")
T = TypeVar("T")
Rows: TypeAlias = list[tuple[Any, ...]]


class Statement(NamedTuple):
    """One statement with its values, by name or by place."""

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


def rows_of_each(*statements: str, given: Mapping[str, Any]) -> list[Rows]:
    """The rows of each, in their order; all take their values from what is given."""
    return _sent([Statement(sql, given) for sql in statements])


def _sent(statements: Sequence[Statement]) -> list[Rows]:
    if not statements:
        return []
    with connection.cursor() as cursor:
        if len(statements) == 1:
            cursor.execute(*statements[0])
        else:
            cursor.execute(";".join([cursor.mogrify(*statement) for statement in statements]))
        found = [cursor.fetchall()]
        while cursor.nextset():
            found.append(cursor.fetchall())
    return found
