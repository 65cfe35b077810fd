"""What is kept until the archive changes: no older than it may be, and no more than so many."""

from __future__ import annotations

import pytest

from signals.selectors import kept


class Archive:
    """A version, a clock, and how often something was worked out."""

    def __init__(self) -> None:
        self.version: str | None = "1"
        self.now = 0.0
        self.made: list[object] = []


@pytest.fixture
def archive(monkeypatch, settings):
    one = Archive()
    settings.PAGE_CACHE_BYTES = 1
    monkeypatch.setattr(kept, "_version", lambda: one.version)
    monkeypatch.setattr(kept.time, "monotonic", lambda: one.now)
    return one


@pytest.fixture
def ask(archive):
    @kept.each_until_the_archive_changes(3, longer=lambda value: value == "long")
    def made(word):
        archive.made.append(word)
        return word

    return made


def test_each_answer_is_worked_out_once(archive, ask):
    assert [ask("a"), ask("b"), ask("a"), ask("b")] == ["a", "b", "a", "b"]
    assert archive.made == ["a", "b"]


def test_another_version_has_it_worked_out_anew(archive, ask):
    ask("a")
    archive.version = "2"
    ask("a")
    assert archive.made == ["a", "a"]


def test_what_bears_it_outlasts_versions_for_half_a_minute_and_no_longer(archive, ask):
    ask("long")
    archive.version, archive.now = "2", kept.LONGER_SECONDS - 1
    ask("long")
    assert archive.made == ["long"]
    archive.now = kept.LONGER_SECONDS
    ask("long")
    assert archive.made == ["long", "long"]


def test_that_there_was_no_answer_is_not_kept_until_the_archive_changes(archive):
    """What took too long to count on a busy evening is not too much to count until Monday."""

    @kept.each_until_the_archive_changes(3, longer=lambda value: value is None)
    def nothing():
        archive.made.append(1)

    for archive.now in (0, kept.LONGER_SECONDS - 1, kept.LONGER_SECONDS):
        nothing()
    assert archive.made == [1, 1]


def test_so_many_are_kept_and_what_is_asked_for_stays(archive, ask):
    for word in ("a", "b", "c", "a", "d", "a", "b"):
        ask(word)
    assert archive.made == ["a", "b", "c", "d", "b"]


def test_nothing_is_kept_where_the_version_cannot_be_told_or_nothing_is_to_be(archive, ask, settings):
    for archive.version, settings.PAGE_CACHE_BYTES in ((None, 1), ("1", 0)):
        for _ in range(2):
            ask("a")
    assert archive.made == ["a"] * 4


def test_what_could_not_be_worked_out_is_tried_again(archive):
    @kept.each_until_the_archive_changes(3, longer=bool)
    def failing():
        archive.made.append(1)
        raise LookupError

    for _ in range(2):
        with pytest.raises(LookupError):
            failing()
    assert archive.made == [1, 1]


@pytest.fixture
def look(archive):
    @kept.for_a_second
    def seen():
        archive.made.append(archive.version)
        return archive.version

    return seen


def test_what_changes_without_the_archive_is_a_second_old_at_most(archive, look):
    assert look() == "1"
    archive.version, archive.now = "2", kept.VERSION_SECONDS - 0.1
    assert look() == "1"
    archive.now = kept.VERSION_SECONDS
    assert look() == "2"
    assert archive.made == ["1", "2"]


def test_nothing_is_kept_for_a_second_where_nothing_is_to_be_kept(archive, look, settings):
    look()
    settings.PAGE_CACHE_BYTES = 0
    archive.version = "2"
    assert look() == "2"
