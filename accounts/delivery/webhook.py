"""Telling a program: a signed POST of the bytes that were kept when the event happened.

Promises: the same id and the same bytes at every try; two signatures that a receiver can check with other people's
libraries: `X-Insider-Signature` (hex HMAC-SHA256 of the body, the key being the secret as shown) and Standard Webhooks
(`webhook-id`, `webhook-timestamp`, `webhook-signature`, which also binds the id and the time). While a secret is being
changed both secrets sign; in the header that has room for one signature the new one does, and the old one stands in
`X-Insider-Signature-Previous`.
"""

from __future__ import annotations

import base64
import hmac
import re
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from standardwebhooks import Webhook

from accounts.delivery import gate
from accounts.delivery.outcome import Fault, Kind, Outcome
from accounts.delivery.plan import retry_after
from accounts.models import Channel, Delivery
from accounts.sealing import unseal

SECRET_PREFIX = "whsec_"
_HEADER_NAME = re.compile(r"[A-Za-z0-9-]{1,64}")
_HEADER_VALUE = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]{0,998}[\x21-\x7e])?")
# What a receiver's own header may not replace: what frames the message, what we sign, and what a proxy would believe.
_KEPT_HEADERS = re.compile(
    r"(?i)host|connection|content-.*|transfer-encoding|te|trailer|upgrade|keep-alive|expect|user-agent|accept.*|cookie"
    r"|proxy-.*|x-forwarded-.*|forwarded|x-real-ip|via|x-insider-.*|x-event-type|x-delivery-id|webhook-.*"
)


@dataclass(frozen=True, slots=True)
class Parcel:
    """Everything that one try sends."""

    url: str
    body: bytes
    headers: dict[str, str]


def new_secret() -> str:
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(32)).decode("ascii")


def header_trouble(name: str, value: str) -> str | None:
    """Why a receiver cannot have this header; None where it can."""
    if not _HEADER_NAME.fullmatch(name):
        return "A header's name has 1 to 64 letters, digits and dashes."
    if _KEPT_HEADERS.fullmatch(name):
        return "This header is the site's own."
    if not _HEADER_VALUE.fullmatch(value):
        return "A header's value has 1 to 1,000 plain characters on one line."
    return None


def parcel(channel: Channel, delivery: Delivery, now: datetime) -> Parcel:
    """Reads the channel's secrets; asks the database nothing."""
    body = bytes(delivery.payload)
    signing = [unseal(channel.secret or "")]
    if channel.previous_secret and channel.previous_until and channel.previous_until > now:
        signing.append(unseal(channel.previous_secret))
    headers = {
        "Content-Type": "application/json",
        "X-Event-Type": delivery.event,
        "X-Delivery-Id": str(delivery.pk),
        "X-Insider-Signature": peer_signature(signing[0], body),
        **standard_headers(signing, message_id(delivery), now, body),
    }
    if len(signing) > 1:
        headers["X-Insider-Signature-Previous"] = peer_signature(signing[1], body)
    if channel.auth_header_name and channel.auth_header_value:
        headers[channel.auth_header_name] = unseal(channel.auth_header_value)
    return Parcel(channel.address or "", body, headers)


def message_id(delivery: Delivery) -> str:
    return f"msg_{delivery.uid.hex}"


def peer_signature(secret: str, body: bytes) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, sha256).hexdigest()


def standard_headers(signing: list[str], identity: str, now: datetime, body: bytes) -> dict[str, str]:
    moment = now.astimezone(UTC)
    return {
        "webhook-id": identity,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(Webhook(secret).sign(identity, moment, body.decode()) for secret in signing),
    }


async def send(sent: Parcel, *, gone: tuple[int, ...] = (410,)) -> Outcome:
    """One try. `gone` are the answers by which this kind of receiver says that it wants nothing more."""
    began = time.monotonic()
    try:
        reply = await gate.post(sent.url, sent.body, sent.headers)
    except gate.Refused as refused:
        fault = Fault.DNS if refused.code == "UNRESOLVABLE_HOST" else Fault.URL_REJECTED
        return Outcome(Kind.AGAIN, _since(began), fault=fault, words=str(refused))
    except gate.Failed as failed:
        return Outcome(Kind.AGAIN, _since(began), fault=failed.fault, words=str(failed))
    words = reply.excerpt.decode("utf-8", "replace").replace("\0", "\N{REPLACEMENT CHARACTER}")
    if 200 <= reply.status < 300:
        return Outcome(Kind.DELIVERED, _since(began), status=reply.status, words=words)
    return Outcome(
        Kind.GONE if reply.status in gone else Kind.AGAIN,
        _since(began),
        status=reply.status,
        fault=_FAULTS.get(reply.status // 100, Fault.HTTP_OTHER),
        words=words,
        retry_after=retry_after(reply.retry_after, datetime.now(UTC)),
    )


_FAULTS = {4: Fault.HTTP_4XX, 5: Fault.HTTP_5XX}


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)
