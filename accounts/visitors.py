"""Who asks, for views behind `login_required`."""

from __future__ import annotations

from django.http import HttpRequest

from accounts.models import User


def person(request: HttpRequest) -> User:
    """The user who asks. Only where somebody is logged in."""
    user = request.user
    if not isinstance(user, User):
        raise TypeError("nobody is logged in here")
    return user
