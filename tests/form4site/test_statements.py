from __future__ import annotations

from functools import partial

import pytest
from django.db import DatabaseError, connection, transaction

from form4site.kit import statements
from form4site.kit.statements import Question, Statement, asked, rows_of_each, together

pytestmark = pytest.mark.django_db


def test_each_statement_is_answered_in_its_place(django_assert_num_queries):
    with django_assert_num_queries(1):
        found = rows_of_each("SELECT %(of)s::int", "SELECT 1 WHERE 1=2", "SELECT %(of)s + 1, '100%%'", given={"of": 1})
    assert found == [[(1,)], [], [(2, "100%")]]


def test_a_value_is_sent_once_wherever_it_stands_and_by_place_as_often_as_it_stands():
    statement = "SELECT %(of)s::int + %(of)s, %(other)s::text, %(of)s -- sent once"
    assert rows_of_each(statement, given={"of": 2, "other": "%s"}) == [[(4, "%s", 2)]]
    assert together(by_place.question(1, 2)) == [(1, 2, 1)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT parameter_types FROM pg_prepared_statements WHERE statement LIKE '%%sent once%%'")
        assert cursor.fetchone()[0] == ["integer", "text"]


@asked
def by_place(one: int, other: int) -> Question[tuple[int, int, int]]:
    ((found,),) = yield [Statement("SELECT %s::int, %s::int, %s::int", [one, other, one])]
    return found


@asked
def doubled(number: int) -> Question[int]:
    """Twice the number, in two steps."""
    ((once,),), ((word,),) = yield [
        Statement("SELECT %(of)s::int", {"of": number}),
        Statement("SELECT '100%%' WHERE %s", [True]),
    ]
    ((twice,),) = (yield [Statement("SELECT %s::int + %s", [once, number])])[0]
    assert word == "100%"
    return int(twice)


@asked
def nothing() -> Question[str]:
    """Needs no rows."""
    yield from ()
    return "nothing"


@asked
def refused() -> Question[None]:
    yield [Statement("SELECT 1")]
    raise LookupError("no such thing")


def test_a_selector_is_asked_alone_when_it_is_called(django_assert_num_queries):
    with django_assert_num_queries(2):
        assert doubled(4) == 8
    with django_assert_num_queries(0):
        assert nothing() == "nothing"
    assert doubled.__doc__ == "Twice the number, in two steps."


def test_several_are_asked_in_one_message_and_each_gets_its_own_rows(django_assert_num_queries):
    with django_assert_num_queries(2):
        assert together(doubled.question(1), nothing.question(), doubled.question(5)) == [2, "nothing", 10]


def test_what_one_of_them_raises_comes_out():
    with pytest.raises(LookupError, match="no such thing"):
        together(doubled.question(1), refused.question())
    assert doubled(2) == 4  # the connection is as good as before


def kept_statements() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%%once and for all%%'")
        return cursor.fetchone()[0]


def test_a_statement_is_prepared_once_whatever_its_values():
    for number in range(8):
        assert rows_of_each("SELECT %(of)s::int -- once and for all", given={"of": number}) == [[(number,)]]
    assert kept_statements() == 1


def test_where_a_table_changed_beneath_it_a_statement_is_prepared_anew():
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE changing AS SELECT 1 AS number")
    ask = partial(rows_of_each, "SELECT * FROM changing", given={})
    assert ask() == [[(1,)]]
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE changing ADD COLUMN word text")
    with pytest.raises(DatabaseError), transaction.atomic():
        ask()
    assert ask() == [[(1, None)]]


def test_a_mistake_in_a_statement_is_an_error_of_the_database():
    with pytest.raises(DatabaseError, match="nowhere"), transaction.atomic():
        rows_of_each("SELECT * FROM nowhere", given={})
    assert rows_of_each("SELECT 1", given={}) == [[(1,)]]


def test_statements_that_never_come_again_do_not_gather(monkeypatch):
    monkeypatch.setattr(statements, "MOST", 5)
    for number in range(40):
        assert rows_of_each(f"SELECT {number}", f"SELECT -{number}", given={}) == [[(number,)], [(-number,)]]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements")
        assert cursor.fetchone()[0] <= 7


def test_statements_of_messages_that_failed_do_not_gather():
    for _ in range(10):
        assert rows_of_each("SELECT 1", "SELECT 2", given={}) == [[(1,)], [(2,)]]
        with pytest.raises(DatabaseError, match="by zero"), transaction.atomic():
            rows_of_each("SELECT 1 / %(by)s::int", given={"by": 0})
    assert rows_of_each("SELECT 1", given={}) == [[(1,)]]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements")
        assert cursor.fetchone()[0] <= 3
