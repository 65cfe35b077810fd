"""People: who they are. Their screens, channels and keys follow."""

from accounts.models.user import User

__all__ = ["User"]
