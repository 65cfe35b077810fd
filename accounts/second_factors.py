"""What beside the password opens an account: an app's codes, passkeys, recovery codes.

Promises: the day a first factor is added, every other session of the person ends, so that from then on nobody is in who
did not show it. What an app and the recovery codes are made from is sealed in the database. A passkey belongs to the
host of BASE_URL, whatever Host a request named.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings

from accounts import sealing
from accounts.models.user import SECOND_FACTORS
from accounts.sessions import end_others


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = {
        "add_email_blocked": "Remove the second factors before you add an address.",
        "cannot_delete_authenticator": "This cannot be removed.",
        "cannot_generate_recovery_codes": "Recovery codes come with an app or a passkey. Set one up first.",
        "incorrect_code": "This is not the code. Look again: an app shows a new one every half minute.",
        "unverified_email": "Confirm your e-mail address first.",
    }

    def encrypt(self, text: str) -> str:
        return sealing.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return sealing.unseal(encrypted_text)

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:
        there = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return "My passkey" if not there else f"Passkey {there + 1}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": urlsplit(settings.BASE_URL).hostname or "localhost", "name": "form4site"}


def factor_added(*, request: Any, user: Any, authenticator: Authenticator, **_: Any) -> None:
    """Rung by allauth when something was added to an account."""
    if authenticator.type not in SECOND_FACTORS:
        return
    others = Authenticator.objects.filter(user_id=user.pk, type__in=SECOND_FACTORS).exclude(pk=authenticator.pk)
    if not others.exists():
        end_others(user=user, kept=request.session.session_key)
