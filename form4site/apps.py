"""Django's view of the project package."""

from __future__ import annotations

from django.apps import AppConfig


class Form4siteConfig(AppConfig):
    name = "form4site"

    def ready(self) -> None:
        """Make ours Celery's current application in every process, or a task would be sent to a default broker."""
        from form4site import celery  # noqa: F401
