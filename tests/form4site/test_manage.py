"""`./manage.py` by itself: a command of ours finds its tables, and what stops it is said without a traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from form4site.prepare import LOCK
from tests.conftest import ROOT
from tests.filings.services.papers import site_environment

pytestmark = [
    pytest.mark.db_and_celery, pytest.mark.processes, pytest.mark.slow, pytest.mark.django_db(transaction=True),
]  # fmt: skip
PATIENCE = 120
ASKS = ("filing", "0009000001-24-000001")
ASKING = """SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
            AND query LIKE 'SELECT pg_try_advisory_lock%'"""
NOWHERE = {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/nowhere"}


@pytest.fixture
def standing(django_db_setup, django_db_blocker) -> Iterator[dict[str, str]]:
    """The environment of a site whose database has its tables. The tests here read it, and change nothing."""
    with django_db_blocker.unblock():
        yield site_environment()


@pytest.fixture
def fresh(standing) -> Iterator[dict[str, str]]:
    """The environment of a site whose database is empty."""
    name = f"{connection.settings_dict['NAME']}_fresh"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    try:
        yield standing | {
            "DATABASE_URL": standing["DATABASE_URL"].replace(f"/{connection.settings_dict['NAME']}", f"/{name}")
        }
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def start(environment: dict[str, str], *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "manage.py", *words],
        cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def answer(process: subprocess.Popen[str]) -> tuple[int, str]:
    _, err = process.communicate(timeout=PATIENCE)
    return process.returncode, err


def test_the_first_commands_on_an_empty_database_make_its_tables_also_when_two_come_at_once(fresh):
    both = [start(fresh, *ASKS), start(fresh, *ASKS)]

    for status, err in map(answer, both):
        assert status == 1
        assert "No filing 0009000001-24-000001 is published here." in err
        assert "Traceback" not in err


def test_a_given_database_with_older_tables_is_left_alone_and_the_command_says_what_to_do(fresh):
    recorded = MigrationRecorder(connection).applied_migrations()
    last = max(migration for migration in recorded if migration[0] == "filings")
    with psycopg.connect(fresh["DATABASE_URL"], autocommit=True) as given:
        given.execute("CREATE TABLE django_migrations (id bigserial, app text, name text, applied timestamptz)")
        for app, name in recorded.keys() - {last}:
            given.execute("INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, now())", (app, name))

    status, err = answer(start(fresh, *ASKS))

    assert status == 1
    assert err.splitlines() == [
        f"The database is older than this code: the first migration that it lacks is {'.'.join(last)}. "
        "Run `manage.py migrate`, then this again."
    ]


def test_asking_for_help_needs_no_database(standing):
    assert answer(start(standing | NOWHERE, "ingest", "--help")) == (0, "")


def test_a_database_that_does_not_answer_is_said_in_a_sentence(standing):
    status, err = answer(start(standing | NOWHERE, *ASKS))

    assert status == 1
    assert err.startswith("The database does not answer: connection failed")
    assert "Traceback" not in err


def test_an_interrupted_command_ends_at_once_and_without_words(fresh):
    with psycopg.connect(fresh["DATABASE_URL"], autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [LOCK])
        process = start(fresh, *ASKS)
        deadline = time.monotonic() + PATIENCE
        while not other.execute(ASKING).fetchone():
            assert time.monotonic() < deadline
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)

        assert answer(process) == (130, "")


def test_a_reader_who_has_had_enough_is_no_error_of_the_command(standing):
    reading, writing = os.pipe()
    os.close(reading)
    process = subprocess.Popen(
        [sys.executable, "manage.py", "ingest", str(ROOT / "README.md")],
        cwd=ROOT, env=standing, text=True, stdout=writing, stderr=subprocess.PIPE,
    )  # fmt: skip
    os.close(writing)

    _, err = process.communicate(timeout=PATIENCE)

    assert process.returncode == 1
    assert "Traceback" not in err
    assert "BrokenPipe" not in err
