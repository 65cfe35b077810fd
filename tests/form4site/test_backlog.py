"""What is not evaluated and not delivered is counted for staff, beside what the ledger owes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.services import announcements
from accounts.services.evaluate import evaluate_owed
from form4site.backlog import queues_of_people
from signals.models import Reading
from tests.accounts.evaluating.conftest import NOW, hook_of, paper, publish

pytestmark = [pytest.mark.db_and_celery, pytest.mark.django_db]


def counts(now=NOW) -> dict[str, tuple[int, int, int | None, int]]:
    return {
        queue.key: (queue.count, queue.due, queue.late, queue.put_off)
        for queue in queues_of_people(now=now)
        if queue.key != "unevaluated_signals"
    }


def test_the_queues_follow_a_filing_from_its_reading_to_its_delivery(olive, monkeypatch):
    hook_of(olive, events=["TransactionFiled"])
    publish(paper(1))
    Reading.objects.update(changed_at=NOW)
    assert counts() == {"unevaluated_filings": (1, 1, 0, 0), "undelivered": (0, 0, 0, 0)}
    assert counts(NOW + timedelta(minutes=3))["unevaluated_filings"] == (1, 1, 1, 0)
    with monkeypatch.context() as broken:
        broken.setattr(announcements, "tell", lambda news: [][0])
        evaluate_owed(now=NOW)
    assert counts()["unevaluated_filings"] == (1, 0, 0, 1)
    evaluate_owed(now=NOW + timedelta(minutes=2))
    assert counts(NOW + timedelta(minutes=2)) == {"unevaluated_filings": (0, 0, 0, 0), "undelivered": (1, 1, 0, 0)}


def test_staff_see_them_and_what_is_late(client, sue, olive):
    client.force_login(sue)
    hook_of(olive)
    publish(paper(1))
    Reading.objects.update(changed_at=timezone.now() - timedelta(minutes=5))
    page = client.get("/ops/").content.decode()
    for title in ("Read, to be evaluated", "Raised, to be evaluated", "Owed, to be delivered"):
        assert title in page
    assert "1 filing read, to be evaluated: late." in page
