"""Looks for owed readings begin where nothing was owed, and yet miss nothing that comes late, waits or comes anew."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from filings.models import DataSetLoad, DataSetPart, Filing
from filings.services.load import load_received
from form4site.kit import transactions
from signals.models import IssuerState, Reading, ReadingHorizon
from signals.readings.trades import issuer_reading
from signals.readings.whole import READER_VERSION
from signals.selectors import owed
from signals.selectors.owed import owed_issuers
from signals.services import horizon, read, reading_rows
from signals.services.read import read_all_owed, read_owed, reread
from tests.filings.services.papers import accession, received, sale, xml
from tests.late import committed_late
from tests.pages.many import make_many
from tests.signals.services.test_read import ISSUER, told

pytestmark = [pytest.mark.db_and_celery, pytest.mark.django_db(transaction=True)]

OTHER = 9000777


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        yield clock


@pytest.fixture(autouse=True)
def other_databases_are_elsewhere(monkeypatch):
    """Tests that run beside these have databases on the same server, whose open transactions count there too."""
    open_here = (
        "coalesce((SELECT min(backend_xid::text::bigint) FROM pg_stat_activity WHERE datname = current_database()),"
        f" {transactions.NEXT})"
    )
    assert transactions.OLDEST_OPEN in horizon._ASKED
    monkeypatch.setattr(horizon, "_ASKED", horizon._ASKED.replace(transactions.OLDEST_OPEN, open_here))


def settle(clock: Any, look: Any = read_owed) -> None:
    """Looks thrice, minutes apart: a moment is asked about, found to be over, and what was before it left alone."""
    for _ in range(3):
        clock.shift(timedelta(minutes=2))
        look()


def passed(filing: int) -> bool:
    """Whether looks begin after the publication of this filing."""
    moment = Filing.objects.get(accession=accession(filing)).published_at
    return ReadingHorizon.objects.filter(published_before__gt=moment).exists()


class TestPassing:
    @pytest.mark.parametrize("look", [read_owed, read_all_owed])
    def test_what_was_found_read_is_looked_at_by_the_thorough_look_only(self, clock, look):
        load_received(received=[told(1)])
        settle(clock, look)
        assert passed(1)
        reading_rows.delete([accession(1)])  # a mistake
        assert owed_issuers(10) == []
        assert owed_issuers(10, everything=True) == [ISSUER]
        assert read_owed(everything=True).changed == [accession(1)]

    def test_what_is_not_read_yet_is_not_passed(self, clock):
        load_received(received=[told(1)])
        settle(clock, lambda: read_owed(seconds=0))
        assert owed_issuers(10) == [ISSUER]
        assert not ReadingHorizon.objects.exists()

    def test_the_last_minute_is_looked_at_even_where_the_clock_was_put_back(self, clock):
        load_received(received=[told(1)])
        settle(clock)
        clock.shift(-timedelta(hours=1))
        load_received(received=[told(2)])
        assert read_owed().changed == [accession(2)]

    def test_a_clock_that_was_put_back_hides_nothing_from_looks_that_come_later(self, clock):
        load_received(received=[told(1)])
        settle(clock)
        clock.shift(-timedelta(hours=1))
        load_received(received=[told(2)])
        clock.shift(timedelta(minutes=10))
        assert read_owed().changed == [accession(2)]
        settle(clock)
        assert passed(2)
        assert not ReadingHorizon.objects.filter(published_before__gt=timezone.now()).exists()

    def test_inside_a_transaction_its_row_is_not_held(self, clock):
        settle(clock)
        with transaction.atomic(), CaptureQueriesContext(connection) as asked:
            settle(clock)
        assert not [query for query in asked if "readinghorizon" in query["sql"] and "SELECT" not in query["sql"]]

    def test_in_a_database_restored_from_a_copy_it_moves_on(self, clock):
        load_received(received=[told(1)])
        read_owed()
        ReadingHorizon.objects.update(asked_in=2**60)
        settle(clock)
        assert passed(1)


class TestFound:
    def test_a_filing_that_commits_late(self, clock):
        other = {"issuer": OTHER, "issuer_name": "Other Anvils Inc", "ticker": "OTHR"}
        with committed_late(lambda: load_received(received=[told(1)])):
            clock.shift(timedelta(minutes=2))
            load_received(received=[told(2, owners=((9000201, "ROE RICHARD"),), **other)])
            settle(clock)
            assert list(Reading.objects.values_list("filing_id", flat=True)) == [accession(2)]
        assert not passed(1)
        assert read_owed().changed == [accession(1)]
        settle(clock)
        assert passed(1)

    def test_a_filing_that_is_published_anew(self, clock):
        load_received(received=[received(1, xml())])
        settle(clock)
        load_received(received=[told(1, lines=[sale(price=11)])])
        assert read_owed().changed == [accession(1)]

    def test_an_issuer_that_was_put_off_and_passed_over(self, clock, monkeypatch):
        load_received(received=[told(1), told(2, issuer=OTHER)])

        def stumble(history):
            if history.forms[0].issuer_cik == ISSUER:
                raise ValueError("a mistake of ours")
            return issuer_reading(history)

        monkeypatch.setattr(read, "issuer_reading", stumble)
        read_owed()
        IssuerState.objects.filter(issuer=ISSUER).update(due_at=timezone.now() + timedelta(hours=1))
        settle(clock)
        assert passed(1)
        monkeypatch.undo()
        assert owed_issuers(10) == []
        clock.shift(timedelta(hours=1))
        assert read_owed().changed == [accession(1)]

    def test_a_filing_that_comes_while_an_issuer_that_was_put_off_is_reread(self, clock, monkeypatch):
        load_received(received=[told(1)])
        IssuerState.objects.create(
            issuer_id=ISSUER, attempts=9, reason="a mistake of ours", due_at=timezone.now() + timedelta(hours=6)
        )

        was_passed: list[bool] = []

        def meanwhile() -> None:
            try:
                load_received(received=[told(2)])
                settle(clock)
                was_passed.append(passed(2))
            finally:
                connection.close()

        facts_of = read.facts_of

        def facts_of_before(issuers: Any) -> Any:
            monkeypatch.setattr(read, "facts_of", facts_of)
            found = facts_of(issuers)
            thread = threading.Thread(target=meanwhile)
            thread.start()
            thread.join()
            return found

        monkeypatch.setattr(read, "facts_of", facts_of_before)
        assert sorted(reread(issuers=[ISSUER]).changed) == [accession(1), accession(2)]
        assert was_passed == [True]
        assert owed_issuers(10, everything=True) == []

    def test_everything_of_two_days_where_the_reader_is_another(self, clock, monkeypatch):
        load_received(received=[told(1)])
        settle(clock)
        monkeypatch.setattr(owed, "READER_VERSION", READER_VERSION + 1)
        assert owed_issuers(10) == [ISSUER]


class TestLoading:
    def test_history_is_not_passed_while_it_comes_in_and_read_afterwards(self, clock):
        load_received(received=[told(1), received(2, xml(issuer=OTHER))])
        load = DataSetLoad.objects.create(fingerprint="x", source="x", filings=1, parts=9, began_at=timezone.now())

        def during_the_load() -> list[str]:
            DataSetPart.objects.create(load=load, part=load.loaded.count(), filings=1, loaded_at=timezone.now())
            return read_owed().read

        assert during_the_load() == [ISSUER]
        settle(clock, during_the_load)
        assert not passed(2)
        clock.shift(timedelta(minutes=5))
        assert read_owed().read == [f"{OTHER:010}"]


class TestNews:
    def test_comes_before_each_batch_of_the_rest_which_is_looked_for_once(self, clock, monkeypatch):
        monkeypatch.setattr(read, "BATCH", 1)
        load_received(received=[received(number, xml(issuer=OTHER + number)) for number in range(1, 4)])
        order: list[str] = []
        whole_looks: list[bool] = []

        def look(*args: Any, history: bool = True, **how: Any) -> list[str]:
            whole_looks.extend([True] * history)
            return owed_issuers(*args, history=history, **how)

        read_some = read._read

        def read_one(issuers: list[str], *how: Any) -> read.Outcome:
            order.extend(issuers)
            if len(order) == 1:
                load_received(received=[told(9)])
            return read_some(issuers, *how)

        monkeypatch.setattr(read, "owed_issuers", look)
        monkeypatch.setattr(read, "_read", read_one)
        read_owed()
        assert (len(order), order[1]) == (4, ISSUER)
        assert len(whole_looks) == 2 + len(order), "one that finds all, one that finds none, and each batch its own"


class TestCost:
    """What a look touches of the table of filings, where thousands have just come."""

    FILINGS = 3_000

    @pytest.fixture
    def loaded(self, clock):
        load_received(received=[told(1)])
        make_many(2 * self.FILINGS)
        Reading.objects.update(reader_version=READER_VERSION)

    def test_a_look_from_the_horizon_on_touches_what_has_come_since(self, clock, loaded):
        before, _ = touched()
        settle(clock)
        load_received(received=[told(2)])
        after, _ = touched()
        assert before > self.FILINGS
        assert after <= 2
        assert owed_issuers(10) == [ISSUER]

    def test_a_look_for_news_among_history_touches_the_news(self, loaded):
        rows, indexes = touched(history=False)
        assert rows <= 2
        assert indexes == {"filing_accepted_by_publication"}


def touched(**how: bool) -> tuple[int, set[str]]:
    """The rows of filings that a look goes through, and the indexes by which."""
    with CaptureQueriesContext(connection) as asked:
        owed_issuers(20, **how)
    look = next(query["sql"] for query in asked if "signals_reading r" in query["sql"])
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + look.replace("%", "%%"))
        ((plan,),) = cursor.fetchall()
    nodes = list(_nodes((plan if isinstance(plan, list) else json.loads(plan))[0]["Plan"]))
    on_filings = [node for node in nodes if node.get("Relation Name") == "filings_filing"]
    rows = sum(
        (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"] for node in on_filings
    )
    return int(rows), {node["Index Name"] for node in on_filings if "Index Name" in node}


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for below in node.get("Plans", ()):
        yield from _nodes(below)
