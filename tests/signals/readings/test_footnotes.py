"""Footnotes become typed facts with their exact words, whatever the text, in linear time."""

from __future__ import annotations

import importlib
import pkgutil
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from re import _constants, _parser  # type: ignore[attr-defined]  # the standard library's own reader of patterns

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filings.demo import filings as demo_filings
from filings.ownership.parse import parse
from filings.ownership.submission import read_submission
from signals.readings import notes
from signals.readings.footnotes import KINDS, facts, read
from signals.readings.notes.dates import dates_in
from signals.readings.notes.fact import MOST_OF_A_KIND

EXPECTED = Path(__file__).with_name("real_notes.txt")


def of(kind, text):
    return [fact for fact in facts(text) if fact.kind == kind]


def one(kind, text):
    (fact,) = of(kind, text)
    return fact


# Prices


@pytest.mark.parametrize(
    ("words", "low", "high"),
    [
        ("Sold in several lots at prices ranging from $10.05 to $10.95, inclusive.", "10.05", "10.95"),
        ("prices between $1,139.050 and $1,139.620 per share", "1139.050", "1139.620"),
        ("The range of prices was $15.00 per share to $15.045 per share.", "15.00", "15.045"),
        ("at prices ranging from $340.0000-$340.5500", "340.0000", "340.5500"),
        ("prices from a low of $2.10 to a high of $2.35", "2.10", "2.35"),
        ("traded at prices from 12.50 to 13.10", "12.50", "13.10"),
        ("the trades' prices ranged from $9.99 to $9.01", "9.01", "9.99"),
    ],
)
def test_a_range_of_prices_gives_both_ends_as_filed(words, low, high):
    fact = one("price_range", words)
    assert (str(fact.low), str(fact.high)) == (low, high)


def test_a_foreign_range_says_its_currency():
    assert one("price_range", "at prices ranging from NT$31.50 to NT$32.10").currency == "TWD"
    assert one("price_range", "at prices ranging from €4.10 to €4.25").currency == "EUR"
    assert one("price_range", "at prices ranging from $4.10 to $4.25").currency is None


@pytest.mark.parametrize(
    "words",
    [
        "The price depends on the market, between a floor of $88.00 and a cap of $132.00.",
        "The price was translated at the rate of NT$31.65 to US$1.",
        "The award may range between 0% and 200% of target.",
        "The option has exercise prices ranging from $10.00 to $20.00.",
        "Market value rose from $4.0 billion to $8.0 billion.",
    ],
)
def test_other_pairs_of_numbers_are_no_range_of_prices(words):
    assert not of("price_range", words)


def test_a_weighted_average_may_state_its_value():
    assert one("weighted_average", "The weighted average sale price was $12.34 per share.").average == Decimal("12.34")
    assert one("weighted_average", "The price in column 4 is a weighted average price.").average is None
    assert of("weighted_average", "This price is a weighted average.")


def test_an_average_that_sets_a_condition_is_no_price():
    assert not of("weighted_average", "It vests if the volume weighted average price exceeds $20.00.")
    assert not of("weighted_average", "Computed on the 60-day volume-weighted average share price.")


# Plans


@pytest.mark.parametrize(
    "spelled", ["March 3, 2026", "MARCH 03, 2026", "Mar. 3, 2026", "March 3rd, 2026", "3/3/26", "03/03/2026",
                "03 March 2026", "3rd day of March, 2026", "2026-03-03", "3-3-2026"],
)  # fmt: skip
def test_adoption_dates_are_read_in_every_spelling(spelled):
    fact = one("plan", f"Sold pursuant to a Rule 10b5-1 trading plan adopted on {spelled}.")
    assert fact.adopted_on == date(2026, 3, 3)
    assert not fact.denied
    assert fact.names_rule


@pytest.mark.parametrize("rule", ["10b5-1", "10B5-1(c)", "10b-5-1", "10b5 - 1", "10b5–1", "10b5‑1(c)(1)", "10b51"])
def test_the_rule_is_known_in_every_spelling(rule):
    assert one("plan", f"Sold under a Rule {rule} plan.").names_rule


@pytest.mark.parametrize(
    "words",
    [
        "The seller relied on Rule 10b-5 under the Act of 1934.",
        "Rule 10b-5 1,000 shares were sold.",
        "Shares sold under the 2010 Equity Incentive Plan.",
    ],
)
def test_the_rule_against_fraud_and_pay_plans_are_no_trading_plan(words):
    assert not of("plan", words)


