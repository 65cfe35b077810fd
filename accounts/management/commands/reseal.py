"""./manage.py reseal : every secret under the first of SEALING_KEYS, so that the others can be taken away."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError

from accounts.sealing import Unsealable
from accounts.services import channels
from form4site.kit.command import SiteCommand


class Command(SiteCommand):
    help = "Encrypts every webhook secret with the first of SEALING_KEYS. API keys are hashed, and keep their hash."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            resealed = channels.reseal_all()
        except Unsealable as lost:
            raise CommandError(f"{lost}. Put the old key back behind the new one, then run this again.") from lost
        self.stdout.write(f"{resealed} channels are sealed with the first key.")
