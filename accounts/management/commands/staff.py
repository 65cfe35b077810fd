"""./manage.py staff EMAIL : make a staff user, or make a user staff."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.core.validators import validate_email

from accounts.services import people
from form4site.kit.command import SiteCommand


class Command(SiteCommand):
    help = "Makes a staff user, and prints a link where that person chooses a password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", metavar="EMAIL")

    def handle(self, *args: Any, **options: Any) -> None:
        email = options["email"].strip()
        try:
            validate_email(email)
        except ValidationError as invalid:
            raise CommandError(f"{email!r} is no e-mail address.") from invalid
        made = people.make_staff(email=email)
        self.stdout.write(f"{made.email} is {'a new staff user' if made.created else 'staff now'}.")
        if made.password_link:
            self.stdout.write(f"Choose a password within the hour, the link works once: {made.password_link}")
        else:
            self.stdout.write("The password stays as it is.")
