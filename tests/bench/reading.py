"""One document into an `OwnershipDocument`, beside edgartools' reader and beside lxml alone, on the same bytes."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from lxml import etree

from filings.ownership.parse import parse
from filings.ownership.submission import read_submission

ROUNDS = 5


def figures(paths: list[Path]) -> dict[str, Any]:
    """Microseconds a document, and the ratios. Only documents that every reader takes are measured."""
    readers: dict[str, Callable[[bytes], object]] = {"parse": parse, "lxml": etree.fromstring}
    edgartools = edgartools_reader()
    if edgartools:
        readers["edgartools"] = edgartools
    documents = [xml for xml in (read_submission(path.read_bytes()).xml for path in paths) if taken(xml, readers)]
    # Each document's best of several rounds, in turns: what else the machine does slows single readings, not the best.
    fastest = {name: [float("inf")] * len(documents) for name in readers}
    for _ in range(ROUNDS):
        for name, reader in readers.items():
            fastest[name] = list(map(min, fastest[name], seconds(reader, documents)))
    best = {name: sum(times) / len(documents) for name, times in fastest.items()}
    theirs = best.get("edgartools")
    return {
        "documents_measured": len(documents),
        "parse_microseconds": best["parse"] * 1e6,
        "lxml_microseconds": best["lxml"] * 1e6,
        "edgartools_microseconds": theirs and theirs * 1e6,
        "times_edgartools": theirs and theirs / best["parse"],
        "of_lxml": best["lxml"] / best["parse"],
    }


def edgartools_reader() -> Callable[[bytes], object] | None:
    """Their `Ownership.parse_xml`, with its look-up of each owner at the SEC answered at once. None: not installed."""
    try:
        from edgar.ownership import Ownership, owners
    except ImportError:
        return None
    person = SimpleNamespace(data=SimpleNamespace(is_company=False))
    owners.Entity = lambda cik: person
    return lambda xml: Ownership.parse_xml(xml.decode())


def taken(xml: bytes, readers: dict[str, Callable[[bytes], object]]) -> bool:
    for reader in readers.values():
        try:
            reader(xml)
        except Exception:
            return False
    return True


def seconds(reader: Callable[[bytes], object], documents: list[bytes]) -> list[float]:
    """What each document takes."""
    times = []
    for xml in documents:
        began = time.perf_counter()
        reader(xml)
        times.append(time.perf_counter() - began)
    return times
