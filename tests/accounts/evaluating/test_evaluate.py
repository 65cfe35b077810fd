"""Every reading is evaluated once and what it makes owed is written with it, whoever runs, rings, dies or is late."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.db import connection

from accounts import tasks
from accounts.models import Delivery, Evaluation, EvaluationHorizon, SignalEvaluation
from accounts.news import GONE, RAISED
from accounts.selectors import unevaluated
from accounts.services import announcements, marking
from accounts.services import evaluate as service
from form4site.kit import bell, transactions
from signals.models import Reading, Signal
from signals.services.read import reread
from tests.accounts.evaluating.conftest import (
    LATER,
    NOW,
    amended,
    buyer,
    cluster,
    evaluate,
    ledger,
    owed,
    paper,
    publish,
)
from tests.filings.services.papers import accession, sale
from tests.late import committed_late

pytestmark = [pytest.mark.db_and_celery, pytest.mark.django_db]
ISSUER = "0009000100"


def evaluated() -> dict[str, int]:
    return dict(Evaluation.objects.values_list("accession", "revision"))


def rows_of(plan: dict[str, Any], table: str) -> int:
    """How many rows of this table a plan has read."""
    own = plan["Actual Rows"] * plan["Actual Loops"] if plan.get("Relation Name") == table else 0
    return int(own) + sum(rows_of(below, table) for below in plan.get("Plans", ()))


def reread_at(moment: datetime) -> None:
    with time_machine.travel(moment):
        reread(issuers=[ISSUER])


class TestOnce:
    def test_running_again_writes_nothing(self, hook):
        publish(*cluster())
        first = evaluate()
        assert first.told >= 3
        assert len(owed("TransactionFiled")) == 3
        before = ledger()
        again = evaluate()
        assert (again.count, ledger()) == (0, before)
        assert evaluate(everything=True).count == 0
        assert ledger() == before

    def test_fifty_filings_are_one_pass(self, hook, monkeypatch):
        batches = []
        monkeypatch.setattr(announcements, "tell", lambda news: batches.append(len(news.filings)))
        publish(*(paper(number) for number in range(1, 51)))
        evaluate()
        assert [count for count in batches if count] == [50]

    def test_a_reread_of_what_means_the_same_tells_nobody(self, hook):
        publish(paper(1), amended(2, lines=(sale(price=11),)))
        evaluate()
        before = ledger()
        assert Reading.objects.get(filing=accession(1)).revision == 1
        reread_at(NOW)
        assert evaluate().count == 0
        assert ledger() == before

    def test_a_reading_that_is_another_has_the_next_revision_even_after_a_rebuild(self, hook):
        publish(paper(1))
        evaluate()
        reread_at(NOW)
        publish(amended(2, lines=(sale(price=11),)), at=NOW + timedelta(days=3))
        evaluate(NOW + timedelta(days=3))
        assert evaluated() == {accession(1): 2, accession(2): 1}
        reread_at(NOW + timedelta(days=3))  # its readings count from 1 again
        assert evaluate(NOW + timedelta(days=3)).count == 0


class TestHistory:
    def test_what_was_known_for_three_days_is_only_marked_for_programs(self, hook):
        publish(*cluster())
        report = evaluate(LATER)
        assert report.told == 0
        assert report.marked == 3 + Signal.objects.count()
        assert set(evaluated().values()) == {1}
        assert not Delivery.objects.exists()

    def test_the_new_among_the_old_is_told(self, hook):
        publish(*(paper(number) for number in range(1, 30)), paper(30, accepted="20240602163000"), at=LATER)
        evaluate(LATER)
        assert [told["AccessionNumber"] for told in owed("TransactionFiled")] == [accession(30)]

    def test_where_nobody_listens_all_is_marked_at_once(self, django_assert_max_num_queries):
        publish(*(paper(number, owners=((9000300 + number, f"O {number}"),)) for number in range(1, 100)))
        with django_assert_max_num_queries(60):
            report = evaluate()
        assert (report.told, report.marked) == (0, 99 + Signal.objects.count())

    def test_marking_history_reads_no_more_of_it_than_it_marks(self, monkeypatch):
        monkeypatch.setattr(marking, "AT_ONCE", 5)
        publish(*(paper(number) for number in range(1, 60)))
        read: list[int] = []

        def explained(execute, sql, values, many, context):
            if "INSERT INTO accounts_evaluation " not in sql or "due_at IS NOT NULL" in sql:
                return execute(sql, values, many, context)
            with connection.cursor() as cursor:
                cursor.cursor.execute(sql.replace("INSERT", "EXPLAIN (ANALYZE, FORMAT JSON) INSERT", 1), values)
                cursor.cursor.nextset()
                read.append(rows_of(cursor.cursor.fetchone()[0][0]["Plan"], "signals_reading"))
            return execute(sql, values, many, context)

        with connection.execute_wrapper(explained):
            evaluate(seconds=0.001)
        assert 0 < read[0] <= 6

    def test_what_just_came_is_told_while_history_is_still_marked(self, hook, monkeypatch):
        monkeypatch.setattr(marking, "AT_ONCE", 5)
        publish(*(paper(number) for number in range(1, 30)), at=LATER - timedelta(hours=2))
        publish(paper(30, accepted="20240602163000"), at=LATER)
        assert evaluate(LATER, seconds=0.001).left
        assert [told["AccessionNumber"] for told in owed("TransactionFiled")] == [accession(30)]
        assert len(evaluated()) == 6

    def test_what_comes_while_news_is_told_is_marked_as_well(self, hook, monkeypatch):
        publish(paper(1, accepted="20240602163000"), at=LATER)
        batch = service._Run.batch

        def and_then_history_comes(run: service._Run, *, history: bool) -> int | None:
            done = batch(run, history=history)
            if Reading.objects.count() == 1:
                publish(*(paper(number) for number in range(2, 160)), at=LATER - timedelta(hours=2))
            return done

        monkeypatch.setattr(service._Run, "batch", and_then_history_comes)
        report = evaluate(LATER)
        assert len(evaluated()) == 159
        assert report.marked >= 158 - service.BATCH
        assert [told["AccessionNumber"] for told in owed("TransactionFiled")] == [accession(1)]

    def test_who_subscribes_afterwards_is_not_told_of_what_was(self, olive):
        publish(paper(1))
        evaluate()
        from tests.accounts.evaluating.conftest import hook_of

        hook_of(olive)
        publish(paper(2))
        evaluate()
        assert [told["AccessionNumber"] for told in owed("TransactionFiled")] == [accession(2)]

    def test_an_old_signal_of_new_rules_is_not_told_again(self, hook):
        publish(*cluster())
        evaluate()
        count = len(owed("SignalRaised"))
        assert count == Signal.objects.count() > 0
        Signal.objects.update(digest=b"another", sentence="Other words.", detector_version=99, changed_in=2**40)
        EvaluationHorizon.objects.update(transaction=0)
        evaluate()
        assert len(owed("SignalRaised")) == count
        assert set(SignalEvaluation.objects.values_list("revision", flat=True)) == {2}


class TestNothingIsLost:
    def test_a_runner_that_dies_in_the_middle_leaves_nothing(self, hook, monkeypatch):
        publish(*cluster())
        tell = announcements.tell

        def dies(news):
            tell(news)
            raise SystemExit

        monkeypatch.setattr(announcements, "tell", dies)
        with pytest.raises(SystemExit):
            evaluate()
        assert ledger() == []
        monkeypatch.undo()
        evaluate()
        assert len(owed("TransactionFiled")) == 3

    def test_one_that_cannot_be_told_delays_nobody_else_and_is_tried_again(self, hook, monkeypatch):
        publish(paper(1), paper(2), paper(3))
        tell = announcements.tell

        def stumbles(news):
            if any(one.accession == accession(2) for one in news.filings):
                raise ValueError("a stranger's words")
            tell(news)

        monkeypatch.setattr(announcements, "tell", stumbles)
        assert evaluate().failed == 1
        assert {told["AccessionNumber"] for told in owed("TransactionFiled")} == {accession(1), accession(3)}
        put_off = Evaluation.objects.get(accession=accession(2))
        assert (put_off.attempts, put_off.reason) == (1, "ValueError: a stranger's words")
        assert evaluate().count == 0, "it waits"
        monkeypatch.undo()
        assert evaluate(put_off.due_at).told == 1
        assert len(owed("TransactionFiled")) == 3
        assert not Evaluation.objects.exclude(reason=None).exists()

    def test_what_was_put_off_is_marked_once_nobody_listens(self, hook, monkeypatch):
        publish(paper(1))
        monkeypatch.setattr(announcements, "tell", lambda news: [][0])
        evaluate()
        hook.delete()
        assert evaluate().marked == 1 + Signal.objects.count()
        assert evaluated() == {accession(1): 1}

    def test_a_horizon_of_another_database_is_no_horizon(self, hook):
        publish(paper(1))
        evaluate()
        EvaluationHorizon.objects.update(transaction=2**60)
        publish(paper(2))
        evaluate()
        assert evaluated() == {accession(1): 1, accession(2): 1}

    def test_what_a_horizon_passed_over_the_thorough_look_finds(self, hook):
        publish(paper(1))
        for name, model in ((unevaluated.FILINGS, Reading), (unevaluated.SIGNALS, Signal)):
            model.objects.update(changed_in=1)
            EvaluationHorizon.objects.create(name=name, transaction=2)
        assert evaluate().count == 0
        assert evaluate(everything=True).told == 1 + Signal.objects.count()

    def test_the_horizon_spares_a_look_at_what_is_done(self, hook):
        publish(*cluster())
        before = transactions.oldest_open()
        evaluate()
        done = Reading.objects.order_by("-changed_in").values_list("changed_in", flat=True)[0]
        # This test's own transaction is open, and nothing from there on may be passed over; others on this server end.
        assert before <= unevaluated.horizon(unevaluated.FILINGS) <= transactions.oldest_open() <= done


class TestRinging:
    def test_readings_that_are_published_ring_once(self, monkeypatch, django_capture_on_commit_callbacks):
        rung = []
        monkeypatch.setattr(bell, "ring", rung.append)
        with django_capture_on_commit_callbacks(execute=True):
            publish(*(paper(number) for number in range(1, 6)))
        assert rung.count("accounts.evaluate_owed") == 1

    def test_the_clock_sweeps_every_five_seconds(self, settings):
        swept = {job["task"]: job["schedule"] for job in settings.CELERY_BEAT_SCHEDULE.values()}
        assert swept["accounts.evaluate_owed"] == timedelta(seconds=5)
        assert swept["accounts.evaluate_everything_owed"] == timedelta(hours=1)

    def test_a_task_that_has_no_time_left_rings_for_the_rest(self, monkeypatch, db):
        rung = []
        monkeypatch.setattr(bell, "ring", rung.append)
        monkeypatch.setattr(service, "SECONDS", 0.0)
        monkeypatch.setattr(
            service.evaluate_owed, "__kwdefaults__", {**service.evaluate_owed.__kwdefaults__, "seconds": 0}
        )
        publish(paper(1))
        rung.clear()
        tasks.evaluate_owed()
        assert rung == ["accounts.evaluate_owed"]


class TestSignals:
    def test_one_that_is_undone_is_told_to_whoever_may_have_been_told(self, hook):
        publish(*cluster())
        evaluate()
        raised = {told["SignalId"] for told in owed("SignalRaised")}
        key = Signal.objects.get(kind="cluster_buy").key
        assert key in raised
        Signal.objects.filter(key=key).delete()
        evaluate()
        last = owed("SignalRaised")[-1]
        assert (last["SignalId"], last["State"], last["Revision"]) == (key, GONE, 2)
        assert evaluate().count == 0

    def test_one_that_comes_back_is_raised_again(self, hook):
        publish(*cluster())
        evaluate()
        Signal.objects.filter(kind="cluster_buy").delete()
        evaluate()
        publish(buyer(3, 9))
        evaluate()
        states = [told["State"] for told in owed("SignalRaised") if told["Kind"] == "cluster_buy"]
        assert states == [RAISED, GONE, RAISED]


@pytest.mark.django_db(transaction=True)
class TestTogether:
    def test_two_runners_evaluate_everything_once(self, hook):
        publish(*(paper(number, owners=((9000300 + number, f"O {number}"),)) for number in range(1, 61)))
        reports, start = [], threading.Barrier(2)

        def run() -> None:
            start.wait()
            try:
                reports.append(evaluate())
            finally:
                connection.close()

        threads = [threading.Thread(target=run) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sum(report.count for report in reports) == 60 + Signal.objects.count()
        assert set(evaluated().values()) == {1}
        assert len(owed("TransactionFiled")) == 60

    def test_news_are_told_while_another_looks_through_the_whole_archive(self, hook, monkeypatch):
        publish(paper(1))
        looked, told = unevaluated.first_owed, []

        def tell_beside() -> None:
            try:
                told.append(evaluate().told)
            finally:
                connection.close()

        def look(name: str, *, since: int) -> int | None:
            if since == 0 and not told:
                monkeypatch.undo()
                beside = threading.Thread(target=tell_beside)
                beside.start()
                beside.join()
            return looked(name, since=since)

        monkeypatch.setattr(unevaluated, "first_owed", look)
        evaluate(everything=True)
        assert told == [1 + Signal.objects.count()]
        assert len(owed("TransactionFiled")) == 1

    def test_what_commits_late_is_found_though_younger_transactions_were_evaluated(self, hook):
        other = {"issuer": 9000101, "issuer_name": "Other Anvils Inc", "ticker": "OTHR"}
        with committed_late(lambda: publish(paper(1))):
            publish(paper(2, owners=((9000201, "ROE RICHARD"),), **other))
            evaluate()
            assert evaluated() == {accession(2): 1}
        evaluate()
        assert evaluated() == {accession(1): 1, accession(2): 1}
        assert len(owed("TransactionFiled")) == 2


def test_no_evaluation_refers_to_readings_which_may_be_dropped():
    models = [Evaluation, SignalEvaluation]
    assert all(not field.is_relation for model in models for field in model._meta.get_fields())
    assert apps.get_model("accounts", "Evaluation") is Evaluation
