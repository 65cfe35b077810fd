"""The bulk load writes what the usual way writes, survives being killed, and leaves live filings room."""

from __future__ import annotations

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import connection

from filings import demo, events
from filings.models import Completeness, DataSetLoad, DataSetPart, Filing, IngestStage, PartyToIndex, SearchName, Stage
from filings.ownership import quarter
from filings.ownership.dataset import kept
from filings.ownership.document import OwnershipDocument
from filings.ownership.parse import parse
from filings.ownership.submission import read_submission
from filings.services import bulk
from filings.services.keep import Received
from filings.services.load import files_below, load, load_received, publish_rows
from tests.archive.tables import tables_of
from tests.filings.services.papers import accession, facts, paper, received, submission, xml

pytestmark = [pytest.mark.db_and_celery, pytest.mark.django_db]

FILED = date(2024, 5, 3)
TheFiling = tuple[str, date | None, OwnershipDocument]


def an_archive() -> list[TheFiling]:
    """Names, symbols and owners that change over time and are taken up again, with and without filing dates."""
    draw = random.Random(11)
    names = ["Invented Anvils Inc", "Invented Anvils Holdings Inc", "Anvils (Archive)"]
    filings: list[TheFiling] = []
    for number in range(1, 120):
        filed = date(2024, draw.randint(1, 12), draw.randint(1, 28)) if draw.random() < 0.9 else None
        owners = {draw.randint(9000200, 9000212): draw.choice(["DOE JANE", "DOE J", "ROE"]) for _ in range(2)}
        filings.append(
            (
                accession(number),
                filed,
                paper(
                    issuer=draw.randint(9000100, 9000104),
                    issuer_name=draw.choice(names),
                    ticker=draw.choice(["ANVL", "anvl.ob", "NONE", None, "ANV, ANVB"]),
                    owners=owners.items(),
                    period=date(2023, 1, 1) if draw.random() < 0.9 else None,
                ),
            )
        )
    return filings


def the_demo() -> Iterator[TheFiling]:
    for filing in demo.filings(demo.EARLIEST):
        read = read_submission(filing.content)
        yield filing.accession, read.filed_on, parse(read.xml)


def everything() -> dict[str, list[object]]:
    names = SearchName.objects.values_list(
        "kind", "cik", "former_name", "title", "detail", "lexemes", "rank", "is_leading"
    )
    stages = IngestStage.objects.values_list("accession", "stage", "attempts", "due_at", "form", "listed_on")
    rest = {"search": sorted(map(repr, names)), "stages": sorted(map(repr, stages))}
    return facts() | rest


def empty() -> None:
    tables = [name for name in connection.introspection.table_names() if name.startswith("filings_")]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")


def load_all(*paths: Path):
    return load(paths=files_below(map(str, paths)))


def by_the_usual_way(folder: Path, parts: Path) -> None:
    parts.mkdir()
    with quarter.opened(folder) as data_set:
        for part in data_set.split(parts):
            publish_rows(
                [
                    Received(filing.accession, kept(filing.rows), str(folder), Completeness.DATA_SET)
                    for filing in quarter.filings_of(part)
                ]
            )


@pytest.mark.parametrize("archive", [an_archive, the_demo])
def test_bulk_and_usual_way_write_the_same_rows(tmp_path: Path, monkeypatch, archive):
    monkeypatch.setattr(quarter, "FILINGS_EACH", 40)
    filings = list(archive())
    folder = tables_of(filings).write(tmp_path / "2024q2")
    report = load_all(folder)
    assert (report.read, report.published, report.failed) == (len(filings), len(filings), [])
    assert DataSetPart.objects.count() > 2
    by_bulk = everything()
    empty()

    by_the_usual_way(folder, tmp_path / "parts")

    assert by_bulk == everything()
    assert Filing.objects.count() == len(filings)


def test_what_the_feed_has_named_is_published_and_no_more_owed(tmp_path: Path):
    folder = tables_of([(accession(number), FILED, paper()) for number in (1, 2)]).write(tmp_path / "2024q2")
    seen = IngestStage.objects.create(
        accession=accession(1), stage=Stage.SEEN, form="4", cik="9000100", lane="historic", listed_on=FILED,
        due_at="2024-05-04T00:00:00Z", seen_at="2024-05-03T00:00:00Z", changed_at="2024-05-03T00:00:00Z",
    )  # fmt: skip
    withdrawn = IngestStage.objects.create(
        accession=accession(2), stage=Stage.WITHDRAWN, seen_at=seen.seen_at, changed_at=seen.changed_at,
    )  # fmt: skip

    report = load_all(folder)

    assert report.published == 2
    seen.refresh_from_db()
    withdrawn.refresh_from_db()
    assert (seen.stage, seen.due_at, seen.lane, seen.listed_on) == (Stage.PUBLISHED, None, "historic", FILED)
    assert withdrawn.stage == Stage.WITHDRAWN
    assert Filing.objects.count() == 2


