"""One filing's trades against a hundred thousand different screens, on one core; beside asking each screen in turn."""

from __future__ import annotations

import random
import time
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from signals.criteria import KINDS, PLAN_STATUSES, SLUGS, ScreenCriteria, parse
from signals.matching_index import ScreenIndex, meets

SCREENS = 100_000
ISSUERS = 8_000
TRADES = 5  # of one filing; nineteen filings of twenty have no more
ROUNDS = 5
TODAY = date(2026, 1, 15)


def figures() -> dict[str, Any]:
    chance = random.Random(6)
    screens = different_screens(chance)
    began = time.perf_counter()
    index = ScreenIndex(screens)
    compiled = time.perf_counter() - began
    filings = [filing(chance) for _ in range(20)]
    slowest, matches = 0.0, 0
    for trades in filings:
        best = float("inf")
        for _ in range(ROUNDS):
            began = time.perf_counter()
            found = [index.matches(trade, TODAY) for trade in trades]
            best = min(best, time.perf_counter() - began)
        slowest = max(slowest, best)
        matches += len(set().union(*found))
    began = time.perf_counter()
    one_by_one = [[n for n, one in enumerate(screens) if meets(one, trade, TODAY)] for trade in filings[-1]]
    in_turn = time.perf_counter() - began
    if one_by_one != found:
        raise AssertionError("the index and the tests one by one disagree")
    return {
        "screens": SCREENS,
        "screens_compile_seconds": compiled,
        "filing_to_screens_ms": slowest * 1e3,
        "filing_to_screens_in_turn_ms": in_turn * 1e3,
        "times_in_turn": in_turn / slowest,
        "screens_met_by_a_filing": matches / len(filings),
    }


def different_screens(chance: random.Random) -> list[ScreenCriteria]:
    """As people ask: half of them about some issuers, most about a side, a value, a role; no two alike."""
    found: dict[ScreenCriteria, None] = {}
    while len(found) < SCREENS:
        given: dict[str, str] = {}
        ask = {
            0.5: ("issuer", lambda: ",".join(str(chance.randint(1, ISSUERS)) for _ in range(chance.choice((1, 1, 5))))),
            0.6: ("side", lambda: chance.choice(("bought", "sold", "market"))),
            0.55: ("min_value", lambda: str(chance.randint(1, 5_000) * 1_000)),
            0.3: ("role", lambda: ",".join(chance.sample(SLUGS, 2))),
            0.31: ("plan", lambda: ",".join(chance.sample(PLAN_STATUSES, 2))),
            0.32: ("min_price", lambda: str(chance.randint(1, 500))),
            0.2: ("max_stake", lambda: str(chance.randint(-100, 100))),
            0.21: ("exclude", lambda: "ten_percent"),
            0.22: ("min_delay", lambda: str(chance.randint(0, 30))),
            0.4: ("filed_days", lambda: str(chance.randint(1, 500))),
        }
        for share, (key, words) in ask.items():
            if chance.random() < share:
                given[key] = words()
        found[parse({key: [words] for key, words in given.items()})] = None
    return list(found)


def filing(chance: random.Random) -> list[SimpleNamespace]:
    issuer = f"{chance.randint(1, ISSUERS):010}"
    return [
        SimpleNamespace(
            issuer_id=issuer,
            owners=["0000000009"],
            kind=chance.choice(KINDS[:4]),
            direction=chance.choice(("acquired", "disposed")),
            value=Decimal(chance.randint(1, 6_000_000)),
            price=Decimal(chance.randint(1, 500)),
            stake_change_pct=Decimal(chance.randint(-100, 100)),
            roles=tuple(chance.sample(SLUGS, 2)),
            plan_status=chance.choice(PLAN_STATUSES),
            delay_days=2,
            filed_on=TODAY - timedelta(days=1),
            standing=True,
        )
        for _ in range(TRADES)
    ]
