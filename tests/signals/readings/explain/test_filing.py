"""The rich explanation: each sentence knows its cells, each cell its words, each total its rows."""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filings.ownership.document import Line, Owner
from signals.readings.explain import headline, line_sentence, trade_sentence
from signals.readings.explain.filing import FilingExplanation, explain_filing
from signals.readings.explain.marks import marked
from signals.readings.explain.research import STUDIES
from signals.readings.explain.spans import FORM, Cell
from signals.readings.trades import issuer_reading
from tests.signals.readings.archives import (
    DAY,
    FUND,
    PAT,
    SAM,
    after_days,
    bought,
    demo_readings,
    form,
    holding,
    number,
    row,
    sold,
)

LINE_FIELDS = {field.name for field in fields(Line)}
PLAN = "Effected pursuant to a Rule 10b5-1 trading plan adopted by the reporting person on "


def explained(*forms, of=None, as_of=None, whole=True) -> FilingExplanation:
    of = of or forms[-1]
    return explain_filing(issuer_reading(forms), of.accession, as_of=as_of or after_days(60), whole=whole)


def for_it(told):
    return [reason.words.text for reason in told.matters]


def against(told):
    return [reason.words.text for reason in told.matters_not]


def said_of(told, anchor, field):
    return told.cells.get(Cell(anchor, field), "")


def broken(told: FilingExplanation) -> list[str]:
    """What in an explanation points at nothing, or is no sentence."""
    lines = {f"{line.table}-{line.kind[0]}-{line.row}": line for line in told.form.lines}
    owners = {f"owner-{place}" for place in range(1, len(told.form.owners) + 1)}
    found = []
    sentences = [trade.sentence for trade in told.trades]
    sentences += [reason.words for reason in (*told.matters, *told.matters_not)]
    for sentence in sentences:
        if not re.search(r"[.!?”]$", sentence.text):
            found.append(f"no end: {sentence.text[-40:]!r}")
        for span in sentence.spans:
            for cell in span.cells:
                if cell.anchor not in lines and cell.anchor not in owners and cell.anchor != FORM:
                    found.append(f"no line {cell.id}")
                elif cell.anchor in lines and getattr(lines[cell.anchor], cell.field) is None:
                    found.append(f"nothing in {cell.id}")
            for word in span.words:
                if word.ref is not None and told.form.footnotes[word.ref][word.start : word.end] != word.words:
                    found.append(f"not the words of {word.ref}: {word.words!r}")
    for cell in told.cells:
        known = cell.anchor in owners or cell.anchor == FORM or (cell.anchor in lines and cell.field in LINE_FIELDS)
        found += [] if known else [f"no cell {cell.id}"]
    for ref, pieces in told.notes.items():
        if "".join(piece.text for piece in pieces) != told.form.footnotes[ref]:
            found.append(f"footnote {ref} is not its pieces")
    counted = [anchor for side in told.counting for row in (*side.counted, *side.left_out) for anchor in row.anchors]
    rows = sorted(anchor for anchor in lines if "-t-" in anchor)
    if sorted(counted) != rows:
        found.append(f"the counting ledger has {sorted(set(counted) ^ set(rows))} not once")
    left = [row for side in told.counting for row in side.left_out if not row.reasons]
    return found + [f"left out without a reason: {row.what}" for row in left]


def words_of(told: FilingExplanation) -> list[str]:
    return [
        told.headline,
        *(trade.sentence.text for trade in told.trades),
        *(line.sentence for line in told.lines.values()),
        *for_it(told),
        *against(told),
        *(story.text for story in told.stories),
        *told.cells.values(),
    ]


def leaks(told: FilingExplanation) -> list[str]:
    """Words in which a value shows as our program spells it."""
    inner = re.compile(r"\bNone\b(?! of )|Decimal|datetime|\bTrue\b|\bFalse\b|[{}]")
    return [words for words in words_of(told) if inner.search(words)]


def test_every_filing_of_the_demo_is_explained_without_a_loose_end():
    found = {}
    for reading in demo_readings().values():
        for one in reading.history:
            told = explain_filing(reading, one.accession, as_of=date(2026, 11, 20))
            loose = broken(told) + leaks(told)
            if loose:
                found[one.accession] = loose[:3]
    assert found == {}


