"""The folder that carries rings where there is no Redis: kombu's filesystem transport, with whole messages only.

Promises: a message appears in the folder when all of it is written. kombu opens the file first and writes afterwards; a
worker that looks in between takes an empty message, and dies of it.
"""

from __future__ import annotations

import os
import uuid
from pathlib import Path
from time import monotonic
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    def _put(self, queue: str, message: Any, **_: Any) -> None:  # type: ignore[override]  # its caller gives more
        folder = Path(self.data_folder_out)
        name = f"{round(monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        part = folder / f".{name}"  # no queue's name ends like this
        try:
            part.write_bytes(dumps(message).encode())
            os.replace(part, folder / name)  # noqa: PTH105  (the one call that is atomic, by its name)
        except OSError as fault:
            part.unlink(missing_ok=True)
            raise ChannelError(f"no message could be left in {folder}: {fault}") from fault


class Transport(filesystem.Transport):
    Channel = Channel
