"""The stored sentences: a headline a filing, a sentence a trade, a line a row."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from filings.ownership.document import Line
from signals.readings.explain import headline, line_sentence, trade_sentence
from signals.readings.trades import issuer_reading
from tests.signals.readings.archives import DAY, FUND, PAT, SAM, after_days, bought, form, holding, row, sold


def told(*forms, of=None):
    """The headline and the trade sentences of a filing (the last, if none is named), read with the others."""
    reading = issuer_reading(forms)
    of = of or forms[-1]
    trades = reading.of(of.accession)
    return headline(of, trades, reading), [trade_sentence(trade, of) for trade in trades]


def lines(one):
    reading = issuer_reading([one])
    by_row = {ref: trade for trade in reading.trades for ref in trade.lines}
    return [line_sentence(line, one, by_row.get((line.table, line.row))) for line in one.lines]


def test_a_sale_says_who_what_when_for_how_much_and_what_is_left():
    head, [sentence] = told(form(1, sold(2_000, 8_000, price="12.5")))
    assert head == "Example Pat (director) sold 2,000 shares for $25,000."
    assert sentence == (
        "Example Pat (director) sold 2,000 shares on 4 March 2024 at $12.50 each, $25,000 in all."
        " That was 20% of the shares held before; 8,000 are left."
    )


def test_a_sale_of_everything_and_a_first_purchase_say_so():
    _, [sentence] = told(form(1, sold(2_000, 0)))
    assert sentence.endswith("Nothing of the 2,000 shares held before is left.")
    _, [sentence] = told(form(1, bought(2_000, 2_000)))
    assert sentence.endswith("No shares were held before; 2,000 are held now.")


def test_a_part_of_the_stake_over_all_lines_is_said_to_be_of_all():
    by_trust = holding(40_000, ownership="I", nature_of_ownership="By trust")
    _, [sentence] = told(form(1, sold(2_000, 8_000), by_trust), form(2, sold(5_000, 3_000), filed_on=after_days(3)))
    assert sentence.endswith("That was 10% of the shares held in all before; 43,000 are left.")


def test_rows_of_one_decision_are_one_sentence_with_the_range_of_prices():
    head, [sentence] = told(form(1, sold(100, 900, price="10.10"), sold(300, 600, price="10.90")))
    assert head == "Example Pat (director) sold 400 shares for $4,280."
    assert "at $10.10 to $10.90 each ($10.70 on average), $4,280 in all" in sentence


def test_a_plan_is_named_with_its_day_and_a_ticked_box_with_no_more_than_it_says():
    noted = sold(100, 900, footnotes={"code": ("F1",)})
    text = {"F1": "Effected under a Rule 10b5-1 trading plan adopted on November 20, 2023."}
    head, [sentence] = told(form(1, noted, notes=text, aff10b5_one=True))
    assert head == "Example Pat (director) sold 100 shares for $1,000 under a Rule 10b5-1 plan."
    assert ", under a Rule 10b5-1 plan adopted on 20 November 2023." in sentence
    two = form(1, sold(100, 900), bought(50, 950), aff10b5_one=True)
    assert ", on a form whose box for a Rule 10b5-1 plan is ticked." in told(two)[1][0]


def test_an_exercise_with_its_sale_is_told_in_that_order():
    paper = form(
        1,
        row("M", "A", 500, 1_500, price="4"),
        sold(500, 1_000, price=20),
        row(
            "M", "D", 500, 0, price=None, table="II", title="Stock Option (Right to Buy)",
            conversion_or_exercise_price=Decimal(4), underlying_shares=Decimal(500), underlying_title="Common Stock",
            expiration_date=date(2024, 5, 1),
        ),
    )  # fmt: skip
    head, _ = told(paper)
    assert head == "Example Pat (director) exercised options for 500 shares at $4 each and sold 500 shares for $10,000."


def test_shares_withheld_are_never_sold_and_say_what_they_paid():
    noted = row("F", "D", 40, 60, price="9.9", footnotes={"code": ("F1",)})
    text = {"F1": "Shares withheld by the issuer to satisfy tax withholding obligations."}
    head, [sentence] = told(form(1, noted, notes=text))
    assert head == "Example Pat (director) had 40 shares withheld for tax."
    assert sentence == "Example Pat (director) had 40 shares withheld for tax on 4 March 2024 valued at $9.90 each."


@pytest.mark.parametrize(
    ("code", "direction", "words"),
    [
        ("P", "A", "bought 10 shares"),
        ("S", "D", "sold 10 shares"),
        ("P", "D", "reported a purchase (code P) of 10 shares and marked it as disposed of (D)"),
        ("S", "A", "reported a sale (code S) of 10 shares and marked it as acquired (A)"),
        ("A", "A", "received 10 shares from the company"),
        ("A", "D", "reported 10 shares as disposed of under code A, which is for awards"),
        ("D", "D", "returned 10 shares to the company"),
        ("F", "D", "had 10 shares withheld for tax or the exercise price"),
        ("I", "A", "moved 10 shares into an employee plan by own choice"),
        ("I", "D", "moved 10 shares out of an employee plan by own choice"),
        ("M", "A", "exercised rights for 10 shares"),
        ("C", "A", "received 10 shares by conversion"),
        ("C", "D", "gave up 10 shares in a conversion"),
        ("E", "D", "had 10 shares, written for others, expire"),
        ("H", "D", "had 10 shares end for value, by expiry or cancellation"),
        ("O", "A", "exercised rights for 10 shares although out of the money"),
        ("X", "A", "exercised rights for 10 shares"),
        ("G", "D", "gave 10 shares as a gift"),
        ("G", "A", "received 10 shares as a gift"),
        ("L", "A", "acquired 10 shares in a small amount (code L)"),
        ("W", "A", "inherited 10 shares"),
        ("W", "D", "passed on 10 shares by will or inheritance"),
        ("Z", "D", "put 10 shares into a voting trust"),
        ("Z", "A", "took 10 shares out of a voting trust"),
        ("J", "A", "acquired 10 shares in a way that only a footnote explains (code J)"),
        ("U", "D", "tendered 10 shares in a takeover"),
        ("Q", "D", "disposed of 10 shares under the code Q, which is no official one"),
        (None, None, "reported a change in 10 shares without a transaction code"),
    ],
)
def test_every_code_and_direction_has_its_words(code, direction, words):
    price = 10 if code in ("P", "S", "M") else None
    head, [sentence] = told(form(1, row(code, direction, 10, 90, price=price)))
    assert words.partition(" at ")[0] in head
    assert words in sentence


def test_a_sale_is_named_however_much_else_a_form_reports():
    """As on Tesla's filing at its offering of 2010: conversions of four classes, a warrant, withholding, a sale."""
    terms = {"table": "II", "price": None}
    paper = form(
        1, row("C", "A", 90, 90, price=None), row("X", "A", 5, 95, price=1), row("F", "D", 1, 94),
        sold(20, 74, price=7),
        row("C", "D", 60, 0, title="Series A Preferred Stock", underlying_shares=Decimal(60), **terms),
        row("C", "D", 30, 0, title="Series B Preferred Stock", underlying_shares=Decimal(30), **terms),
        row("G", "D", 3, 71, price=0),
    )  # fmt: skip
    head, sentences = told(paper)
    assert "sold 20 shares for $140" in head
    assert "reported two more kinds of change" in head
    assert "converted several classes into 90 shares" in sentences[0]


