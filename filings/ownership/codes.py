"""The one table of transaction codes: letter, the SEC's meaning, our plain words, group and usual direction.

Sources: Form 4 General Instruction 8 and EDGAR Ownership XML Technical Specification v3 §3.6.9. K and V are official
codes that never stand in the XML's transactionCode: an equity swap is a flag, and V is a Form 5 item on a Form 4.
Filters, badges, explanations, pages and tests read this table; nothing else lists codes.
"""

from __future__ import annotations

from dataclasses import dataclass

ACQUIRED, DISPOSED, EITHER = "A", "D", "either"


@dataclass(frozen=True, slots=True)
class Code:
    """One official code.

    `meaning` follows the SEC's wording closely; `plain` is the reader's sentence; `acquired` and `disposed` are the
    verbs of a line with that direction. Only P and S are ever *bought* and *sold*. `decision` is False where the
    line follows from pay, tax or a security's own terms rather than from a choice to trade at a market price.
    """

    letter: str
    group: str
    meaning: str
    plain: str
    acquired: str
    disposed: str
    direction: str
    decision: bool
    in_xml: bool = True

    def verb(self, acquired_disposed: str | None) -> str:
        """What happened, in one or two words, for a line marked (A), (D) or neither."""
        if acquired_disposed == ACQUIRED:
            return self.acquired
        if acquired_disposed == DISPOSED:
            return self.disposed
        return self.acquired if self.direction == ACQUIRED else self.disposed


GENERAL = "General"
RULE_16B3 = "Rule 16b-3"
DERIVATIVE = "Derivative securities"
EXEMPT = "Other exempt and small"
OTHER = "Other"

_TABLE = (
    Code(
        "P", GENERAL, "Open market or private purchase of non-derivative or derivative security",
        "Bought, on the open market or privately; the footnotes may say which.",
        "Bought", "Bought", ACQUIRED, True,
    ),
    Code(
        "S", GENERAL, "Open market or private sale of non-derivative or derivative security",
        "Sold, on the open market or privately; the footnotes may say which.",
        "Sold", "Sold", DISPOSED, True,
    ),
    Code(
        "V", GENERAL, "Transaction voluntarily reported earlier than required",
        "Reported early by choice: it could have waited for the yearly Form 5.",
        "Acquired, reported early", "Disposed of, reported early", EITHER, False, in_xml=False,
    ),
    Code(
        "A", RULE_16B3, "Grant, award or other acquisition under Rule 16b-3(d)",
        "Received from the company, usually as pay.",
        "Received", "Gave back", ACQUIRED, False,
    ),
    Code(
        "D", RULE_16B3, "Disposition to the issuer under Rule 16b-3(e)",
        "Given or sold back to the company.",
        "Took back", "Returned to the company", DISPOSED, False,
    ),
    Code(
        "F", RULE_16B3, "Payment of exercise price or tax by delivering or withholding securities",
        "Shares kept back or handed over to pay tax or the exercise price; no market sale.",
        "Received back", "Withheld for tax or exercise price", DISPOSED, False,
    ),
    Code(
        "I", RULE_16B3, "Discretionary transaction under Rule 16b-3(f)",
        "Moved money into or out of company stock inside an employee plan, by own choice.",
        "Moved into company stock in a plan", "Moved out of company stock in a plan", EITHER, True,
    ),
    Code(
        "M", RULE_16B3, "Exercise or conversion of derivative security exempted under Rule 16b-3",
        "Turned an award or an option into shares, or settled it.",
        "Received by exercise or vesting", "Exercised or settled", EITHER, False,
    ),
    Code(
        "C", DERIVATIVE, "Conversion of derivative security",
        "Converted one security into another, by its terms.",
        "Received by conversion", "Converted", EITHER, False,
    ),
    Code(
        "E", DERIVATIVE, "Expiration of short derivative position",
        "An option that the insider had written expired.",
        "Written option expired", "Written option expired", EITHER, False,
    ),
    Code(
        "H", DERIVATIVE, "Expiration or cancellation of long derivative position with value received",
        "An option that the insider owned expired or was cancelled, and something was paid for it.",
        "Option ended for value", "Option ended for value", DISPOSED, False,
    ),
    Code(
        "O", DERIVATIVE, "Exercise of out-of-the-money derivative security",
        "Exercised although the market price was worse than the exercise price.",
        "Received by exercise out of the money", "Exercised out of the money", EITHER, True,
    ),
    Code(
        "X", DERIVATIVE, "Exercise of in-the-money or at-the-money derivative security",
        "Exercised with the market price at or better than the exercise price; not an award of a company plan.",
        "Received by exercise", "Exercised", EITHER, False,
    ),
    Code(
        "G", EXEMPT, "Bona fide gift",
        "Gave or received a genuine gift.",
        "Received as a gift", "Gave as a gift", EITHER, False,
    ),
    Code(
        "L", EXEMPT, "Small acquisition under Rule 16a-6",
        "A small acquisition: at most $10,000 within six months, and not from the company.",
        "Acquired in a small amount", "Disposed of in a small amount", ACQUIRED, True,
    ),
    Code(
        "W", EXEMPT, "Acquisition or disposition by will or the laws of descent and distribution",
        "Inherited, or passed on by will.",
        "Inherited", "Passed on by will", EITHER, False,
    ),
    Code(
        "Z", EXEMPT, "Deposit into or withdrawal from voting trust",
        "Put into a voting trust, or taken out of one.",
        "Taken out of a voting trust", "Put into a voting trust", EITHER, False,
    ),
    Code(
        "J", OTHER, "Other acquisition or disposition, described in a footnote",
        "None of the other codes fits; the footnote says what happened.",
        "Acquired otherwise", "Disposed of otherwise", EITHER, False,
    ),
    Code(
        "K", OTHER, "Transaction in equity swap or instrument with similar characteristics",
        "Involves an equity swap or a similar instrument.",
        "Acquired through a swap", "Disposed of through a swap", EITHER, True, in_xml=False,
    ),
    Code(
        "U", OTHER, "Disposition pursuant to a tender of shares in a change of control transaction",
        "Tendered in a takeover.",
        "Received in a takeover", "Tendered in a takeover", DISPOSED, True,
    ),
)  # fmt: skip

CODES: dict[str, Code] = {code.letter: code for code in _TABLE}
