"""Criteria mean one thing, are spelled one way, and never silently ask less than what was written."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.criteria import (
    BY_KEY,
    COLUMNS,
    EVERYTHING,
    FIELDS,
    GROUP_COLUMNS,
    SCHEMA,
    STANDING,
    BadCriteria,
    ScreenCriteria,
    from_query,
    parse,
    stored,
)
from tests.signals.screens.invented import asked


def refused(query: str) -> dict[str, str]:
    with pytest.raises(BadCriteria) as error:
        from_query(query)
    return error.value.errors


def read_or_refused(read, given) -> set[str] | None:
    """The keys with errors, or None for criteria that read back the same."""
    try:
        criteria = read(given)
    except BadCriteria as error:
        return set(error.errors)
    assert from_query(criteria.query) == criteria
    return None


class TestOneSpelling:
    @given(asked(list(FIELDS), most=8))
    def test_what_is_written_reads_back_the_same(self, criteria):
        assert from_query(criteria.query) == criteria
        assert stored(criteria.query, SCHEMA) == criteria

    @given(asked(most=8), st.randoms())
    def test_the_order_of_keys_and_of_lists_means_nothing(self, criteria, chance):
        pairs = [pair.split("=") for pair in criteria.query.split("&") if pair]
        chance.shuffle(pairs)
        shuffled = []
        for key, words in pairs:
            items = words.split(",")
            chance.shuffle(items)
            shuffled.append(
                f"{key}={','.join([*items, items[0]] if BY_KEY[key].form in ('list', 'parties') else items)}"
            )
        assert from_query("&".join(shuffled)) == criteria

    @pytest.mark.parametrize(
        ("one", "another"),
        [
            ("min_value=250000", "min_value=%24250,000.00"),
            ("min_value=250000", "min_value=250k"),
            ("min_value=1500000", "min_value=1.5m"),
            ("role=ceo,cfo", "role=cfo&role=ceo"),
            ("issuer=0000320193", "issuer=320193,0000320193"),
            ("", "plan=plan,plan_filing,not_plan,unknown"),
            ("", "table=I,II"),
            ("", "late=0&min_value=&sort=-filed&rows=50"),
            ("max_stake=-25", "max_stake=−25%25"),
        ],
    )
    def test_two_spellings_of_one_meaning_are_equal(self, one, another):
        assert from_query(one) == from_query(another)
        assert from_query(another).query == from_query(one).query

    def test_another_meaning_is_another_spelling(self):
        assert from_query("min_value=0") != EVERYTHING  # asks for a value that is known
        assert from_query("side=bought") != from_query("kind=buy,planned_buy")

    def test_equal_criteria_are_one_key(self):
        assert len({from_query("role=cfo,ceo"), from_query("role=ceo&role=cfo")}) == 1


class TestErrors:
    @pytest.mark.parametrize(
        ("query", "key"),
        [
            ("min_value=much", "min_value"),
            ("min_value=-1", "min_value"),
            ("min_value=1e9", "min_value"),
            ("min_value=١٢", "min_value"),
            ("min_value=9999999999999999999", "min_value"),
            ("min_value=1&min_value=2", "min_value"),
            ("min_value=5&max_value=4", "max_value"),
            ("role=king", "role"),
            ("side=bought,sold", "side"),
            ("issuer=ACME", "issuer"),
            ("issuer=12345678901", "issuer"),
            ("filed_days=0", "filed_days"),
            ("filed_days=99999", "filed_days"),
            ("filed_from=2024-02-30", "filed_from"),
            ("filed_from=2024-03-02&filed_to=2024-03-01", "filed_to"),
            ("late=perhaps", "late"),
            ("min_insiders=3", "min_insiders"),
            ("group=moon", "group"),
            ("sort=-beauty", "sort"),
            ("sort=-total", "sort"),
            ("sort=price&group=issuer", "sort"),
            ("min_vlaue=5", "min_vlaue"),
            ("min_sic=2.5", "min_sic"),
        ],
    )
    def test_what_cannot_be_meant_is_an_error_at_its_field(self, query, key):
        errors = refused(query)
        assert list(errors) == [key]
        assert errors[key].endswith(".")

    def test_all_errors_are_told_at_once(self):
        assert set(refused("min_value=x&role=king&what=1")) == {"min_value", "role", "what"}

    @given(st.text(max_size=200))
    def test_no_querystring_breaks_the_reader(self, query):
        assert read_or_refused(from_query, query) != {}

    @given(st.sampled_from(FIELDS), st.text(max_size=40))
    def test_no_words_at_a_field_break_the_reader(self, field, words):
        assert read_or_refused(parse, {field.key: [words]}) in (None, {field.key})

    def test_a_flood_of_fields_is_refused_as_one(self):
        assert list(refused("&".join(f"late={n}" for n in range(1000)))) == ["criteria"]

    def test_what_an_older_or_newer_form_stored_is_refused(self):
        with pytest.raises(BadCriteria):
            stored("side=bought", SCHEMA + 1)


class TestMeaning:
    def test_a_screen_asks_for_what_stands_unless_told_otherwise(self):
        assert EVERYTHING.tests() == (STANDING,)
        assert from_query("superseded=1").tests() == ()

    def test_values_have_their_types(self):
        criteria = from_query("min_value=10.50&filed_from=2024-03-01&filed_days=30&late=1&role=cfo,ceo")
        assert criteria.get("min_value") == Decimal("10.5")
        assert criteria.get("filed_from") == date(2024, 3, 1)
        assert criteria.get("filed_days") == 30
        assert criteria.get("late") is True
        assert criteria.get("role") == ("ceo", "cfo")
        assert criteria.get("price") is None

    def test_groups_without_a_period_are_of_the_last_ninety_days(self):
        assert from_query("group=issuer").whole == from_query("group=issuer&filed_days=90")
        assert from_query("group=issuer&traded_days=5").whole == from_query("group=issuer&traded_days=5")
        assert EVERYTHING.whole == EVERYTHING

    def test_what_is_about_the_view_is_not_what_is_asked(self):
        seen = from_query("side=sold&sort=-value&columns=filed,value&rows=100")
        assert seen.asked == from_query("side=sold")
        assert seen.columns == ("filed", "value")
        assert seen.rows == 100
        assert from_query("group=issuer&min_insiders=3").asked == from_query("group=issuer&min_insiders=3")

    def test_a_criterion_can_be_taken_away_and_given(self):
        criteria = from_query("side=sold&group=issuer&min_insiders=3&min_value=5")
        assert criteria.without("group") == from_query("side=sold&min_value=5")
        assert criteria.without("min_value") == from_query("side=sold&group=issuer&min_insiders=3")
        by_total = from_query("side=sold&group=issuer&min_total=9&sort=-total&columns=issuer,total&rows=25")
        assert by_total.without("group") == from_query("side=sold&rows=25")  # trades have no such column
        assert criteria.having(min_value="7", side=None) == from_query("group=issuer&min_insiders=3&min_value=7")

    def test_every_column_can_order_the_list_both_ways(self):
        for name in COLUMNS:
            assert from_query(f"sort={name}").order == name
            assert from_query(f"sort=-{name}").order == f"-{name}"
        for name in GROUP_COLUMNS:
            assert from_query(f"group=issuer&sort=-{name}").order == f"-{name}"

    def test_nothing_asked_is_nothing_written(self):
        assert EVERYTHING.query == ""
        assert parse({}) == EVERYTHING == ScreenCriteria()
