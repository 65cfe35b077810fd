"""Every number that a detector holds something against: its default, the reason for it and where it comes from.

Promises: this is the one place; a detector has no number of its own that decides whether it fires. `Thresholds` is the
defaults with somebody's own numbers over them, so that anybody can compute a signal again with other thresholds.
Refuses: names that are not here, and numbers that are negative or no numbers, with ValueError.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

Number = int | Decimal

CHOSEN = "chosen here"
USUAL = "common practice of sites that show insider trades"
P_2026Q2 = "purchases (code P) of 2026 Q2: a quarter below $6,979, half below $41,474, a tenth above $1.03M"


@dataclass(frozen=True, slots=True)
class Threshold:
    """`name` is "kind.what"; `unit` dollars, days, trading_days, months, years, percent, count, points or ratio."""

    name: str
    default: Number
    unit: str
    reason: str
    source: str = CHOSEN

    @property
    def kind(self) -> str:
        return self.name.partition(".")[0]


def _table(*rows: tuple[str, Number, str, str] | tuple[str, Number, str, str, str]) -> Mapping[str, Threshold]:
    return {row[0]: Threshold(*row) for row in rows}


_CMP = "Cohen, Malloy and Pomorski, Journal of Finance 2012"
_LARCKER = "Larcker, Lynch, Quinn, Tayan and Taylor 2021"
_RULE = "SEC Release 33-11138, Rule 10b5-1(c)(1)(ii)(B)"
_BIGGERSTAFF = "Biggerstaff, Cicero and Wintoki, Journal of Corporate Finance 2020"
_ABOODY = "Aboody, Hughes, Liu and Su, Review of Accounting Studies 2008"

TABLE: Mapping[str, Threshold] = _table(
    ("cluster_buy.insiders", 3, "count", "Two may be chance or a pair who talk; three is the usual line.", USUAL),
    ("cluster_buy.days", 14, "days", "Two weeks, both ends included, hold one window between earnings.", USUAL),
    ("cluster_buy.each", 10_000, "dollars", "Leaves out token purchases.", P_2026Q2),
    ("cluster_buy.together", 100_000, "dollars", "Three token purchases are no cluster.", P_2026Q2),
    ("cluster_buy.tight", 2, "trading_days", "The distance that research tested.", "Alldredge and Blank, JFR 2019"),
    ("cluster_buy.chain", 1, "trading_days", "Same or consecutive trading days.", "Kang, Kim and Wang, 1986–2016"),
    ("cluster_sell.insiders", 3, "count", "As for purchases.", USUAL),
    ("cluster_sell.days", 14, "days", "As for purchases.", USUAL),
    ("cluster_sell.each", 100_000, "dollars", "Sales are larger and more common than purchases."),
    ("cluster_sell.stake", 5, "percent", "A sale of less leaves the insider's exposure as it was."),
    ("cluster_sell.times_usual", 2, "ratio", "Sales bunch when a trading window opens; more than usual is asked for."),
    ("cluster_sell.quarters", 8, "count", "Two years even out the seasons of trading windows."),
    ("cluster_sell.fewest_quarters", 4, "count", "With less than a year there is no usual to compare with."),
    ("large_purchase.value", 1_000_000, "dollars", "About the largest tenth of purchases.", P_2026Q2),
    ("large_purchase.value_with_stake", 100_000, "dollars", "About the largest third of purchases.", P_2026Q2),
    ("large_purchase.stake", 20, "percent", "A fifth more than before is large for this person, whatever the sum."),
    ("large_purchase.times_own", 3, "ratio", "Three times one's own median is out of one's habit."),
    ("large_purchase.own_purchases", 3, "count", "A median of fewer says nothing."),
    ("first_purchase.value", 10_000, "dollars", "Leaves out token purchases.", P_2026Q2),
    ("first_purchase.tenure", 12, "months", "A newcomer's first purchase often meets an ownership guideline."),
    ("pattern_break.trade_days", 4, "count", "Fewer days are no habit that could be broken."),
    ("pattern_break.years", 2, "years", "So long without a trade, on file, is a habit too."),
    ("pattern_break.gap", 365, "days", "A year leaves out yearly sellers.", "Hong and Li, JFQA 2019"),
    ("pattern_break.times_gap", 3, "ratio", "Three times one's own median gap is no late visit."),
    ("pattern_break.value", 10_000, "dollars", "Leaves out token trades.", P_2026Q2),
    ("sequence_ended.months", 2, "months", "Trades in adjacent months are a sequence.", _BIGGERSTAFF),
    ("dip_buy.below_high", 20, "percent", "A fifth below the high of 52 weeks is the usual line of a bear market."),
    ("dip_buy.fall", 15, "percent", "A fall of that size within 20 trading days is news, not noise."),
    ("dip_buy.fall_days", 20, "trading_days", "A month of trading."),
    ("dip_buy.below_own", 20, "percent", "Below one's own last price by so much is averaging down."),
    ("dip_buy.split_floor", Decimal("0.35"), "ratio", "A filed price below that part of the high may be a split's."),
    ("sale_after_runup.rise", 30, "percent", "A rise of that size within a quarter is a run."),
    ("sale_after_runup.rise_days", 63, "trading_days", "A quarter of trading."),
    ("sale_after_runup.near_high", 5, "percent", "So near the high of 52 weeks counts as at it."),
    ("sale_after_runup.recent_rise", 20, "percent", "At the high, and after a rise of that size."),
    ("sale_after_runup.recent_days", 20, "trading_days", "A month of trading."),
    ("sale_after_runup.times_earlier", Decimal("1.3"), "ratio", "The same rise, by what insiders filed."),
    ("sale_after_runup.earlier_prices", 3, "count", "A median of fewer filed prices says nothing."),
    ("unscheduled_large_sale.value", 500_000, "dollars", "Large in dollars for most officers."),
    ("unscheduled_large_sale.stake", 20, "percent", "Only sales that are also a large share of the holding predict."),
    ("unscheduled_large_sale.silence", 180, "days", "Half a year without any sale is no schedule."),
    ("exercise.all_from", Decimal("0.9"), "ratio", "Rounding and fees keep a full sale from being exactly all."),
    ("exercise.hold_below", Decimal("0.1"), "ratio", "A few shares sold leave the decision to hold as it is."),
    ("exercise.hold_days", 30, "days", "How long shares had to be kept to count as held.", _ABOODY),
    ("routine_trader.years", 3, "years", "A trade in each of the three years before.", _CMP),
    ("late_filing.habitual", 3, "count", "The SEC's sweeps look for repeaters.", "SEC sweeps of 2014, 2023 and 2024"),
    ("late_filing.habitual_months", 24, "months", "Two years hold two of the issuer's yearly reports on lateness."),
    ("lockup_sale.expiry", 180, "days", "The usual length of a lock-up.", "Field and Hanka, JF 2001"),
    ("lockup_sale.before", 2, "days", "Sales dated just before the end are of the same decision."),
    ("lockup_sale.after", 14, "days", "Two weeks after the end."),
    ("lockup_sale.insiders", 2, "count", "One seller has reasons of his own."),
    ("lockup_sale.held", 10, "percent", "Or a tenth of what insiders held."),
    ("lockup_sale.form3s", 3, "count", "So many first statements of one day mark an offering."),
    ("inferred_plan.days", 4, "count", "Three dates fit too many rhythms."),
    ("inferred_plan.span", 60, "days", "A few weeks of trading are one decision, not a schedule."),
    ("inferred_plan.plan_like", 60, "points", "Takes two of the three strong marks."),
    ("inferred_plan.regular", 40, "points", "One strong mark and one weak."),
    ("inferred_plan.strike_points", 25, "points", "One award drawn down in equal steps."),
    ("inferred_plan.strike_days", 3, "count", "Equal strike and expiry on two days may be chance."),
    ("inferred_plan.quantity_points", 25, "points", "Plans name a number of shares."),
    ("inferred_plan.quantity_share", 60, "percent", "Plans change their number now and then."),
    ("inferred_plan.quantity_tolerance", 1, "percent", "Odd lots and partial fills."),
    ("inferred_plan.calendar_points", 30, "points", "Plans name dates."),
    ("inferred_plan.calendar_months", 4, "months", "The same day of fewer months may be chance."),
    ("inferred_plan.calendar_share", 50, "percent", "Who sells on most days hits every date; half of them must fit."),
    ("inferred_plan.blackout_points", 10, "points", "Insiders without a plan rarely trade around a quarter's end.",
     "Bettis, Coles and Lemmon, JFE 2000"),
    ("inferred_plan.blackout_days", 2, "count", "One day may be an exception that was granted."),
    ("inferred_plan.ladder_points", 0, "points", "Rows in one-dollar bands are how reports are written, not a plan's "
     "mark; at most 10.", "SEC no-action letter of 25 June 2008"),
    ("inferred_plan.ladder_rows", 5, "count", "Fewer rows are no ladder."),
    ("inferred_plan.ladder_days", 3, "count", "On fewer days it says nothing of a habit."),
    ("inferred_plan.company_points", 30, "points", "Taken off where the company sells for everybody's tax."),
    ("inferred_plan.company_insiders", 3, "count", "So many colleagues who vest and sell on the same days."),
    ("cooling_off.officer_red", 90, "days", "The rule's least wait of directors and officers.", _RULE),
    ("cooling_off.officer_amber", 120, "days", "The earliest window that the rule leaves open.", "CEPR DP21199"),
    ("cooling_off.other_red", 30, "days", "The rule's wait of other persons.", _RULE),
    ("cooling_off.before_rule_red", 30, "days", "Such sales preceded losses; the wait was legal then.", _LARCKER),
    ("cooling_off.before_rule_amber", 60, "days", "Weaker, by the same study.", _LARCKER),
    ("cooling_off.single_months", 12, "months", "The rule allows one single-trade plan in twelve months.", _RULE),
    ("near_expiry_exercise.days", 90, "days", "In the last quarter there is little left to choose.", "Selmane 2014"),
    ("near_expiry_exercise.late_life", 365, "days", "In the last year the choice is narrow."),
    ("hedging.pledge_every", 365, "days", "A pledge that every filing repeats is told once a year."),
    ("gift_timing.value", 1_000_000, "dollars", "Timing pays only where the deduction is large."),
    ("gift_timing.price_age", 365, "days", "An older filed price says nothing of the gift's value."),
    ("isolated_trade.months", 1, "months", "No trade in the months beside it.", _BIGGERSTAFF),
    ("isolated_trade.after_hour", 16, "count", "Filed after the market's close, Eastern.", _BIGGERSTAFF),
)  # fmt: skip


class Thresholds(Mapping[str, Number]):
    """The defaults, with `own` numbers over them. Equal numbers are equal thresholds."""

    def __init__(self, own: Mapping[str, object] | None = None) -> None:
        self._numbers: dict[str, Number] = {name: row.default for name, row in TABLE.items()}
        for name, value in (own or {}).items():
            self._numbers[name] = _number(name, value)

    @property
    def own(self) -> dict[str, Number]:
        """The numbers that differ from the defaults."""
        return {name: value for name, value in self._numbers.items() if value != TABLE[name].default}

    def days(self, name: str) -> int:
        return int(self._numbers[name])

    def __getitem__(self, name: str) -> Number:
        return self._numbers[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)

    def __hash__(self) -> int:
        return hash(frozenset(self._numbers.items()))


def _number(name: str, value: object) -> Number:
    if name not in TABLE:
        raise ValueError(f"no threshold is called {name!r}")
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise ValueError(f"{name} is a number, not {value!r}") from None
    if not number.is_finite() or number < 0 or number > 10**12:
        raise ValueError(f"{name} is a number of at least 0, not {value!r}")
    whole = number == number.to_integral_value()
    if TABLE[name].unit in ("days", "trading_days", "months", "years", "count") and not whole:
        raise ValueError(f"{name} is a whole number, not {value!r}")
    return int(number) if whole else number


DEFAULTS = Thresholds()


def of_kind(kind: str) -> tuple[Threshold, ...]:
    """The thresholds that a kind of signal is held against; the three kinds of exercise share theirs."""
    names = {kind}
    if kind.startswith("exercise_"):
        names |= {"exercise"}
    if kind == "opportunistic_trade":
        names |= {"routine_trader"}
    return tuple(row for row in TABLE.values() if row.kind in names)
