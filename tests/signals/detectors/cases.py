"""Short histories for detectors: people, filings made the usual way, and the signals found in them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count

from filings.ownership.document import Line, Owner
from signals.detectors.engine import signals_of
from signals.detectors.signal import Signal
from signals.detectors.thresholds import DEFAULTS, Thresholds
from signals.readings.history import FiledForm
from signals.readings.trades import issuer_reading
from tests.signals.readings.archives import DAY, FUND, PAT, SAM, bought, form, holding, row, sold

LATER = datetime(2030, 1, 1, tzinfo=UTC)
LEE = Owner("0009100005", "Lee Example", is_director=True)
KIM = Owner("0009100006", "Kim Example", is_officer=True, officer_title="Chief Executive Officer")
JO = Owner("0009100007", "Jo Example", is_director=True)
PEOPLE = (PAT, SAM, LEE, KIM, JO)
OPTION = {"table": "II", "title": "Stock Option (Right to Buy)", "conversion_or_exercise_price": Decimal(4)}

__all__ = [
    "DAY", "FUND", "JO", "KIM", "LATER", "LEE", "OPTION", "PAT", "PEOPLE", "SAM", "Filings", "all_found", "bought",
    "find", "form", "holding", "keys", "row", "sold",
]  # fmt: skip


class Filings:
    """Numbers filings as they are made, each filed the day after its trade unless said otherwise."""

    def __init__(self) -> None:
        self.forms: list[FiledForm] = []
        self._numbers = count(1)

    def add(self, *lines: Line, by: Owner | tuple[Owner, ...] = PAT, filed_on: date | None = None, **more) -> FiledForm:
        owners = by if isinstance(by, tuple) else (by,)
        days = [line.transaction_date for line in lines if line.transaction_date]
        filed_on = filed_on or max(days, default=DAY) + timedelta(days=1)
        more.setdefault("aff10b5_one", False)
        made = form(next(self._numbers), *lines, owners=owners, filed_on=filed_on, **more)
        self.forms.append(made)
        return made

    def joins(self, owner: Owner, on: date, shares: object = 0) -> FiledForm:
        """A Form 3: from that day on the owner is on file."""
        return self.add(holding(shares), by=owner, filed_on=on, kind="3", period_of_report=on)

    def buys(
        self, owner: Owner, on: date, shares: int, price: object = 10, after: int | None = None, **more
    ) -> FiledForm:
        held = after if after is not None else shares * 10
        return self.add(bought(shares, held, price=price, on=on), by=owner, **more)

    def sells(
        self, owner: Owner, on: date, shares: int, price: object = 10, after: int | None = None, **more
    ) -> FiledForm:
        left = after if after is not None else shares
        return self.add(sold(shares, left, price=price, on=on), by=owner, **more)

    def exercises(
        self, owner: Owner, on: date, options: int, *, strike: object = 4, sells: int = 0, price: object = 20,
        withheld: int = 0, expires_on: date | None = None, left: int = 100_000, held: int = 50_000, tranches: int = 1,
        **more,
    ) -> FiledForm:  # fmt: skip
        """Options exercised, some of the shares withheld, some sold in tranches a dollar apart, on one report."""
        lines = [row("M", "A", options, held + options, price=strike, on=on)]
        if withheld:
            lines.append(row("F", "D", withheld, held + options - withheld, price=price, on=on))
        gone = 0
        for step in range(tranches if sells else 0):
            part = sells // tranches if step < tranches - 1 else sells - gone
            gone += part
            after = held + options - withheld - gone
            lines.append(sold(part, after, price=Decimal(str(price)) + step, on=on))
        option = OPTION | {"conversion_or_exercise_price": Decimal(str(strike))}
        lines.append(
            row("M", "D", options, left, price=0, on=on, expiration_date=expires_on or date(2032, 1, 1),
                underlying_title="Common Stock", underlying_shares=Decimal(options), **option)
        )  # fmt: skip
        return self.add(*lines, by=owner, **more)


def all_found(
    filings: Filings | Iterable[FiledForm], *, now: datetime = LATER, thresholds: Thresholds = DEFAULTS, **more
) -> tuple[Signal, ...]:
    forms = filings.forms if isinstance(filings, Filings) else list(filings)
    return signals_of(issuer_reading(forms), now=now, thresholds=thresholds, **more)


def find(filings: Filings | Iterable[FiledForm], kind: str, **more) -> list[Signal]:
    """The signals of one kind."""
    return [signal for signal in all_found(filings, **more) if signal.kind == kind]


def keys(signals: Iterable[Signal]) -> list[str]:
    return [signal.key for signal in signals]
