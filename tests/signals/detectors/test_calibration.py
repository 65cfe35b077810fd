"""Inferred plans held against the box: who is counted how, and the interval."""

from __future__ import annotations

from datetime import date

import pytest

from signals.detectors.calibration import Calibration, calibrate, wilson
from signals.readings.trades import issuer_reading
from tests.signals.detectors.cases import KIM, PAT, Filings

MONTHLY = tuple(date(2024, month, 16) for month in (1, 2, 4, 5, 7))


def of(filings: Filings) -> Calibration:
    return calibrate([issuer_reading(filings.forms)])


@pytest.mark.parametrize(
    ("box", "found"),
    [
        (True, Calibration(hits=2, short_ticked=3)),
        (False, Calibration(false_alarms=2, short_unticked=3)),
        (None, Calibration()),
    ],
)
def test_a_filing_is_judged_by_the_days_up_to_its_own(box, found):
    filings = Filings()
    for on in MONTHLY:
        filings.exercises(KIM, on, 1_000, sells=1_000, aff10b5_one=box)
    assert of(filings) == found


def test_lumpy_sales_are_missed_or_rightly_left():
    for box, name in ((True, "misses"), (False, "rest")):
        filings = Filings()
        for number, on in enumerate((date(2024, 1, 3), date(2024, 2, 9), date(2024, 2, 20), date(2024, 5, 31))):
            filings.sells(PAT, on, 100 + 777 * number, aff10b5_one=box)
        assert getattr(of(filings), name) == 1


def test_wilsons_interval_by_known_values():
    assert wilson(0, 0) == (None, None, None, 0)
    part, low, high, n = wilson(8, 10)
    assert (part, n) == (0.8, 10)
    assert (round(low, 4), round(high, 4)) == (0.4902, 0.9433)
    assert wilson(5, 5).high == 1.0
    assert round(wilson(5, 5).low, 4) == 0.5655
    assert wilson(3, 4).words() == "75% (n = 4, 30% to 95%)"


def test_shares_are_of_what_they_say():
    found = Calibration(hits=6, false_alarms=2, misses=3, rest=9, short_ticked=6, short_unticked=1)
    assert found.filings == 27
    assert (found.precision.n, found.recall.n, found.recall_of_all.n) == (8, 9, 15)
    assert found + Calibration(hits=1) == Calibration(7, 2, 3, 9, 6, 1)
