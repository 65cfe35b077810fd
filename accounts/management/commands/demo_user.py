"""./manage.py demo_user [--force] : a user to try the site with, on a machine of one's own."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from accounts.adapter import absolute
from accounts.services import people
from form4site.kit.command import SiteCommand

# Spelled out: to ask for the address of a page loads every page, and `make run` waits for this command.
OUTBOX = "/account/outbox/"


class Command(SiteCommand):
    help = "Makes the demo user, whose password everybody knows, and says how to log in and where mail goes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--force", action="store_true", help="make it on a site that may be public, too")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            user = people.demo_user(force=options["force"])
        except people.Refused as refused:
            raise CommandError(
                f"No demo user here: {refused}. Its password is public. (--force makes it anyway.)"
            ) from refused
        self.stdout.write(f"Log in as {user.email}, password: {people.DEMO_PASSWORD}")
        if settings.MAIL_FOLDER is not None:
            self.stdout.write(
                f"No mail leaves this machine: it is kept in {settings.MAIL_FOLDER}, shown at {absolute(OUTBOX)}"
            )
