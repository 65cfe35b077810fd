"""What only the SEC's tables tell is owed a fetch: few at a time, after all else, and each once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command

from filings.models import Filing, IngestStage, Stage
from filings.services import complete
from filings.services.load import files_below, load, load_received
from tests.archive.tables import tables_of
from tests.filings.services.papers import accession, paper, received, xml

pytestmark = [pytest.mark.db_and_celery, pytest.mark.django_db]


@pytest.fixture
def tables(tmp_path: Path) -> None:
    """Filings 1 to 3 of a set without footnotes, 4 of a whole one; of 3 there is a submission that says nothing."""
    some = tables_of((accession(number), date(2024, 5, number), paper()) for number in (1, 2, 3)).write(tmp_path / "a")
    (some / "FOOTNOTES.tsv").unlink()
    whole = tables_of([(accession(4), date(2024, 5, 4), paper())]).write(tmp_path / "b")
    load(paths=files_below([str(some), str(whole)]))
    load_received(received=[received(3, b"<html>")])


def owed() -> list[str]:
    return list(IngestStage.objects.filter(stage=Stage.SEEN).order_by("accession").values_list("accession", flat=True))


def test_the_clock_owes_what_is_incomplete_once_history_owes_nothing(tables, settings):
    assert complete.complete_by_clock() == 0, "nobody may ask the SEC"
    settings.EDGAR_USER_AGENT = "Invented Research admin@invented.example"

    assert complete.complete_by_clock() == 2
    assert owed() == [accession(1), accession(2)]
    assert set(IngestStage.objects.filter(stage=Stage.SEEN).values_list("lane", "form", "cik")) == {
        ("historic", "4", Filing.objects.values_list("issuer", flat=True)[0])
    }
    assert complete.complete_by_clock() == 0, "that first"
    assert Filing.objects.count() == 4, "facts stay while they are owed"


def test_a_person_may_ask_for_the_newest_of_whole_sets_too(tables, capsys):
    call_command("complete", "--most", "2")

    assert owed() == [accession(2), accession(4)]
    assert capsys.readouterr().out == "2 filings are owed a fetch.\n"
    assert complete.owe_whole_filings(most=9, until=date(2024, 5, 1)) == 1
    load_received(received=[received(4, xml())])
    assert accession(4) not in owed()
