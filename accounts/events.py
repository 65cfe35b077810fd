"""What this app announces. It knows nothing of its listeners, and a listener does no more than ring."""

from __future__ import annotations

from django.dispatch import Signal

# Sent in-process after commit: something is owed to a channel. It may be lost with its process; the clock sweeps.
deliveries_owed = Signal()
