"""What every test may rely on: the cast, the archive of real filings where it is at hand, and settings for speed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.contrib.contenttypes.management import create_contenttypes
from django.db import connection
from django.db.models.signals import post_migrate
from pytest_django import DjangoDbBlocker

ROOT = Path(__file__).resolve().parent.parent
REAL_FILINGS = ROOT.parent / "shared" / "edgar" / "filings"

THOROUGH = os.environ.get("THOROUGH") == "1"  # as in `make chaos`: more examples, every page in every look

# How long an example takes says more of the machine and its other work than of the code.
hypothesis.settings.register_profile("form4site", deadline=None, max_examples=400 if THOROUGH else 40)
hypothesis.settings.load_profile("form4site")

# Playwright's synchronous API runs an event loop in the test's thread, where Django refuses the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


PAGES = tuple(ROOT / "tests" / name for name in ("pages", "access", "browser"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if any(item.path.is_relative_to(folder) for folder in PAGES):
            item.add_marker(pytest.mark.pages)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Plans that do not depend on the hour, quick flushes, and at the end nobody is connected any more."""
    with django_db_blocker.unblock():
        _leave_statistics_alone()
        _flush_what_has_rows()
    # Rows of permissions and kinds of content, which nobody reads here: most of what a flush took.
    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
    post_migrate.disconnect(create_contenttypes)
    yield
    # Threads of a live server, killed workers: connected, they would keep the test database from being dropped.
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def _leave_statistics_alone() -> None:
    """A vacuum in the middle of a test counts no row of its transaction, and every table looks empty to the planner:
    joins of some hundred rows, each with each, then take minutes."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f"ALTER TABLE {table} SET (autovacuum_enabled = false)")


FEW = 500


def _flush_what_has_rows() -> None:
    """After a test that commits, rows are deleted where there are few: to truncate is to make a hundred tables and all
    their indexes anew. The version of the data stays, moved on by what is deleted."""
    truncate = connection.ops.sql_flush

    def sql_flush(style: object, tables: list[str], **how: bool) -> list[str]:
        names = sorted(set(tables) - {"signals_dataversion"})
        counts = ", ".join(f"(SELECT count(*) FROM (SELECT FROM {name} LIMIT {FEW + 1}) AS few)" for name in names)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {counts}")
            rows = dict(zip(names, cursor.fetchone(), strict=True))
        if max(rows.values()) > FEW:
            return truncate(style, tables, **how)
        return [f"DELETE FROM {name}" for name in names if rows[name]]

    connection.ops.sql_flush = sql_flush


@pytest.fixture(autouse=True)
def quick_passwords() -> Iterator[None]:
    before = settings.PASSWORD_HASHERS
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    yield
    settings.PASSWORD_HASHERS = before


@pytest.fixture(scope="session")
def real_filings() -> Path:
    """The folder of real filings beside the checkout; tests over them skip where it is absent."""
    if not REAL_FILINGS.is_dir():
        pytest.skip("the real filings (shared/edgar beside the checkout) are not here")
    return REAL_FILINGS


@pytest.fixture(scope="session")
def demo_copies(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Where the processes of one run keep the rows of the demo archive (`tests/pages/demo.py`)."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "demo"
    folder.mkdir(exist_ok=True)
    return folder


# The cast: Olive owns, Stan is a stranger, Amy is anonymous, Sue is staff.


@pytest.fixture
def olive(db, django_user_model):
    return django_user_model.objects.create_user("olive@example.test", "olive's long password")


@pytest.fixture
def stan(db, django_user_model):
    return django_user_model.objects.create_user("stan@example.test", "stan's long password")


@pytest.fixture
def sue(db, django_user_model):
    """Staff with a second factor, without which there are no staff pages."""
    sue = django_user_model.objects.create_user("sue@example.test", "sue's long password", is_staff=True)
    TOTP.activate(sue, generate_totp_secret())
    return sue


@pytest.fixture
def amy(client):
    return client
