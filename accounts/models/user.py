"""The user of the site: a person known by an e-mail address."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class UserAccounts(BaseUserManager["User"]):
    """Makes users. Addresses are stored in lower case: people do not tell their spellings apart."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    email = models.EmailField(unique=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    joined_at = models.DateTimeField(default=timezone.now)
    # When a day is over for this person, and at which hour of it a digest comes. EDGAR's own day is the default.
    time_zone = models.CharField(max_length=64, default="America/New_York")
    digest_hour = models.PositiveSmallIntegerField(default=7)

    objects = UserAccounts()

    USERNAME_FIELD = "email"

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_once_in_any_case"),
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_lower_case"),
            models.CheckConstraint(condition=models.Q(digest_hour__lte=23), name="user_digest_hour_of_a_day"),
            models.CheckConstraint(condition=~models.Q(time_zone=""), name="user_time_zone_named"),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def has_second_factor(self) -> bool:
        """Whether more than a password is needed to log in; recovery codes alone are no factor."""
        return Authenticator.objects.filter(user_id=self.pk, type__in=SECOND_FACTORS).exists()
