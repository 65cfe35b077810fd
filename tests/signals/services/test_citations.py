"""Citations are what the stored signals say of the stored trades, after whatever changed either."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from functools import partial

import pytest

from filings import demo as generator
from filings.models import Completeness
from filings.services.keep import Received
from filings.services.load import load_received
from signals.detectors.thresholds import Thresholds
from signals.models import Citation, IssuerState, Signal
from signals.selectors.detected import detect
from signals.selectors.owed import issuers_with_filings
from signals.services import citations, read
from signals.services.read import read_all_owed, read_by_clock, reread
from tests.filings.services.papers import accession, submission, xml
from tests.signals.readings.archives import UNTIL
from tests.signals.services.stored import as_signals_cite, cited, whole_tables
from tests.signals.services.test_read import ENTANGLED, ISSUER, bought

pytestmark = [pytest.mark.db_and_celery, pytest.mark.django_db]

# Stories of signals of several kinds, of several trades and insiders, and of such as later filings end.
CITED = (
    "tight_cluster_in_a_dip", "cluster_of_sellers", "averaging_down", "monthly_buying_ends", "habitually_late",
    "chief_executive_buys_a_million", "exercise_and_partial_sale", "seller_turns_buyer", "corrected_within_the_week",
)  # fmt: skip


def late(**fields: object) -> Received:
    """A purchase that was filed a month after it was due, which is a signal."""
    words = submission(1, xml(lines=[bought(100)], **fields), filed=date(2024, 6, 3), accepted="20240603163000")
    return Received(accession(1), words, "tests", Completeness.ACCEPTED)


def papers() -> list[Received]:
    return [
        Received(one.accession, one.content, f"demo: {one.story}", Completeness.ACCEPTED)
        for one in generator.filings(UNTIL)
        if one.story in ENTANGLED + CITED
    ]


def with_other_thresholds(monkeypatch: pytest.MonkeyPatch, chance: random.Random) -> None:
    own = {"large_purchase.value": chance.choice((1, 10**9)), "cluster_buy.insiders": chance.choice((2, 3, 9))}
    monkeypatch.setattr(read, "detect", partial(detect, thresholds=Thresholds(own)))
    IssuerState.objects.update(detector_version=0)
    read_by_clock()


def with_broken_detectors(monkeypatch: pytest.MonkeyPatch, chance: random.Random) -> None:
    monkeypatch.setattr(read, "detect", lambda *_, **__: [][0])
    reread(issuers=chance.sample(issuers_with_filings(), 2))
    monkeypatch.undo()


def read_anew(monkeypatch: pytest.MonkeyPatch, chance: random.Random) -> None:
    reread(issuers=chance.sample(issuers_with_filings(), 2))


UPHEAVALS: tuple[Callable[[pytest.MonkeyPatch, random.Random], None], ...] = (
    with_other_thresholds,
    with_broken_detectors,
    read_anew,
)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_they_are_what_signals_say_in_whatever_order_filings_come_and_whatever_comes_between(db, seed, monkeypatch):
    chance = random.Random(seed)
    waiting = papers()
    chance.shuffle(waiting)
    kinds: set[str] = set()
    while waiting:
        size = chance.randint(1, 12)
        load_received(received=waiting[:size])
        del waiting[:size]
        read_all_owed()
        assert cited() == as_signals_cite()
        if IssuerState.objects.count() > 2:
            chance.choice(UPHEAVALS)(monkeypatch, chance)
            assert cited() == as_signals_cite()
        kinds |= {kind for kind, *_ in cited()}
    assert len(kinds) > 8


def test_a_trade_of_two_signals_of_one_kind_is_cited_once_and_of_two_kinds_twice(db):
    load_received(received=[late()])
    read_all_owed()
    kinds = [kind for kind, *_ in cited()]
    one = Signal.objects.get(kind="late_filing")
    for key, kind in (("again", "late_filing"), ("other", "hedging")):
        one.pk, one.key, one.kind = None, key, kind
        one.save(force_insert=True)
    citations.renew([ISSUER])
    assert [kind for kind, *_ in cited()] == sorted([*kinds, "hedging"])


def test_a_filing_that_names_another_issuer_now_takes_its_citations_along(db):
    load_received(received=[late()])
    read_all_owed()
    assert cited()
    load_received(received=[late(issuer=9000777)])
    read_all_owed()
    assert cited() == as_signals_cite() != []
    assert set(Citation.objects.values_list("trade__issuer", flat=True)) == {"0009000777"}


def test_what_is_the_same_is_not_written_again(db):
    load_received(received=[late()])
    read_all_owed()
    before = whole_tables()["signals_citation"]
    citations.renew([ISSUER])
    assert whole_tables()["signals_citation"] == before != []
