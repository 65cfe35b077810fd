"""A new filing of an issuer with some 2,000 trades, from facts to stored readings and signals, beside the whole issuer.

By what this process and its connection's server compute; what else runs on the machine does not count.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path
from typing import Any
from unittest.mock import patch

from django.db import connection

from filings.models import Issuer
from filings.services.load import files_below, load
from form4site.kit.collecting import no_collecting
from signals.models import Trade
from signals.services import read
from tests.archive import make
from tests.archive.held_back import NOBODY, bring_back, hold_back
from tests.bench.ingest import empty, scratch_database
from tests.bench.rebuilding import seconds_of

FILINGS = 1_700
NEWS = 60


def figures() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder, scratch_database():
        make.one_issuer(filings=FILINGS, out=Path(folder))
        empty()
        report = load(paths=files_below([folder]))
        if report.failed or report.published != FILINGS:
            raise SystemExit(f"the load did not go as it should, so its time says nothing: {report}")
        issuer = Issuer.objects.exclude(cik=NOBODY).get().cik
        held = hold_back(issuer, NEWS)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            backend = int(cursor.fetchone()[0])
            cursor.execute("ANALYZE")
        read.read_issuers(issuers=[issuer])
        whole = min(_seconds(backend, issuer)[0] for _ in range(3))
        news: list[float] = []
        fell_back = 0
        for _ in bring_back(issuer, held):
            took, was_whole = _seconds(backend, issuer, only_owed=True)
            news.append(took)
            fell_back += was_whole
        trades = Trade.objects.filter(issuer=issuer).count()
    return {
        "news_trades": trades,
        "news_ms": statistics.median(news) * 1_000,
        "news_whole_ms": whole * 1_000,
        "news_times_whole": whole / statistics.median(news),
        "news_read_whole": fell_back / len(news),
    }


def _seconds(backend: int, issuer: str, **how: bool) -> tuple[float, bool]:
    """Of one reading, and whether it was of the whole issuer."""
    theirs = seconds_of(backend) or 0.0
    with no_collecting(), patch.object(read, "facts_of", wraps=read.facts_of) as all_facts:
        began = time.process_time()
        outcome = read.read_issuers(issuers=[issuer], **how)
        ours = time.process_time() - began
    if outcome.failed:
        raise SystemExit(f"the reading did not go as it should, so its time says nothing: {outcome.failed}")
    return ours + (seconds_of(backend) or 0.0) - theirs, all_facts.called
