"""Readings are made once for each publication, an issuer at a time, and are equal whatever came first."""

from __future__ import annotations

import random
import threading
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone

from filings import demo as generator
from filings.models import Completeness, DataSetLoad, DataSetPart, Filing, Issuer
from filings.services.keep import Received
from filings.services.load import load, load_received
from signals import events
from signals.models import IssuerState, LineReading, Reading, Trade
from signals.readings.trades import issuer_reading
from signals.selectors.histories import facts_of
from signals.selectors.outlines import told_prices
from signals.selectors.owed import owed_issuers
from signals.services import read
from signals.services.read import read_all_owed, read_by_clock, read_issuers, read_owed, reread
from tests.filings.services.papers import accession, received, sale, submission, xml
from tests.signals.readings.archives import UNTIL
from tests.signals.services.stored import readings

pytestmark = [pytest.mark.db_and_celery, pytest.mark.django_db]

ISSUER = "0009000100"
# Stories in which one filing changes what another means.
ENTANGLED = (
    "price_corrected", "missed_line_added", "report_withdrawn", "duplicate_withdrawn", "only_the_box_is_added",
    "original_date_is_wrong", "form_5_amended", "fund_chain_reports_twice", "group_too_large_for_one_form",
    "yearly_gift_on_form_5",
)  # fmt: skip


def told(number: int, *, accepted: str = "20240503163000", **fields: object) -> Received:
    return Received(
        accession(number), submission(number, xml(**fields), accepted=accepted), "tests", Completeness.ACCEPTED
    )


def bought(shares: int, **fields: object):
    return sale(code="P", acquired_disposed="A", shares=shares, **fields)


class TestOnce:
    def test_published_again_with_the_same_words_is_read_and_changes_nothing(self, db):
        load_received(received=[told(1)])
        read_all_owed()
        Filing.objects.update(published_at=timezone.now() + timedelta(seconds=1))
        before = readings()
        assert read_owed().changed == []
        assert readings() == before
        assert owed_issuers(10, everything=True) == []


class TestAnyOrder:
    def test_one_after_the_other_in_any_order_is_the_same_as_all_together(self, db):
        papers = [
            Received(one.accession, one.content, f"demo: {one.story}", Completeness.ACCEPTED)
            for one in generator.filings(UNTIL)
            if one.story in ENTANGLED
        ]
        assert len(papers) > 2 * len(ENTANGLED)
        pictures = []
        for seed in (None, 1, 2):
            order = list(papers)
            if seed is not None:
                random.Random(seed).shuffle(order)
            with transaction.atomic():
                for start in range(0, len(order), 1 if seed else len(order)):
                    load_received(received=order[start : start + (1 if seed else len(order))])
                    read_all_owed()
                pictures.append(readings())
                transaction.set_rollback(True)
        assert pictures[0]["trade"]
        assert pictures[0] == pictures[1] == pictures[2]

    def test_a_filing_that_names_another_issuer_now_is_read_there_and_no_more_here(self, db):
        load_received(received=[received(1, xml())])
        read_all_owed()
        load_received(received=[told(1, issuer=9000777)])
        read_all_owed()
        assert list(Reading.objects.values_list("issuer_id", flat=True)) == ["0009000777"]
        assert set(Trade.objects.values_list("issuer_id", flat=True)) == {"0009000777"}


class TestChange:
    def test_an_amendment_changes_the_reading_of_its_original_and_raises_its_revision(self, db):
        load_received(received=[told(1)])
        read_all_owed()
        first = Reading.objects.get(filing=accession(1))
        load_received(
            received=[
                told(
                    2,
                    accepted="20240510163000",
                    form="4/A",
                    date_of_original_submission=date(2024, 5, 3),
                    lines=[sale(price=11)],
                )
            ]
        )
        outcome = read_owed()
        assert outcome.changed == [accession(1), accession(2)]
        second = Reading.objects.get(filing=accession(1))
        assert (first.revision, second.revision) == (1, 2)
        assert second.superseded == [["I", "transaction", 1, accession(2)]]
        line = LineReading.objects.get(filing=accession(1))
        assert line.superseded_by == accession(2)
        old, new = Trade.objects.order_by("filing")
        assert (old.counted, old.reasons, old.standing) == (False, ("superseded",), False)
        assert (new.counted, new.value) == (True, 1100)

    def test_what_changed_is_announced_after_commit_and_what_did_not_is_not(
        self, db, django_capture_on_commit_callbacks
    ):
        heard: list[list[str]] = []

        def listen(accessions, **_):
            heard.append(accessions)

        events.readings_published.connect(listen)
        try:
            load_received(received=[told(1)])
            for _ in range(2):
                with django_capture_on_commit_callbacks(execute=True):
                    read_issuers(issuers=[ISSUER])
        finally:
            events.readings_published.disconnect(listen)
        assert heard == [[accession(1)]]