@pytest.mark.parametrize(
    "words",
    [
        "This sale was not made pursuant to a Rule 10b5-1 plan.",
        "Not pursuant to a Rule 10b5-1 plan.",
        "The trades were not effected under any Rule 10b5-1 trading arrangement.",
        "No Rule 10b5-1 plan was in effect.",
        "None of these sales were made under a Rule 10b5-1 plan.",
        "Sold outside of the seller's Rule 10b5-1 plan.",
        "The reporting person does not have a Rule 10b5-1 plan.",
        "Sold under a non-Rule 10b5-1 trading arrangement.",
        "Sold under a trading plan that is not a Rule 10b5-1 plan.",
        "The Rule 10b5-1 box was ticked in error.",
    ],
)
def test_a_denial_is_read_as_one(words):
    assert one("plan", words).denied


@pytest.mark.parametrize(
    "words",
    [
        "The seller had no discretion over this sale, which was made pursuant to a Rule 10b5-1 plan.",
        "Made under a Rule 10b5-1 plan adopted when she was not aware of material nonpublic information.",
        "The sale was not voluntary and was made under a Rule 10b5-1 plan.",
        "Effected not at his discretion but under a Rule 10b5-1 plan.",
        "No shares were sold to pay tax; the sale was made under a Rule 10b5-1 plan.",
    ],
)
def test_a_negation_of_something_else_denies_no_plan(words):
    assert not one("plan", words).denied


def test_a_plan_of_the_future_or_of_others_is_marked():
    assert one("plan", "He may enter into a Rule 10b5-1 plan later.").intended
    assert one("plan", "She intends to adopt a Rule 10b5-1 plan.").intended
    assert not one("plan", "Sold pursuant to plans adopted under Rule 10b5-1.").intended
    assert one("plan", "Other officers of the issuer have Rule 10b5-1 plans.").adopter == "others"


def test_adoption_modification_and_end_are_told_apart():
    changed = one("plan", "Sold under a Rule 10b5-1 plan adopted on May 1, 2025 and amended on June 2, 2025.")
    assert (changed.adopted_on, changed.modified_on) == (date(2025, 5, 1), date(2025, 6, 2))
    ended = one("plan", "On May 5, 2026 she terminated her Rule 10b5-1 plan adopted on May 6, 2025.")
    assert (ended.adopted_on, ended.terminated_on, ended.about) == (date(2025, 5, 6), date(2026, 5, 5), "ended")
    of_trade = one("plan", "Executed on June 1, 2026 under a Rule 10b5-1 plan adopted on January 2, 2026.")
    assert of_trade.adopted_on == date(2026, 1, 2)
    before = one("plan", "On March 3, 2025, the reporting person adopted a Rule 10b5-1 plan.")
    assert before.adopted_on == date(2025, 3, 3)
    since = one("plan", "Effective May 1, 2025, she adopted a trading plan intended to satisfy Rule 10b5-1(c).")
    assert since.adopted_on == date(2025, 5, 1)
    two = one("plan", "Sold under Rule 10b5-1 plans adopted on March 3, 2025 and May 4, 2025.")
    assert (two.adopted_on, two.dates) == (date(2025, 3, 3), (date(2025, 3, 3), date(2025, 5, 4)))


def test_a_second_sentence_about_the_plan_adds_its_dates():
    told = of("plan", "Sold under a Rule 10b5-1 plan. The plan was adopted on May 1, 2025.")
    assert [fact.adopted_on for fact in told] == [None, date(2025, 5, 1)]


@pytest.mark.parametrize(
    ("words", "adopter"),
    [
        ("by the reporting person on May 1, 2025", "reporting_person"),
        ("by the holder and the Issuer's lock-up terms", "holder"),
        ("by the reporting person's trust", "trust"),
        ("by her spouse", "spouse"),
        ("by Alder Aggregator, LLC on May 1, 2025", "entity"),
        ("by the Company", "issuer"),
    ],
)
def test_who_adopted_the_plan_is_told(words, adopter):
    assert one("plan", f"Sold under a Rule 10b5-1 plan adopted {words}.").adopter == adopter


