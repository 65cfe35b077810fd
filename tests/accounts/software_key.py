"""A passkey in software: answers what a browser's device would, so that journeys need no browser."""

from __future__ import annotations

import secrets
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

FLAG = AuthenticatorData.FLAG


class SoftwareKey:
    def __init__(self, rp: str = "localhost", origin: str = "http://localhost:8000", *, verifies: bool = True) -> None:
        self.rp, self.origin, self.verifies = rp, origin, verifies
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(16)
        self.user: bytes | None = None
        self.count = 0

    def create(self, options: dict[str, Any]) -> dict[str, Any]:
        key = options["publicKey"]
        self.user = websafe_decode(key["user"]["id"])
        public = ES256.from_cryptography_key(self.private.public_key())
        attested = AttestedCredentialData.create(b"\0" * 16, self.id, public)
        data = AuthenticatorData.create(self._rp_hash(), self._flags() | FLAG.AT, 0, attested)
        made = AttestationObject.create("none", data, {})
        client = self._client("webauthn.create", key["challenge"])
        return self._answer({"clientDataJSON": websafe_encode(client), "attestationObject": websafe_encode(made)})

    def get(self, options: dict[str, Any]) -> dict[str, Any]:
        client = self._client("webauthn.get", options["publicKey"]["challenge"])
        self.count += 1
        data = AuthenticatorData.create(self._rp_hash(), self._flags(), self.count)
        signature = self.private.sign(bytes(data) + sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer(
            {
                "clientDataJSON": websafe_encode(client),
                "authenticatorData": websafe_encode(data),
                "signature": websafe_encode(signature),
                "userHandle": websafe_encode(self.user or b""),
            }
        )

    def _answer(self, response: dict[str, Any]) -> dict[str, Any]:
        own = websafe_encode(self.id)
        return {"type": "public-key", "id": own, "rawId": own, "clientExtensionResults": {}, "response": response}

    def _flags(self) -> Any:
        return FLAG.UP | FLAG.UV if self.verifies else FLAG.UP

    def _rp_hash(self) -> bytes:
        return sha256(self.rp.encode()).digest()

    def _client(self, kind: str, challenge: str) -> bytes:
        return bytes(CollectedClientData.create(kind, challenge, self.origin))
