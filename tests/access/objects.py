"""How to make what a person owns, for the authorization matrix: one entry a kind of object.

    OBJECTS["screen"] = lambda owner: Owned({"screen": str(saved.public_id)}, {"screen": str(uuid4())}, (saved.name,))

Make it through the service that people use. `missing` is an address of the same shape at which nothing stands, and
`secrets` are the words that only its owner may read: give the object some that stand nowhere else.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID, uuid4

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.core import signing
from django.utils import timezone
from fido2.utils import websafe_encode

from accounts.delivery.email import UNSUBSCRIBE_SALT
from accounts.models import Channel, Delivery, SavedScreen, User
from accounts.services import channels, keys, outbox, screens
from signals.criteria import from_query
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


def _webhook(owner: User) -> Channel:
    # An address, so that no name is looked up; nothing answers there.
    opened = channels.open_webhook(
        user=owner, url="https://93.184.215.14/olives-hook", event_types=["ScreenMatched"], name="Olive's own hook"
    )
    return opened.channel


def _told(channel: Channel) -> Delivery:
    return outbox.owe(
        channel=channel,
        event="ScreenMatched",
        subject_key=uuid4().hex,
        payload={"Words": "for olive alone"},
        title="What Olive was told",
        text="for olive alone",
        link="/alerts/",
    )


def _named(uid: UUID, *secrets: str) -> Owned:
    return Owned({"uid": str(uid)}, {"uid": str(uuid4())}, secrets)


def _unsubscribe_link(owner: User) -> Owned:
    made, _ = Channel.objects.get_or_create(
        user=owner, kind="email", address=owner.email, defaults={"name": "Mail", "verified_at": timezone.now()}
    )
    token = signing.Signer(salt=UNSUBSCRIBE_SALT).sign(made.uid.hex)
    return Owned({"token": token}, {"token": token[:-1] + ("A" if token[-1] != "A" else "B")})


def _screen(owner: User) -> SavedScreen:
    return screens.save(owner=owner, name="Olive's own screen", criteria=from_query("side=bought&min_value=4711"))


def _shared_screen(owner: User) -> Owned:
    token = _screen(owner).shared_as
    return Owned({"token": token}, {"token": token[:-1] + ("A" if token[-1] != "A" else "B")})


OBJECTS: dict[str, Callable[[User], Owned]] = {
    "session": _session,
    "passkey": _passkey,
    "app": _app,
    "channel": lambda owner: _named(_webhook(owner).uid, "Olive's own hook", "olives-hook"),
    "delivery": lambda owner: _named(_told(_webhook(owner)).uid, "What Olive was told", "for olive alone"),
    "inbox item": lambda owner: _named(_told(channels.inbox_of(owner)).uid, "What Olive was told"),
    "screen": lambda owner: _named(_screen(owner).uid, "Olive's own screen", "4,711"),
    "shared screen": _shared_screen,
    "unsubscribe link": _unsubscribe_link,
    "key": lambda owner: _named(keys.make(user=owner, name="Olive's own program").key.uid, "Olive's own program"),
}