def test_only_codes_p_and_s_are_ever_bought_or_sold():
    """The sentences of what was done, not the code's own pages or the notes' words."""
    for reading in demo_readings().values():
        for one in reading.history:
            for trade in reading.of(one.accession):
                sentence = trade_sentence(trade, one)
                if trade.code not in ("P", "S"):
                    assert not re.search(r"\b(?:bought|sold)\b", sentence.split(" Left out")[0]), sentence
                elif trade.kind != "swap":
                    assert re.search(r"\bbought\b|\bsold\b|\bpurchase\b|\bsale\b", sentence), sentence


def test_each_part_of_a_trades_sentence_points_at_its_own_cells_and_words():
    note = {"F1": f"{PLAN}November 20, 2023.", "F2": "Sold at prices ranging from $9.50 to $10.50."}
    noted = sold(100, 900, footnotes={"code": ("F1",), "price": ("F2",)})
    told = explained(form(1, noted, notes=note, aff10b5_one=True))
    [trade] = told.trades
    spans = {span.text: span for span in trade.sentence.spans}
    assert spans[" on 4 March 2024"].ids == ("I-t-1-transaction_date",)
    price = next(span for text, span in spans.items() if "$9.50 to $10.50" in text)
    assert price.ids == ("I-t-1-price", "footnote-F2")
    assert [word.words for word in price.words] == ["ranging from $9.50 to $10.50"]
    plan = next(span for text, span in spans.items() if "10b5-1" in text)
    assert plan.ids == ("form-aff10b5_one", "footnote-F1")
    held = next(span for text, span in spans.items() if "are left" in text)
    assert held.ids == ("I-t-1-shares_owned_following",)


def test_an_own_purchase_may_matter_and_says_what_research_found():
    told = explained(form(1, bought(3_000, 13_000, price=20)))
    assert for_it(told)[0].startswith("It is a purchase at a price, under no plan")
    assert told.matters[0].study == STUDIES["purchases"]
    assert "It is the first purchase of this filer in the filings here" in for_it(told)[1]
    assert for_it(told)[2] == "The purchase adds 30% to the shares held before."
    chief = Owner("0009100007", "Chief Example", is_officer=True, officer_title="CFO")
    assert explained(form(1, bought(10, 20), owners=(chief,))).matters[0].study == STUDIES["finance_chief"]


def test_nothing_is_called_the_first_where_filings_are_left_out():
    told = explained(form(1, bought(3_000, 13_000)), whole=False)
    assert not any("first purchase" in text for text in for_it(told))


def test_purchases_of_others_within_two_days_are_counted_as_people():
    near = form(1, bought(10, 20, on=DAY), owners=(SAM,))
    far = form(2, bought(10, 20, on=after_days(-5)), owners=(FUND,), filed_on=after_days(-4))
    told = explained(near, far, form(3, bought(3_000, 13_000)))
    assert "One other insider of the company bought within two days of it." in for_it(told)


def test_a_large_part_sold_freely_may_matter_and_a_planned_sale_may_not():
    free = explained(form(1, sold(40_000, 60_000, price=20), aff10b5_one=False))
    assert "The sale is large, $800,000, and 40% of the shares held before." in for_it(free)
    assert any(text.startswith("The form says that no Rule 10b5-1 plan") for text in for_it(free))
    assert any("the form does not say why" in text for text in against(free))
    noted = sold(40_000, 60_000, price=20, footnotes={"code": ("F1",)})
    planned = explained(form(1, noted, notes={"F1": f"{PLAN}October 2, 2023."}, aff10b5_one=True))
    assert for_it(planned) == []
    assert against(planned)[0].startswith("It was set by a plan adopted on 2 October 2023, 154 days before.")
    assert planned.matters_not[0].study == STUDIES["plans"]


def test_a_plan_whose_wait_was_too_short_may_matter():
    noted = sold(10, 90, footnotes={"code": ("F1",)})
    told = explained(form(1, noted, notes={"F1": f"{PLAN}January 15, 2024."}, aff10b5_one=True))
    assert any("49 days after the plan was adopted" in text for text in for_it(told))


def test_late_reports_say_the_two_days():
    told = explained(form(1, sold(10, 90), filed_on=after_days(16)))
    assert told.timely == "due 6 March 2024, ten business days late"
    assert any(
        "It was reported late. It was executed on 4 March 2024 and due on 6 March 2024" in x for x in for_it(told)
    )
    assert "10 business days late" in said_of(told, "I-t-1", "transaction_date")


