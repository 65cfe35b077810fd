"""The database keeps the promises of the readings: every named constraint is broken once here, none is forgotten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from filings.services.load import load_received
from signals.models import (
    IssuerSeat,
    IssuerState,
    LineReading,
    PlanCalibration,
    Reading,
    ReadingHorizon,
    Signal,
    Tally,
    Trade,
)
from signals.models.price import DailyClose, StockSplit
from signals.services.read import read_all_owed
from tests.breaking import named_constraints, same_place, sql, twice, update
from tests.filings.services.papers import received, xml

pytestmark = [pytest.mark.db_and_celery, pytest.mark.django_db]


def close(**fields: Any) -> None:
    DailyClose.objects.create(**{"issuer_id": "0009000100", "on": date(2024, 5, 1), "price": 10} | fields)


def split(**fields: Any) -> None:
    StockSplit.objects.create(**{"issuer_id": "0009000100", "on": date(2024, 5, 1), "ratio": 4} | fields)


BREAKING: dict[str, Callable[[], object]] = {
    "trade_number_once": twice(Trade),
    "trade_numbers_count_from_one": update(Trade, number=0),
    "trade_kind_known": update(Trade, kind="rumour"),
    "trade_table_i_or_ii": update(Trade, table="V"),
    "trade_plan_status_known": update(Trade, plan_status="perhaps"),
    "trade_timeliness_known": update(Trade, timeliness="soon"),
    "trade_direction_known": update(Trade, direction="sideways"),
    "trade_not_counted_says_why": update(Trade, counted=False),
    "trade_counted_has_value_and_direction": update(Trade, value=None),
    "linereading_once": twice(LineReading),
    "linereading_plan_status_known": update(LineReading, plan_status="perhaps"),
    "linereading_table_i_or_ii": update(LineReading, table="V"),
    "reading_reader_version_known": update(Reading, reader_version=0),
    "reading_revisions_count_from_one": update(Reading, revision=0),
    "issuerseat_once": twice(IssuerSeat),
    "issuerstate_put_off_says_why": update(IssuerState, due_at=timezone.now()),
    "dailyclose_once_a_day": lambda: (close(), close()),
    "dailyclose_price_more_than_nothing": lambda: close(price=0),
    "dailyclose_scaled_to_a_later_day": lambda: close(scaled_to=date(2020, 1, 1)),
    "stocksplit_once_a_day": lambda: (split(), split()),
    "stocksplit_ratio_changes_something": lambda: split(ratio=1),
    "plancalibration_one_row": lambda: PlanCalibration.objects.create(
        only=False,
        measured_at=timezone.now(),
        issuers=0,
        hits=0,
        false_alarms=0,
        misses=0,
        rest=0,
        short_ticked=0,
        short_unticked=0,
    ),
    "tally_one_row": lambda: Tally.objects.create(only=False, counted_at=timezone.now(), total=0, lines={}),
    "readinghorizon_one_row": lambda: ReadingHorizon.objects.create(only=False, asked_at=timezone.now(), asked_in=1),
    "readinghorizon_is_of_a_reader": update(ReadingHorizon, published_before="2024-05-01T00:00Z", reader_version=None),
    "signal_kind_known": update(Signal, kind="rumour"),
    "signal_strength_at_most_100": update(Signal, strength=101),
    "signal_provisional_until_a_day": update(Signal, provisional=True, settles_on=None),
    "signal_revisions_count_from_one": update(Signal, revision=0),
    "signal_window_in_order": update(Signal, window_from="2024-05-02", window_to="2024-05-01"),
}


@pytest.fixture
def read_filing():
    load_received(received=[received(1, xml())])
    read_all_owed()
    ReadingHorizon.objects.create(asked_at=timezone.now(), asked_in=1)
    Signal.objects.create(
        key="a test", kind="late_filing", issuer_id="0009000100", known_at=timezone.now(), provisional=False,
        strength=1, insiders=[], trades=[], evidence={}, excluded=[], sentence="", caveat="",
        detector_version=1, digest=b"", changed_in=1, changed_at=timezone.now(),
    )  # fmt: skip


def test_no_constraint_of_the_models_is_without_its_breaking_test():
    assert named_constraints("signals") == set(BREAKING)


def test_every_named_constraint_stands_in_the_database():
    with connection.cursor() as cursor:
        cursor.execute("SELECT conname FROM pg_constraint UNION SELECT indexname FROM pg_indexes")
        present = {name for (name,) in cursor.fetchall()}
    assert named_constraints("signals") <= present


@pytest.mark.parametrize("name", sorted(BREAKING))
def test_the_database_refuses_what_breaks(name, read_filing):
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        BREAKING[name]()

    assert refused.value.__cause__.diag.constraint_name == name


def test_a_signal_stands_once_under_its_key(read_filing):
    with pytest.raises(IntegrityError), transaction.atomic():
        same_place(Signal)()


def test_no_reading_stands_without_its_filing(read_filing):
    sql("SET CONSTRAINTS ALL IMMEDIATE")()
    with pytest.raises(IntegrityError), transaction.atomic():
        sql("UPDATE signals_reading SET filing_id = 1")()


@pytest.mark.parametrize("table", ["signals_trade", "signals_citation"])
def test_tables_that_indexes_answer_for_are_vacuumed_long_before_a_fifth_is_dead(table):
    with connection.cursor() as cursor:
        cursor.execute("SELECT reloptions FROM pg_class WHERE relname = %s", [table])
        ((options,),) = cursor.fetchall()
    told = dict(option.split("=") for option in options)
    assert {float(told[f"autovacuum_vacuum_{of}scale_factor"]) for of in ("", "insert_")} == {0.02}
