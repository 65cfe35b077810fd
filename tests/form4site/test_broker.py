"""The folder as broker: a message is there whole or not at all, however many write and read at once."""

from __future__ import annotations

import threading
from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection

from form4site import broker

MESSAGES, WRITERS = 300, 3


@pytest.fixture
def channel(tmp_path: Path):
    options = {f"data_folder_{way}": str(tmp_path) for way in ("in", "out")} | {"control_folder": str(tmp_path / "c")}
    with Connection("filesystem://", transport="form4site.broker:Transport", transport_options=options) as connection:
        yield connection.channel()


def test_while_a_message_is_written_nobody_finds_it(channel, tmp_path, monkeypatch):
    seen: list[list[str]] = []

    def look(payload: object) -> str:
        seen.append([path.name for path in tmp_path.glob("*.msg") if not path.name.startswith(".")])
        with pytest.raises(Empty):
            channel._get("celery")
        return "{}"

    monkeypatch.setattr(broker, "dumps", look)
    channel._put("celery", {})
    assert seen == [[]]
    assert channel._get("celery") == {}


def test_many_writers_and_a_reader_lose_nothing_and_read_no_part(channel):
    def write(writer: int) -> None:
        for number in range(MESSAGES):
            channel._put("celery", {"writer": writer, "number": number, "words": "x" * 2_000})

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(WRITERS)]
    for thread in threads:
        thread.start()
    found = []
    while any(thread.is_alive() for thread in threads) or len(found) < MESSAGES * WRITERS:
        try:
            found.append(channel._get("celery"))
        except Empty:
            continue
    assert len({(one["writer"], one["number"]) for one in found}) == MESSAGES * WRITERS


def test_workers_and_whoever_rings_use_it(settings):
    from form4site.celery import app

    if settings.REDIS_URL:
        pytest.skip("Redis carries the rings here")
    with app.connection_for_write() as connection:
        assert isinstance(connection.transport, broker.Transport)
