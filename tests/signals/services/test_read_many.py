"""A long history is read by several processes, and the result is that of one."""

from __future__ import annotations

from itertools import count

import pytest

from filings.services.load import load_received
from signals.models import Reading
from signals.selectors.owed import issuers_by_portion, owed_issuers
from signals.services import read
from signals.services.read import read_all_owed, reread
from tests.filings.services.papers import accession, received, sale, xml
from tests.signals.services.stored import readings

pytestmark = [pytest.mark.db_and_celery, pytest.mark.slow]

ISSUERS = range(9000100, 9000106)


def some_filings() -> None:
    numbers = count(1)
    papers = []
    for place, issuer in enumerate(ISSUERS):
        for filing in range(place + 1):
            lines = [sale(shares=100 + filing)]
            papers.append(received(next(numbers), xml(issuer=issuer, issuer_name=f"Invented {issuer}", lines=lines)))
    assert not load_received(received=papers).failed


@pytest.mark.django_db
def test_issuers_with_most_filings_go_first_and_none_is_left_out():
    some_filings()
    portions = issuers_by_portion([f"{cik:010}" for cik in ISSUERS], 7)
    assert [len(portion) for portion in portions] == [1, 1, 2, 2]
    assert portions[0] == ["0009000105"]
    assert sorted(cik for portion in portions for cik in portion) == [f"{cik:010}" for cik in ISSUERS]


@pytest.mark.django_db(transaction=True)
def test_two_processes_give_what_one_gives(monkeypatch):
    monkeypatch.setattr(read, "PORTION", 1)
    some_filings()
    outcome = read_all_owed(jobs=2)
    assert (len(outcome.changed), outcome.failed) == (21, {})
    assert owed_issuers(None, everything=True) == []
    before = readings()

    assert len(reread(issuers=[f"{cik:010}" for cik in ISSUERS], jobs=2).changed) == 21
    assert readings() == before
    assert len(reread(issuers=[f"{cik:010}" for cik in ISSUERS], jobs=1).changed) == 21
    assert readings() == before
    assert Reading.objects.get(filing=accession(1)).revision == 1


@pytest.mark.django_db
def test_inside_a_transaction_no_process_is_started():
    from form4site.kit.side_by_side import side_by_side

    with pytest.raises(RuntimeError, match="would not see"):
        list(side_by_side("signals.services.read:read_portion", [["0009000100"]], 2))