def test_code_m_on_shares_of_another_class_is_no_award():
    went = row("M", "D", 9, 0, price=None, table="II", title="Class B Common Stock", underlying_shares=Decimal(9))
    _, [sentence] = told(form(1, row("M", "A", 9, 9, price=None, title="Class A Common Stock"), went))
    assert "received 9 Class A shares in place of Class B shares (code M)" in sentence


def test_an_exercise_at_two_prices_names_both():
    def gone(strike):
        return row(
            "M", "D", 5, 0, price=None, table="II", title="Stock Option (Right to Buy)",
            conversion_or_exercise_price=Decimal(strike), underlying_shares=Decimal(5), underlying_title="Common Stock",
        )  # fmt: skip

    paper = form(1, row("M", "A", 5, 5, price="2.79"), row("M", "A", 5, 10, price="6.67"), gone("2.79"), gone("6.67"))
    assert "exercised options for 10 shares at $2.79 to $6.67 each" in told(paper)[0]


def test_withheld_shares_that_a_footnote_says_were_sold_are_told_as_such():
    noted = row("F", "D", 4, 6, price=9, footnotes={"security_title": ("F1",)})
    text = {
        "F1": "Represents a nondiscretionary sell-to-cover transaction for withholding tax completed by the Issuer."
    }
    head, _ = told(form(1, noted, notes=text))
    assert "gave up 4 shares for tax under code F, where a footnote speaks of a sale" in head


def test_what_a_footnote_calls_an_event_of_code_j_is_named():
    noted = row("J", "D", 4, 6, price=None, footnotes={"code": ("F1",)})
    head, _ = told(
        form(1, noted, notes={"F1": "Represents a pro rata distribution by the fund to its limited partners."})
    )
    assert "disposed of 4 shares in what a footnote calls a distribution (code J)" in head


def test_an_equity_swap_is_neither_bought_nor_sold():
    head, [sentence] = told(form(1, sold(10, 90, equity_swap=True)))
    assert "reported an equity swap over 10 shares (disposing side)" in head
    assert "sold" not in sentence.lower()


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (date(22, 3, 4), "on a date given as 0022-03-04, which cannot be"),
        (date(2027, 3, 4), "on a date given as 2027-03-04, which lies after the filing"),
        (None, "on a date that is not given"),
    ],
)
def test_a_date_that_cannot_be_is_given_as_filed(on, words):
    _, [sentence] = told(form(1, sold(10, 90, on=on)))
    assert words in sentence


