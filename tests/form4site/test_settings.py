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
