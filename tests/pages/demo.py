"""The demo archive in the database of the tests: made once for a run by the real services, then copied.

The first that needs it loads and reads it, and keeps what every table then holds; whoever comes later, in this process
or another of the same run, gets those rows by COPY, in a tenth of the time. `test_demo_copies.py` compares the two.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction

from filings.models import Filing
from filings.services.demo import load_demo
from signals.models import DataVersion
from signals.services.read import read_all_owed

UNTIL = date(2026, 11, 20)  # a Friday


def make() -> None:
    """By the services that load and read everything."""
    report = load_demo(until=UNTIL)
    assert not report.failed, report.failed[:3]
    assert not read_all_owed().failed


def load(copies: Path) -> None:
    """The whole archive, from the copies in this folder; the first of all to ask makes them."""
    with (copies / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with transaction.atomic():
            if (copies / "complete").exists():
                _fill(copies)
            else:
                _make_and_keep(copies)
            # What waits to be checked would be checked again at the end of each test that is rolled back to here.
            connection.check_constraints()
    with connection.cursor() as cursor:
        # Rolled back again and again, the tables look empty to the planner, and it chooses plans for empty tables.
        cursor.execute(f"ANALYZE {', '.join(tables())}")


def tables() -> list[str]:
    """Where facts and readings are; not their version, which the database writes itself."""
    names = set(connection.introspection.table_names()) - {DataVersion._meta.db_table}
    return sorted(name for name in names if name.startswith(("filings_", "signals_")))


def _counts() -> dict[str, int]:
    counts = ", ".join(f"(SELECT count(*) FROM {name})" for name in tables())
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {counts}")
        return dict(zip(tables(), cursor.fetchone(), strict=True))


def _make_and_keep(copies: Path) -> None:
    before = _counts()
    make()
    after = _counts()
    with connection.cursor() as cursor:
        for name in tables():
            if before[name]:
                assert after[name] == before[name], f"{name} had rows before, and the demo added some"
            elif after[name]:
                with (
                    (copies / f"{name}.copy").open("wb") as file,
                    cursor.copy(f"COPY {name} TO STDOUT (FORMAT BINARY)") as rows,
                ):
                    for portion in rows:
                        file.write(portion)
    (copies / "complete").touch()


def _fill(copies: Path) -> None:
    with connection.cursor() as cursor:
        for path in sorted(copies.glob("*.copy")):
            with cursor.copy(f"COPY {path.stem} FROM STDIN (FORMAT BINARY)") as rows:
                rows.write(path.read_bytes())
        models = [model for app in ("filings", "signals") for model in apps.get_app_config(app).get_models()]
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


@pytest.fixture(scope="module")
def demo_rows(django_db_setup, django_db_blocker, demo_copies) -> Iterator[None]:
    """Everything of one module stands in one transaction, which is never committed."""
    with django_db_blocker.unblock(), transaction.atomic():
        load(demo_copies)
        yield
        transaction.set_rollback(True)
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(f"VACUUM {', '.join(tables())}")


@pytest.fixture
def demo(demo_rows, db) -> None:
    """The demo archive, for one test; what the test itself changes is rolled back to it."""


def accessions_of(story: str) -> list[str]:
    """The filings of one story of the generator, oldest first."""
    found = Filing.objects.filter(document__source=f"demo: {story}").order_by("listed_on", "accession")
    accessions = list(found.values_list("accession", flat=True))
    assert accessions, f"no filing of {story}"
    return accessions
