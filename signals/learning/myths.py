"""What is often said of insiders' filings, and what is so.

Promises: each myth is in our own words, with the fact and the source of the fact; `topic` groups them on the page and
names those that other pages show. A myth says what people say, not who says it.
Refuses: to answer what research has not settled; such an entry says that it is open.
"""

from __future__ import annotations

from dataclasses import dataclass

FORM, CODES, PLANS, TIME, MEANING = "form", "codes", "plans", "time", "meaning"
TOPICS = {
    FORM: "The form and its data",
    CODES: "Codes",
    PLANS: "Rule 10b5-1 plans",
    TIME: "When it is filed",
    MEANING: "What a trade means",
}


@dataclass(frozen=True, slots=True)
class Myth:
    """`key` is the anchor on the page, and stays. `source` is where the fact can be checked."""

    key: str
    topic: str
    said: str
    fact: str
    source: str


_FORM4 = "Form 4 (OMB 3235-0287) and its General Instructions"
_SPEC = "EDGAR Ownership XML Technical Specification"
_RELEASE = "SEC Release 33-11138, effective 27 February 2023"
_RULE = "Rule 10b5-1(c), 17 CFR 240.10b5-1"

MYTHS = (
    # --- the form ------------------------------------------------------------------------------------------------
    Myth("columns-of-table-i", FORM, "Table I has eight columns, or nine.",
         "Seven are numbered, 1 to 7, and there is a 2A. Amount, direction and price are three parts of column 4; direct or indirect is column 6.",
         _FORM4),
    Myth("columns-of-table-ii", FORM, "Table II has ten columns.",
         "Eleven, and a 3A: the nature of indirect ownership is column 11.",
         _FORM4),
    Myth("line-two", FORM, "Line 2 asks for a tax or social security number.",
         "Item 2 is the company and its ticker. No such number stands on the form.",
         _FORM4),
    Myth("relationship-item", FORM, "The relationship is item 4 and the amendment item 5.",
         "On Form 3, yes. On Forms 4 and 5 the relationship is item 5 and the amendment item 4.",
         "Forms 3, 4 and 5"),
    Myth("xbrl", FORM, "Form 4 data is XBRL.",
         "It is a small XML of its own, the ownership document. XBRL is for financial statements; companies’ yearly and quarterly reports tag what they say of plans.",
         _SPEC),
    Myth("plan-box-per-row", FORM, "Each row has a box for plans.",
         "There is one box, at the head of the form, for all its rows; the element in the data is aff10b5One. Only a note can say which row it means.",
         f"{_FORM4}; {_SPEC}"),
    Myth("search-by-code", FORM, "EDGAR lets you pick filings by transaction code.",
         "Its searches know form, company, person, date and words, and no codes. The SEC’s quarterly data sets hold them, after the quarter.",
         "EDGAR search pages; SEC Insider Transactions Data Sets"),
    Myth("blank-price", FORM, "An empty or zero price means that the shares were free.",
         "An empty price beside a footnote is a price that the note tells. For units that vest there is nothing to pay; for gifts nothing was paid.",
         _SPEC),
    # --- codes ---------------------------------------------------------------------------------------------------
    Myth("p-open-market", CODES, "P is a purchase on the open market, at the market’s price.",
         "On the open market or in private, of shares or of derivatives. Private placements, allocations in an offering and share plans are P as well, at whatever price was agreed.",
         "Form 4, General Instruction 8"),
    Myth("s-open-market", CODES, "S is a sale on the open market.",
         "On the open market or in private. Shares sold to pay the tax on an award are S too.",
         "Form 4, General Instruction 8"),
    Myth("j-is-plan", CODES, "J marks trades of an automatic plan.",
         "J is what no other code describes, and a note must explain it. No code marks a plan.",
         "Form 4, General Instruction 8"),
    Myth("i-somebody-else", CODES, "I marks trades that somebody else decided on.",
         "The reverse: the insider chose to move money into or out of the company’s stock inside an employee plan.",
         "Rule 16b-3(f)"),
    Myth("h-any-expiry", CODES, "H is the end of any option that one owned.",
         "Only of one that ended with something paid for it. An option that ran out with nothing paid is not H.",
         "Form 4, General Instruction 8"),
    Myth("k-and-v", CODES, "K and V are codes like the others, or there is no V.",
         "Both are on the form’s list and neither in the data’s code: K is a flag for equity swaps, V a Form 5 row on a Form 4.",
         _SPEC),
    Myth("few-other-codes", CODES, "Besides the common letters there are J, K, L, U, W, X and Z.",
         "Also C, E, H, I, O and V: twenty in all.",
         "Form 4, General Instruction 8"),
    Myth("f-sold", CODES, "F says how many shares were sold to pay tax.",
         "They were withheld, by the company, and no market saw them. A sale to pay tax is S. F also pays exercise prices; only a note tells which.",
         "Form 4, General Instruction 8; Rule 16b-3(e)"),
    Myth("vest-is-a-and-f", CODES, "A vesting is reported as A and F.",
         "Units that were reported when granted vest with M on both tables, and F. A stands where the award was not a derivative before, as with many performance awards.",
         "Form 4, General Instruction 8"),
    Myth("ipo-allocation-is-a", CODES, "Shares allotted in an offering are an award, code A.",
         "Whoever pays for directed shares has bought them: P. A is for what the company grants under Rule 16b-3(d).",
         "Rule 16b-3(d)"),
    Myth("swaps-avoid-reports", CODES, "An equity swap lets an insider sell unseen.",
         "Swaps must be reported; Table II and the flag K exist for them.",
         "Form 4, General Instruction 8"),
    Myth("grants-are-most", CODES, "Most rows with many shares are awards.",
         "Of the rows of Table I in the second quarter of 2026, 35% were sales and 25% awards.",
         "SEC Insider Transactions Data Set, 2026 Q2"),
    # --- plans ---------------------------------------------------------------------------------------------------
    Myth("ninety-days", PLANS, "After adopting a plan, an insider waits 90 days.",
         "A director or officer waits for the later of 90 days and two business days after the quarterly or yearly report on the quarter of adoption, 120 days at most. Others wait 30 days, the company not at all.",
         _RELEASE),
    Myth("hundred-eighty-days", PLANS, "The wait may last up to 180 days.",
         "120 at most.",
         _RELEASE),
    Myth("next-earnings", PLANS, "The wait ends with the next earnings release, or the day after the next report.",
         "It looks at the report, Form 10-Q or 10-K, on the quarter in which the plan was adopted, and adds two business days. A press release does not count.",
         f"{_RELEASE}; staff C&DI 120.29"),
    Myth("one-plan", PLANS, "One may have a single plan at a time, selling to cover tax apart.",
         "The rule is against overlapping plans. A plan with several brokers counts as one, and a later plan may be adopted before the first ends if it begins to trade only afterwards.",
         _RULE),
    Myth("one-single-trade", PLANS, "One plan of a single trade is allowed each calendar year.",
         "One in any twelve months, with plans that sell to cover tax left out. A second one is not unlawful; it does not have the defence.",
         _RULE),
    Myth("exempt", PLANS, "Trades under a plan are exempt from liability.",
         "A plan is a defence that the insider must be able to prove, good faith included. It exempts nobody.",
         _RULE),
    Myth("plan-said-nowhere", PLANS, "The form usually does not say whether a trade was planned.",
         "Since 1 April 2023 it must, for plans adopted from 27 February 2023, and a note must give the day of adoption.",
         f"{_RELEASE}; staff C&DI 120.31"),
    Myth("three-formats", PLANS, "Before 2023 a plan could be given by box, by note or in the data.",
         "By note only. The box and its element came in March 2023.",
         "EDGAR Release 23.1"),
    Myth("empty-is-no", PLANS, "Where a filing does not say, it is safe to take the trade for unplanned.",
         "It is unknown. “No plan” is a statement about the insider’s choice, and here nobody made it.",
         f"{_RELEASE}; staff C&DI 120.31"),
    Myth("decided-months-ago", PLANS, "A plan’s sale was decided on months ago.",
         "Before 2023 a plan could trade on the day it was adopted; of 20,595 plans about 14% began within 30 days. For directors and officers of today it is at least 90 days.",
         "Larcker and others, 2021 (Forms 144 of 2016 to May 2020)"),
    Myth("plans-not-informative", PLANS, "A sale under a plan cannot tell anything.",
         "Contested. Jagolinzer (2009) and Larcker and others (2021) found plan sales that came before falls; Sen (2008) explains much of it by limit prices; what changed with the rule of 2023 is disputed.",
         "The studies named"),
    Myth("jagolinzer", PLANS, "Jagolinzer (2009) showed that plan trades foretell less than others.",
         "The study found the contrary: sales of those who took part in plans came before weaker performance than sales of those who did not.",
         "Jagolinzer, Management Science, 2009 (abstract)"),
    Myth("ladder", PLANS, "Many rows at rising prices on one day show a trading program.",
         "They show how fills may be reported: since 2008 those of one day may be put together in bands of a dollar at an average. Any large order leaves such rows, and their order means nothing.",
         "SEC staff letter of 25 June 2008 to the Society of Corporate Secretaries and Governance Professionals"),
    Myth("no-strength", PLANS, "A plan cannot sell more when the price rises.",
         "Plans often have limit prices, and then they do just that.",
         "Sen, working paper, 2008"),
    Myth("new-plan-after", PLANS, "A new plan can be adopted as soon as the wait is over.",
         "A wait belongs to a plan: each new plan, and each change of amount, price or timing, starts its own.",
         _RULE),
    Myth("plan-buys-confident", PLANS, "A purchase under a plan shows confidence planned ahead.",
         "No study that we know of supports it, and points given for it are a matter of taste.",
         "None found"),
    Myth("s-without-m", PLANS, "A sale without an exercise beside it is more often free of a plan.",
         "Nothing supports it: shares from vested awards are sold under plans all the time.",
         "None found"),
    # --- time ----------------------------------------------------------------------------------------------------
    Myth("two-days-always", TIME, "What was filed more than two days after the trade is late.",
         "Trades under a plan and switches inside employee plans may take up to five business days; early Form 5 rows are never late; and business days are EDGAR’s, not the exchange’s.",
         "Rule 16a-3(f) and (g)"),
    Myth("plan-trades-two-days", TIME, "Plan trades are due in two business days like any other.",
         "From the day on which the insider hears of the trade, if somebody else chose it: the fifth business day at most. And only those under Section 16 file at all.",
         "Rule 16a-3(g)"),
    Myth("deemed-date", TIME, "The deemed execution date is usual for exercises.",
         "It is for trades under plans and switches inside employee plans whose notice came later.",
         "Rule 16a-3(g)"),
    Myth("old-forty-days", TIME, "Before 2002 there were forty days.",
         "Ten days after the end of the month of the trade: forty-one at the most, ten at the least.",
         "Exchange Act §16(a), before Sarbanes-Oxley §403"),
    # --- meaning -------------------------------------------------------------------------------------------------
    Myth("one-reason-to-buy", MEANING, "There are many reasons to sell, and only one to buy.",
         "Ownership rules for officers, allotments in offerings, share plans, reinvested dividends and purchases under plans are reasons too.",
         "Form 4, General Instruction 8; footnotes of filings"),
    Myth("cluster-selling", MEANING, "Several insiders selling together is the strongest sign that there is.",
         "We found no study that says so. What is documented is for purchases made together; sales bunch after every earnings date.",
         "Alldredge and Blank, 2019; Jeng, Metrick and Zeckhauser, 2003"),
    Myth("sold-before-the-fall", MEANING, "Watch for sales before a fall that cannot be seen yet.",
         "That a fall followed is known only afterwards. Nobody could have picked such sales on the day.",
         "Reasoning, not a source"),
    Myth("before-earnings", MEANING, "A sale 30 to 60 days before disappointing earnings is a sign.",
         "It can be counted in hindsight, against dates that are known. On the day of the sale nobody knows that they will disappoint.",
         "Reasoning, not a source"),
    Myth("size-and-role", MEANING, "The larger the purchase and the higher the officer, the more it foretells.",
         "Jeng, Metrick and Zeckhauser (2003) found no effect of size or role, and Cziráki and Gider (2021) that returns fall with size. Others found finance chiefs’ purchases to do better in 1992–2002; that was gone afterwards.",
         "The studies named"),
    Myth("gifts-say-nothing", MEANING, "A gift is no sign of anything.",
         "Studies found gifts of large holders to come near high prices, and gifts to family at low ones. What it means for one gift is another question.",
         "Yermack, 2009; Avci and others, 2021; Brown and others, 2024"),
    Myth("buying-is-safe", MEANING, "Buying carries less legal risk than selling.",
         "Rule 10b-5 and Section 16(b) cover both sides.",
         "Exchange Act §10(b) and §16(b)"),
    Myth("exercise-ignores-tax", MEANING, "Comparing shares exercised with shares sold that day shows what was kept.",
         "Withheld shares must be taken off first, and sales of the following days count: only after a month is it settled.",
         "Aboody and others, 2008 (30 days)"),
    Myth("strikes-as-filed", MEANING, "A low strike is that of an early grant.",
         "Strikes are divided at every split. One of $15.26 after two splits of four to one was $244 when it was granted.",
         "Arithmetic; splits of the company"),
    Myth("thirteen-g", MEANING, "A Schedule 13G of the same days confirms a purchase.",
         "It is for holders who seek no control, has deadlines of its own, mostly weeks later, and names no trade of a day.",
         "Rule 13d-1"),
)  # fmt: skip


def about(topic: str) -> tuple[Myth, ...]:
    return tuple(myth for myth in MYTHS if myth.topic == topic)
