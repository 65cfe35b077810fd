"""What this app announces. It knows nothing of its listeners, and a listener does no more than ring."""

from __future__ import annotations

from django.dispatch import Signal

# Sent in-process after commit, with `accessions`: the filings whose facts are new or changed. An announcement may be
# lost with its process; whoever must not miss a filing sweeps for it.
filing_published = Signal()
