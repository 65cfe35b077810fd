"""A new filing is read without its whole issuer, and what is stored is what reading the whole issuer would store."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from filings.models import Filing, Issuer
from filings.services.load import files_below, load
from signals.models import IssuerState, Signal
from signals.services import read, read_news
from signals.services.read import read_issuers
from tests.archive import make
from tests.archive.held_back import NOBODY, bring_back, hold_back
from tests.signals.services.stored import as_signals_cite, cited

pytestmark = [pytest.mark.db_and_celery, pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(autouse=True)
def few_are_enough(monkeypatch):
    monkeypatch.setattr(read_news, "FEWEST", 10)


@pytest.fixture
def whole(monkeypatch) -> list[str]:
    """The issuers that were read whole."""
    seen: list[str] = []
    all_facts = read.facts_of

    def facts_of(issuers):
        seen.extend(issuers)
        return all_facts(issuers)

    monkeypatch.setattr(read, "facts_of", facts_of)
    return seen


@pytest.fixture
def issuer(tmp_path: Path) -> str:
    """One with the trades of some years."""
    make.one_issuer(filings=150, out=tmp_path, seed=3)
    assert not load(paths=files_below([str(tmp_path)])).failed
    return Issuer.objects.exclude(cik=NOBODY).get().cik


def assert_as_if_read_whole(issuer: str) -> None:
    again = read_issuers(issuers=[issuer])
    assert (again.changed, again.signals) == ([], [])
    assert cited() == as_signals_cite()


def test_one_by_one_and_in_any_order_they_come_to_what_reading_all_comes_to(issuer, whole):
    held = hold_back(issuer, 40)
    late = random.Random(1).sample(held, 8)
    read_issuers(issuers=[issuer])
    by_themselves = 0
    for accession in bring_back(issuer, [one for one in held if one not in late] + late):
        whole.clear()
        outcome = read_issuers(issuers=[issuer], only_owed=True)
        assert accession in outcome.changed
        by_themselves += not whole
        assert_as_if_read_whole(issuer)
    assert by_themselves > 20
    assert Signal.objects.filter(issuer=issuer).exists()


def test_what_cannot_be_read_by_itself_is_read_whole(issuer, whole):
    held = hold_back(issuer, 12)
    reported = Filing.objects.filter(accession__in=held, form="4").values_list("accession", flat=True)
    first, second, third, *_ = sorted(reported)
    read_issuers(issuers=[issuer])

    def read_the_news(accession: str) -> bool:
        """Whether by itself."""
        whole.clear()
        next(bring_back(issuer, [accession]))
        assert accession in read_issuers(issuers=[issuer], only_owed=True).changed
        return not whole

    assert read_the_news(first)
    Issuer.objects.filter(cik=issuer).update(ticker="OTHER")  # which stands in every signal
    assert not read_the_news(second)
    IssuerState.objects.update(read_on="2020-01-01")  # time alone may have changed others' signals
    assert not read_the_news(third)
    Filing.objects.filter(accession=third).update(published_at=Filing.objects.get(pk=second).published_at)
    whole.clear()
    read_issuers(issuers=[issuer], only_owed=True)  # what was read before is published anew
    assert whole