class TestTrouble:
    def test_an_issuer_that_cannot_be_read_is_put_off_with_the_reason_and_delays_nobody(self, db, monkeypatch):
        load_received(received=[told(1), told(2, issuer=9000777)])

        def stumble(history):
            if history.forms[0].issuer_cik == ISSUER:
                raise ValueError("a mistake of ours")
            return issuer_reading(history)

        monkeypatch.setattr(read, "issuer_reading", stumble)
        outcome = read_all_owed()
        assert outcome.failed == {ISSUER: "ValueError: a mistake of ours"}
        assert list(Reading.objects.values_list("issuer_id", flat=True)) == ["0009000777"]
        state = IssuerState.objects.get(issuer=ISSUER)
        assert (state.attempts, state.reason) == (1, "ValueError: a mistake of ours")
        assert state.due_at > timezone.now()
        assert owed_issuers(10) == []

        monkeypatch.undo()
        IssuerState.objects.filter(issuer=ISSUER).update(due_at=timezone.now() - timedelta(seconds=1))
        assert read_owed().changed == [accession(1)]
        state.refresh_from_db()
        assert (state.attempts, state.reason, state.due_at) == (0, None, None)

    def test_where_a_detector_fails_the_readings_are_there_and_the_signals_are_tried_again(self, db, monkeypatch):
        load_received(received=[told(1)])
        monkeypatch.setattr(read, "detect", lambda *_, **__: [][0])
        outcome = read_all_owed()
        assert (outcome.changed, outcome.failed) == ([accession(1)], {ISSUER: "IndexError: list index out of range"})
        assert read_by_clock().read == []
        monkeypatch.undo()
        IssuerState.objects.update(due_at=timezone.now() - timedelta(seconds=1))
        assert read_by_clock().read == [ISSUER]
        assert IssuerState.objects.get().reason is None

    def test_a_failed_reading_keeps_what_was_read_before(self, db, monkeypatch):
        load_received(received=[told(1)])
        read_all_owed()
        before = readings()
        monkeypatch.setattr(read, "issuer_reading", lambda history: [][0])
        assert reread(issuers=[ISSUER]).failed
        assert readings() == before


class TestDelay:
    """Nobody's news wait for those of an issuer that takes seconds to read."""

    LARGE = "0009000555"

    @pytest.fixture
    def large(self, monkeypatch) -> str:
        """One that must be read whole, with more filings than are read whole at once."""
        monkeypatch.setattr(read, "FEWEST", 2)
        load_received(received=[told(number, issuer=int(self.LARGE)) for number in range(1, 4)])
        return self.LARGE

    def test_large_issuers_are_read_whole_after_all_others_and_what_came_meanwhile(self, db, large, monkeypatch):
        larger = [told(number, issuer=9000666) for number in range(4, 8)]
        load_received(received=[*larger, *(told(number, issuer=9000700 + number) for number in range(8, 11))])
        order: list[list[str]] = []
        read_whole = read._read_whole

        def read_one(issuers, *rest):
            order.append(list(issuers))
            if issuers == [large]:
                load_received(received=[told(11)])
            return read_whole(issuers, *rest)

        monkeypatch.setattr(read, "_read_whole", read_one)
        outcome = read_owed()
        small = [["0009000708"], ["0009000709"], ["0009000710"]]
        assert sorted(order[:3]) == small
        assert order[3:] == [[large], [ISSUER], ["0009000666"]]
        assert sorted(outcome.read) == sorted(one for some in order for one in some)
        assert (outcome.whole, owed_issuers(10)) == ([], [])

    def test_a_stream_of_news_keeps_no_large_one_off_for_good(self, db, large, monkeypatch):
        monkeypatch.setattr(read, "PATIENCE", 3)
        read_whole, order = read._read_whole, []

        def read_one(issuers, *rest):
            order.append(*issuers)
            if len(order) < 12:
                load_received(received=[told(20 + len(order), issuer=9000800 + len(order))])
            return read_whole(issuers, *rest)

        monkeypatch.setattr(read, "_read_whole", read_one)
        load_received(received=[told(20, issuer=9000800)])
        read_owed()
        assert large in order[:5]
        assert owed_issuers(10) == []

    def test_and_many_large_ones_do_not_wait_until_each_was_found_to_be_one(self, db, large, monkeypatch):
        monkeypatch.setattr(read, "NEWS", 2)
        for issuer in range(9000800, 9000806):
            load_received(received=[told(30 + issuer % 100 * 3 + number, issuer=issuer) for number in range(3)])
        read_one, turns = read._read, []

        def turn(issuers, how, now):
            turns.append(how.news)
            return read_one(issuers, how, now)

        monkeypatch.setattr(read, "_read", turn)
        assert len(read_owed().read) == 7
        assert turns[:3] == [True, True, False], "two are known to be large, and one is read"

    @pytest.mark.django_db(transaction=True)
    def test_another_runner_reads_the_others_while_one_reads_a_large_issuer(self, large, monkeypatch):
        begun, go_on = threading.Event(), threading.Event()
        read_whole = read._read_whole

        def slowly(issuers, *rest):
            done = read_whole(issuers, *rest)
            if large in issuers:
                begun.set()
                assert go_on.wait(30)
            return done

        passed: list[object] = []
        monkeypatch.setattr(read, "_read_whole", slowly)
        monkeypatch.setattr(read.horizon, "move", passed.append)
        first: list[str] = []

        def run() -> None:
            try:
                first.extend(read_owed().read)
            finally:
                connection.close()

        thread = threading.Thread(target=run)
        thread.start()
        try:
            assert begun.wait(30)
            load_received(received=[told(8), told(9, issuer=int(large))])
            outcome = read_owed()
            assert (outcome.read, outcome.elsewhere) == ([ISSUER], [large])
            assert passed == [], "something is owed"
        finally:
            go_on.set()
            thread.join()
        assert first == [large, large], "who reads an issuer looks again for what came meanwhile"
        assert (len(passed), owed_issuers(10)) == (1, [])


