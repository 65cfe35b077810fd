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
    `tells`, `does_not_tell`, `myth` and `fact` are for the page of the code; what popular guides get wrong is there.
    """

    letter: str
    group: str
    meaning: str
    plain: str
    acquired: str
    disposed: str
    direction: str
    decision: bool
    tells: str
    does_not_tell: str
    myth: str
    fact: str
    in_xml: bool = True

    def verb(self, acquired_disposed: str | None) -> str:
        """What happened, in one or two words, for a line marked (A), (D) or neither."""
        if acquired_disposed == ACQUIRED:
            return self.acquired
        if acquired_disposed == DISPOSED:
            return self.disposed
        if self.direction == EITHER and self.acquired != self.disposed:
            return f"{self.acquired} or {self.disposed[0].lower()}{self.disposed[1:]}"
        return self.acquired if self.direction == ACQUIRED else self.disposed


GENERAL = "General"
RULE_16B3 = "Rule 16b-3"
DERIVATIVE = "Derivative securities"
EXEMPT = "Other exempt and small"
OTHER = "Other"

_TABLE = (
    Code(
        "P",
        GENERAL,
        "Open market or private purchase of non-derivative or derivative security",
        "Bought, on the open market or privately; the footnotes may say which.",
        "Bought",
        "Bought",
        ACQUIRED,
        True,
        "The filer, or an entity whose holdings count as theirs, paid for securities at the price shown.",
        "Whether it was an order on an exchange: private placements, directed shares of an offering, dividend reinvestment and employee share plans are P too. Nor why.",
        "An insider has only one reason to buy.",
        "Ownership guidelines, offering allocations, share plans and plans adopted long before also lead to P. The footnotes often say which.",
    ),
    Code(
        "S",
        GENERAL,
        "Open market or private sale of non-derivative or derivative security",
        "Sold, on the open market or privately; the footnotes may say which.",
        "Sold",
        "Sold",
        DISPOSED,
        True,
        "The filer, or an entity whose holdings count as theirs, gave up securities for the price shown.",
        "Whether it was on the open market or private, whether it was planned long before (see the Rule 10b5-1 box and the footnotes), or what the filer thinks of the company.",
        "S means a sale on the open market.",
        "The code covers private sales as well, and sales whose only purpose is to pay the tax on vested shares.",
    ),
    Code(
        "V",
        GENERAL,
        "Transaction voluntarily reported earlier than required",
        "Reported early by choice: it could have waited for the yearly Form 5.",
        "Acquired, reported early",
        "Disposed of, reported early",
        EITHER,
        False,
        "The line could have waited for Form 5, due 45 days after the fiscal year, and was reported on a Form 4 instead.",
        "Anything about the transaction itself: the other code on the line does.",
        "V stands in the transaction code of the data.",
        "It never does. EDGAR shows it for a line that belongs on Form 5 and stands on a Form 4.",
        in_xml=False,
    ),
    Code(
        "A",
        RULE_16B3,
        "Grant, award or other acquisition under Rule 16b-3(d)",
        "Received from the company, usually as pay.",
        "Received",
        "Gave back",
        ACQUIRED,
        False,
        "The company gave shares, units or options to the filer as Rule 16b-3(d) describes it.",
        "A wish to own more at today's price: the company decided on the grant.",
        "A line with code A and a price is a purchase.",
        "Awards can carry a market price, for instance shares earned under a performance award. Nothing was bought.",
    ),
    Code(
        "D",
        RULE_16B3,
        "Disposition to the issuer under Rule 16b-3(e)",
        "Given or sold back to the company.",
        "Took back",
        "Returned to the company",
        DISPOSED,
        False,
        "Securities went back to the company: bought back, cashed out in a merger, or given up.",
        "A sale on the market; none took place.",
        "D is the same as a sale.",
        "The other side is the company itself, often under a merger agreement or the terms of an award.",
    ),
    Code(
        "F",
        RULE_16B3,
        "Payment of exercise price or tax by delivering or withholding securities",
        "Shares kept back or handed over to pay tax or the exercise price; no market sale.",
        "Received back",
        "Withheld for tax or exercise price",
        DISPOSED,
        False,
        "Shares were kept back or handed over to pay the exercise price or the tax on an award.",
        "A decision to sell: no share reached the market, and the price only values what was withheld.",
        "The insider sold shares to cover taxes.",
        "Withheld shares are not sold. A sale of shares to pay tax is a separate line with code S.",
    ),
    Code(
        "I",
        RULE_16B3,
        "Discretionary transaction under Rule 16b-3(f)",
        "Moved money into or out of company stock inside an employee plan, by own choice.",
        "Moved into company stock in a plan",
        "Moved out of company stock in a plan",
        EITHER,
        True,
        "The filer moved money into or out of the company's stock fund in an employee plan, or took cash from it, by own choice.",
        "A trade with a price of the filer's choosing: the administrator of the plan carries it out.",
        "Somebody else decided on this transaction.",
        "It is the other way round: the choice was the filer's, inside a plan of the employer.",
    ),
    Code(
        "M",
        RULE_16B3,
        "Exercise or conversion of derivative security exempted under Rule 16b-3",
        "Turned an award or an option into shares, or settled it.",
        "Received by exercise or vesting",
        "Exercised or settled",
        EITHER,
        False,
        "An option was exercised, or an award vested or was settled, under the company's own plan.",
        "What became of the shares: look for F (withheld) and S (sold) beside it, on this filing or a later one.",
        "An exercise shows that the insider expects a rise.",
        "Vesting follows a calendar set at the grant, and exercises often come shortly before an option would expire.",
    ),
    Code(
        "C",
        DERIVATIVE,
        "Conversion of derivative security",
        "Converted one security into another, by its terms.",
        "Received by conversion",
        "Converted",
        EITHER,
        False,
        "One security became another by its own terms, such as Class B shares turned into Class A.",
        "A purchase or a sale; the economic stake is the same before and after.",
        "The shares acquired by conversion are new buying.",
        "They replace what was given up in the same conversion, usually on Table II of the same filing.",
    ),
    Code(
        "E",
        DERIVATIVE,
        "Expiration of short derivative position",
        "An option that the insider had written expired.",
        "Written option expired",
        "Written option expired",
        EITHER,
        False,
        "An option that the filer had written for somebody else ran out.",
        "Any trade on that day.",
        "An expired option is a loss of the insider's.",
        "With a written option it is the buyer's right that ended; the writer keeps what was paid for it.",
    ),
    Code(
        "H",
        DERIVATIVE,
        "Expiration or cancellation of long derivative position with value received",
        "An option that the insider owned expired or was cancelled, and something was paid for it.",
        "Option ended for value",
        "Option ended for value",
        DISPOSED,
        False,
        "An option or similar right that the filer owned ended early or expired, and something was paid for it.",
        "A market sale: the payment usually comes from the company, for instance in a merger.",
        "H is used whenever an option expires.",
        "The code is for options that ended with value received.",
    ),
    Code(
        "O",
        DERIVATIVE,
        "Exercise of out-of-the-money derivative security",
        "Exercised although the market price was worse than the exercise price.",
        "Received by exercise out of the money",
        "Exercised out of the money",
        EITHER,
        True,
        "An option was exercised although the same share could be had for less on the market.",
        "Why anybody would; the footnotes may.",
        "Nobody exercises out of the money.",
        "It is rare, and it happens; the code exists for it.",
    ),
    Code(
        "X",
        DERIVATIVE,
        "Exercise of in-the-money or at-the-money derivative security",
        "Exercised with the market price at or better than the exercise price; not an award of a company plan.",
        "Received by exercise",
        "Exercised",
        EITHER,
        False,
        "A warrant, option or other right that is no award of a company plan was exercised with the market price at or better than the exercise price.",
        "Whether the shares were kept.",
        "X and M are the same.",
        "M is for awards under the company's plans that Rule 16b-3 exempts; X is for all other rights.",
    ),
    Code(
        "G",
        EXEMPT,
        "Bona fide gift",
        "Gave or received a genuine gift.",
        "Received as a gift",
        "Gave as a gift",
        EITHER,
        False,
        "Securities were given away, or received, without payment.",
        "A price: gifts have none, and a zero in the price column is no bargain.",
        "A gift carries no information.",
        "Studies of gifts of stock by executives have found them to come near high prices (Yermack, 2009; Avci and others, 2021). What that means for one gift is another question.",
    ),
    Code(
        "L",
        EXEMPT,
        "Small acquisition under Rule 16a-6",
        "A small acquisition: at most $10,000 within six months, and not from the company.",
        "Acquired in a small amount",
        "Disposed of in a small amount",
        ACQUIRED,
        True,
        "A purchase so small (at most $10,000 within six months, not from the company) that it may be reported late.",
        "Much: the sum is small by definition.",
        "Small purchases are exempt from everything.",
        "Only the time of reporting is put off; the purchase still has to be reported.",
    ),
    Code(
        "W",
        EXEMPT,
        "Acquisition or disposition by will or the laws of descent and distribution",
        "Inherited, or passed on by will.",
        "Inherited",
        "Passed on by will",
        EITHER,
        False,
        "Securities passed by will or by the laws of inheritance.",
        "A choice to trade.",
        "An heir's acquisition is a purchase.",
        "Nothing was paid, and the time was nobody's choice.",
    ),
    Code(
        "Z",
        EXEMPT,
        "Deposit into or withdrawal from voting trust",
        "Put into a voting trust, or taken out of one.",
        "Taken out of a voting trust",
        "Put into a voting trust",
        EITHER,
        False,
        "Securities were put into a voting trust, or taken out of one.",
        "A change in who gains or loses from the shares.",
        "A deposit into a voting trust is a disposal.",
        "Only the votes change hands; the economic interest stays.",
    ),
    Code(
        "J",
        OTHER,
        "Other acquisition or disposition, described in a footnote",
        "None of the other codes fits; the footnote says what happened.",
        "Acquired otherwise",
        "Disposed of otherwise",
        EITHER,
        False,
        "Something that no other code describes; the filer must explain it in a footnote.",
        "Anything without that footnote: distributions by a fund, spin-offs, splits, corrections and swaps of funds all use J.",
        "J marks trades under an automatic plan.",
        "No code marks plans. J means “other”, and the footnote is where the meaning is.",
    ),
    Code(
        "K",
        OTHER,
        "Transaction in equity swap or instrument with similar characteristics",
        "Involves an equity swap or a similar instrument.",
        "Acquired through a swap",
        "Disposed of through a swap",
        EITHER,
        True,
        "An equity swap or a similar contract was entered, changed or ended: the gain or loss of shares was passed on without passing the shares.",
        "That the shares themselves moved.",
        "Equity swaps are a way around reporting.",
        "They are reportable. In the data a flag on the line marks them, and EDGAR shows K beside the code.",
        in_xml=False,
    ),
    Code(
        "U",
        OTHER,
        "Disposition pursuant to a tender of shares in a change of control transaction",
        "Tendered in a takeover.",
        "Received in a takeover",
        "Tendered in a takeover",
        DISPOSED,
        True,
        "Shares were handed over to a bidder in a change of control, at the price of the offer.",
        "A view on the market: the offer set price and time.",
        "An insider who tenders is bailing out.",
        "The offer goes to the holders alike, and its price was set by the deal.",
    ),
)

CODES: dict[str, Code] = {code.letter: code for code in _TABLE}
