"""Leaving: an account and all that belongs to it is gone at once, and what was open in its name is shut.

Promises: nothing in the database names the person afterwards; a test looks through every table. Everything that belongs
to a user hangs on the row by a foreign key that cascades. Sessions do not, so they are ended first.
"""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from accounts.sessions import end_others


@transaction.atomic
def leave(*, user: User) -> None:
    end_others(user=user, kept=None)
    User.objects.filter(pk=user.pk).delete()
