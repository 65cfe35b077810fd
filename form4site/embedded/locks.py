"""Advisory file locks (`flock`) that end with their process.

A lock belongs to an open file: it ends when the last process that inherited that file by `fork` has closed it or
died. No program started from here inherits one, because the files close on exec.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable
from pathlib import Path


def open_lock(path: Path) -> int:
    """A descriptor for `path`, made when missing; not yet locked."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def try_lock(descriptor: int, *, shared: bool = False) -> bool:
    """Take the lock if nobody stands against it; False, without waiting, if somebody does."""
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def wait_lock(
    descriptor: int, *, shared: bool = False, seconds: float | None = None, notice: Callable[[], None] = lambda: None
) -> bool:
    """Take the lock, calling `notice` every few seconds of waiting; False when `seconds` have passed without it."""
    began = told = time.monotonic()
    while not try_lock(descriptor, shared=shared):
        now = time.monotonic()
        if seconds is not None and now - began > seconds:
            return False
        if now - told > 4:
            told = now
            notice()
        time.sleep(0.02)
    return True


def unlock(descriptor: int) -> None:
    """Let go of the lock and keep the file open."""
    fcntl.flock(descriptor, fcntl.LOCK_UN)


def is_locked(path: Path) -> bool:
    """Whether some process holds the exclusive lock on `path`; False when there is no such file."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        return not try_lock(descriptor, shared=True)
    finally:
        os.close(descriptor)
