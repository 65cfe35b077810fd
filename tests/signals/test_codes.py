"""The one table of codes: the SEC's twenty, each with a sentence that says no more than the code does."""

from __future__ import annotations

import re

import pytest

from filings.ownership.codes import ACQUIRED, CODES, DISPOSED, EITHER

# Form 4, General Instruction 8.
OFFICIAL = set("PSV" "ADFIM" "CEHOX" "GLWZ" "JKU")  # fmt: skip

every_code = pytest.mark.parametrize("code", CODES.values(), ids=lambda code: code.letter)
trade_words = re.compile(r"\b(bought|sold|buys?|sells?|purchased?)\b", re.IGNORECASE)


def test_the_table_holds_the_twenty_official_codes_and_no_other():
    assert set(CODES) == OFFICIAL
    assert len(OFFICIAL) == 20
    assert all(letter == code.letter for letter, code in CODES.items())


def test_k_and_v_never_stand_in_the_xml():
    assert {code.letter for code in CODES.values() if not code.in_xml} == {"K", "V"}


@every_code
def test_a_code_has_a_sentence_for_readers(code):
    assert re.fullmatch(r"[A-Z].{10,}\.", code.plain)
    assert code.meaning
    assert code.direction in (ACQUIRED, DISPOSED, EITHER)


@every_code
def test_only_p_is_bought_and_only_s_is_sold(code):
    verbs = {code.verb(direction) for direction in (ACQUIRED, DISPOSED, None)}
    if code.letter == "P":
        assert verbs == {"Bought"}
    elif code.letter == "S":
        assert verbs == {"Sold"}
    else:
        assert not any(trade_words.search(words) for words in verbs)


@every_code
def test_no_sentence_calls_anything_else_a_trade(code):
    # D is "given or sold back to the company": a sale, but never on a market, and it says to whom.
    words = code.plain.replace("sold back to the company", "")
    assert bool(trade_words.search(words)) == (code.letter in "PS")


@every_code
def test_the_verb_follows_the_direction_that_was_filed(code):
    assert code.verb(ACQUIRED) == code.acquired
    assert code.verb(DISPOSED) == code.disposed


@every_code
def test_where_a_code_goes_either_way_and_a_line_does_not_say_which_neither_is_claimed(code):
    said = code.verb(None)
    if code.direction == EITHER and code.acquired != code.disposed:
        assert said.lower() == f"{code.acquired} or {code.disposed}".lower()
    else:
        assert said in (code.acquired, code.disposed)
