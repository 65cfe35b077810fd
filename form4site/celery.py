"""The Celery application: what workers and the clock run, set up by the CELERY_* settings."""

from __future__ import annotations

import os
import warnings
from pathlib import Path

from celery import Celery
from celery.platforms import SecurityWarning  # type: ignore[attr-defined]

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "form4site.settings")

# Running as root is a supported way to run the site, and its messages are JSON, which cannot carry code.
warnings.filterwarnings("ignore", message="You're running the worker with superuser", category=SecurityWarning)

app = Celery("form4site")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_after_configure.connect
def make_broker_folders(sender: Celery, **_: object) -> None:
    """The filesystem broker delivers into folders that it expects to find."""
    if str(sender.conf.broker_url).startswith("filesystem:"):
        options = sender.conf.broker_transport_options
        for name in ("data_folder_in", "data_folder_out", "control_folder"):
            Path(options[name]).mkdir(parents=True, exist_ok=True)