class TestLoading:
    def test_while_a_data_set_comes_in_the_sweep_reads_news_only_and_the_loader_reads_all(self, db):
        load_received(received=[told(1), received(2, xml(issuer=9000777))])
        load = DataSetLoad.objects.create(fingerprint="x", source="x", filings=1, parts=2, began_at=timezone.now())
        DataSetPart.objects.create(load=load, part=0, filings=1, loaded_at=timezone.now())
        assert read_owed().read == [ISSUER]
        assert read_all_owed().read == ["0009000777"]

    def test_once_no_part_comes_any_more_the_sweep_reads_it_too(self, db):
        load_received(received=[received(2, xml(issuer=9000777))])
        load = DataSetLoad.objects.create(fingerprint="x", source="x", filings=1, parts=2, began_at=timezone.now())
        DataSetPart.objects.create(load=load, part=0, filings=1, loaded_at=timezone.now() - timedelta(minutes=3))
        assert read_owed().read == ["0009000777"]


class TestClock:
    def test_an_issuer_is_brought_up_to_the_day_once_and_only_while_time_may_change_something(self, db):
        load_received(received=[told(1)])
        with time_machine.travel(datetime(2024, 5, 4, 12, tzinfo=UTC), tick=False):
            read_all_owed()
            assert read_by_clock().read == []
        with time_machine.travel(datetime(2024, 5, 5, 3, 59, tzinfo=UTC), tick=False):  # still the 4th in New York
            assert read_by_clock().read == []
        with time_machine.travel(datetime(2024, 5, 5, 4, 1, tzinfo=UTC), tick=False):
            assert read_by_clock().read == [ISSUER]
            assert read_by_clock().read == []
        with time_machine.travel(datetime(2026, 5, 5, 12, tzinfo=UTC), tick=False):
            assert read_by_clock().read == [ISSUER]
        with time_machine.travel(datetime(2026, 5, 6, 12, tzinfo=UTC), tick=False):
            assert read_by_clock().read == []

    def test_newer_detectors_look_at_every_issuer_again(self, db):
        load_received(received=[told(1)])
        read_all_owed()
        IssuerState.objects.update(detector_version=0, clock_until=None)
        assert read_by_clock().read == [ISSUER]
        assert read_by_clock().read == []


class TestEdges:
    def test_a_filing_without_a_filing_date_stands_at_the_day_of_its_signature(self, db):
        load_received(received=[received(1, xml())])
        read_all_owed()
        reading = Reading.objects.get()
        assert reading.known_at == datetime(2024, 5, 2, 2, tzinfo=UTC)  # 22:00 Eastern on 1 May 2024
        assert reading.known_exactly is False

    def test_all_real_filings_get_a_reading_without_an_exception(self, real_filings: Path):
        load(paths=sorted(real_filings.glob("*.txt")))
        outcome = read_all_owed()
        assert outcome.failed == {}
        assert len(outcome.changed) == Reading.objects.count() == 465
        for issuer, history in facts_of(outcome.read).histories.items():
            stored = Counter(one.quote for one in told_prices(issuer) if one.stands)
            assert stored == Counter(issuer_reading(history).quotes), "prices as news are held against them"


@pytest.mark.django_db(transaction=True)
def test_two_runners_at_once_read_an_issuer_once():
    load_received(received=[told(number) for number in range(1, 6)])
    changed: list[str] = []
    start = threading.Barrier(2)

    def run() -> None:
        start.wait()
        try:
            changed.extend(read_owed().changed)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(changed) == [accession(number) for number in range(1, 6)]
    assert Issuer.objects.count() == 1
