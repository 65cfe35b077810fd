"""The site for the benchmark's own web server, on the database that BENCH_DATABASE names."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "form4site.settings")

from django.conf import settings

settings.DATABASES["default"]["NAME"] = os.environ["BENCH_DATABASE"]

from form4site.wsgi import application  # noqa: E402, F401