def test_known_bad_and_refused_filings_go_the_usual_way_and_stop_nothing(tmp_path: Path):
    load_received(received=[received(1, xml(remarks="of the XML"))])
    tables = tables_of(
        [
            (accession(1), FILED, paper(remarks="of the tables")),
            (accession(2), FILED, paper(form="4")),
            # An index entry of the database holds no name of this length.
            (accession(3), FILED, paper(issuer=9000103, issuer_name="".join(map(chr, range(300, 9000))))),
            (accession(4), FILED, paper()),
        ]
    )
    tables.rows["SUBMISSION"] = [
        row.replace("\t4\t", "\t8-K\t") if row.startswith(accession(2)) else row for row in tables.rows["SUBMISSION"]
    ]
    folder = tables.write(tmp_path / "2024q2")

    report = load_all(folder)

    assert (report.read, report.published) == (4, 2)
    assert [failure.path.rpartition("#")[2] for failure in report.failed] == [accession(2), accession(3)]
    assert [failure.stage for failure in report.failed] == ["document", "publish"]
    filing = Filing.objects.get(accession=accession(1))
    assert (filing.remarks, filing.filed_on) == ("of the XML", FILED)
    assert Filing.objects.filter(accession=accession(4)).exists()
    assert not DataSetPart.objects.exists()
    assert DataSetLoad.objects.get().finished_at is None
    assert load_all(folder).failed == report.failed, "what failed is told again"


def test_each_filing_is_announced_after_its_part(tmp_path: Path, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(quarter, "FILINGS_EACH", 10)
    heard: list[list[str]] = []

    def listen(sender: object, accessions: list[str], **_: object) -> None:
        heard.append(accessions)

    events.filing_published.connect(listen)
    with django_capture_on_commit_callbacks(execute=True):
        load_all(tables_of([(accession(number), FILED, paper()) for number in range(1, 31)]).write(tmp_path / "a"))
    events.filing_published.disconnect(listen)

    assert sorted(number for numbers in heard for number in numbers) == [accession(number) for number in range(1, 31)]
    assert len(heard) == 3


def test_a_load_that_was_cut_short_goes_on_where_it_stopped(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(quarter, "FILINGS_EACH", 10)
    folder = tables_of([(accession(number), FILED, paper()) for number in range(1, 31)]).write(tmp_path / "2024q2")
    loaded: list[int] = []
    whole = bulk.load_part

    def dying(load_key: int, number: int, *rest: object):
        if len(loaded) == 2:
            raise KeyboardInterrupt
        loaded.append(number)
        return whole(load_key, number, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(bulk, "load_part", dying)
    with pytest.raises(KeyboardInterrupt):
        load_all(folder)
    assert Filing.objects.count() == 20
    assert DataSetLoad.objects.get().finished_at is None
    loaded.clear()

    report = load_all(folder)

    assert loaded == [2]
    assert (report.read, report.published, report.unchanged) == (30, 10, 20)
    assert DataSetLoad.objects.get().finished_at is not None
    loaded.clear()
    assert load_all(folder).unchanged == 30
    assert loaded == []


def test_the_same_tables_zipped_are_known_and_changed_ones_are_not(tmp_path: Path):
    tables = tables_of([(accession(number), FILED, paper()) for number in (1, 2)])
    load_all(tables.write(tmp_path / "2024q2"))

    assert load_all(tables.write_zip(tmp_path / "2024q2.zip")).unchanged == 2
    assert DataSetLoad.objects.count() == 1
    changed = tables_of([(accession(1), FILED, paper(remarks="anew")), (accession(2), FILED, paper())])
    report = load_all(changed.write(tmp_path / "corrected"))
    assert (report.published, report.unchanged) == (1, 1)
    assert Filing.objects.get(accession=accession(1)).remarks == "anew"


def test_search_names_that_a_killed_load_owes_are_made_by_the_next_sweep(tmp_path: Path, monkeypatch):
    from filings.services import load as loading
    from filings.tasks import index_owed

    def killed(**_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(loading, "index_owed", killed)
    with pytest.raises(KeyboardInterrupt):
        load_all(tables_of([(accession(1), FILED, paper())]).write(tmp_path / "2024q2"))
    assert PartyToIndex.objects.count() == 2
    assert not SearchName.objects.exists()

    index_owed()
    before = everything()
    index_owed()

    assert everything() == before
    assert SearchName.objects.count() == 2
    assert not PartyToIndex.objects.exists()


def test_a_submission_after_the_bulk_load_completes_it(tmp_path: Path):
    load_all(tables_of([(accession(1), FILED, paper())]).write(tmp_path / "2024q2"))
    path = tmp_path / f"{accession(1)}.txt"
    path.write_bytes(submission(1, xml(), accepted="20240503171500"))

    assert load_all(path).published == 1
    assert Filing.objects.get().accepted_at is not None


def test_no_more_parts_are_made_than_are_loaded_at_once(monkeypatch):
    """So that neither memory nor the disk holds more of a data set than a few parts, however large it is."""
    made = reported = 0

    def jobs() -> Iterator[bulk._Job]:
        nonlocal made
        for number in range(60):
            made += 1
            assert made - reported <= 2 * 2 + 1
            yield bulk._Job(SimpleNamespace(many=True, path=Path(), load=SimpleNamespace(pk=1)), number, None)  # type: ignore[arg-type]

    monkeypatch.setattr(bulk, "workers", ThreadPoolExecutor)
    monkeypatch.setattr(bulk, "load_part", lambda *arguments: bulk.PartReport(read=1))
    for _, outcome in bulk._run(jobs(), publish_rows, 2):
        reported += outcome.read
    assert reported == 60
