"""What every command of ours begins with."""

from __future__ import annotations

from django.core.management.base import BaseCommand


class SiteCommand(BaseCommand):
    """Without Django's system checks: these load every page, which takes longer than most commands work. `make check`
    runs them, and what is wrong with the environment stops the settings themselves.
    """

    requires_system_checks = ()
