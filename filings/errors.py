"""What can go wrong with facts, and whose fault it is.

Every error says what failed and where, and whether trying again later can help (`transient`). Nothing here imports
Django, so that the pure readers may raise these.
"""

from __future__ import annotations


class FilingsError(Exception):
    """The root of this app's errors. `transient` tells whether the same call may succeed later."""

    transient = False


class BadDocument(FilingsError):
    """A document that cannot be read as an ownership filing.

    `stage` is where reading stopped: "identify" (what is this?), "submission" (the SEC's envelope), "xml" (not
    well-formed, or forbidden), "document" (well-formed, but not what Forms 3, 4 and 5 are). `path` is the element or
    header field that was refused, "" where the whole is meant. `reason` is one sentence.
    """

    def __init__(self, stage: str, path: str, reason: str) -> None:
        super().__init__(stage, path, reason)
        self.stage = stage
        self.path = path
        self.reason = reason

    def __str__(self) -> str:
        where = f" at {self.path}" if self.path else ""
        return f"{self.stage}{where}: {self.reason}"


class NotFound(FilingsError):
    """Nothing is known under this accession number or CIK."""
