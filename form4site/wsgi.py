"""What the web server calls.

Code and settings stay until the process ends, so the collector need not look through them again each time that the
rows of some pages have come and gone: that took as long as a page of the API. It looks seldom, too: a page leaves
hardly anything that needs it, and looking takes a twentieth of it.
"""

from __future__ import annotations

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "form4site.settings")

application = get_wsgi_application()

gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 50)
