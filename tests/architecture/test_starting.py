"""A process of the site is quick to start: it loads what every process needs, and pages only where it serves them."""

from __future__ import annotations

import subprocess
import sys

import pytest
from django.core.management import get_commands, load_command_class

from form4site.prepare import OUR_APPS
from tests.conftest import ROOT

# What only some processes need, by what takes longest to load.
FOR_SOME = {
    "httpx", "ninja", "pydantic", "fido2", "rich", "lxml", "celery.worker.consumer", "django.test", "form4site.urls",
    "signals.readings.footnotes", "accounts.tasks", "signals.tasks", "filings.tasks",
}  # fmt: skip


def test_a_start_loads_nothing_that_only_some_processes_need():
    told = "import django; django.setup(); import sys; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", told], capture_output=True, text=True, cwd=ROOT, check=True, timeout=60
    )
    assert {"form4site.settings", "signals.models"} <= set(loaded.stdout.split())
    assert sorted(FOR_SOME & set(loaded.stdout.split())) == []


@pytest.mark.parametrize("name", sorted(name for name, app in get_commands().items() if app in OUR_APPS))
def test_no_command_of_ours_loads_every_page_to_check_it(name):
    assert load_command_class(get_commands()[name], name).requires_system_checks == ()