def test_gifts_swaps_and_hedges_have_their_reasons():
    gift = explained(form(1, row("G", "D", 10, 90, price=0)))
    assert gift.matters[0].study == STUDIES["gifts"]
    noted = row("J", "D", 10, 90, price=None, footnotes={"code": ("F1",)})
    text = {"F1": "Delivered under a prepaid variable forward sale contract."}
    assert explained(form(1, noted, notes=text)).matters[0].study == STUDIES["hedges"]
    assert explained(form(1, sold(10, 90, equity_swap=True))).matters[0].study == STUDIES["hedges"]


def test_mechanics_sell_to_cover_private_and_small_speak_against():
    assert against(explained(form(1, row("A", "A", 10, 90, price=0))))[0].startswith(
        "An award from the company is no purchase. It does not tell: a wish to own more"
    )
    noted = {"footnotes": {"code": ("F1",)}}
    cover = explained(form(1, sold(10, 90, **noted), notes={"F1": "Shares sold to cover tax withholding obligations."}))
    assert any("sold to pay tax" in text for text in against(cover))
    espp = explained(form(1, bought(10, 90, **noted), notes={"F1": "Acquired under the Employee Stock Purchase Plan."}))
    assert any("It was no order in the market but an employee purchase plan" in text for text in against(espp))
    small = explained(form(1, bought(10, 90, price=5)))
    assert any("The sum is small: $50" in text for text in against(small))
    little = explained(form(1, sold(1_000, 999_000, price=20)))
    assert "It changes the holding by 0.1% only." in against(little)


def test_a_trade_of_the_same_month_of_three_years_is_routine():
    years = [
        form(year, sold(100, 10_000 - 100 * year, on=DAY.replace(year=2020 + year)),
             filed_on=DAY.replace(year=2020 + year) + timedelta(days=1))
        for year in range(1, 5)
    ]  # fmt: skip
    assert any("sold in March of each of the three years before" in text for text in against(explained(*years)))
    assert not any("three years" in text for text in against(explained(*years[1:])))


def test_an_exercise_near_its_end_and_one_long_before_it():
    def exercised(expires):
        terms = {
            "conversion_or_exercise_price": Decimal(4),
            "expiration_date": expires,
            "underlying_shares": Decimal(9),
        }
        went = row("M", "D", 9, 0, price=None, table="II", title="Stock Option (Right to Buy)", **terms)
        return explained(form(1, row("M", "A", 9, 100, price=4), went))

    assert any("would have expired 30 days later" in text for text in against(exercised(after_days(30))))
    assert "Exercised 30 days before" in said_of(exercised(after_days(30)), "II-t-1", "expiration_date")
    assert not any("expired" in text for text in against(exercised(after_days(900))))
    assert "more than two years left" in said_of(exercised(after_days(900)), "II-t-1", "expiration_date")


def test_kept_all_is_provisional_until_thirty_days_have_passed():
    terms = {"conversion_or_exercise_price": Decimal(4), "underlying_shares": Decimal(9)}
    went = row("M", "D", 9, 0, price=None, table="II", title="Stock Option (Right to Buy)", **terms)
    paper = form(1, row("M", "A", 9, 100, price=4), went)
    [early] = explained(paper, as_of=after_days(10)).stories
    assert (early.outcome, early.provisional) == (
        "Kept all",
        "Not settled: shares sold until 3 April 2024 would still belong to it.",
    )
    [settled] = explained(paper, as_of=after_days(31)).stories
    assert settled.provisional == ""
    assert [step.name for step in settled.steps] == ["Exercised", "Kept"]
    later = form(2, sold(9, 91, on=after_days(20), price=9), filed_on=after_days(21))
    [told] = explained(paper, later, of=paper).stories
    assert (told.outcome, told.steps[1].name, told.steps[1].here) == ("Sold later", "Sold later", False)
    assert told.steps[1].accession == later.accession


def test_balances_follow_open_or_leave_a_gap_with_its_cause():
    first = form(1, sold(100, 900))
    second = form(2, sold(100, 700, on=after_days(7)), filed_on=after_days(8))
    told = explained(first, second)
    assert said_of(explained(first), "I-t-1", "shares_owned_following") == (
        "The first balance of this line in the filings read here."
    )
    assert "It does not follow from what the filings before give. 100 fewer than" in said_of(
        told, "I-t-1", "shares_owned_following"
    )
    [position] = told.positions
    assert [(entry.moved, entry.after, entry.here) for entry in position.entries] == [
        ("−100", "900", False),
        ("−100", "700", True),
    ]
    assert position.entries[1].cause == "filings missing here, or changes that needed no report"
    assert position.gaps == 1


