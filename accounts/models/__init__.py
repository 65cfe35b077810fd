"""People: who they are. Their screens, channels and keys follow."""

from accounts.models.tries import Tries
from accounts.models.user import User

__all__ = ["Tries", "User"]
