"""`./manage.py signals`: what is stored, and the same computed anew as of a day."""

from __future__ import annotations

import io
import json
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from filings.models import Issuer
from signals.models import IssuerState, Signal
from signals.readings.history import EASTERN
from signals.selectors.owed import issuers_due_by_clock
from signals.services.prices import import_splits
from tests.pages.demo import UNTIL

pytestmark = [pytest.mark.db_and_celery, pytest.mark.slow]
FIELDS = {
    "kind", "tags", "issuer_cik", "ticker", "known_at", "provisional", "settles_on", "window", "strength", "insiders",
    "trades", "evidence", "excluded", "sentence", "caveat", "detector_version",
}  # fmt: skip


def run(**options: object) -> list[dict]:
    out = io.StringIO()
    call_command("signals", stdout=out, json=True, **options)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def in_order(signals: list[dict]) -> list[str]:
    return sorted(json.dumps(signal, sort_keys=True) for signal in signals)


def test_prints_what_is_stored_one_object_a_line(demo):
    signals = run()
    assert len(signals) == Signal.objects.count() > 50
    assert all(set(signal) == FIELDS for signal in signals)
    assert [signal["known_at"] for signal in signals] == sorted(signal["known_at"] for signal in signals)


def test_as_of_today_is_what_is_stored(demo):
    today = timezone.now().astimezone(EASTERN).date()
    assert in_order(run(as_of=today)) == in_order(run())


def test_as_of_a_day_knows_nothing_later_and_includes_the_day(demo):
    cluster = Signal.objects.filter(kind="cluster_buy").latest("known_at")
    day = cluster.known_at.astimezone(EASTERN).date()
    then, before = (
        run(issuer=cluster.issuer_id, as_of=one) for one in (day, day - timedelta(days=1))
    )  # fmt: skip
    stamped = cluster.known_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert ("cluster_buy", stamped) in {(one["kind"], one["known_at"]) for one in then}
    assert ("cluster_buy", stamped) not in {(one["kind"], one["known_at"]) for one in before}
    assert all(one["known_at"] <= f"{day + timedelta(days=1)}T05:00:00Z" for one in then)


def test_before_the_first_filing_there_is_nothing(demo):
    assert run(as_of=date(1995, 1, 1)) == []


def test_one_issuer_by_ticker_or_cik_and_for_people(demo):
    issuer = Issuer.objects.filter(signals__isnull=False).exclude(ticker=None).order_by("cik").first()
    own = run(issuer=issuer.ticker)
    assert own == run(issuer=issuer.cik)
    assert {one["issuer_cik"] for one in own} == {issuer.cik}
    out = io.StringIO()
    call_command("signals", issuer=issuer.cik, stdout=out)
    assert own[0]["sentence"] in out.getvalue()


def test_an_unknown_issuer_is_said_to_be_unknown(demo):
    with pytest.raises(CommandError, match="No issuer NOBODY"):
        run(issuer="NOBODY")


def test_imported_splits_make_the_issuer_due_again(demo):
    state = IssuerState.objects.exclude(read_on=None).order_by("issuer").first()
    IssuerState.objects.update(read_on=timezone.now().astimezone(EASTERN).date())
    assert issuers_due_by_clock(50) == []
    lines = ["date,ratio", f"{UNTIL},2"]
    assert import_splits(lines=lines, issuer=Issuer.objects.get(cik=state.issuer_id)).stored == 1
    assert issuers_due_by_clock(50) == [state.issuer_id]
