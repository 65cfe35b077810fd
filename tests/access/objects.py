"""How to make what a person owns, for the authorization matrix: one entry a kind of object.

    OBJECTS["screen"] = lambda owner: Owned({"screen": str(saved.public_id)}, {"screen": str(uuid4())}, (saved.name,))

Make it through the service that people use. `missing` is an address of the same shape at which nothing stands, and
`secrets` are the words that only its owner may read: give the object some that stand nowhere else.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from fido2.utils import websafe_encode

from accounts.models import User
from tests.accounts.software_key import SoftwareKey


@dataclass(frozen=True)
class Owned:
    args: dict[str, str]
    missing: dict[str, str]
    secrets: tuple[str, ...] = ()


def _session(owner: User) -> Owned:
    store = SessionStore()
    store.create()
    ip = f"198.51.100.{secrets.randbelow(200)}"
    made = UserSession.objects.create(user=owner, session_key=store.session_key, ip=ip, user_agent="Secret/1.0")
    return Owned({"pk": str(made.pk)}, {"pk": "987654321"}, (ip, "Secret/1.0"))


def _passkey(owner: User) -> Owned:
    name = f"passkey {secrets.token_hex(8)}"
    asked = {"publicKey": {"challenge": "AAAA", "user": {"id": websafe_encode(str(owner.pk).encode())}}}
    credential = SoftwareKey().create(asked)
    made = Authenticator.objects.create(user=owner, type="webauthn", data={"name": name, "credential": credential})
    return Owned({"pk": str(made.pk)}, {"pk": "987654321"}, (name,))


def _app(owner: User) -> Owned:
    """An authenticator app, with the recovery codes that come with the first factor; one a person."""
    if not Authenticator.objects.filter(user=owner, type="totp").exists():
        TOTP.activate(owner, generate_totp_secret())
    codes = RecoveryCodes.activate(owner)
    return Owned({}, {}, tuple(codes.generate_codes()))


OBJECTS: dict[str, Callable[[User], Owned]] = {
    "session": _session,
    "passkey": _passkey,
    "app": _app,
}
