"""Forward: the rows of a screen are those that meet it, in order, page by page, however it is ordered and grouped."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings

from signals.criteria import COLUMNS, EVERYTHING, GROUP_COLUMNS, from_query
from signals.matching_index import ScreenIndex, holds, meets
from signals.models import Trade
from signals.selectors import matching
from signals.selectors.compiling import FIGURES
from signals.selectors.hits import _AS_STORED, hits_of, with_owners
from tests.signals.screens.invented import TODAY, Invented, asked

pytestmark = [pytest.mark.db_and_celery, pytest.mark.django_db]
IN_ONE_ARCHIVE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)


def key(trade: Any) -> tuple[str, int]:
    return trade.filing_id, trade.number


def pages(query: str, size: int = 7) -> list[Any]:
    """All rows of a screen, a page after the other."""
    found: list[Any] = []
    after = ""
    while True:
        page = matching.trades(from_query(query), after, limit=size, on=TODAY)
        found += page.rows
        if page.after is None:
            return found
        assert len(page.rows) == size
        after = page.after


class TestForwardAndReverse:
    @IN_ONE_ARCHIVE
    @given(criteria=asked())
    def test_the_query_and_the_test_in_memory_give_the_same_rows(self, rows, db, criteria):
        found = {key(trade) for trade in matching.matching(criteria, TODAY)}
        assert found == {key(trade) for trade in rows if meets(criteria, trade, TODAY)}

    def test_a_stored_trade_finds_its_screens_as_an_invented_one_does(self, rows, db):
        screens = [
            from_query(f"{one}") for one in ("", "side=bought", "role=ceo", "min_value=10", "signal=cluster_buy")
        ]
        index = ScreenIndex(screens)
        by_key = {key(trade): trade for trade in rows}
        for trade in matching.with_signals(Trade.objects.all()):
            assert index.matches(trade, TODAY) == index.matches(by_key[key(trade)], TODAY)

    def test_the_archive_of_this_module_has_rows_for_and_against_most_criteria(self, rows, db):
        for query in ("side=bought", "late=1", "first=1", "exclude=derivative", "signal=cluster_buy", "filed_days=30"):
            assert 0 < len(matching.matching(from_query(query), TODAY)) < len(rows), query


class TestOrder:
    @pytest.mark.parametrize("name", COLUMNS)
    @pytest.mark.parametrize("sign", ["", "-"])
    def test_pages_in_any_order_hold_every_row_once(self, rows, db, name, sign):
        found = [key(trade) for trade in pages(f"sort={sign}{name}&superseded=1", 41)]
        assert len(found) == len(rows)
        assert set(found) == {key(trade) for trade in rows}

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("filed", lambda trade: trade.filed_on),
            ("value", lambda trade: trade.value),
            ("stake", lambda trade: trade.stake_change_pct),
            ("traded", lambda trade: trade.traded_on),
            ("issuer", lambda trade: trade.issuer_name),
        ],
    )
    def test_the_order_is_of_the_column_and_what_has_none_comes_last(self, rows, db, name, value: Callable[[Any], Any]):
        for falling in (False, True):
            values = [value(trade) for trade in pages(f"sort={'-' if falling else ''}{name}")]
            known = [one for one in values if one is not None]
            assert known == sorted(known, reverse=falling)
            assert values[len(known) :] == [None] * (len(values) - len(known))

    @pytest.mark.parametrize("asked_of_all", ["superseded=1", "side=bought", "min_value=1000"])
    @pytest.mark.parametrize("sign", ["", "-"])
    @pytest.mark.parametrize("first_of_each", [100_000, 0])
    def test_pages_of_several_issuers_are_the_list_of_all_without_the_others(
        self, rows, db, sign, asked_of_all, first_of_each, monkeypatch
    ):
        monkeypatch.setattr(matching, "FIRST_OF_EACH", first_of_each)
        matching._statements.cache_clear()
        issuers = sorted({trade.issuer_id for trade in rows})[:2]
        several = [key(trade) for trade in pages(f"issuer={','.join(issuers)}&sort={sign}filed&{asked_of_all}", 5)]
        every = pages(f"sort={sign}filed&{asked_of_all}")
        assert several == [key(trade) for trade in every if trade.issuer_id in issuers]
        assert several

    @pytest.mark.parametrize("kinds", ["cluster_buy", "cluster_buy,cluster_sell,large_purchase"])
    @pytest.mark.parametrize("order", ["-filed", "filed", "-value", "value", "-stake"])
    @pytest.mark.parametrize(
        "asked_of_all", ["superseded=1", "role=ceo,director", "min_value=10&max_delay=9", "exclude=ten_percent&late=1"]
    )
    def test_pages_and_counts_of_signals_are_those_of_all_without_the_others(
        self, rows, db, kinds, order, asked_of_all
    ):
        cited = {key(one) for one in rows if set(one.signals) & set(kinds.split(","))}
        found = [key(trade) for trade in pages(f"signal={kinds}&sort={order}&{asked_of_all}", 5)]
        every = [key(trade) for trade in pages(f"sort={order}&{asked_of_all}", 100)]
        assert found == [one for one in every if one in cited]
        assert found
        asked_too = from_query(f"signal={kinds}&{asked_of_all}")
        assert matching.count(asked_too, on=TODAY) == matching.Many(len(found), True)
        assert matching.count(asked_too, on=TODAY, most=3) == matching.Many(3, len(found) == 3)

    @pytest.mark.parametrize("side", ["bought", "sold"])
    @pytest.mark.parametrize("sign", ["", "-"])
    @pytest.mark.parametrize(
        "period",
        [
            "filed_days=90",
            "filed_days=400&role=ceo,director",
            "filed_from=2025-10-16",
            "filed_from=2024-12-01&filed_to=2025-10-17",
        ],
    )
    def test_pages_of_a_period_by_value_are_those_of_all_years_without_the_others(
        self, rows, db, side, sign, period, monkeypatch
    ):
        query = f"side={side}&{period}&sort={sign}value"
        assert matching._each_quarter(from_query(query), "value", TODAY)
        found = [key(trade) for trade in pages(query, 3)]
        monkeypatch.setattr(matching, "A_QUARTER", 1_000)  # days
        matching._statements.cache_clear()
        assert not matching._each_quarter(from_query(query), "value", TODAY)
        assert found == [key(trade) for trade in pages(query, 100)] != []

    @pytest.mark.parametrize(("today", "days"), [(date(2026, 3, 31), 1), (date(2026, 2, 10), 70)])
    def test_what_is_filed_tomorrow_is_in_the_period_of_the_largest(self, rows, db, today, days):
        """Accepted this evening, and of the next quarter; or the clock is far behind."""
        criteria = from_query("side=bought&filed_days=90&sort=-value")
        assert matching._each_quarter(criteria, "value", today)
        largest = matching.trades(criteria, on=TODAY).rows[0]
        Trade.objects.filter(pk=largest.pk).update(filed_on=today + timedelta(days))
        assert largest.pk in [row.pk for row in matching.trades(criteria, on=today).rows]

    @pytest.mark.parametrize("query", ["signal=cluster_buy&sort=value", "group=issuer&min_insiders=2&sort=-total", ""])
    def test_the_newest_are_found_however_a_screen_groups_and_orders(self, rows, db, query):
        meant = from_query(query).whole
        newest = sorted(
            (one for one in rows if meets(meant, one, TODAY)),
            key=lambda one: (one.filed_on, *key(one)),
            reverse=True,
        )
        found = [key(trade) for trade in matching.hits(from_query(query), limit=9, on=TODAY)]
        assert found == [key(one) for one in newest[:9]] != []

    def test_its_rows_say_what_their_trades_say(self, rows, db):
        stored = {hit.trade.pk: hit for hit in hits_of(list(with_owners(Trade.objects.all())))}
        for query in ("superseded=1&rows=250", "superseded=1&rows=250&sort=value"):  # read at once, and by key
            found = matching.trades(from_query(query), on=TODAY).rows
            assert len(found) > 100
            for row in found:
                hit = stored[row.pk]
                trade, insider = hit.trade, hit.insider
                assert (row.insider_id, row.insider_name, row.owners) == (insider.cik, insider.name, len(hit.owners))
                assert (row.issuer_name, row.ticker) == (trade.issuer.name, trade.issuer.ticker)
                assert (row.sentence, row.anchor) == (trade.detail.sentence, hit.anchor)
                for name in ("filing_id", "number", "issuer_id", "roles", "known_at", *_AS_STORED):
                    assert repr(getattr(row, name)) == repr(getattr(trade, name)), name

    def test_a_row_that_comes_meanwhile_moves_no_page(self, rows, db):
        first = matching.trades(EVERYTHING, limit=5, on=TODAY)
        rest = matching.trades(EVERYTHING, first.after, limit=5, on=TODAY)
        Trade.objects.filter(pk=rest.rows[0].pk).update(filed_on=TODAY + timedelta(days=1))
        again = matching.trades(EVERYTHING, first.after, limit=4, on=TODAY)
        assert [row.pk for row in again.rows] == [row.pk for row in rest.rows[1:]]

    @pytest.mark.parametrize(
        "words", ["", "x", "~1~2", "=~1~2", "=2024-13-01~1~2", "-~1~2", "=1~a~b", "=\0~1~2", "=9~" * 9]
    )
    def test_a_key_that_nobody_was_given_begins_at_the_top(self, rows, db, words):
        top = matching.trades(EVERYTHING, limit=3, on=TODAY)
        assert matching.trades(EVERYTHING, words, limit=3, on=TODAY).rows == top.rows


class TestGroups:
    @pytest.mark.parametrize("group", ["filing", "insider", "issuer"])
    def test_the_figures_are_those_of_the_trades(self, rows, db, group):
        found = pages(f"group={group}&traded_days=3660")
        expected: dict[Any, list[Invented]] = {}
        for trade in rows:
            if meets(from_query("traded_days=3660"), trade, TODAY):
                expected.setdefault(_group_of(trade, group), []).append(trade)
        assert {one.key for one in found} == set(expected)
        assert len(found) == len(expected)
        for one in found:
            own = expected[one.key]
            known = [trade for trade in own if None not in (trade.stake_before, trade.stake_after)]
            before = sum(trade.stake_before for trade in known)
            assert one.figures["trades"] == len(own)
            assert one.figures["filings"] == len({trade.filing_id for trade in own})
            assert one.figures["insiders"] == len({trade.decision_maker for trade in own})
            assert one.figures["officers"] == len({t.decision_maker for t in own if "officer" in t.roles})
            valued = [trade.value for trade in own if trade.value is not None]
            assert one.figures["total"] == (sum(valued) if valued else None)
            assert one.figures["unvalued"] == len(own) - len(valued)
            assert one.figures["filed"] == max(trade.filed_on for trade in own)
            if before:
                gained = 100 * (sum(trade.stake_after for trade in known) - before) / before
                assert one.figures["total_stake"] == pytest.approx(gained)
            else:
                assert one.figures["total_stake"] is None

    @pytest.mark.parametrize("figure", ["min_insiders=3", "max_trades=4", "min_total=250000", "max_total_stake=-10"])
    def test_groups_are_asked_by_their_figures(self, rows, db, figure):
        everything = pages("group=insider&filed_days=3000")
        criteria = from_query(f"group=insider&filed_days=3000&{figure}")
        wanted = [
            one for one in everything if all(holds(test, _Figures(one), TODAY) for test in criteria.group_tests())
        ]
        assert [one.key for one in pages(criteria.query)] == [one.key for one in wanted]

    @pytest.mark.parametrize("name", GROUP_COLUMNS)
    @pytest.mark.parametrize("sign", ["", "-"])
    def test_pages_of_groups_in_any_order_hold_every_group_once(self, rows, db, name, sign):
        found = [one.key for one in pages(f"group=insider&filed_days=3000&sort={sign}{name}", 4)]
        assert len(found) == len(set(found)) > 4
        assert sorted(found) == sorted(one.key for one in pages("group=insider&filed_days=3000"))


class TestCount:
    def test_it_is_exact_up_to_its_limit_and_says_so_beyond(self, rows, db):
        all_rows = len([trade for trade in rows if trade.standing])
        assert matching.count(EVERYTHING, on=TODAY) == matching.Many(all_rows, True)
        assert matching.count(EVERYTHING, on=TODAY, most=50) == matching.Many(50, False)
        assert matching.count(EVERYTHING, on=TODAY, most=all_rows) == matching.Many(all_rows, True)

    def test_groups_are_counted_as_groups(self, rows, db):
        assert matching.count(from_query("group=issuer"), on=TODAY) == matching.Many(3, True)


class TestAnswer:
    def test_its_count_is_that_of_all_rows_on_whichever_page(self, rows, db):
        for criteria in (from_query("rows=25&superseded=1"), from_query("rows=25&group=insider&traded_days=3660")):
            expected = matching.count(criteria)
            first = matching.answer(criteria)
            assert first.many == expected
            if first.page.after:
                assert matching.answer(criteria, first.page.after).many == expected

    def test_what_is_shown_whole_is_not_counted_again(self, rows, db, monkeypatch):
        monkeypatch.delattr(matching, "count")
        one = rows[0]
        whole = matching.answer(from_query(f"insider={one.decision_maker}&min_value=1&superseded=1&rows=100"))
        assert whole.page.after is None
        assert whole.many == matching.Many(len(whole.page.rows), True)


class TestEmptied:
    def test_it_names_the_criterion_without_which_there_were_rows(self, rows, db):
        criteria = from_query("side=bought&min_value=6000000&exclude=derivative")
        assert not matching.trades(criteria, on=TODAY).rows
        found = matching.emptied_by(criteria, on=TODAY)
        assert set(found) == {"min_value"}
        assert found["min_value"] == min(100, matching.count(criteria.without("min_value"), on=TODAY).number)

    def test_it_names_none_where_two_would_each_have_emptied_it(self, rows, db):
        assert matching.emptied_by(from_query("min_value=6000000&min_price=6000000"), on=TODAY) == {}

    def test_it_knows_the_figures_of_groups(self, rows, db):
        assert set(matching.emptied_by(from_query("group=issuer&side=bought&min_insiders=50"), on=TODAY)) == {
            "min_insiders"
        }

    def test_a_screen_that_asks_nothing_is_emptied_by_nothing(self, db):
        assert matching.emptied_by(EVERYTHING, on=TODAY) == {}

    def test_a_criterion_that_takes_long_is_passed_over(self, rows, db, monkeypatch):
        counted = matching.count

        def count(criteria: Any, **how: Any) -> matching.Many:
            if "min_value" not in criteria or "role" not in criteria:
                raise matching.TooBroad
            return counted(criteria, **how)

        two = from_query("min_value=6000000&role=ceo&side=bought")
        assert set(matching.emptied_by(two, on=TODAY)) == {"min_value"}
        monkeypatch.setattr(matching, "count", count)
        assert matching.emptied_by(two, on=TODAY) is None
        monkeypatch.setattr(matching, "EMPTIED_MOST_MS", 0)
        monkeypatch.setattr(matching, "count", counted)
        assert matching.emptied_by(two, on=TODAY) is None

    def test_looking_is_bounded_in_time(self, rows, db, monkeypatch):
        asked: list[int] = []
        monkeypatch.setattr(matching, "count", lambda criteria, *, ms, **_: asked.append(ms) or matching.Many(0, True))
        assert matching.emptied_by(from_query("side=bought&min_value=6000000&role=ceo&late=1"), on=TODAY) == {}
        assert asked == [matching.EMPTIED_MS] * 4


class TestTime:
    def test_what_takes_longer_is_called_too_broad(self, db):
        with pytest.raises(matching.TooBroad), matching.within(20), connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(5)")
        with connection.cursor() as cursor:  # the connection is as it was
            cursor.execute("SHOW statement_timeout")
            assert cursor.fetchone() == ("0",)

    def test_one_statement_is_bounded_in_one_message(self, db, monkeypatch):
        assert matching.fetched("SELECT %s, 2", [1]) == [(1, 2)]
        monkeypatch.setattr(matching, "PAGE_MS", 20)
        with pytest.raises(matching.TooBroad), transaction.atomic():
            matching.fetched("SELECT pg_sleep(%s)", [5])
        with connection.cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            assert cursor.fetchone() == ("0",)

    def test_the_time_is_given_back(self, db):
        with matching.within(20):
            pass
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.05)")

    def test_a_page_costs_one_query(self, rows, db):
        with CaptureQueriesContext(connection) as queries:
            matching.trades(EVERYTHING, on=TODAY)
        assert len(queries) == 1


def test_every_figure_that_can_be_asked_is_computed():
    assert {
        test.column for test in from_query("group=issuer&min_trades=1&min_total=2&min_officers=1").group_tests()
    } <= set(FIGURES)


def test_amounts_are_compared_to_the_last_digit(rows, db):
    exact = matching.matching(from_query("min_value=250000.01&superseded=1"), TODAY)
    assert {trade.value for trade in exact} == {Decimal("250000.01"), Decimal(5000000)}


class _Figures:
    def __init__(self, group: matching.Group) -> None:
        self.__dict__.update(group.figures)


def _group_of(trade: Invented, group: str) -> str:
    return {
        "filing": trade.filing_id,
        "insider": f"{trade.issuer_id} {trade.decision_maker}",
        "issuer": trade.issuer_id,
    }[group]
