"""Names and typed texts meet in the same words, whatever marks stand between them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filings.names import MAX_LETTERS, MAX_NAME_WORDS, Query, cuts, lexemes, short_forms, symbol, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("O'Brien", ["obrien"]),
        ("O’BRIEN DEIRDRE", ["obrien", "deirdre"]),
        ("AT&T INC.", ["att", "inc"]),
        ("at & t", ["at", "and", "t"]),
        ("JOHNSON & JOHNSON", ["johnson", "and", "johnson"]),
        ("Barnes&Noble", ["barnes", "and", "noble"]),
        ("J.P. Morgan", ["jp", "morgan"]),
        ("Smith, John, Ph.D.", ["smith", "john", "phd"]),
        ("FARNAM STREET PARTNERS LP /MN", ["farnam", "street", "partners", "lp"]),
        ("BANK OF AMERICA CORP /DE/", ["bank", "of", "america", "corp"]),
        ("ACME CORP\\NEW\\", ["acme", "corp"]),
        ("NOVO NORDISK A/S", ["novo", "nordisk", "a", "s"]),
        ("FUND L P", ["fund", "lp"]),
        ("Wilson-Thompson", ["wilson", "thompson"]),
        ("Café Ångström Łódź Søren", ["cafe", "angstrom", "lodz", "soren"]),
        ("ＡＰＰＬＥ", ["apple"]),
        ("23andMe Holding Co.", ["23andme", "holding", "co"]),
        ("/DE/", []),
        ("& ' - /", ["and"]),
    ],
)
def test_words_are_what_is_left_of_a_name_without_its_marks(text, expected):
    assert words(text) == expected


@pytest.mark.parametrize("text", ["BRK.B", "brk-b", "BRK/B", "brk b", " Brk.B "])
def test_a_share_class_is_the_same_symbol_however_it_is_written(text):
    assert symbol(text) == "brkb"
    assert Query.read(text).ticker == "brkb"


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("COOK TIMOTHY D", "Timothy Cook"),
        ("ROBERTSON DONALD F JR", "donald robertson"),
        ("Hoffman Reid III", "reid hoffman"),
        ("Levinson Arthur D., Ph.D.", "arthur d. levinson"),
    ],
)
def test_a_person_is_named_wholly_by_first_and_last_name_in_any_order(name, typed):
    assert lexemes(name, person=True) & Query.read(typed).whole_names


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("BANK OF AMERICA CORP /DE/", "Bank of America"),
        ("Home Depot, Inc., The", "the home depot"),
        ("AT&T INC.", "at&t"),
        ("Meta Platforms, Inc.", "Meta Platforms Incorporated"),
        ("Anvils (Demo)", "anvils"),
    ],
)
def test_an_issuer_is_named_wholly_without_its_legal_form(name, typed):
    assert lexemes(name, person=False) & Query.read(typed).whole_names


def test_one_word_of_two_is_not_the_whole_name():
    assert not lexemes("APPLE HOSPITALITY", person=False) & Query.read("apple").whole_names


def test_words_of_legal_form_are_asked_for_only_where_nothing_else_is():
    assert Query.read("apple inc").words == ("apple",)
    assert Query.read("the co").words == ("the", "co")


def test_a_query_is_read_with_neighbours_joined_too():
    assert Query.read("J P Morgan").readings[0] == ("j", "p", "morgan")
    assert ("jpmorgan",) in Query.read("J P Morgan").readings
    assert ("jp", "morgan") in Query.read("J P Morgan").readings
    assert ("blackrock", "fund") in Query.read("black rock fund").readings


@pytest.mark.parametrize("name", ["AT&T INC.", "AT & T INC", "A T & T INC"])
@pytest.mark.parametrize("typed", ["at&t", "AT & T", "att", "at and t"])
def test_an_ampersand_may_stand_close_or_apart_or_be_missing(name, typed):
    found = lexemes(name, person=False)
    assert any(found.issuperset(reading) for reading in Query.read(typed).readings)


def test_symbols_are_words_of_the_name_and_keys_of_their_own():
    found = lexemes("Alphabet Inc.", person=False, symbols=["GOOG, GOOGL"], former_symbols=["NONE", "OLD.OB"])
    assert {"goog", "$goog", "$googl", "old", "~old"} <= found
    assert not {"none", "$none", "~none"} & found


def test_short_forms_go_both_ways_and_never_name_themselves():
    assert "william" in short_forms("bill")
    assert "bill" in short_forms("william")
    assert not any(word in short_forms(word) for word in ("bill", "william", "ted", "alex", "chris"))
    assert short_forms("zebedee") == frozenset()


def test_a_longer_form_is_cut_down_to_three_letters():
    assert cuts("jensen") == ["jen", "jens", "jense"]
    assert cuts("jens") == []


@given(st.text())
def test_any_text_gives_words_of_letters_and_digits_within_the_limits(text):
    found = words(text)
    assert len(found) <= MAX_NAME_WORDS
    assert all(word.isalnum() and len(word) <= MAX_LETTERS and word == word.casefold() for word in found)


@given(st.text())
def test_every_lexeme_is_safe_inside_quotes(text):
    for lexeme in lexemes(text, person=True, symbols=[text]) | Query.read(text).whole_names:
        assert lexeme.lstrip("$~=").isalnum()


@given(st.text(alphabet="AB '.&-/", max_size=20))
def test_a_name_always_has_every_word_that_typing_it_asks_for(name):
    assert set(Query.read(name).words) <= lexemes(name, person=False)
