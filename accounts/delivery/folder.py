"""Mail where no mail server is named: each message a file in var/mail, readable by the owner of the folder only.

`messages()` reads them back for /account/outbox/. Names begin with the time, so that their order is that of sending;
a file appears whole or not at all. A file that is no mail is passed over.
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend

SHOWN = 100
LARGEST = 1_000_000  # bytes of one file; our mails have a few hundred


class EmailBackend(BaseEmailBackend):
    """Writes instead of sending. One file a message, unlike Django's: a line of dashes in a text ends no message."""

    def send_messages(self, email_messages: Sequence[mail.EmailMessage]) -> int:
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for message in email_messages:
            path = folder / f"{time.time_ns()}-{secrets.token_hex(4)}.eml"
            draft = path.with_suffix(".draft")
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(message.message().as_bytes())
            draft.replace(path)
        return len(email_messages)


@dataclass(frozen=True)
class KeptMail:
    subject: str
    to: str
    sender: str
    written_at: datetime
    text: str


def messages(folder: Path, limit: int = SHOWN) -> list[KeptMail]:
    """The mails kept in the folder, newest first, at most `limit`."""
    found: list[KeptMail] = []
    for path in sorted(folder.glob("*.eml"), reverse=True) if folder.is_dir() else ():
        if len(found) == limit:
            break
        kept = _read(path)
        if kept:
            found.append(kept)
    return found


def _read(path: Path) -> KeptMail | None:
    """The mail of one file; None for what is no mail, or is gone."""
    try:
        info = path.stat()
        content = path.read_bytes() if info.st_size <= LARGEST else b""
    except OSError:
        return None
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)  # what this policy makes
    body = message.get_body(preferencelist=("plain",))
    if not message["To"] or body is None:
        return None
    return KeptMail(
        subject=str(message["Subject"] or "(no subject)").strip(),
        to=str(message["To"]),
        sender=str(message["From"] or ""),
        written_at=datetime.fromtimestamp(info.st_mtime, tz=UTC),
        text=body.get_content(),
    )
