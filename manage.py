#!/usr/bin/env python3
"""The commands of the site: `./manage.py help` lists them."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "form4site.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError as missing:
        raise SystemExit(
            f"{missing}. The environment is not set up: run `make setup`, then use .venv/bin/python manage.py ..."
        ) from missing
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
