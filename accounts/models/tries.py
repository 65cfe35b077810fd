"""Tries that are counted: guesses at a password or a code, mails asked for.

A row is one limit of one account or visitor; `accounts.services.limits` alone writes it.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Tries(models.Model):
    key = models.BinaryField(primary_key=True, max_length=32)  # a keyed digest: no address can be read from a row
    tried_at = ArrayField(models.DateTimeField())
    forget_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "accounts_tries"

    def __str__(self) -> str:
        return f"{len(self.tried_at)} tries until {self.forget_at}"