def test_the_counting_ledger_names_each_row_and_why_it_is_left_out():
    told = explained(form(1, sold(100, 900), sold(50, 850, price=None), row("F", "D", 10, 840, price=9)))
    sides = {side.side: side for side in told.counting}
    assert sides["Sold"].total == "$1,000"
    assert sides["Neither bought nor sold"].left_out[0].reasons[0][0].startswith("Shares kept back")
    assert broken(told) == []


def test_an_amendment_is_shown_row_by_row_beside_its_original():
    first = form(1, sold(100, 900, price=10), bought(5, 905))
    added = sold(7, 898, on=after_days(1))
    better = form(
        2, sold(100, 900, price=11), added, kind="4/A", date_of_original_submission=first.filed_on,
        filed_on=after_days(3),
    )  # fmt: skip
    told = explained(first, better)
    assert told.amendment is not None
    assert told.amendment.text == (
        "It amends the report filed on 5 March 2024:"
        " one row corrected, one row added, one row not repeated, and stands."
    )
    [corrected, more, alone] = told.amendment.rows
    assert [(cell.name, cell.old, cell.new) for cell in corrected.cells] == [("price", "10", "11")]
    assert (more.old_anchor, more.new_anchor, more.state) == (None, "I-t-2", "added")
    assert (alone.old_anchor, alone.new_anchor, alone.state) == ("I-t-2", None, "not_restated")
    assert explained(first, better, of=first).later == (better.accession,)
    lost = explained(better).amendment
    assert lost is not None
    assert lost.text == (
        "The original report was not found in the filings here. The form says that it was filed on 5 March 2024."
    )
    assert "was not found" in said_of(explained(better), FORM, "date_of_original_submission")


@pytest.mark.parametrize(
    ("line", "field", "words"),
    [
        (sold(10, 90, ownership="I", nature_of_ownership="By Trust"), "ownership", "Held indirectly"),
        (sold(10, 90, ownership="I", nature_of_ownership="By Trust"), "nature_of_ownership", "“By Trust”"),
        (sold(10, 90, price=None), "price", "No price is given."),
        (row("F", "D", 10, 90, price=9), "price", "nothing was sold at it"),
        (row("A", "A", 10, 90, price=9), "price", "nothing was paid"),
        (row("G", "D", 10, 90, price=0), "price", "Zero means that nothing was paid"),
        (row("P", "D", 10, 90), "code", "The row contradicts itself"),
        (row("Q", "D", 10, 90), "code", "no official code"),
        (sold(10, 90, equity_swap=True), "code", "K: the row is marked as an equity swap"),
        (row("G", "A", 10, 90, form_type="5"), "timeliness", "V: it could have waited"),
        (sold(10, 90, timeliness="L"), "timeliness", "marks it as late"),
        (sold(10, 90, deemed_execution_date=after_days(1)), "deemed_execution_date", "Rule 16a-3(g)"),
        (sold(10, 90, on=date(22, 3, 4)), "transaction_date", "cannot be"),
    ],
)
def test_cells_that_have_something_to_say_say_it(line, field, words):
    assert words in said_of(explained(form(1, line)), "I-t-1", field)


@pytest.mark.parametrize(
    ("title", "more", "field", "words"),
    [
        ("Restricted Stock Units", {}, "conversion_or_exercise_price", "Nothing is paid"),
        ("Restricted Stock Units", {}, "security_title", "A promise of shares"),
        ("Call Option (Obligation to Sell)", {}, "security_title", "The holder owes"),
        ("Stock Option (Right to Buy)", {"exercise_date": date(2030, 1, 2)}, "exercise_date", "from 2 January 2030"),
        ("Warrant", {"underlying_shares": Decimal(25)}, "underlying_shares", "2.5 shares for each one"),
        ("Convertible Note", {"conversion_or_exercise_price": Decimal(3)}, "conversion_or_exercise_price", "converts"),
        ("Series A Preferred Stock", {}, "security_title", "rank before common stock"),
    ],
)
def test_terms_of_derivatives_are_explained(title, more, field, words):
    line = row("A", "A", 10, 10, price=None, table="II", title=title, underlying_title="Common Stock", **more)
    assert words in said_of(explained(form(1, line)), "II-t-1", field)


