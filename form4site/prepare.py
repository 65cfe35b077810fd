"""Bring the database and the static files up to this version of the code: `python -m form4site.prepare`.

Safe to run again at any time; one process, because starting Django three times would take longer than the work.
"""

from __future__ import annotations

import os

import django
from django.core.management import call_command


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "form4site.settings")
    django.setup()
    call_command("migrate", interactive=False, verbosity=1)
    call_command("createcachetable", verbosity=1)  # does nothing for a cache that is not a table
    call_command("collectstatic", interactive=False, verbosity=1)


if __name__ == "__main__":
    main()
