"""What was last reported held, ownership line by ownership line.

Promises: positions are those of the latest filing that reported the ownership line (class, direct or indirect, and in
what nature), taken from its last row for that line, with the filing they come from; titles and natures that differ in
case only are the same line. Nothing is added up over lines, and nothing is reconciled: a position that has not been
reported again may have changed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import OuterRef, Subquery
from django.db.models.expressions import RawSQL

from filings.models import FilingOwner, Insider, Issuer, Line
from signals.readings.splits import Splits


@dataclass(frozen=True, slots=True)
class Position:
    """What one ownership line held after the latest filing that reported it. `amount` is shares, or dollars."""

    line: Line
    amount: Decimal
    in_dollars: bool
    reported_on: date | None

    def figures(self, splits: Splits) -> Figures:
        """The amount and the exercise price on the scale of today's shares; without splits as filed."""
        strike, on = self.line.conversion_or_exercise_price, self.reported_on
        if on is None or not splits:
            return Figures(self, self.amount, strike)
        amount = self.amount if self.in_dollars else splits.shares(self.amount, on, date.max)
        return Figures(self, amount, None if strike is None else splits.price(strike, on, date.max))


@dataclass(frozen=True, slots=True)
class Figures:
    """A position as a list shows it. `strike` is the exercise price of a derivative, None where it has none."""

    position: Position
    amount: Decimal
    strike: Decimal | None


# The day of a `filing` as a number, to be the first of an array: arrays compare by their first element, then by the
# next. A filing without a day ranks as the newest, as nobody knows that it is not.
DAY_RANK = "coalesce(filing.listed_on - DATE '0001-01-01', 9999999)"

# Of each spelling of an ownership line the last row is found first, and only those few are compared in capitals: the
# newest day, then the filing, then the row.
_LATEST = f"""
SELECT (max(latest))[4] FROM (
    SELECT {{by}} AS by, line."table", line.ownership, line.security_title, line.nature_of_ownership,
           max(ARRAY[{DAY_RANK}, line.filing_id, line.position, line.id]) AS latest
      FROM filings_line line
      JOIN filings_filing filing ON filing.accession = line.filing_id
      LEFT JOIN filings_filingowner first ON first.filing_id = line.filing_id AND first.position = 0
     WHERE (line.shares_owned_following IS NOT NULL OR line.value_owned_following IS NOT NULL) AND {{whose}}
     GROUP BY 1, 2, 3, 4, 5
) spelled
 GROUP BY by, "table", coalesce(ownership, ''), upper(coalesce(security_title, '')),
          upper(coalesce(nature_of_ownership, ''))
"""
_OF_ISSUER = _LATEST.format(by="first.insider_id", whose="filing.issuer_id = %s")
_OF_INSIDER = _LATEST.format(
    by="filing.issuer_id",
    whose="line.filing_id IN (SELECT filing_id FROM filings_filingowner WHERE insider_id = %s)",
)


def positions_at(issuer: Issuer) -> list[Position]:
    """What is left on the ownership lines of the issuer's insiders, by the first owner of each filing. One query."""
    first_owner = FilingOwner.objects.filter(filing=OuterRef("filing"), position=0)
    lines = Line.objects.filter(pk__in=RawSQL(_OF_ISSUER, [int(issuer.cik)])).annotate(
        holder_cik=Subquery(first_owner.values("insider_id")), holder_name=Subquery(first_owner.values("name"))
    )
    return [position for position in _positions(lines.select_related("filing__issuer")) if position.amount]


def positions_of(insider: Insider) -> list[Position]:
    """The latest of each of an insider's ownership lines, ended ones too. One query."""
    lines = Line.objects.filter(pk__in=RawSQL(_OF_INSIDER, [int(insider.cik)]))
    return _positions(lines.select_related("filing__issuer"))


def _positions(lines: Iterable[Line]) -> list[Position]:
    found = []
    for line in lines:
        shares = line.shares_owned_following
        amount = shares if shares is not None else line.value_owned_following
        assert amount is not None  # the query asks for lines that have one of the two
        found.append(Position(line=line, amount=amount, in_dollars=shares is None, reported_on=line.filing.listed_on))
    return sorted(
        found,
        key=lambda position: (
            -(position.reported_on or date.min).toordinal(),
            position.line.filing.issuer_id,
            position.line.table,
            -position.amount,
            position.line.pk,
        ),
    )
