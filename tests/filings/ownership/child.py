"""Reads one hostile document in a process of its own, under limits that the kernel keeps.

Promises: the reading may use `MEMORY` bytes of address space more than the loaded reader has, and `SECONDS` of
processor time; past either the process dies and the test fails. Nothing is timed.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[3]
MEMORY = 512 * 1024 * 1024
SECONDS = 20

PROGRAM = """
import resource, sys
from pathlib import Path
from filings.errors import BadDocument
from filings.ownership.parse import parse
from filings.ownership.submission import read_submission

content = sys.stdin.buffer.read()
pages = int(Path("/proc/self/statm").read_text().split()[0])
limit = pages * resource.getpagesize() + int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
resource.setrlimit(resource.RLIMIT_CPU, (int(sys.argv[2]), int(sys.argv[2])))
try:
    document = parse(read_submission(content, "9999999980-25-999999.txt").xml)
except BadDocument as error:
    print("refused", error.stage, error.reason[:200].replace(chr(10), " "))
else:
    print("read", len(document.lines), len(document.footnotes), len(document.issues), document.issues[:1])
"""


def read_in_child(content: bytes, *, memory: int = MEMORY, seconds: int = SECONDS) -> str:
    """ "refused STAGE REASON" or "read LINES FOOTNOTES ISSUES ..."; anything else fails here."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(memory), str(seconds)],
        input=content,
        capture_output=True,
        cwd=REPOSITORY,
        check=False,
    )
    assert done.returncode == 0, (done.returncode, done.stderr.decode()[-2000:])
    return done.stdout.decode()
