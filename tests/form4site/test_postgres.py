"""A connection is looked at before it is used again, without a question to the server."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.backends.postgresql.base import DatabaseWrapper as PostgresWrapper


@pytest.fixture
def another(db):
    other = connection.copy()
    other.connect()
    yield other
    other.close()


@pytest.fixture
def asked(monkeypatch):
    times = []
    ask = PostgresWrapper.is_usable

    def is_usable(wrapper):
        times.append(wrapper)
        return ask(wrapper)

    monkeypatch.setattr(PostgresWrapper, "is_usable", is_usable)
    return times


def test_a_connection_in_order_is_not_asked(another, asked):
    assert another.is_usable()
    assert not asked


def test_a_connection_that_the_server_has_closed_is_not_used_again(another, asked):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [another.connection.info.backend_pid])
        assert cursor.fetchone() == (True,)
    assert not another.is_usable()
    assert asked


def test_a_connection_that_was_closed_here_is_not_used_again(another):
    another.connection.close()
    assert not another.is_usable()


def test_a_connection_in_a_failed_transaction_is_not_used_again(another, asked):
    another.set_autocommit(False)
    with another.cursor() as cursor, pytest.raises(Exception, match="division by zero"):
        cursor.execute("SELECT 1 / 0")
    assert not another.is_usable()
    assert asked
