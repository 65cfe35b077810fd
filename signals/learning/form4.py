"""Every numbered item of Form 4: what it says, and what it does not.

Promises: one entry for each box, item and column of the official form, by its official number; the names of columns
are those of `filings.ownership.facsimile` and stand nowhere else. A test compares the two.
Sources: the form itself (OMB 3235-0287) and its General Instructions; EDGAR Ownership XML Technical Specification.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Item:
    """`says` and `silent` are plain text. `name` is empty for a column, whose name the facsimile has.

    `leads` are links for more: (route, words, fragment); the route takes no argument.
    """

    number: str
    says: str
    silent: str
    name: str = ""
    leads: tuple[tuple[str, str, str], ...] = ()


_CODES = ("signals:codes", "All twenty codes", "")
_PLANS = ("signals:learn-10b5-1", "Rule 10b5-1 plans", "")
_LATE = ("signals:learn-form-4", "When it is due", "due")
_EXERCISES = ("signals:learn-exercises", "Exercises and vesting", "")
_AMENDED = ("signals:learn-amendments", "Amendments", "")

HEADER = (
    Item(
        "box 1",
        "The person has left the circle that Section 16 covers: no longer a director, officer or holder of more than "
        "ten percent. Some trades must still be reported for a while after that.",
        "Why the person left, or when. It is the only case in which a Form 4 may hold no transaction at all.",
        "No longer subject to Section 16",
    ),
    Item(
        "box 2",
        "At least one transaction on the form was made under a contract, an instruction or a written plan that is meant "
        "to meet Rule 10b5-1(c). The box is on forms since April 2023.",
        "Which transaction: there is one box for the whole form. An empty box on a form of 2023 or 2024 does not rule a "
        "plan out, because the box does not apply to plans adopted before 27 February 2023. On older forms there is no "
        "box, and only a footnote can say.",
        "Rule 10b5-1(c)",
        (_PLANS,),
    ),
    Item(
        "1",
        "Who reports: a person, or an entity such as a fund or a trust. EDGAR writes the surname first. Each filer has a "
        "number, the CIK, that stays when the name changes.",
        "A home address, as a rule: most give the company’s. A tax number or social security number never stands here.",
        "Name and address of reporting person",
    ),
    Item(
        "2",
        "The company whose securities these are, and its ticker; since March 2026 a foreign symbol as well.",
        "Whose shares in particular, where a company has several classes: column 1 says that. The ticker is typed by the "
        "filer and may be out of date, missing, or a list.",
        "Issuer name and ticker or trading symbol",
    ),
    Item(
        "3",
        "The day of the earliest transaction that the form reports.",
        "The days of the others, which stand in column 2 of Table I and column 3 of Table II; or the day of filing, "
        "which is on EDGAR and nowhere on the form.",
        "Date of earliest transaction",
    ),
    Item(
        "4",
        "On a Form 4/A: when the form that is being corrected was filed.",
        "What changed. The date itself is often mistyped: some give the day of the transaction.",
        "If amendment, date of original filed",
        (_AMENDED,),
    ),
    Item(
        "5",
        "Why the person must report: director, officer with a title, holder of more than ten percent, or something else "
        "that is named.",
        "What the person knows. “Officer” has a meaning of its own here (Rule 16a-1(f)): president, finance and "
        "accounting chiefs, heads of principal units, and whoever makes policy.",
        "Relationship of reporting person(s) to issuer",
    ),
    Item(
        "6",
        "Whether one person files or several do together, as a fund and its managers often do.",
        "That each of them traded: joint filers report the same shares once, and adding them up for each owner counts "
        "them again.",
        "Individual or joint/group filing",
    ),
)

TABLE_I = (
    Item(
        "1",
        "The class of shares, in the filer’s words.",
        "An identifier: no CUSIP stands on the form. “Common Stock” and “Class A Common Stock” of one company are "
        "different things, and so are American depositary shares and the ordinary shares behind them.",
    ),
    Item(
        "2",
        "The day of the trade, not the day on which it was paid for or reported.",
        "The hour. Rows of one day stand in no particular order. A row without a date and a code is a holding: something "
        "owned, in which nothing changed.",
    ),
    Item(
        "2A",
        "For trades whose date the filer did not choose (under a plan, or a switch inside an employee plan): the day on "
        "which the filer learned of them, three business days after the trade at most. The two days for reporting run "
        "from it.",
        "Anything, where it is empty, as it usually is. Some fill it in on every row without need.",
        leads=(_LATE,),
    ),
    Item(
        "3",
        "One letter for the kind of transaction. The narrow column V is marked where the row could have waited for the "
        "yearly Form 5 and was reported early. K beside a letter says that an equity swap is involved.",
        "The direction: that is (A) or (D) in column 4. Nor whether there was a plan: no letter means that. P and S "
        "cover private deals as well as those on an exchange.",
        leads=(_CODES,),
    ),
    Item(
        "4",
        "How many shares, whether they came in (A) or went out (D), and the price of one. Several fills of a day may be "
        "given as one row with an average, if a footnote gives the range.",
        "A currency: there is no place for one, and foreign companies’ prices may be in another than dollars. An empty "
        "price beside a footnote is unknown, not zero; and a price beside code A, F or M is a value, not a purchase.",
    ),
    Item(
        "5",
        "What is owned of this class in this way after the form’s transactions. By the form it is the final number; in "
        "practice many filers give a running balance, row by row.",
        "Everything the person has. Options are in Table II, shares held by a trust in a row of their own, and shares in "
        "street plans sometimes nowhere.",
    ),
    Item(
        "6",
        "D: owned directly. I: owned through somebody or something else, such as a spouse, a trust or a fund.",
        "Whose money it is. Filers often disclaim, in a footnote, all but their own part of what they report as I.",
    ),
    Item(
        "7",
        "For I: through whom or what, in up to a hundred letters. “By trust”, “by spouse”, “by 401(k)”, or a number of a "
        "footnote that says more.",
        "Anything for D, where it must be empty. Each nature is an account of its own: selling from one does not change "
        "the balance of another.",
    ),
)

TABLE_II = (
    Item(
        "1",
        "What kind of right it is: an option, a restricted stock unit, a warrant, a convertible note or share.",
        "Its terms, but for those in the next columns. Performance conditions stand in footnotes, if at all.",
    ),
    Item(
        "2",
        "What one share costs when the right is used: the strike of an option, the conversion price of a note.",
        "Zero, where it is empty: units that turn into shares without payment give a footnote here. Strikes of old "
        "options look low because splits have divided them since.",
        leads=(_EXERCISES,),
    ),
    Item("3", "The day of the transaction in the right itself.", "When it was granted, unless this row is the grant."),
    Item("3A", "As column 2A of Table I.", "As there: usually empty, and not used for ordinary exercises."),
    Item(
        "4",
        "A letter, as in Table I. A: granted. M: used, or vested, under a plan of the company. H or E: ended.",
        "That shares were sold. An exercise removes the right here and adds the shares in Table I: one event on two "
        "tables.",
        leads=(_CODES, _EXERCISES),
    ),
    Item(
        "5",
        "How many rights were received (A) or used, given away or lost (D).",
        "How many shares: column 7 has those, and one right may stand for several shares or a part of one.",
    ),
    Item(
        "6",
        "From when the right can be used, and when it ends.",
        "The steps in between: vesting in parts is told in a footnote, which then stands in place of the date.",
    ),
    Item(
        "7",
        "Which shares, and how many, the rights of this row stand for.",
        "How many shares all remaining rights stand for.",
    ),
    Item(
        "8",
        "What was paid or received for the right itself. For grants and exercises it is nought or empty.",
        "The price of the shares. Multiplying it by column 7 gives no sum that anybody paid.",
    ),
    Item(
        "9", "How many rights of this kind remain after the transactions.", "Rights with other terms: another row each."
    ),
    Item("10", "D or I, as column 6 of Table I.", "Whose money it is, as there."),
    Item("11", "Through whom or what, as column 7 of Table I.", "Anything for D."),
)

BELOW = (
    Item(
        "notes",
        "Up to 99 notes of a thousand letters, each hung on the cell it explains. Prices that are averages, plans and "
        "the dates on which they were adopted, vesting, trusts, gifts and disclaimers of ownership are all told here.",
        "Anything in a fixed form. Which cell a note hangs on matters: one on the balance speaks of what is held, not of "
        "the trade.",
        "Explanation of responses",
    ),
    Item(
        "remarks",
        "Whatever the filer adds to the whole form: a title that was too long for item 5, a power of attorney.",
        "Something about one row, as a rule.",
        "Remarks",
    ),
    Item(
        "signature",
        "Who signed, often an attorney for the filer, and on which day.",
        "When the SEC received the form: EDGAR stamps that.",
        "Signature of reporting person",
    ),
)

NOT_ON_THE_FORM = (
    ("The date on which a plan was adopted", "It must be given in the notes when box 2 is ticked, in whatever words; the data has no element for it."),
    ("Which row is the plan’s", "The box is for the whole form. Only a note can tie a plan to a row."),
    ("A currency", "Prices are numbers. Rows of foreign home-market shares may be in euro, yen or another currency; a note may say so."),
    ("The time of a trade", "Days only. Many rows of one day at rising prices are bands of fills, not an order of events."),
    ("Whether an order was on an exchange", "P and S are for the open market and for private deals alike."),
    ("Whether an option was worth using", "The market price is not on the form; only the strike is."),
    ("Everything a person owns", "Classes that did not change may be left out of a Form 4, and some plans are exempt from reporting."),
    ("When the form was filed", "EDGAR’s stamp says it, beside the document."),
    ("A reason", "Nothing on the form asks why."),
)  # fmt: skip
