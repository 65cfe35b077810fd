"""The closed lists of words in which a reading is told: columns, screens and the API are made of them.

Apart from the readers, whose patterns take a moment to compile: whoever only stores or asks needs none of those.
A list may only grow at its end where a column keeps its words as bits (`SLUGS`, `REASONS`).
"""

from __future__ import annotations

# How a trade stands to a Rule 10b5-1 plan; `plan` says what each asks for.
PLAN, PLAN_FILING, NOT_PLAN, UNKNOWN = PLAN_STATUSES = ("plan", "plan_filing", "not_plan", "unknown")

# Whether a row came in time; `timeliness` judges.
TIMELINESS = ("on_time", "late", "extension_possible", "not_judged", "self_declared_late", "unknown")
LATE = ("late", "self_declared_late")

# What an owner is to the issuer; `roles` reads titles.
SLUGS = ("chair", "ceo", "cfo", "coo", "president", "gc", "vp", "officer", "director", "ten_percent", "other")

# What a trade is, which kinds are dealings on the market, and why one is in no total.
KINDS = (
    "buy", "sell", "planned_buy", "planned_sell", "grant", "exercise", "vest", "withholding", "gift", "conversion",
    "issuer_disposition", "expiry", "inheritance", "small_acquisition", "voting_trust", "tender", "plan_switch",
    "swap", "other",
)  # fmt: skip
MARKET = ("buy", "sell", "planned_buy", "planned_sell")
REASONS = (
    "mechanics", "private", "plan_allocation", "duplicate", "superseded", "withdrawn", "no_price", "bad_price",
    "bad_value", "bad_date", "home_market", "derivative", "issuer_is_owner",
)  # fmt: skip
ACQUIRED, DISPOSED = "acquired", "disposed"