def test_words_that_cover_the_whole_form_say_what_they_cover():
    def scope(words):
        return one("plan", f"{words} pursuant to a Rule 10b5-1 plan.").scope

    assert scope("The sales reported on this Form 4 were effected") == "sales"
    assert scope("All transactions were effected") == "transactions"
    assert scope("The purchases reported herein were made") == "purchases"
    assert scope("This sale was made") is None


# Pay


def test_a_vesting_schedule_gives_dates_parts_and_rhythm():
    fact = one("vesting", "The units vest 25% on June 1, 2026, and then in twelve equal quarterly installments.")
    assert (fact.dates, fact.parts, fact.installments, fact.every) == ((date(2026, 6, 1),), ("25%",), 12, "quarter")
    listed = one("vesting", "They vest as to 1/3 on each of January 15, 2023, 2024 and 2025.")
    assert listed.dates == (date(2023, 1, 15), date(2024, 1, 15), date(2025, 1, 15))
    assert listed.parts == ("1/3",)
    assert one("vesting", "The award vests in full on the date of the annual meeting.").every is None
    assert one("vesting", "The award vests in full on the date of the annual meeting.").complete
    assert one("vesting", "It vests upon the achievement of performance milestones.").performance


def test_vesting_as_the_cause_of_something_else_is_no_schedule():
    assert not of("vesting", "Shares withheld to pay tax upon vesting of restricted stock units.")


def test_shares_kept_back_and_shares_sold_for_tax_are_told_apart():
    kept = "Shares withheld by the issuer to satisfy tax withholding obligations. No shares were sold."
    assert one("tax", kept).pays == "tax"
    assert not of("sell_to_cover", kept)
    sold = "Shares automatically sold to cover the exercise price and to satisfy taxes; policy requires it."
    fact = one("sell_to_cover", sold)
    assert (fact.pays, fact.mandatory) == ("both", True)
    assert not of("tax", sold)
    assert one("sell_to_cover", "Sold partially to satisfy her tax withholding obligations.").about == "part"


def test_a_sale_that_did_not_pay_tax_is_no_sell_to_cover():
    assert not of("sell_to_cover", "No shares were sold to generate funds to pay the exercise price or tax.")
    assert not of("tax", "The sale was made for tax and estate planning purposes.")


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("espp", "Bought under the issuer's Employee Stock Purchase Plan."),
        ("k401", "Units of the stock fund in the 401(k) plan."),
        ("drip", "Acquired through reinvestment of dividends."),
        ("pledge", "Includes 100 shares pledged as security for a loan."),
        ("forward", "Under a prepaid variable forward contract with a bank."),
        ("collar", "A zero-cost collar."),
        ("swap", "A cash-settled total return swap."),
        ("lockup", "Sold after the end of the lock-up period."),
        ("private", "Bought in a private placement."),
        ("private", "Acquired from the issuer under a securities purchase agreement."),
        ("conversion", "Each share converts into one share of Class A stock."),
        ("disclaimer", "She disclaims beneficial ownership of the shares."),
        ("spouse", "Held by the reporting person's spouse."),
        ("late", "This transaction is being reported late."),
        ("late", "It should have been reported on a Form 4."),
    ],
)
def test_each_kind_is_found_in_its_usual_words(kind, words):
    assert of(kind, words)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("forward", "Adjusted for a ten-for-one forward split."),
        ("drip", "Dividends are assumed to be reinvested in computing the return."),
        ("lockup", "Sold in one block upstairs."),
        ("late", "The option was later exercised at the latest date."),
        ("error", "Withdrawn from the voting trust."),
        ("error", "Granted under the Amended and Restated Plan."),
        ("trust", "Certificates of a voting trust."),
        ("trust", "Alder Trust Company acts as agent."),
    ],
)
def test_look_alikes_are_left_alone(kind, words):
    assert not of(kind, words)


def test_denied_and_intended_things_are_marked():
    assert one("pledge", "These shares are not pledged.").denied
    (market,) = [
        fact for fact in of("other", "This was not a purchase in the open market.") if fact.about == "open_market"
    ]
    assert market.denied
    assert one("private", "He has committed to purchase more in a direct transaction with the issuer.").intended


# Holders, gifts, offerings, corrections


def test_a_trust_is_named_as_the_note_names_it():
    fact = one("trust", "Held by The Olive and Stan Alder Family Trust dated May 1, 2001, of which she is trustee.")
    assert fact.holder == "Olive and Stan Alder Family Trust"
    assert fact.trustee
    assert one("trust", "Held by a trust for her children.").holder is None


