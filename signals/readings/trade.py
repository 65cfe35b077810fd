"""What one economic trade is: the rows that are one decision, what they come to, and whether they are counted.

Promises: figures are computed from filed numbers in exact arithmetic; what cannot be computed is None; a trade that
is not counted says why, in the words of `vocabulary.REASONS`, each with a sentence and the accession that caused it.
The field names are those of the JSON of a reading.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from signals.readings.history import RowRef
from signals.readings.plan import PlanEvidence


@dataclass(frozen=True, slots=True)
class Exclusion:
    """One reason why a trade is in no total. `by` is the accession that caused it; `words` a footnote's, if any."""

    reason: str
    text: str
    by: str | None = None
    words: str | None = None

    def as_json(self) -> dict[str, Any]:
        return {"reason": self.reason, "text": self.text, "by": self.by}


@dataclass(frozen=True, slots=True)
class Trade:
    """One economic trade of one accession.

    `lines` are its transaction rows as (table, row), Table I first. `price` is the share-weighted mean over the priced
    rows; `price_min` and `price_max` count in the ranges that footnotes give. `value` is dollars of the priced rows,
    and `unpriced_lines` says how many rows it lacks; it is None for what is not paid in dollars a share. Stakes are
    shares over all ownership lines of the owners in the class; `stake_change_pct` is signed, percent of the stake
    before, None where that is nothing or unknown. `line_number` is the ownership line in the ledger. `strike` and
    `expires_on` are of the derivative, where there is one.
    """

    accession: str
    form: str
    filed_on: date
    known_at: datetime
    lines: tuple[tuple[str, int], ...]
    kind: str
    code: str | None
    direction: str | None
    security_class: str
    family: str
    owners: tuple[str, ...]
    traded_on: date | None
    shares: Decimal | None
    price: Decimal | None
    price_min: Decimal | None
    price_max: Decimal | None
    value: Decimal | None
    unpriced_lines: int
    price_from_note: bool
    stake_before: Decimal | None
    stake_after: Decimal | None
    stake_change_pct: Decimal | None
    ownership: str | None
    nature: str | None
    table: str
    strike: Decimal | None
    expires_on: date | None
    line_number: int | None
    plan: PlanEvidence | None
    roles: tuple[str, ...]
    sold_to_cover: bool
    exclusions: tuple[Exclusion, ...] = ()

    @property
    def counted(self) -> bool:
        """Whether it enters the bought and sold totals."""
        return not self.exclusions

    @property
    def planned(self) -> bool:
        return self.kind in ("planned_buy", "planned_sell")

    @property
    def standing(self) -> bool:
        """Whether the trade is what the archive now holds true: not superseded, withdrawn or told twice."""
        return not any(item.reason in ("superseded", "withdrawn", "duplicate") for item in self.exclusions)

    def refs(self) -> tuple[RowRef, ...]:
        return tuple(RowRef(self.accession, table, "transaction", row) for table, row in self.lines)

    def as_json(self) -> dict[str, Any]:
        """The trade in the JSON of a reading, without what other readings add (timeliness, score, sentence)."""
        return {
            "lines": [[self.accession, table, row] for table, row in self.lines],
            "kind": self.kind,
            "direction": self.direction,
            "security_class": self.security_class,
            "owners": list(self.owners),
            "roles": list(self.roles),
            "traded_on": self.traded_on and self.traded_on.isoformat(),
            "shares": plain_number(self.shares),
            "price": plain_number(self.price),
            "price_min": plain_number(self.price_min),
            "price_max": plain_number(self.price_max),
            "value": plain_number(self.value),
            "stake_before": plain_number(self.stake_before),
            "stake_after": plain_number(self.stake_after),
            "stake_change_pct": plain_number(self.stake_change_pct),
            "ownership": self.ownership,
            "nature": self.nature,
            "plan": self.plan.as_json() if self.plan else None,
            "counted": self.counted,
            "exclusions": [item.as_json() for item in self.exclusions],
        }


def plain_number(value: Decimal | None) -> int | float | None:
    """A computed figure as JSON gives it: whole numbers without a point."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


MECHANICS = {
    "grant": "An award from the company is no purchase.",
    "exercise": "Exercising a derivative turns one security into another; nothing was bought or sold in a market.",
    "vest": "Shares that vest were awarded before; nothing was bought.",
    "withholding": "Shares kept back or handed over for tax or an exercise price are not sold.",
    "gift": "A gift has no price.",
    "conversion": "A conversion turns one security into another.",
    "issuer_disposition": "What goes back to the company is not sold in a market.",
    "expiry": "A derivative that expires or is cancelled is not sold.",
    "inheritance": "What passes by will or law is not traded.",
    "small_acquisition": "Small acquisitions (code L) are no P or S.",
    "voting_trust": "Shares in or out of a voting trust keep their owner.",
    "tender": "Shares tendered in a takeover are no market sale.",
    "plan_switch": "A switch inside an employee plan is no market trade.",
    "swap": "An equity swap or similar contract is no trade in shares.",
    "other": "Code J or an unknown code; only the footnote says what happened.",
}
