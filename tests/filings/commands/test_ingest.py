"""`./manage.py ingest PATH...`: whatever is among the files, the good ones are published and the bad ones named."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from filings.models import Document, Filing
from filings.ownership.wellformed import MAX_BYTES
from form4site.management.commands import ingest as command
from signals.models import Tally
from signals.services import tally
from tests.conftest import ROOT
from tests.filings.services.papers import accession, file, site_environment, submission, whole_tables, xml

pytestmark = [pytest.mark.db_and_celery, pytest.mark.django_db]

PATIENCE = 120


def ingest(*paths: object, **options: object) -> tuple[int, str, str]:
    """Exit status, standard output and standard error."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("ingest", *map(str, paths), stdout=out, stderr=err, **options)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def ingest_json(*paths: object) -> tuple[int, dict[str, object]]:
    status, out, _ = ingest(*paths, json=True)
    return status, json.loads(out)


def test_files_and_folders_with_odd_names_are_read(tmp_path: Path):
    folder = tmp_path / "a folder, with 'quotes' and ünïcode"
    (folder / "deeper").mkdir(parents=True)
    file(folder, 1, xml())
    file(folder / "deeper", 2, submission(2, xml()), ".TXT")
    (folder / "a submission of another name.txt").write_bytes(submission(3, xml()))
    (folder / "notes.pdf").write_bytes(b"%PDF")
    single = file(tmp_path, 4, xml(), " with more.xml")

    status, report = ingest_json(folder, single)

    assert (status, report) == (0, {"read": 4, "published": 4, "unchanged": 0, "failed": []})
    assert Filing.objects.count() == 4


def test_the_second_time_all_is_unchanged(tmp_path: Path):
    for number in (1, 2):
        file(tmp_path, number, xml())
    ingest(tmp_path)
    before = whole_tables()

    assert ingest_json(tmp_path) == (0, {"read": 2, "published": 0, "unchanged": 2, "failed": []})
    assert whole_tables() == before


