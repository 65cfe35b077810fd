"""Workers that can be killed by the hundred: `python -m tests.chaos.deliverer DATABASE FOLDER WORKERS LEASE`.

One process loads the site once and forks the workers, as Celery does; it puts a new one in the place of each that is
killed, and all end with it. Each worker runs the service that Celery's task runs, one delivery at a time. The names of
the files in FOLDER are the numbers of the processes that live.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from datetime import timedelta
from pathlib import Path


def work(database: str, folder: Path, workers: int, lease: float) -> None:
    import django
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = database
    django.setup()
    from accounts.delivery.plan import Pace
    from accounts.services.sending import send_owed

    pace = Pace(endpoint_gap=timedelta(0), host_gap=timedelta(0), lease=timedelta(seconds=lease))
    parent = os.getpid()

    def send_for_ever() -> None:
        while os.getppid() == parent:
            send_owed(seconds=3, places=1, pace=pace, until_empty=True)
            time.sleep(0.05)

    def fork() -> None:
        if pid := os.fork():
            (folder / str(pid)).touch()
            return
        try:
            send_for_ever()
        finally:
            os._exit(0)

    for _ in range(workers):
        fork()
    while True:
        pid, _ = os.wait()
        (folder / str(pid)).unlink(missing_ok=True)
        fork()


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    work(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]))
