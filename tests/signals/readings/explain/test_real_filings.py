"""The explanations of the real filings beside the checkout: every code, flag and sort of footnote in them has words."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

import pytest

from signals.readings.explain import trade_sentence
from signals.readings.explain.filing import FilingExplanation, explain_filing
from signals.readings.explain.marks import says
from signals.readings.explain.spans import FORM, Cell
from signals.readings.footnotes import facts
from tests.signals.readings.archives import real_readings
from tests.signals.readings.explain.test_filing import broken, leaks


@pytest.fixture(scope="module")
def readings(request):
    return real_readings(request.getfixturevalue("real_filings"))


@pytest.fixture(scope="module")
def told(readings) -> dict[str, FilingExplanation]:
    return {
        form.accession: explain_filing(reading, form.accession, as_of=date(2026, 11, 20))
        for reading in readings.values()
        for form in reading.history
    }


def test_every_filing_is_explained_without_a_loose_end(told):
    assert len(told) == 465
    assert {number: loose for number, words in told.items() if (loose := broken(words) + leaks(words))} == {}


def test_every_code_and_direction_found_has_its_words_and_only_p_and_s_trade(readings):
    words: dict[tuple[str | None, str | None], Counter[str]] = {}
    for reading in readings.values():
        for trade in reading.trades:
            sentence = trade_sentence(trade, reading.history.form(trade.accession))
            traded = re.search(r"\b(?:bought|sold)\b", sentence) is not None
            assert not traded or trade.code in ("P", "S"), sentence
            words.setdefault((trade.code, trade.direction), Counter())[trade.kind] += 1
    assert {code for code, _ in words} == set("ACDFGHJMPSWX")
    assert ("P", "disposed") in words
    assert ("S", "acquired") in words


@pytest.mark.parametrize(
    ("flag", "field"),
    [
        (lambda form: form.aff10b5_one is True, "aff10b5_one"),
        (lambda form: form.aff10b5_one is False, "aff10b5_one"),
        (lambda form: form.aff10b5_one is None and form.family != "3", "aff10b5_one"),
        (lambda form: form.not_subject_to_section16 is True, "not_subject_to_section16"),
        (lambda form: form.is_amendment, "date_of_original_submission"),
        (lambda form: len(form.owners) > 1, "joint"),
        (lambda form: form.family == "5", "period_of_report"),
        (lambda form: form.family == "3", "period_of_report"),
    ],
)
def test_every_flag_found_has_its_words(told, flag, field):
    flagged = [words for words in told.values() if flag(words.form)]
    assert flagged
    assert [words.form.accession for words in flagged if not words.cells.get(Cell(FORM, field))] == []


def test_every_combination_of_flags_found_is_told_apart(told):
    """Box, exit, family, joint: forms with equal flags get equal words on their boxes, others get other words."""
    by_flags: dict[tuple, set[tuple]] = {}
    for words in told.values():
        form = words.form
        if form.family == "3" or form.is_amendment or len(form.owners) > 1:
            continue
        flags = form.family, form.aff10b5_one, bool(form.not_subject_to_section16), form.filed_on >= date(2023, 4, 1)
        boxes = ("aff10b5_one", "not_subject_to_section16", "period_of_report")
        by_flags.setdefault(flags, set()).add(tuple(words.cells.get(Cell(FORM, box)) for box in boxes))
    assert len(by_flags) >= 6
    assert all(len(said) == 1 for said in by_flags.values())
    assert len({said.copy().pop() for said in by_flags.values()}) == len(by_flags)


def test_every_sort_of_fact_in_their_footnotes_is_marked_and_named(told):
    named: Counter[tuple[str, str | None]] = Counter()
    for words in told.values():
        for ref, text in words.form.footnotes.items():
            for fact in facts(text):
                named[fact.kind, fact.about] += 1
                assert says(fact), (ref, fact)
            marked = [piece for piece in words.notes[ref] if piece.says]
            assert bool(marked) == bool(facts(text)), (words.form.accession, ref)
    assert len(named) > 40


@pytest.mark.parametrize(
    ("accession", "words"),
    [
        ("0001181431-10-035864", "sold 1,415,167 shares for $24.1 million"),
        ("0000899243-21-018773", "in place of Class B shares (code M)"),
        ("9999999997-24-000036", "reported a purchase (code P) of 800,000 Class A shares and marked it as disposed of"),
        ("9999999997-23-000076", "Reported before: "),
        ("9999999997-26-000140", "under code F, where a footnote speaks of a sale"),
        ("9999999997-25-000136", "reported one holding and no transaction, and that these reports are no longer due"),
        ("0001062993-24-019893", "Amends a report that is not here: "),
        ("0001209191-21-035822", "in what a footnote calls a distribution (code J)"),
    ],
)
def test_headlines_that_were_wrong_once_stay_right(told, accession, words):
    """See docs/reviews/filings-by-eye.md."""
    assert words in told[accession].headline
