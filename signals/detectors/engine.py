"""The history of one issuer -> its signals. Every kind, by one pass of each detector over one docket.

Promises: equal readings and equal `now` give equal signals, whatever the order of arrival; a signal is stamped with the
filing or the midnight that made it true and rests on nothing filed later; what later filings undo is not in the list.
As of a moment is the same call over what was known then: the reading of `history.as_of(moment)`, with `now=moment`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime

from signals.detectors import (
    cluster_buy,
    cluster_sell,
    cooling_off,
    dip_buy,
    exercise_and_hold,
    exercise_partial_sale,
    exercise_same_day_sale,
    first_purchase,
    gift_timing,
    hedging,
    inferred_plan,
    isolated_trade,
    large_purchase,
    late_filing,
    lockup_sale,
    near_expiry_exercise,
    opportunistic_trade,
    pattern_break,
    routine_trader,
    sale_after_runup,
    sequence_ended,
    unscheduled_large_sale,
)
from signals.detectors.docket import Docket
from signals.detectors.signal import KINDS, Signal
from signals.detectors.thresholds import DEFAULTS, Thresholds
from signals.readings.inferred_splits import inferred_splits
from signals.readings.outline import Beside
from signals.readings.prices import Prices
from signals.readings.splits import Close, Split
from signals.readings.trades import IssuerReading

Detector = Callable[[Docket], Iterator[Signal]]

_MODULES = (
    cluster_buy,
    cluster_sell,
    large_purchase,
    first_purchase,
    pattern_break,
    sequence_ended,
    dip_buy,
    sale_after_runup,
    unscheduled_large_sale,
    exercise_and_hold,
    exercise_partial_sale,
    exercise_same_day_sale,
    routine_trader,
    opportunistic_trade,
    late_filing,
    lockup_sale,
    inferred_plan,
    cooling_off,
    near_expiry_exercise,
    hedging,
    gift_timing,
    isolated_trade,
)
DETECTORS: Mapping[str, Detector] = {module.KIND: module.find for module in _MODULES}
assert tuple(DETECTORS) == KINDS, "every kind has its detector, in the order of the kinds"
# What is found among the insiders of an issuer together; all else is of one decision-maker and what stands beside.
OF_MANY = ("cluster_buy", "cluster_sell", "lockup_sale")
OF_ONE = tuple(kind for kind in KINDS if kind not in OF_MANY)


def splits_shown(reading: IssuerReading) -> tuple[Split, ...]:
    """The splits that the filings of an issuer show by themselves."""
    return inferred_splits(reading.history, Prices.of(reading))


def signals_of(
    reading: IssuerReading,
    *,
    now: datetime,
    thresholds: Thresholds = DEFAULTS,
    closes: Mapping[str, Iterable[Close]] | None = None,
    splits: Iterable[Split] = (),
    ticker: str | None = None,
    fiscal_year_end: tuple[int, int] | None = None,
    kinds: Iterable[str] | None = None,
    beside: Beside | None = None,
) -> tuple[Signal, ...]:
    """The signals of one issuer as of `now` (aware), in the order of knowledge.

    `closes` are by security class, or under "" for the class that is traded most; without `splits` those that filings
    show are taken, and what rests on them says so; `fiscal_year_end` is (month, day); `kinds` names those wanted.

    With `beside`, which only goes with `kinds` of `OF_ONE`, the reading is of some insiders of the issuer.
    """
    if not len(reading.history):
        return ()
    listed = list(splits)
    others = beside.prices if beside else None
    prices = Prices.of(reading, closes, listed, others)
    if not listed and not beside and (shown := inferred_splits(reading.history, prices)):
        prices = Prices.of(reading, closes, shown)
    docket = Docket(
        reading,
        now=now,
        thresholds=thresholds,
        prices=prices,
        ticker=ticker,
        fiscal_year_end=fiscal_year_end,
        beside=beside,
    )
    wanted = DETECTORS if kinds is None else {kind: DETECTORS[kind] for kind in kinds}
    found = [signal for find in wanted.values() for signal in find(docket)]
    return tuple(sorted(found, key=lambda signal: signal.order))
