"""How good the inference of plans is: measured once a day over the newest, shown from thirty filings on."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from signals.detectors.calibration import ENOUGH, calibrate
from signals.models import PlanCalibration
from signals.readings.trades import issuer_reading
from signals.selectors.calibration import plan_calibration
from signals.selectors.histories import facts_of
from signals.selectors.owed import issuers_with_filings
from signals.services.calibrate import calibrate_plans

pytestmark = [pytest.mark.db_and_celery, pytest.mark.slow]


def test_the_stored_measurement_is_that_of_all_issuers_and_is_made_once_a_day(demo):
    row = calibrate_plans(seconds=600)
    histories = facts_of(issuers_with_filings()).histories.values()
    expected = calibrate(issuer_reading(history) for history in histories)
    assert {name: getattr(row, name) for name in asdict(expected)} == asdict(expected)
    assert expected.filings > 0
    assert calibrate_plans() is None


@pytest.mark.parametrize(("hits", "shown"), [(ENOUGH - 1, False), (ENOUGH, True)])
def test_the_page_shows_a_figure_from_thirty_filings_on(db, client, hits, shown):
    PlanCalibration.objects.create(
        measured_at="2026-11-20T00:00:00Z", issuers=9, hits=hits, false_alarms=0, misses=0, rest=0, short_ticked=0,
        short_unticked=0,
    )  # fmt: skip
    assert (plan_calibration() is not None) is shown
    text = client.get("/learn/signals/inferred_plan/").content.decode()
    assert (f"n = {ENOUGH}" in text) is shown
    assert ("fewer than thirty filings" in text) is not shown
