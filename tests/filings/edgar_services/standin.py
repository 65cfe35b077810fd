"""The stand-in for sec.gov over real filings, run as a process of its own; tests over it skip where it is absent."""

from __future__ import annotations

import csv
import json
import socket
import subprocess
import sys
import urllib.request
from datetime import date

import pytest

from tests.conftest import REAL_FILINGS

FOLDER = REAL_FILINGS.parent
FIRST_DAY, LAST_DAY = date(2010, 1, 1), date(2026, 12, 31)


class StandIn:
    def __init__(self, process: subprocess.Popen[str], url: str) -> None:
        self.process = process
        self.url = url
        with (FOLDER / "filings.csv").open(newline="") as file:
            rows = sorted(csv.DictReader(file), key=lambda row: (row["filed_on"], row["accession"]))
        self.accessions = [row["accession"] for row in rows]
        self.filed_on = {row["accession"]: date.fromisoformat(row["filed_on"]) for row in rows}

    def filed_between(self, since: date, until: date) -> set[str]:
        return {accession for accession, day in self.filed_on.items() if since <= day <= until}

    def publish(self, count: int) -> int:
        """Publishes the next filings, oldest first; how many are published now."""
        return self._control(f"/__publish?n={count}")["published"]

    def fault(self, name: str, share: float) -> None:
        self._control(f"/__fault?name={name}&p={share}")

    def stats(self) -> dict:
        return self._control("/__stats", "GET")

    def stop(self) -> None:
        self.process.kill()
        self.process.wait(30)
        if self.process.stdout:
            self.process.stdout.close()

    def _control(self, path: str, method: str = "POST") -> dict:
        with urllib.request.urlopen(urllib.request.Request(self.url + path, method=method), timeout=10) as answer:
            return json.load(answer)


def standing_in(**options: object) -> StandIn:
    """Starts it on a free port; `fault` may be a dict of names and shares."""
    if not (FOLDER / "replay.py").is_file():
        pytest.skip("the stand-in for sec.gov (shared/edgar beside the checkout) is not here")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    faults = options.pop("fault", {})
    command = [sys.executable, str(FOLDER / "replay.py"), "--port", str(port)]
    command += [f"--{name}={value}" for name, value in options.items()]
    command += [f"--fault={name}:{share}" for name, share in faults.items()]  # type: ignore[attr-defined]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    assert "published" in process.stdout.readline()
    return StandIn(process, f"http://127.0.0.1:{port}")
