"""Mail where no mail server is named: each message a file in var/mail, read by nobody but the owner of the folder.

`messages()` reads them back for /account/outbox/. A file that is no mail is passed over.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail.backends import filebased

SHOWN = 100
LARGEST = 1_000_000  # bytes of one file; our mails have a few hundred
_BETWEEN = b"\n" + b"-" * 79 + b"\n"  # what Django's backend writes after each message


class EmailBackend(filebased.EmailBackend):
    """Django's backend for a folder, in a folder that others on this machine cannot read."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        Path(kwargs.get("file_path") or settings.EMAIL_FILE_PATH).mkdir(parents=True, exist_ok=True, mode=0o700)
        super().__init__(*args, **kwargs)

    def open(self) -> bool:
        if self.stream is None:
            name = os.open(self._get_filename(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            self.stream = os.fdopen(name, "ab")
            return True
        return False


@dataclass(frozen=True)
class KeptMail:
    subject: str
    to: str
    sender: str
    written_at: datetime
    text: str


def messages(folder: Path, limit: int = SHOWN) -> list[KeptMail]:
    """The mails kept in the folder, newest first, at most `limit`."""
    dated = []
    for path in folder.glob("*.log") if folder.is_dir() else ():
        try:
            found = path.stat()
        except OSError:  # removed while we looked
            continue
        if found.st_size <= LARGEST:
            dated.append((found.st_mtime_ns, path.name, path))
    mails: list[KeptMail] = []
    for written_ns, _, path in sorted(dated, reverse=True):
        if len(mails) >= limit:
            break
        written_at = datetime.fromtimestamp(written_ns / 1e9, tz=UTC)
        mails.extend(reversed(list(_mails_of(path, written_at))))
    return mails[:limit]


def _mails_of(path: Path, written_at: datetime) -> Iterator[KeptMail]:
    try:
        content = path.read_bytes()
    except OSError:
        return
    for part in content.split(_BETWEEN):
        if not part.strip():
            continue
        message = message_from_bytes(part, policy=policy.default)
        assert isinstance(message, EmailMessage)
        body = message.get_body(preferencelist=("plain",))
        yield KeptMail(
            subject=str(message["Subject"] or "(no subject)"),
            to=str(message["To"] or ""),
            sender=str(message["From"] or ""),
            written_at=written_at,
            text=body.get_content() if body else "",
        )
