"""What was last reported held, ownership line by ownership line.

Promises: positions are those of the latest filing that reported the ownership line (class, direct or indirect, and in
what nature), taken from its last row for that line, with the filing they come from; titles and natures that differ in
case only are the same line. Nothing is added up over lines, and nothing is reconciled: a position that has not been
reported again may have changed.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from filings.models import Issuer
from filings.models.fields import dashed
from filings.models.line import line_anchor
from form4site.kit.statements import Question, Rows, Statement, asked
from signals.readings.splits import Splits


class Company(NamedTuple):
    """An issuer as lists name it."""

    cik: str
    name: str | None
    ticker: str | None


class HeldLine(NamedTuple):
    """A row of a filing's tables as far as it says what was held, of an issuer with the filing's first owner."""

    pk: int
    filing_id: str
    table: str
    kind: str
    row: int
    security_title: str | None
    conversion_or_exercise_price: Decimal | None
    ownership: str | None
    nature_of_ownership: str | None
    issuer: Company
    holder_cik: str | None
    holder_name: str | None

    @property
    def anchor(self) -> str:
        return line_anchor(self.table, self.kind, self.row)


class Position(NamedTuple):
    """What one ownership line held after the latest filing that reported it. `amount` is shares, or dollars."""

    line: HeldLine
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


class Figures(NamedTuple):
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
_POSITIONS = f"""
SELECT line.shares_owned_following, line.value_owned_following, filing.listed_on, line.id, line.filing_id, line."table",
       line.kind, line.row, line.security_title, line.conversion_or_exercise_price, line.ownership,
       line.nature_of_ownership, issuer.cik, issuer.name, issuer.ticker, {{holder}}
  FROM ({_LATEST}) AS latest (id)
  JOIN filings_line line USING (id)
  JOIN filings_filing filing ON filing.accession = line.filing_id
  JOIN filings_issuer issuer ON issuer.cik = filing.issuer_id
  LEFT JOIN filings_filingowner first ON first.filing_id = line.filing_id AND first.position = 0
"""
_OF_ISSUER = _POSITIONS.format(
    by="first.insider_id", whose="filing.issuer_id = %s", holder="first.insider_id, first.name"
)
_OF_INSIDER = _POSITIONS.format(
    holder="NULL, NULL",  # known; and PostgreSQL then leaves the first owners out
    by="filing.issuer_id",
    whose="line.filing_id IN (SELECT filing_id FROM filings_filingowner WHERE insider_id = %s)",
)


@asked
def positions_at(issuer: Issuer) -> Question[list[Position]]:
    """What is left on the ownership lines of the issuer's insiders, by the first owner of each filing."""
    (rows,) = yield [Statement(_OF_ISSUER, [int(issuer.cik)])]
    return [position for position in _positions(rows) if position.amount]


@asked
def positions_of(insider: int) -> Question[list[Position]]:
    """The latest of each of an insider's ownership lines, ended ones too."""
    (rows,) = yield [Statement(_OF_INSIDER, [insider])]
    return _positions(rows)


def _positions(rows: Rows) -> list[Position]:
    return sorted(
        [_position(*row) for row in rows],
        key=lambda position: (
            -(position.reported_on or date.min).toordinal(),
            position.line.issuer.cik,
            position.line.table,
            -position.amount,
            position.line.pk,
        ),
    )


def _position(shares: Decimal | None, dollars: Decimal | None, on: date | None, *told: Any) -> Position:
    key, filing, *line, cik, name, ticker, holder, holder_name = told
    company = Company(f"{cik:010}", name, ticker)
    holder_cik = None if holder is None else f"{holder:010}"
    amount = dollars if shares is None else shares
    assert amount is not None  # the query asks for lines that have one of the two
    held = HeldLine._make((key, dashed(filing), *line, company, holder_cik, holder_name))
    return Position(held, amount, shares is None, on)
