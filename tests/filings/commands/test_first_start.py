"""`./manage.py first_start`: the first filings of a new archive, loaded once and whole."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.management import call_command

from filings.models import Filing, FirstLoad
from form4site.management.commands import first_start as command
from tests.filings.services.papers import file, xml

pytestmark = [pytest.mark.db_and_celery, pytest.mark.django_db]


def first_start(source: object) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("first_start", source=str(source), stdout=out, stderr=err)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_the_source_is_loaded_on_the_first_start_only(tmp_path: Path):
    file(tmp_path, 1, xml())
    assert first_start(tmp_path)[0] == 0
    assert Filing.objects.count() == 1

    file(tmp_path, 2, xml())
    status, out, _ = first_start(tmp_path)

    assert (status, Filing.objects.count()) == (0, 1)
    assert f"./manage.py ingest {tmp_path}" in out


def test_a_first_start_that_was_cut_short_is_finished_by_the_next(tmp_path: Path, monkeypatch):
    for number in (1, 2, 3):
        file(tmp_path, number, xml())
    whole = command.load

    def cut_short(*, paths, step):
        whole(paths=paths[:1], step=step)
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "load", cut_short)
    with pytest.raises(KeyboardInterrupt):
        first_start(tmp_path)
    monkeypatch.undo()
    assert FirstLoad.objects.get().finished_at is None

    assert first_start(tmp_path)[0] == 0
    assert Filing.objects.count() == 3
    assert FirstLoad.objects.get().finished_at is not None


def test_a_source_that_is_not_there_is_said_and_tried_again(tmp_path: Path):
    missing = tmp_path / "not here"
    status, _, err = first_start(missing)

    assert status == 1
    assert f"SOURCE={missing}: there is no such file or folder. Nothing was loaded." in err

    missing.mkdir()
    file(missing, 1, xml())
    assert first_start(missing)[0] == 0
    assert Filing.objects.count() == 1


def test_a_source_without_filings_does_not_use_up_the_first_start(tmp_path: Path):
    status, _, err = first_start(tmp_path)
    assert status == 1
    assert "no .txt or .xml file" in err

    file(tmp_path, 1, xml())
    first_start(tmp_path)
    assert Filing.objects.count() == 1


def test_bad_files_are_named_and_do_not_stop_the_first_start(tmp_path: Path):
    file(tmp_path, 1, xml())
    bad = file(tmp_path, 2, b"")

    status, out, err = first_start(tmp_path)

    assert status == 0
    assert "1 filings loaded, 1 failed" in out
    assert f"{bad}: identify: empty" in err
