"""./manage.py apikey EMAIL : a new API key for a user, printed this once."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.core.validators import validate_email

from accounts.models import Scope
from accounts.services import keys, people
from form4site.kit.command import SiteCommand


class Command(SiteCommand):
    help = "Prints a new API key once; makes the user if there is none with this address."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument("--name", default="apikey command", help="how the user's page calls it")
        parser.add_argument("--scope", action="append", choices=Scope.values, help="may be given twice; default: all")

    def handle(self, *args: Any, **options: Any) -> None:
        email = options["email"].strip().lower()
        try:
            validate_email(email)
        except ValidationError as invalid:
            raise CommandError(f"{email!r} is no e-mail address.") from invalid
        user = people.found_or_made(email=email)
        try:
            made = keys.make(user=user, name=options["name"], scopes=options["scope"] or Scope.values)
        except keys.KeyRefused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(made.secret)
