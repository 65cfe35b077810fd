"""How long what was told is kept: deliveries and their tries for 90 days, a key's calls for a year.

Tries at passwords and codes are forgotten as soon as no limit looks at them.
"""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from accounts.models import Delivery, KeyUsage, SendingHost
from accounts.models.delivery import HELD
from accounts.services import limits

DELIVERIES = timedelta(days=90)
USAGE = timedelta(days=365)
AT_ONCE = 5_000


def forget_old() -> int:
    """Removes at most `AT_ONCE` deliveries that are too old, and none that is being sent; how many those were."""
    now = timezone.now()
    old = Delivery.objects.filter(made_at__lt=now - DELIVERIES).exclude(status__in=HELD)
    forgotten, _ = Delivery.objects.filter(
        pk__in=list(old.order_by("made_at").values_list("pk", flat=True)[:AT_ONCE])
    ).delete()
    KeyUsage.objects.filter(on__lt=(now - USAGE).date()).delete()
    SendingHost.objects.filter(free_at__lt=now - timedelta(days=1)).delete()
    limits.forget()
    return forgotten