def test_a_company_that_holds_is_named_as_the_note_names_it():
    def holder(words):
        return one("entity_holder", words).holder

    assert holder("Held of record by The Alder Fund II, LP (the “Fund”).") == "Alder Fund II, LP"
    assert holder("Held by Alder LP. Each of Birch LLC and Cedar Inc manages it.") == "Alder LP"
    assert holder("Owned directly by a limited liability company.") is None
    assert not of("entity_holder", "Shares held by the reporting person.")


@pytest.mark.parametrize(
    ("words", "recipient"),
    [
        ("A gift to a donor-advised fund.", "donor_advised_fund"),
        ("Given to the Alder Foundation, a charity.", "foundation"),
        ("The shares were gifted to charity.", "charity"),
        ("Given to the reporting person's adult children.", "family"),
        ("Gift to a trust for her family.", "trust"),
        ("A bona fide gift; nothing was paid.", None),
    ],
)
def test_a_gift_tells_its_recipient_where_the_note_does(words, recipient):
    assert of("gift", words)[0].recipient == recipient


def test_an_offering_one_sold_in_differs_from_one_that_just_happened():
    assert one("offering", "Sold to the underwriters in the deal.").took_part
    assert one("offering", "Bought in the issuer's initial public offering at the offering price.").took_part
    beside = one("offering", "Converted immediately prior to the closing of the issuer's initial public offering.")
    assert (beside.about, beside.took_part) == ("ipo", None)


@pytest.mark.parametrize(
    ("words", "about"),
    [
        ("The original report was filed in error and is withdrawn.", "withdrawn"),
        ("This report is a duplicate of an earlier one.", "duplicate"),
        ("Left out of the original report by mistake.", "omitted"),
        ("This amendment is being filed to correct a clerical error.", "corrected"),
        ("Amended to correct the price.", "corrected"),
        ("The balance had a computational error.", None),
    ],
)
def test_what_a_correction_does_is_told(words, about):
    assert one("error", words).about == about


# Any text


@given(st.text(max_size=400))
def test_any_text_gives_facts_with_its_own_words_in_order(text):
    found = facts(text)
    for fact in found:
        assert fact.kind in KINDS
        assert text[fact.start : fact.end] == fact.words
        assert fact.words == fact.words.strip() != ""
    assert [fact.start for fact in found] == sorted(fact.start for fact in found)


_PIECES = st.sampled_from(
    ["Rule 10b5-1", "plan", "not", "pursuant to", "adopted on", "March 3, 2026", "3/3/26", "$10.05", "to",
     "prices ranging from", "The Alder Family Trust", "held by", "Alder LLC", "withheld", "tax", "sold", "vest", "25%",
     ".", ";", ",", "gift", "in error", "İstanbul", "\u00a0", "late", "initial public offering", "converted", "\n", "ǅ",
     "disclaims", "ON MAY 2, 2025"]
)  # fmt: skip


@settings(max_examples=300)
@given(st.lists(_PIECES, max_size=40).map(" ".join))
def test_any_sequence_of_telling_words_keeps_the_same_promises(text):
    found = facts(text)
    assert found == read(text)
    assert all(text[fact.start : fact.end] == fact.words and fact.as_json()["words"] == fact.words for fact in found)


def test_no_text_gives_no_facts():
    assert facts(None) == facts("") == facts(" \n ") == ()


def test_the_json_of_a_fact_holds_what_is_set_and_nothing_else():
    assert one("price_range", "prices from $1.10 to $1.20").as_json() == {
        "kind": "price_range",
        "words": "prices from $1.10 to $1.20",
        "low": "1.10",
        "high": "1.20",
    }
    planned = one("plan", "Sold under a Rule 10b5-1 plan adopted on May 1, 2025.").as_json()
    assert planned["adopted_on"] == "2025-05-01"


# Linear time: no pattern can repeat without bound, so each start costs a bounded number of steps.


def patterns():
    for module in pkgutil.iter_modules(notes.__path__):
        for name, value in vars(importlib.import_module(f"signals.readings.notes.{module.name}")).items():
            yield from ((f"{module.name}.{name}", pattern) for pattern in compiled(value))


def compiled(value):
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from compiled(item)


