from typing import Any

from django.apps import AppConfig


class SignalsConfig(AppConfig):
    name = "signals"

    def ready(self) -> None:
        from filings.events import filing_published

        filing_published.connect(ring_for_readings, dispatch_uid="signals.ring_for_readings")


def ring_for_readings(**_: Any) -> None:
    """One ring, however many filings were published: the worker finds them. A ring that is lost, the sweep makes up."""
    from form4site.kit.bell import ring

    ring("signals.read_owed")
