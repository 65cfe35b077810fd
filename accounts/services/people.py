"""People who are made by command: the demo user, and staff.

Neither gets a password that anyone else could know, but for the demo user, whose password is public by design: it is
made only where the site runs embedded on its own machine, and withdrawn where it does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.db import transaction
from django.urls import reverse

from accounts.adapter import absolute
from accounts.models import User
from accounts.services import screens

DEMO_EMAIL = "demo@form4site.example"
DEMO_PASSWORD = "demo-reads-form-4"
LOCAL_NAMES = {"localhost", "127.0.0.1", "::1"}


class Refused(Exception):
    """The site is not one that may have a user with a known password; the text says why."""


@dataclass(frozen=True)
class StaffUser:
    email: str
    created: bool
    password_link: str | None  # where to choose a password, once, within the hour; None: the user has one


def why_no_demo_user() -> str | None:
    """Why this site may not have a user with a known password; None when it may."""
    if settings.DATABASE_URL:
        return "DATABASE_URL is set, so this may be a public server"
    if urlsplit(settings.BASE_URL).hostname not in LOCAL_NAMES:
        return f"BASE_URL is {settings.BASE_URL}, so this may be a public server"
    return None


def demo_user(*, force: bool = False) -> User:
    """The demo user, made or mended; a second call changes nothing. Refused where the world could use it."""
    reason = why_no_demo_user()
    if reason and not force:
        withdraw_demo_password()
        raise Refused(reason)
    with transaction.atomic():
        user = User.objects.filter(email=DEMO_EMAIL).first() or User.objects.create_user(DEMO_EMAIL, DEMO_PASSWORD)
        if not user.check_password(DEMO_PASSWORD) or not user.is_active:
            user.set_password(DEMO_PASSWORD)
            user.is_active = True
            user.save(update_fields=["password", "is_active"])
        _own(user)
    return user


def withdraw_demo_password() -> None:
    """Make the published password worthless: of a site that ran as a demo, and is public now."""
    user = User.objects.filter(email=DEMO_EMAIL).first()
    if user and user.check_password(DEMO_PASSWORD):
        user.set_unusable_password()
        user.save(update_fields=["password"])


@transaction.atomic
def make_staff(*, email: str) -> StaffUser:
    """Make or promote a staff user; whoever runs the command vouches for the address.

    An account whose address was never confirmed may have been opened by anyone: its password is taken away.
    """
    email = email.strip().lower()
    user = User.objects.select_for_update().filter(email=email).first()
    created = user is None
    if user is None:
        user = User.objects.create_user(email, is_staff=True)
    if not EmailAddress.objects.filter(user=user, email=email, verified=True).exists():
        user.set_unusable_password()
    user.is_staff = True
    user.is_active = True
    user.save(update_fields=["password", "is_staff", "is_active"])
    _own(user)
    link = None if user.has_usable_password() else password_link(user)
    return StaffUser(email=email, created=created, password_link=link)


@transaction.atomic
def prefer(*, user: User, time_zone: str, digest_hour: int) -> None:
    """When this person's day ends, and at which hour of it a digest comes, from the next one on."""
    user.time_zone, user.digest_hour = time_zone, digest_hour
    user.save(update_fields=["time_zone", "digest_hour"])
    screens.reckon_digests(owner=user)


def password_link(user: User) -> str:
    """An address where this user may choose a password, once; valid for PASSWORD_RESET_TIMEOUT seconds."""
    key = default_token_generator.make_token(user)
    kwargs = {"uidb36": user_pk_to_url_str(user), "key": key}
    return absolute(reverse("account_reset_password_from_key", kwargs=kwargs))


def _own(user: User) -> None:
    """The user's address as the one confirmed address of the account."""
    EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})


@transaction.atomic
def found_or_made(*, email: str) -> User:
    """The user with this address, made without a password if there is none; it is confirmed when they first set one."""
    email = email.strip().lower()
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create_user(email)
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user