def repeats(tree):
    for op, argument in tree:
        if op in (_constants.MAX_REPEAT, _constants.MIN_REPEAT):
            yield argument[1]
        for item in argument if isinstance(argument, tuple | list) else ():
            if isinstance(item, _parser.SubPattern):
                yield from repeats(item)
            elif isinstance(item, list):
                for branch in item:
                    if isinstance(branch, _parser.SubPattern):
                        yield from repeats(branch)


ALL_PATTERNS = dict(patterns())


def test_the_patterns_are_all_here():
    assert len(ALL_PATTERNS) > 80


@pytest.mark.parametrize("name", sorted(name for name in ALL_PATTERNS if name != "spot._KEEP"))
def test_no_pattern_repeats_without_a_bound(name):
    bounds = list(repeats(_parser.parse(ALL_PATTERNS[name].pattern)))
    assert all(int(bound) <= 200 for bound in bounds)


HOSTILE = (
    "Rule 10b5-1 ", "10b", "not ", "adopted ", "plan ", "May 5 ", "May 5, 2025 and ", "1", "1,111", "$1 to ", "$",
    "9.", "from ", "The Trust ", "Trust", "A ", "held by ", "held by A B C D ", "vest ", "vested on ", "1/1 ", "sold ",
    "withheld ", "tax", " ", "\n", ".", ". A", "withdrawn report ", "error ", "commenc", "gift to ", "distribution ",
    "pro rata ", "transfer ", "x", "(", "initial public offering ", "prices ", "weighted average ", "commencing",
    "neither ", "bought from the ", "A.B.", "İ",
)  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_hundred_kilobytes_of_anything_are_read_to_the_end(piece):
    text = (piece * (100_000 // len(piece) + 1))[:100_000]
    counts: dict[tuple[str, str | None], int] = {}
    for fact in facts(text):
        counts[fact.kind, fact.about] = counts.get((fact.kind, fact.about), 0) + 1
        assert text[fact.start : fact.end] == fact.words
    assert all(count <= MOST_OF_A_KIND + 30 for count in counts.values())


def test_lists_of_days_share_their_year():
    days = [dated.day for dated in dates_in("on each of june 15, september 15 and december 15, 2026")]
    assert days == [date(2026, 6, 15), date(2026, 9, 15), date(2026, 12, 15)]


def test_what_only_looks_like_a_date_is_none():
    assert not dates_in("february 30, 2026 and 13/13/2026 and 1/16 of 2026-02-31")


# The archives


def expectations():
    for line in EXPECTED.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            accession, note, kind, *values = line.split()
            yield accession, note, kind, dict(value.split("=", 1) for value in values)


def test_the_checked_notes_of_real_filings_are_read_as_a_person_reads_them(real_filings):
    """Both ways: every expected fact is found, and of the checked kinds nothing else is."""
    expected = list(expectations())
    checked = {kind for _, _, kind, _ in expected}
    found, wanted = set(), set()
    for accession, note, kind, values in expected:
        wanted.add((accession, note, kind))
        document = parse(read_submission((real_filings / f"{accession}.txt").read_bytes()).xml)
        told = [fact.as_json() for fact in facts(document.remarks if note == "remarks" else document.footnotes[note])]
        found |= {(accession, note, fact["kind"]) for fact in told if fact["kind"] in checked}
        same = [fact for fact in told if fact["kind"] == kind and all(str(fact.get(k)) == v for k, v in values.items())]
        assert same or kind == "none", f"{accession} {note}: no {kind} with {values} in {told}"
    assert len(wanted) >= 150
    assert found == {key for key in wanted if key[2] != "none"}


def test_every_note_of_the_real_filings_is_read(real_filings):
    count = 0
    for path in sorted(real_filings.glob("*.txt")):
        document = parse(read_submission(path.read_bytes(), path.name).xml)
        for text in (*document.footnotes.values(), document.remarks or ""):
            assert all(text[fact.start : fact.end] == fact.words for fact in facts(text))
            count += 1
    assert count > 3_000


def test_most_notes_of_the_demo_say_something_we_know():
    texts = set()
    for filing in demo_filings(date(2026, 11, 20)):
        texts |= set(parse(read_submission(filing.content).xml).footnotes.values())
    silent = [text for text in texts if not facts(text)]
    assert len(silent) <= 0.05 * len(texts), silent
