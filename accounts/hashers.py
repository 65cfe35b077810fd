"""How passwords are kept: Argon2id above OWASP's minimum, and never more than two hashes at a time.

Django's own default takes 100 MiB for each hash, which a flood of log-ins on eight threads turns into a full memory.
"""

from __future__ import annotations

import threading

from django.contrib.auth.hashers import Argon2PasswordHasher

AT_ONCE = 2
_turns = threading.BoundedSemaphore(AT_ONCE)


class BoundedArgon2(Argon2PasswordHasher):
    """Argon2id with 32 MiB, three passes, one lane."""

    time_cost = 3
    memory_cost = 32 * 1024  # KiB
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        with _turns:
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with _turns:
            return super().verify(password, encoded)