def test_after_a_large_load_the_codes_are_counted_before_anybody_asks(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(tally, "CHEAP", -2)
    for number in (1, 2):
        file(tmp_path, number, xml())
    ingest(tmp_path)
    assert not Tally.objects.exists()

    monkeypatch.setattr(command, "MANY", 1)
    file(tmp_path, 3, xml())
    ingest(tmp_path)
    assert Tally.objects.get().total == 3


def test_bad_files_among_good_ones_are_named_and_the_rest_is_done(tmp_path: Path):
    good = [file(tmp_path, number, xml()) for number in (1, 2)]
    cut = file(tmp_path, 3, submission(3, xml())[:-40], ".txt")
    html = file(tmp_path, 4, b"<html><title>Request Rate Threshold Exceeded</title></html>", ".txt")
    nameless = tmp_path / "nameless.xml"
    nameless.write_bytes(xml())
    empty = file(tmp_path, 5, b"")
    other = file(tmp_path, 6, submission(7, xml()), ".txt")
    huge = file(tmp_path, 8, b"<" + b" " * MAX_BYTES)
    missing = tmp_path / "missing.txt"
    refused = file(tmp_path, 9, xml().replace(b"<documentType>4", b"<documentType>8-K"))
    bad = [cut, html, nameless, empty, other, huge, missing, refused]

    status, report = ingest_json(*good, *bad)

    assert status == 1
    assert list(report) == ["read", "published", "unchanged", "failed"]
    assert (report["read"], report["published"], report["unchanged"]) == (10, 2, 0)
    failed = {failure["path"]: (failure["stage"], failure["reason"]) for failure in report["failed"]}
    assert all(list(failure) == ["path", "stage", "reason"] for failure in report["failed"])
    assert set(failed) == set(map(str, bad))
    assert failed[str(cut)][0] == "submission"
    assert "Request Rate Threshold Exceeded" in failed[str(html)][1]
    assert "ACCESSION.xml" in failed[str(nameless)][1]
    assert "empty" in failed[str(empty)][1]
    assert accession(7) in failed[str(other)][1]
    assert "at most" in failed[str(huge)][1]
    assert failed[str(missing)] == ("identify", "No such file or directory")
    assert failed[str(refused)] == ("document", "ownershipDocument/documentType: not a Form 3, 4 or 5: '8-K'")


def test_a_bad_file_is_reported_each_time_it_is_given(tmp_path: Path):
    file(tmp_path, 1, b"<ownershipDocument>")

    first, second = ingest_json(tmp_path), ingest_json(tmp_path)

    assert first == second
    assert first[0] == 1


def test_the_sentences_for_people(tmp_path: Path):
    file(tmp_path, 1, xml())
    bad = file(tmp_path, 2, b"")

    status, out, err = ingest(tmp_path)

    assert status == 1
    assert out == "2 filings read: 1 published, 0 unchanged, 1 failed.\n"
    assert err == f"{bad}: identify: empty\n"


def test_an_empty_folder_says_that_there_is_nothing_to_read(tmp_path: Path):
    status, out, err = ingest(tmp_path, json=True)

    assert (status, json.loads(out)) == (0, {"read": 0, "published": 0, "unchanged": 0, "failed": []})
    assert "no .txt or .xml file" in err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_named(tmp_path: Path):
    closed_file, closed_folder = file(tmp_path, 1, xml()), tmp_path / "closed"
    closed_folder.mkdir()
    file(tmp_path, 2, xml())
    closed_file.chmod(0)
    closed_folder.chmod(0)
    try:
        status, report = ingest_json(tmp_path)
    finally:
        closed_folder.chmod(0o700)

    assert (status, report["published"]) == (1, 1)
    assert {failure["path"] for failure in report["failed"]} == {str(closed_file), str(closed_folder)}


def test_an_empty_path_is_not_the_folder_one_stands_in(tmp_path: Path, monkeypatch):
    file(tmp_path, 1, xml())
    monkeypatch.chdir(tmp_path)

    with pytest.raises(CommandError, match="an empty path"):
        ingest("")
    assert not Document.objects.exists()


def test_a_pipe_among_the_files_does_not_hang(tmp_path: Path):
    pipe = tmp_path / "pipe.txt"
    os.mkfifo(pipe)
    file(tmp_path, 1, xml())

    status, report = ingest_json(tmp_path)

    assert (status, report["published"]) == (1, 1)
    assert report["failed"] == [{"path": str(pipe), "stage": "identify", "reason": "not a regular file"}]


def test_a_name_that_is_no_utf8_is_kept_as_escapes(tmp_path: Path):
    name = f"{accession(1)} caf\udce9.xml"
    try:
        (tmp_path / name).write_bytes(xml())
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")

    assert ingest_json(tmp_path)[0] == 0
    assert Document.objects.get().source.endswith(r" caf\xe9.xml")


def test_a_folder_linked_into_itself_ends(tmp_path: Path):
    file(tmp_path, 1, xml())
    (tmp_path / "again").symlink_to(tmp_path)

    assert ingest_json(tmp_path)[1]["read"] == 1


def test_the_same_file_given_twice_is_published_once(tmp_path: Path):
    path = file(tmp_path, 1, xml())

    assert ingest_json(path, tmp_path) == (0, {"read": 2, "published": 1, "unchanged": 1, "failed": []})


@pytest.mark.processes
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_as_a_program_it_prints_one_object_and_nothing_else(tmp_path: Path):
    file(tmp_path, 1, xml())
    file(tmp_path, 2, b"no filing")

    done = subprocess.run(
        [sys.executable, "manage.py", "ingest", "--json", str(tmp_path)],
        cwd=ROOT, env=site_environment(), capture_output=True, text=True, timeout=PATIENCE,
    )  # fmt: skip

    assert done.returncode == 1
    assert done.stdout, done.stderr
    report = json.loads(done.stdout)
    assert done.stdout.count("\n") == 1
    assert (report["read"], report["published"], len(report["failed"])) == (2, 1, 1)
    assert Filing.objects.count() == 1


@pytest.mark.processes
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_without_a_path_it_says_how_it_is_called():
    done = subprocess.run(
        [sys.executable, "manage.py", "ingest"],
        cwd=ROOT, env=site_environment(), capture_output=True, text=True, timeout=PATIENCE,
    )  # fmt: skip

    assert done.returncode == 2
    assert "PATH" in done.stderr
