"""What the database must not be able to tell: secrets sealed to be opened again, and keys hashed never to be.

Promises: the keys come from SEALING_KEYS (or SECRET_KEY), outside the database; the first seals and hashes, every one
opens and recognises, so that one can replace another without a moment at which nothing works.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Iterator
from functools import lru_cache
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class Unsealable(Exception):
    """Sealed with a key that is not among SEALING_KEYS any more."""


def seal(words: str) -> str:
    return _box(tuple(settings.SEALING_KEYS)).encrypt(words.encode()).decode("ascii")


def unseal(sealed: str) -> str:
    try:
        return _box(tuple(settings.SEALING_KEYS)).decrypt(sealed.encode("ascii")).decode()
    except InvalidToken:
        raise Unsealable("a secret was sealed with a key that SEALING_KEYS lacks") from None


def reseal(sealed: str) -> str:
    """The same secret under the first of the keys."""
    try:
        return _box(tuple(settings.SEALING_KEYS)).rotate(sealed.encode("ascii")).decode("ascii")
    except InvalidToken:
        raise Unsealable("a secret was sealed with a key that SEALING_KEYS lacks") from None


def digests(key: str) -> Iterator[bytes]:
    """The hashes under which this API key may be kept, the present one first."""
    for secret in settings.SEALING_KEYS:
        yield hmac.new(_derived(secret, b"form4site api keys"), key.encode(), sha256).digest()


@lru_cache(maxsize=8)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derived(key, b"form4site sealed secrets"))) for key in keys])


@lru_cache(maxsize=32)
def _derived(secret: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret.encode())
