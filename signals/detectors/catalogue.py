"""What each kind of signal is, why it may matter, and what research found for and against it, with year and sample.

Promises: one entry a kind, read by the signal itself (its caveat), by the pages that explain and by the API; numbers
are those of the studies named, in their samples and mostly old. Refuses: advice, and claims without a source.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from signals.detectors.signal import KINDS
from signals.detectors.thresholds import Threshold, of_kind


@dataclass(frozen=True, slots=True)
class Study:
    """`found` is one sentence with its numbers; `sample` the years and what was looked at, as far as is known."""

    authors: str
    year: str
    sample: str
    found: str


@dataclass(frozen=True, slots=True)
class Entry:
    """`side` is "buy", "sell" or "other", for filters and colours."""

    kind: str
    title: str
    side: str
    definition: str
    why: str
    research_for: tuple[Study, ...]
    research_against: tuple[Study, ...]
    caveat: str

    @property
    def thresholds(self) -> tuple[Threshold, ...]:
        return of_kind(self.kind)


_ALLDREDGE = Study("Alldredge and Blank, Journal of Financial Research", "2019", "purchases near a colleague's",
                   "Purchases within two days of a colleague's were followed by 2.1% in the next month, lone ones by 1.2%.")  # fmt: skip
_KANG = Study("Kang, Kim and Wang, working paper", "2018", "1986–2016",
              "Trades on the same or consecutive days: 3.8% after 21 days against 2.0% for others.")  # fmt: skip
_JMZ = Study("Jeng, Metrick and Zeckhauser, Review of Economics and Statistics", "2003", "US insiders, reported trades",
             "Purchases earned about 50 to 67 basis points a month, sales nothing; neither size nor role mattered.")  # fmt: skip
_LAKONISHOK = Study("Lakonishok and Lee, Review of Financial Studies", "2001", "1975–1995",
                    "Heavy net buying beat heavy selling by 4.8% in 12 months after size and book-to-market, all "
                    "of it from purchases "
                    "and small firms; insiders buy after falls and sell after rises.")  # fmt: skip
_CZIRAKI = Study("Cziráki and Gider, Review of Finance", "2021", "US insiders",
                 "The median insider earned $464 a year by trading, and returns fell with the size of the trade.")  # fmt: skip
_DECAY = Study("Replication of opportunistic purchases (Aalto thesis)", "2025", "2008–2024",
               "What such purchases earned fell by 60 to 70%, to about 0.3 to 0.4% a month.")  # fmt: skip
_FAST = Study("Oenschläger and Möllenhoff, Finance Research Letters", "2025", "trading on filings",
              "Nothing was left of the gain of trading fast on filings once the size of trades was capped.")  # fmt: skip
_CMP = Study("Cohen, Malloy and Pomorski, Journal of Finance", "2012", "US insiders with three years of trades",
             "Opportunistic traders' trades earned 82 basis points a month long-short, value-weighted; routine ones about none.")  # fmt: skip
_BIGGERSTAFF = Study("Biggerstaff, Cicero and Wintoki, Journal of Corporate Finance", "2020", "US insiders",
                     "Isolated trades beat sequences by 0.6 to 1.5% in the next month; sequences of purchases paid "
                     "after "
                     "they ended, 2 to 3% in three months.")  # fmt: skip
_HONG = Study("Hong and Li, JFQA", "2019", "routine sellers",
              "Sudden silence after a routine of selling was followed by 6 to 10% a year.")  # fmt: skip
_ANCHOR = Study("Li, Wang, Yan and Zhang, Journal of Portfolio Management; Lee and Piqueira", "2019", "52-week highs and lows",
                "Insiders anchor: they buy near the low and sell near the high, and their trades against the anchor tell more.")  # fmt: skip
_ABOODY = Study("Aboody, Hughes, Liu and Su, Review of Accounting Studies", "2008", "option exercises",
                "Exercises held for 30 days or more, over a quarter of all, came before good news; "
                "exercise-and-sell came "
                "before bad news, weakly.")  # fmt: skip
JAGOLINZER = Study("Jagolinzer, Management Science", "2009", "participants in Rule 10b5-1 plans",
                    "Plan sales followed strong and came before weak performance, more so than sales without a plan.")  # fmt: skip
SEN = Study("Sen, working paper", "2008", "plan sales with limit orders",
             "No difference was left once the plans' limit prices were modelled.")  # fmt: skip
LARCKER = Study("Larcker, Lynch, Quinn, Tayan and Taylor", "2021", "20,595 plans, Forms 144 of 2016 to May 2020",
                 "Plans that first traded within 30 days came before a loss of 2.5% against the industry, within "
                 "60 days 1.5%, "
                 "later none; about half traded on one day only.")  # fmt: skip
KIM = Study("Kim, Kim and Rajgopal", "2025", "before and after the reform of 2023",
             "Plan sales within 90 days of adoption fell from 31.1% to 1.7%; what followed was flat.")  # fmt: skip
CEPR = Study("Bergen and co-authors, CEPR discussion paper 21199", "2025", "before and after the reform of 2023",
              "Profits did not fall; sales 90 to 120 days after adoption rose from 11% to about 30%.")  # fmt: skip
_LATE = Study("Cheng, Nagar and Rajan, RFS; Betzer and co-authors, RoF; Cline and Houston, JFQA", "2007–2022", "delayed reports",
              "Delayed sales came before falls of 6 to 8%; 8% of open-market trades after 2002 were reported late, 29% before.")  # fmt: skip
_FIELD = Study("Field and Hanka, Journal of Finance", "2001", "ends of lock-ups, typically 180 days",
               "Volume rose by 40% and prices fell by 1.5% in three days; venture investors sold most.")  # fmt: skip
_BETTIS = Study("Bettis, Coles and Lemmon, Journal of Financial Economics", "2000", "firms' trading policies",
                "78% of firms have blackout periods, and insiders then traded less than a third of normal.")  # fmt: skip
_SELMANE = Study("Selmane, seminar paper", "2014", "option exercises",
                 "Exercises in the last quarter before expiry carried no information; those far from it did.")  # fmt: skip
_HEDGES = Study("Jagolinzer, Matsunaga and Yeung, JAR; Bettis, Bizjak and Lemmon", "2001–2007", "prepaid forwards, collars, swaps",
                "Prepaid forwards covered 30% of a holder's wealth in the firm and came before declines; collars "
                "and swaps "
                "were more negative than sales.")  # fmt: skip
_GIFTS = Study("Avci, Schipani, Seyhun and Verstein, Duke Law Journal", "2021", "9,858 gifts, 1986–2020",
               "Prices rose 6% in the year before large holders' gifts and fell 4% in the year after; signs of "
               "backdating grew with "
               "the delay of the report.")  # fmt: skip
_FAMILY_GIFTS = Study("Brown and co-authors", "2024", "gifts to family", "Gifts to family come at low prices, not at peaks.")  # fmt: skip
_SILENCE = Study("Gao, Ma, Ng and Wu, Management Science", "2022", "insiders' silence", "Silence of insiders is bad news.")  # fmt: skip
_CFO = Study("Wang, Shin and Francis, JFQA; Knewtson and Nofsinger", "2012–2014", "1992–2002, and after 2002",
             "CFOs' purchases earned more than CEOs' (7.4% against 2.4% in a year); after 2002 the difference was gone.")  # fmt: skip

_ENTRIES = (
    Entry(
        "cluster_buy", "Cluster of purchases", "buy",
        "At least three officers or directors, each a decision-maker of its own, bought in the open market within "
        "14 days, at least "
        "$10,000 each and $100,000 together.",
        "Several people who know the company put their own money in at about the same time, each by their own decision.",
        (_ALLDREDGE, _KANG), (_DECAY, _FAST, _JMZ),
        "Research tested purchases within two days of each other, not two weeks; what it found was about one "
        "percent in a month, before "
        "costs, and has shrunk since. Boards may buy together to be seen buying.",
    ),
    Entry(
        "cluster_sell", "Cluster of sales", "sell",
        "At least three officers or directors sold in the open market within 14 days, each at least $100,000 and "
        "5% of the stake, and "
        "at least twice as many as is usual for this company.",
        "Independent people who reduce at one time may share a view; more often they share a trading window.",
        (Study("InsiderAct's guide", "2026", "an opinion", "Calls it the strongest sell signal of public data."),), (_JMZ, _LAKONISHOK),
        "No study was found that supports it: the premium of clusters is documented for purchases only. Sales "
        "bunch because trading windows "
        "open after earnings.",
    ),
    Entry(
        "large_purchase", "Large purchase", "buy",
        "An open-market purchase of $1 million or more; or of $100,000 or more that raises the stake by a fifth; "
        "or three times their own "
        "median purchase.",
        "The more of their own money somebody puts in, the more the decision weighs for the buyer.",
        (_LAKONISHOK,), (_CZIRAKI, _JMZ, _CFO),
        "Large is not informed: in research returns fell with the size of the trade, and neither size nor role "
        "mattered.",
    ),
    Entry(
        "first_purchase", "First purchase on record", "buy",
        "An open-market purchase of at least $10,000 by an officer or director who has been on file for a year and "
        "never bought before in "
        "the filings here.",
        "Whoever never bought and now does has changed a habit.",
        (_BIGGERSTAFF, _CMP), (_DECAY, _JMZ),
        "First in the filings that are here, from the day they begin. Ownership guidelines and new duties also "
        "make people buy for the "
        "first time.",
    ),
    Entry(
        "pattern_break", "Break of a pattern", "other",
        "A trade after a silence of a year and three times the usual gap, by somebody who traded often; or the "
        "first in two years on file; "
        "or a purchase after at least four days of sales only.",
        "A habit says little, its end may say more.",
        (_BIGGERSTAFF, _HONG), (_JMZ,),
        "People also have money to spend, taxes to pay and moves to make. A late report may show afterwards that "
        "there was no silence.",
    ),
    Entry(
        "sequence_ended", "Sequence ended", "other",
        "Trades in two or more months in a row, and then a month without one; or a routine seller who let the "
        "routine's month pass.",
        "While a sequence runs, more is to come; when it ends, the insider is done or has changed plans.",
        (_BIGGERSTAFF, _HONG), (_SILENCE,),
        "The silence may be a trading window that is closed, or a plan that ran out. A sale late in the month may "
        "be reported days later and "
        "undo this.",
    ),
    Entry(
        "dip_buy", "Purchase after a fall", "buy",
        "An open-market purchase by an officer or director at least a fifth below the high: by closes where there "
        "are, else by the prices "
        "that insiders filed; or a fifth below their own last purchase.",
        "It shows that the buyer disagrees with the market's fall.",
        (_LAKONISHOK,), (_ANCHOR,),
        "Insiders always buy near lows, and research finds purchases near lows less informative than purchases "
        "near highs.",
    ),
    Entry(
        "sale_after_runup", "Sale after a run-up", "sell",
        "An open-market sale by an officer or director after a rise of 30% in a quarter, or at the high of 52 "
        "weeks after a rise of 20% in "
        "a month; without closes, at 1.3 times the median price insiders filed earlier.",
        "Selling into strength may say that the price is thought stretched.",
        (_LAKONISHOK,), (_ANCHOR, _JMZ),
        "Insiders sell after rises as a rule, and sales by themselves predicted nothing. Diversifying after a rise "
        "is ordinary.",
    ),
    Entry(
        "unscheduled_large_sale", "Large unscheduled sale", "sell",
        "An officer or director sold at least a fifth of the stake and $500,000 in the open market, without a "
        "plan, and had not sold for 180 "
        "days.",
        "Large sales that are also a large share of the holding are the only ones reported to come before losses.",
        (_CZIRAKI, _CMP), (_JMZ, _LAKONISHOK),
        "One sale has many reasons: a house, a divorce, taxes, retirement. Before 2023 forms did not have to say "
        "whether there was a plan.",
    ),
    Entry(
        "exercise_and_hold", "Exercised and held", "buy",
        "Options exercised at a price, and less than a tenth of the shares sold by the next trading day; "
        "provisional until 30 days have "
        "passed without a sale.",
        "Paying the price and the tax and keeping the shares gives up the option's protection.",
        (_ABOODY,), (_SELMANE,),
        "Options near their expiry have to be exercised. A vesting is no choice and is not counted here.",
    ),
    Entry(
        "exercise_partial_sale", "Exercised, part sold", "other",
        "Options exercised, and between a tenth and nine tenths of the shares left after withholding sold by the "
        "next trading day.",
        "Often no more is sold than price and tax ask for.",
        (_ABOODY,), (_JMZ,),
        "Neutral by itself: the part sold is usually what the exercise cost.",
    ),
    Entry(
        "exercise_same_day_sale", "Exercised and sold", "other",
        "Options exercised, and at least nine tenths of the shares left after withholding sold by the next trading "
        "day.",
        "The insider turned pay into cash and took no stake.",
        (_ABOODY,), (SEN, _JMZ),
        "It is the usual way to be paid in options, mostly by plan. What research found before such sales was weak.",
    ),
    Entry(
        "routine_trader", "Routine trader", "other",
        "Known each 1 January: traded in each of the three years before, and in one calendar month in all three. "
        "Holds for all trades of "
        "the year.",
        "What is done every year in the same month says little about today.",
        (_CMP,), (_DECAY,),
        "The rule is the study's, to the letter; whoever did not trade in each of three years is unclassified, "
        "which is most insiders.",
    ),
    Entry(
        "opportunistic_trade", "Trade of an opportunistic trader", "other",
        "An open-market trade by somebody who, on 1 January of its year, had traded in each of three years without "
        "a common month.",
        "In the study all of the information was in these trades.",
        (_CMP,), (_DECAY, _FAST),
        "The gain was measured before 2012 and has fallen since; it is an average over thousands of trades.",
    ),
    Entry(
        "late_filing", "Late report", "other",
        "A report filed after its last day by EDGAR's calendar, or one whose filer says so. Three in 24 months are "
        "a habit.",
        "The law asks for two business days; whoever reports late tells the market late.",
        (_LATE,), (),
        "Most late reports are clerical. What a rule may excuse (plan trades reported late to the insider) is not "
        "counted as late.",
    ),
    Entry(
        "lockup_sale", "Sales when a lock-up ended", "sell",
        "At least two insiders, or a tenth of what insiders held, sold from two days before to 14 days after the "
        "end of a lock-up, taken "
        "as 180 days after an offering that filings show.",
        "It is the first day on which early holders may sell.",
        (_FIELD,), (_JMZ,),
        "Neither the day of the offering nor the length of the lock-up stands on these forms: both are inferred. "
        "Selling at its end is what "
        "lock-ups are made for.",
    ),
    Entry(
        "inferred_plan", "Trades like a plan", "other",
        "Sales on at least four days over at least 60 with the marks of a schedule: one strike and expiry, one "
        "number of shares, even dates, "
        "sales around a quarter's end. 60 points of 100 are plan-like.",
        "A sale that was scheduled months ago says nothing of today.",
        (_BETTIS, SEN), (JAGOLINZER, LARCKER),
        "Inferred from the pattern, and never over what the box or a note says. Plans with price limits trade "
        "irregularly, so an irregular "
        "pattern does not show that there is no plan; and plan sales are not always uninformed.",
    ),
    Entry(
        "cooling_off", "Early or single trade of a plan", "sell",
        "A plan's first trade came sooner after its adoption than the rule asks (red), or in the first window it "
        "leaves (amber); a plan that "
        "traded on one day only; a ticked box without the plan's date.",
        "Plans that trade at once, or once, are where abuse was found.",
        (LARCKER, CEPR), (KIM, SEN),
        "A wait below the rule's is more often a misread or mistyped date than a breach, and before February 2023 "
        "there was no wait. The "
        "two studies of the reform disagree.",
    ),
    Entry(
        "near_expiry_exercise", "Exercise near expiry", "other",
        "An option with a price was exercised within 90 days of its last day.",
        "Little choice was left: the option would have been lost.",
        (_SELMANE,), (_ABOODY,),
        "It takes meaning away: an exercise that had to happen is no view on the shares.",
    ),
    Entry(
        "hedging", "Hedge, swap or forward", "sell",
        "A swap, collar, forward, put, written call or exchange fund on the company's shares, or a pledge of them.",
        "A hedge lowers the holder's risk as a sale would, and less visibly.",
        (_HEDGES,), (_JMZ,),
        "Forms do not always say which side the holder took; where they do not, neither do we. Funds use swaps to "
        "gain exposure as well.",
    ),
    Entry(
        "gift_timing", "Large gift", "other",
        "A gift of shares worth at least $1 million by an officer, director or 10% owner, with the receiver as far "
        "as notes say, and the "
        "days until it was reported.",
        "The deduction is worth most at a high, and gifts could long be reported late.",
        (_GIFTS,), (_FAMILY_GIFTS,),
        "Whether a gift was well timed shows only afterwards. Since 2023 gifts are reported within two business "
        "days. Gifts to family, at "
        "lows, are estate planning.",
    ),
    Entry(
        "isolated_trade", "Isolated trade", "other",
        "An open-market trade by somebody who traded neither in the month before nor, once it is over, in the "
        "month after.",
        "A lone trade is all the insider wanted to do, so its information is out at once.",
        (_BIGGERSTAFF,), (_DECAY, _JMZ),
        "Most purchases are isolated. It is final only when the next month is over.",
    ),
)  # fmt: skip

CATALOGUE: Mapping[str, Entry] = {entry.kind: entry for entry in _ENTRIES}
assert tuple(CATALOGUE) == KINDS, "every kind has its entry, in the order of the kinds"
