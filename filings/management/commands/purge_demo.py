"""./manage.py purge_demo : remove the invented filings, and the invented parties with them."""

from __future__ import annotations

from typing import Any

from filings.services.demo import purge_demo
from form4site.kit.command import SiteCommand


class Command(SiteCommand):
    help = "Removes the demo filings and everything that came with them; real filings stay."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{purge_demo():,} invented filings removed.")
