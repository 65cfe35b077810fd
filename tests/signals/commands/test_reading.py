"""`./manage.py reading ACCESSION...`: what filings mean, by sentences or one JSON object a line."""

from __future__ import annotations

import io
import json

import pytest
from django.core.management import call_command

from filings.services.load import load_received
from signals.selectors.readings import reading_json
from signals.services.read import read_all_owed
from tests.filings.services.papers import accession, received, sale, submission, xml

pytestmark = [pytest.mark.db_and_celery, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def read(db):
    load_received(received=[received(1, submission(1, xml(lines=[sale()])), 2)])
    read_all_owed()


def said(*accessions: str, **options: object) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("reading", *accessions, stdout=out, stderr=err, **options)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_json_is_the_stored_reading():
    status, out, err = said(accession(1), json=True)
    assert (status, err) == (0, "")
    assert json.loads(out) == reading_json(accession(1))


def test_one_that_is_not_here_is_named_and_the_others_are_told():
    status, out, err = said(accession(2), "1-2", accession(1))
    assert status == 1
    assert accession(2) in err
    assert "Not an accession number: '1-2'" in err
    assert out.startswith(f"{accession(1)}  ")
    assert reading_json(accession(1))["trades"][0]["sentence"] in out
