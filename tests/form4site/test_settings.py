"""A variable that cannot be used stops every way to start, with one sentence that names it and tells no secret."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.conftest import ROOT

WAYS = (["manage.py", "check"], ["-m", "form4site.supervisor"])


@pytest.mark.processes
@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS, ids=["manage.py", "supervisor"])
@pytest.mark.parametrize(
    "variable",
    ["BASE_URL", "DATABASE_URL", "REDIS_URL", "EDGAR_BASE_URL", "EDGAR_DATA_URL", "EDGAR_POLL_SECONDS", "PORT"],
)
def test_a_variable_that_cannot_be_used_is_named(variable, way, tmp_path):
    done = subprocess.run(
        [sys.executable, *way],
        cwd=ROOT, text=True, capture_output=True, timeout=60,
        env=os.environ | {"FORM4SITE_VAR": str(tmp_path), variable: "sqlite:///sesame"},
    )  # fmt: skip

    assert done.returncode == 1
    assert done.stderr.startswith(f"{variable} ")
    assert done.stderr.count("\n") == 1
    assert "sesame" not in done.stderr or variable in ("EDGAR_POLL_SECONDS", "PORT")


@pytest.mark.processes
@pytest.mark.slow
@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"DEBUG": "maybe"}, "DEBUG is 'maybe', and has to be true or false"),
        ({"TRUST_PROXY": "2"}, "TRUST_PROXY is '2', and has to be true or false"),
        ({"DEBUG": "1", "BASE_URL": "https://form4site.example"}, "DEBUG shows the inside of the site"),
        ({"SECRET_KEY": "too short"}, "SECRET_KEY has to have at least 50 random characters"),
    ],
    ids=["neither yes nor no", "a number", "debugging in public", "a short key"],
)
def test_settings_that_do_not_fit_stop_the_start(given, named, tmp_path):
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT, text=True, capture_output=True, timeout=60,
        env=os.environ | {"FORM4SITE_VAR": str(tmp_path)} | given,
    )  # fmt: skip

    assert done.returncode == 1
    assert done.stderr.startswith(named)
    assert done.stderr.count("\n") == 1
    assert "too short" not in done.stderr


@pytest.mark.processes
def test_the_address_of_a_database_may_name_the_folder_of_its_socket(tmp_path):
    """What docs/operations.md says of a PostgreSQL on the site's own machine."""
    told = "from django.conf import settings; kept = settings.DATABASES['default']; print(kept['HOST'], kept['NAME'])"
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "--verbosity=0", "--command", told],
        cwd=ROOT, text=True, capture_output=True, timeout=60, check=True,
        env=os.environ | {"FORM4SITE_VAR": str(tmp_path), "DATABASE_URL": "postgres:////var/run/postgresql/form4site"},
    )  # fmt: skip

    assert done.stdout.split() == ["/var/run/postgresql", "form4site"]
