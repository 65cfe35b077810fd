"""Three places where django-allauth does not hold what it promises, mended from outside.

Its limits read, decide and write under a lock in the cache: under many tries at once some that should pass are
refused, and a cache that is full or restarted forgets them all. And it remembers a used code for 30 seconds, although
one that is a step old is taken for up to 90. `tests/accounts/test_limits.py` fails when a new version of allauth no
longer comes by here. And a passkey's answer of the wrong shape, which a stranger may send, would be an error of ours.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import Any

from allauth.core.exceptions import RateLimited
from allauth.core.internal import ratelimit
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings as mfa
from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import TOTP
from django.http import HttpRequest

from accounts.services import limits


@dataclass(frozen=True, slots=True)
class Usage:
    """What allauth holds of a try, to take it back when the password was right."""

    taken: limits.Taken | None

    def rollback(self) -> None:
        if self.taken:
            limits.give_back(taken=self.taken)


def _consume(
    request: HttpRequest,
    *,
    app: str,
    action: str,
    rate: ratelimit.Rate,
    key: str | None = None,
    user: Any = None,
    dry_run: bool = False,
    raise_exception: bool = False,
) -> Usage | None:
    name = ratelimit.get_cache_key(request, app=app, action=action, rate=rate, key=key, user=user)
    within = timedelta(seconds=rate.duration)
    if dry_run:
        usage = Usage(None) if limits.left(name=name, amount=rate.amount, within=within) else None
    else:
        taken = limits.take(name=name, amount=rate.amount, within=within)
        usage = Usage(taken) if taken else None
    if usage is None and raise_exception:
        raise RateLimited
    return usage


def _clear(
    request: HttpRequest,
    *,
    app: str,
    action: str,
    config: dict[str, str] | None = None,
    key: str | None = None,
    user: Any = None,
) -> None:
    for rate in ratelimit.get_rates(app=app, action=action, config=config):
        limits.forgive(name=ratelimit.get_cache_key(request, app=app, action=action, rate=rate, key=key, user=user))


def _mark_used(totp: TOTP, code: str) -> bool:
    """Whether this is the first use of a code, for as long as it could be taken."""
    steps = 2 * mfa.TOTP_TOLERANCE + 1
    name = f"totp:{totp.instance.user_id}:{normalize_user_code(code)}"
    return limits.take(name=name, amount=1, within=timedelta(seconds=steps * mfa.TOTP_PERIOD)) is not None


# What fido2's readers of CBOR, base64 and dictionaries raise on bytes that make no sense.
_NONSENSE = (TypeError, ValueError, KeyError, AttributeError, IndexError, struct.error, RecursionError)


def _refusing_nonsense(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    @wraps(read)
    def reading(response: Any) -> Any:
        try:
            return read(response)
        except _NONSENSE:
            raise get_adapter().validation_error("incorrect_code") from None

    return reading


def mend() -> None:
    ratelimit._consume_single_rate = _consume
    ratelimit.clear = _clear
    TOTP._mark_code_used = _mark_used


def mend_passkeys() -> None:
    """Apart, as it loads all of FIDO2: only whoever serves pages is sent a passkey's answer (`accounts.urls`)."""
    from allauth.mfa.webauthn.internal import auth as passkeys

    for name in ("parse_registration_response", "parse_authentication_response", "extract_user_from_response"):
        setattr(passkeys, name, _refusing_nonsense(getattr(passkeys, name)))