def test_vesting_words_stand_in_the_cell_of_the_date_that_they_are_noted_on():
    line = row(
        "A", "A", 10, 10, price=None, table="II", title="Stock Option (Right to Buy)",
        footnotes={"exercise_date": ("F1",)},
    )  # fmt: skip
    told = explained(form(1, line, notes={"F1": "The option vests in four equal annual installments."}))
    assert "four equal annual installments" in said_of(told, "II-t-1", "exercise_date")


def test_boxes_say_what_they_mean():
    ticked = explained(form(1, sold(10, 90), aff10b5_one=True))
    assert "one for the whole form" in said_of(ticked, FORM, "aff10b5_one")
    old = explained(form(1, sold(10, 90, on=date(2020, 3, 4)), filed_on=date(2020, 3, 5)))
    assert "had no such box" in said_of(old, FORM, "aff10b5_one")
    assert "does not answer the box" in said_of(explained(form(1, sold(10, 90))), FORM, "aff10b5_one")
    joint = explained(form(1, sold(10, 90), owners=(FUND, PAT)))
    assert said_of(joint, FORM, "joint") == (
        "One filing of one person and one entity: what it reports is counted once, not for each of them."
    )
    assert said_of(joint, "owner-1", "role").startswith("Holds more than a tenth")
    assert "keeps its money" in said_of(explained(form(1, sold(10, 90), owners=(SAM,))), "owner-1", "role")
    out = explained(form(1, not_subject_to_section16=True))
    assert "need not report" in said_of(out, FORM, "not_subject_to_section16")
    first = explained(form(1, kind="3", period_of_report=DAY))
    assert "due ten days later" in said_of(first, FORM, "period_of_report")


def test_a_form_without_transactions_says_that_nothing_was_traded():
    told = explained(form(1, holding(5), kind="3", period_of_report=DAY))
    assert against(told) == ["Nothing was traded: the filing states what is held."]
    assert told.timely == "due 14 March 2024, filed in time"


@given(st.text(max_size=400))
def test_a_marked_note_is_its_text_and_nothing_else(text):
    assert "".join(piece.text for piece in marked(text)) == text


def test_marks_name_what_the_words_state():
    pieces = marked("Sold at prices ranging from $9.50 to $10.50 under a Rule 10b5-1 plan adopted on May 1, 2023.")
    says = [piece.says for piece in pieces if piece.says]
    assert says == ["range of prices: $9.50 to $10.50", "Rule 10b5-1 plan: adopted on 1 May 2023"]


codes = st.sampled_from([*"PSVADFIMCEHOXGLWZJKUQ", None])
sizes = st.one_of(st.none(), st.decimals(min_value=0, max_value=10**12, places=4))
titles = st.sampled_from(
    ["Common Stock", "Class B Common Stock", "Restricted Stock Units", "Stock Option (Right to Buy)", None]
)


@st.composite
def odd_lines(draw):
    table = draw(st.sampled_from(["I", "II"]))
    return row(
        draw(codes), draw(st.sampled_from(["A", "D", None])), draw(sizes), draw(sizes), price=draw(sizes), table=table,
        on=draw(st.one_of(st.none(), st.dates(date(1, 1, 1), date(2100, 1, 1)))), title=draw(titles),
        ownership=draw(st.sampled_from(["D", "I", None])), equity_swap=draw(st.sampled_from([True, False, None])),
        conversion_or_exercise_price=draw(sizes) if table == "II" else None,
        expiration_date=draw(st.none() | st.dates(date(1, 1, 1), date(2100, 1, 1))) if table == "II" else None,
        underlying_shares=draw(sizes) if table == "II" else None,
    )  # fmt: skip


@given(st.lists(odd_lines(), max_size=4), st.sampled_from(["3", "4", "5", "4/A"]), st.sampled_from([True, False, None]))
def test_whatever_the_cells_hold_there_are_sentences_and_no_loose_end(lines, kind, box):
    paper = form(1, *lines, kind=kind, aff10b5_one=box)
    told = explained(paper)
    assert broken(told) == []
    assert leaks(told) == []
    reading = issuer_reading([paper])
    assert told.headline == headline(paper, reading.of(paper.accession), reading)
    assert all(line_sentence(line, paper, None).endswith((".", "”")) for line in paper.lines)


def test_numbers_of_any_length_are_told():
    paper = form(1, sold(number("9" * 40), number("1." + "3" * 20), price=number("8" * 30)))
    assert "9" * 3 in explained(paper).headline