def test_a_date_that_is_no_date_is_quoted():
    _, [sentence] = told(form(1, sold(10, 90, on=None, as_filed={"transaction_date": "March 32"})))
    assert "on a date filed as “March 32”" in sentence


def test_a_missing_price_is_missed_and_a_total_as_price_is_not_added_up():
    head, [sentence] = told(form(1, sold(10, 90, price=None)))
    assert head == "Example Pat (director) sold 10 shares at a price that is not given."
    assert "at a price that is not given" in sentence
    tape = [form(n, sold(100, 1_000 - n * 100, price=20, on=DAY), owners=(SAM,)) for n in range(1, 5)]
    head, [sentence] = told(*tape, form(9, sold(100, 900, price=2_000)))
    assert head == "Example Pat (director) sold 100 shares at a price that cannot be."
    assert "in all" not in sentence
    assert "The price cannot be one of a share" in sentence


def test_a_home_market_price_is_no_dollars():
    home = bought(10, 90, title="Common Shares (7411.DEMO)", price=2_500)
    head, [sentence] = told(form(1, home))
    assert head.endswith("in another currency than dollars.")
    assert "$" not in sentence


def test_a_private_purchase_says_what_it_was():
    noted = bought(10, 90, footnotes={"code": ("F1",)})
    _, [sentence] = told(form(1, noted, notes={"F1": "Acquired under the Employee Stock Purchase Plan."}))
    assert "by way of an employee purchase plan (not the open market)" in sentence


def test_filings_without_a_transaction_say_what_they_are():
    assert told(form(1, kind="3"))[0] == (
        "Example Pat (director) reported for the first time, and that no securities of the company are owned."
    )
    placeholder = holding(0, title="No securities are beneficially owned")
    assert "no securities of the company are owned" in told(form(1, placeholder, kind="3"))[0]
    assert "what is owned: two holdings" in told(form(1, holding(5), holding(6), kind="3"))[0]
    assert told(form(1, holding(5)))[0] == "Example Pat (director) reported one holding and no transaction."
    assert told(form(1, not_subject_to_section16=True))[0] == (
        "Example Pat (director) reported no transaction and no holding, and that these reports are no longer due."
    )


def test_amendments_say_what_they_do_and_originals_what_became_of_them():
    first = form(1, sold(100, 900, price=10))
    better = form(2, sold(100, 900, price=11), kind="4/A", date_of_original_submission=first.filed_on)
    assert told(first, better)[0].startswith("Corrects the report of 5 March 2024: Example Pat (director) sold 100")
    assert told(first, better, of=first)[0].startswith("Corrected since: ")
    assert told(better)[0].startswith("Amends a report that is not here: ")
    back = form(
        3, sold(100, 900, price=10), kind="4/A", date_of_original_submission=first.filed_on,
        remarks="The Form 4 filed on March 5, 2024 is hereby withdrawn.",
    )  # fmt: skip
    assert told(first, back)[0].startswith("Takes back the report of 5 March 2024: ")
    assert told(first, back, of=first)[0].startswith("Taken back: ")


def test_the_second_report_of_an_event_says_that_it_was_reported_before():
    first = form(1, sold(100, 900), owners=(FUND,))
    second = replace(form(2, sold(100, 900), owners=(PAT,)))
    head, [sentence] = told(first, second)
    assert head.startswith("Reported before: ")
    assert "first reported in 0009000000-24-000001 by another owner" in sentence


def test_lines_tell_their_part_their_balance_and_how_it_is_held():
    paper = form(
        1, sold(100, 900), sold(300, 600), holding(50, ownership="I", nature_of_ownership="By Trust"),
        row("A", "A", 7, 7, price=None, table="II", title="Employee Stock Option (Right to Buy)",
            conversion_or_exercise_price=Decimal(9), underlying_shares=Decimal(7), underlying_title="Common Stock",
            expiration_date=date(2034, 3, 4)),
    )  # fmt: skip
    assert lines(paper) == [
        "Sold: 100 shares (code S) at $10 each, 4 March 2024. After it the line holds 900, directly."
        " One of two rows of one decision, 25% of it.",
        "Sold: 300 shares (code S) at $10 each, 4 March 2024. After it the line holds 600, directly."
        " One of two rows of one decision, 75% of it.",
        "Holds 50 shares, indirectly (“By Trust”). Nothing was traded on this line.",
        "Received: 7 stock options (code A), 4 March 2024, for 7 shares at $9 each expiring on 4 March 2034."
        " After it the line holds 7, directly.",
    ]


def test_a_line_without_anything_is_still_a_sentence():
    bare = form(1, Line("I", "transaction", 1), Line("II", "holding", 1))
    assert all(sentence.endswith(".") for sentence in lines(bare))
