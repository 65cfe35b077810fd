#!/usr/bin/env python3
"""The commands of the site: `./manage.py help` lists them. What stops one is said in a sentence."""

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
    from django.core.exceptions import ImproperlyConfigured
    from django.db import OperationalError

    from form4site.embedded import EmbeddedDatabaseError
    from form4site.prepare import Behind, before_command

    try:
        django.setup()
        before_command(sys.argv[1:])
        execute_from_command_line(sys.argv)
    except (EmbeddedDatabaseError, Behind, ImproperlyConfigured) as refused:
        raise SystemExit(str(refused)) from refused
    except OperationalError as away:
        if "--traceback" in sys.argv:
            raise
        raise SystemExit(f"The database does not answer: {str(away).strip()}") from away
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except BrokenPipeError:  # whoever read our output has had enough, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
