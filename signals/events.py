"""What this app announces. It knows nothing of its listeners, and a listener does no more than ring."""

from __future__ import annotations

from django.dispatch import Signal

# Sent in-process after commit, with `accessions` (the filings whose readings are new or changed), `issuers`, and
# `signals` (the keys of the signals that are new, changed or gone). An announcement may be lost with its process;
# whoever must not miss one sweeps.
readings_published = Signal()
