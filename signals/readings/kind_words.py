"""A word or two for each kind of trade, in the order of `KINDS`. *Bought* and *sold* are codes P and S only."""

from __future__ import annotations

KIND_WORDS = {
    "buy": "Bought", "planned_buy": "Bought under a plan", "sell": "Sold", "planned_sell": "Sold under a plan",
    "grant": "Granted", "exercise": "Exercised", "vest": "Vested", "withholding": "Withheld or handed over for tax",
    "gift": "Gifts", "conversion": "Converted", "issuer_disposition": "Given back to the company",
    "expiry": "Expired or cancelled", "inheritance": "By will or law", "small_acquisition": "Small acquisitions",
    "voting_trust": "Voting trusts", "tender": "Tendered", "plan_switch": "Switched in a plan", "swap": "Swaps",
    "other": "Other",
}  # fmt: skip
