"""What a worker does before it takes work."""

from __future__ import annotations

import subprocess
import sys

from tests.conftest import ROOT

_BEGINS = """
import sys
from celery.apps.worker import Worker
from form4site.celery import app
worker = Worker(app=app, loglevel="ERROR", quiet=True)
assert "signals.tasks" in sys.modules
print(sorted(name for name in ("signals.views", "accounts.views") if name in sys.modules))
"""


def test_views_are_there_before_its_processes_part(tmp_path):
    """Or the first reading of each would load them, in its transaction. Celery's run of the system checks does it."""
    found = subprocess.run(
        [sys.executable, "-c", _BEGINS], capture_output=True, text=True, cwd=ROOT, timeout=120,
        env={"DJANGO_SETTINGS_MODULE": "form4site.settings", "FORM4SITE_VAR": str(tmp_path), "PATH": ""},
    )  # fmt: skip
    assert found.stdout == "['accounts.views', 'signals.views']\n", found.stderr
