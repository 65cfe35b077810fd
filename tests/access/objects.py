"""How to make what a person owns, for the authorization matrix: one entry a kind of object.

    OBJECTS["screen"] = lambda owner: Owned({"screen": str(saved.public_id)}, {"screen": str(uuid4())}, (saved.name,))

Make it through the service that people use. `missing` is an address of the same shape at which nothing stands, and
`secrets` are the words that only its owner may read: give the object some that stand nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from accounts.models import User


@dataclass(frozen=True)
class Owned:
    args: dict[str, str]
    missing: dict[str, str]
    secrets: tuple[str, ...] = ()


OBJECTS: dict[str, Callable[[User], Owned]] = {}
