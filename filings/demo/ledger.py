"""Balances: what each ownership line holds after each row, so that every filing agrees with the ones before it.

Promises: drafts are gone through in the order of filing; a balance is the one before plus or minus the row. Where it
is not (a split, shares that came without a report, a restated row), the draft's `gaps` says so in words.
Refuses, with ValueError, a story that disposes of more than there is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from filings.demo.drafts import Draft
from filings.demo.parties import Seat
from filings.demo.prices import Split
from filings.demo.rows import DIRECT, FREE, Grant, Place, Row

Line = tuple[int, int, str | Grant, Place]  # insider, issuer, security, how it is held

RESTATED = "restated from an earlier filing"
MISSTATED = "stated wrongly, as filers sometimes do"
SHORT = "a written option: the balance counts what is owed"


def line_of(seat: Seat, security: str | Grant, place: Place) -> Line:
    return seat.insider.cik, seat.issuer.cik, security, place


class Ledger:
    def __init__(self, opening: dict[Line, int], splits: dict[int, Split]) -> None:
        self._splits = splits
        self._balances = {line: Decimal(shares) for line, shares in opening.items()}
        # Lines that a filing has shown, with the day up to which splits are counted in.
        self._shown: dict[Line, date] = {}

    def enter(self, drafts: Iterable[Draft]) -> None:
        """Fills `rows`, `following` and `gaps` of each draft; `drafts` come in the order of filing."""
        for draft in drafts:
            if draft.restates and draft.earlier:
                restated = zip(draft.earlier.rows, draft.earlier.following, strict=True)
                draft.rows = draft.restates([replace(row, following=after) for row, after in restated])
            for index in range(len(draft.rows)):
                after, gap = self._after(draft, index)
                draft.following.append(after)
                if gap:
                    draft.gaps[index] = gap
                row = draft.rows[index]
                if gap and gap in (_SPLIT_NOTE, row.unreported and row.unreported[1]):
                    draft.rows[index] = _with_note(row, gap)

    def _after(self, draft: Draft, index: int) -> tuple[Decimal, str | None]:
        row = draft.rows[index]
        if row.following is not None:
            return row.following, RESTATED if draft.earlier else MISSTATED
        line = line_of(draft.owners[0], row.security, row.place)
        opening = draft.owners[0].owns if (row.security, row.place) == (draft.issuer.common, DIRECT) else 0
        balance = self._balances.get(line, Decimal(opening))
        gap = None
        split = self._splits.get(draft.issuer.cik)
        on = row.on or draft.filed_on
        if split and _splits_with_the_shares(row.security) and self._shown.get(line, on) < split.on <= on:
            if row.reports_split:
                received = int(balance) * (split.ratio - 1)
                row = draft.rows[index] = replace(row, shares=received)
            else:
                balance *= split.ratio
                gap = _SPLIT_NOTE
        if row.unreported:
            balance += row.unreported[0]
            gap = row.unreported[1] or "shares that came without a report"
        balance += self._moved(row, balance)
        if balance < FREE:
            raise ValueError(f"{draft.story}: {draft.owners[0].insider.name} would hold {balance} of {row.security}")
        self._balances[line] = balance
        self._shown[line] = max(on, self._shown.get(line, on))
        return balance, SHORT if isinstance(row.security, Grant) and row.security.short else gap

    @staticmethod
    def _moved(row: Row, balance: Decimal) -> Decimal:
        if row.code is None:
            return FREE if row.shares is None else row.shares - balance
        shares = Decimal(row.shares or 0)
        grows = row.acquired_disposed == "A"
        if isinstance(row.security, Grant) and row.security.short:
            grows = not grows
        return shares if grows else -shares


_SPLIT_NOTE = "The balance counts in the issuer's share split, which was the same for all holders and needed no report."


def _splits_with_the_shares(security: str | Grant) -> bool:
    """Options have a line of their own after a split, as their strike changes; units keep theirs."""
    return not isinstance(security, Grant) or isinstance(security.strike, str)


def _with_note(row: Row, text: str) -> Row:
    cited = row.notes.get("shares_owned_following", ())
    texts = (cited,) if isinstance(cited, str) else cited
    return replace(row, notes={**row.notes, "shares_owned_following": (*texts, text)})
