#!/usr/bin/env python3
"""The commands of the site: `./manage.py help` lists them."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "form4site.settings")
    try:
        import django
        from django.core.management import execute_from_command_line
    except ImportError as missing:
        raise SystemExit(
            f"{missing}. The environment is not set up: run `make setup`, then use .venv/bin/python manage.py ..."
        ) from missing
    from form4site.embedded import EmbeddedDatabaseError
    from form4site.prepare import Behind, before_command

    try:
        django.setup()
        before_command(sys.argv[1:])
        execute_from_command_line(sys.argv)
    except (EmbeddedDatabaseError, Behind) as refused:
        raise SystemExit(str(refused)) from refused


if __name__ == "__main__":
    main()
