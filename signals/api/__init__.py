"""The readings for programs: the peer's endpoints, which its own clients use unchanged, and ours beyond them.

The peer's contract fixes names, types and order of what is under its names; ours have names that it does not use.
Everything is read by the same selectors as the pages are.
"""
