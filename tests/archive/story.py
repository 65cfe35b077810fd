"""One invented issuer's filings, in order: what its people do, with balances that add up, as rows of the tables.

The mix follows the SEC's own counts (codes, rows, owners, footnotes: Insider Transactions Data Set of 2026 Q2): each
person has a role and a habit, grants become shares, shares are withheld, sold, given away; every number that stands
after a transaction is what its owner had before, and the transaction.
"""

from __future__ import annotations

import math
import random
from bisect import bisect_right
from datetime import date, timedelta
from itertools import accumulate

from tests.archive.invented import (
    AGENTS,
    FIRST_AGENT,
    FIRST_INSIDER,
    FIRST_ISSUER,
    PEOPLE_EACH,
    Calendar,
    fund_name,
    issuer_name,
    person_name,
    share_title,
    spelled,
    ticker,
)

Rows = dict[str, list[str]]

_DIRECT = "D\t\t\t"

BOX_SINCE = date(2023, 4, 1)
TITLES = ("Chief Executive Officer", "Chief Financial Officer", "General Counsel", "Chief Operating Officer", "EVP",
          "Chief Accounting Officer", "SVP, Sales", "Chief Technology Officer")  # fmt: skip
# What a filing is about, by the role of whoever files it, in parts of a thousand.
EVENTS = {
    "officer": (("award", 300), ("option", 120), ("vest", 250), ("tax", 130), ("sell", 90), ("exercise", 80),
                ("buy", 25), ("gift", 25), ("issuer_disposition", 40), ("other", 50)),
    "director": (("award", 420), ("option", 190), ("vest", 90), ("tax", 10), ("sell", 110), ("exercise", 50),
                 ("buy", 80), ("gift", 30), ("issuer_disposition", 30), ("other", 50)),
    "fund": (("sell", 420), ("buy", 330), ("convert", 120), ("other", 110), ("gift", 20)),
}  # fmt: skip
_CUMULATIVE = {}
for _role, _pairs in EVENTS.items():
    _total, _sums = 0, []
    for _, _weight in _pairs:
        _total += _weight
        _sums.append(_total)
    _CUMULATIVE[_role] = ([event for event, _ in _pairs], _sums)


# How many of the rows of a code are of indirect holdings. A stand-in: DERIV_TRANS (Table II) of the SEC Insider
# Transactions Data Set of 2024 Q3, counted in November 2026, as NONDERIV_TRANS (Table I) of it was not at hand: put its
# counts here when it is. A and M have thousands of rows there; D, C and J about 500 to 1,000; X 200, P 173, G 130,
# S 53, U 11. The codes that are not named have no indirect row there, F among them with 19 rows only.
INDIRECT = {"A": 0.031, "M": 0.017, "D": 0.047, "C": 0.566, "J": 0.322, "X": 0.855, "P": 0.439, "G": 0.615,
            "S": 0.377, "U": 1.0}  # fmt: skip
# Sales of shares just exercised are nearly always direct, as the options are: the others make up for them. Found by
# trying, so that the whole comes near S above; not counted anywhere.
_SALES_ALONE = 0.9
# Through whom, in parts of a thousand, with the footnote that says so: indirect rows of NONDERIV_HOLDING for people and
# of DERIV_TRANS for funds, the same data set. Left out are plans of employers, which trade without reports, blank cells
# and names of a kind of their own.
_TRUST = "Held in a trust of which the reporting person is trustee."
_ENTITY = "Held by an entity that the reporting person manages and may be deemed to own beneficially."
_PARTNERS = "Held by a partnership. The reporting person is a member of its general partner."
NATURES = {
    "person": (("By Trust", _TRUST, 248), ("By Child", "", 124), ("See footnote", _ENTITY, 110), ("By Spouse", "", 81),
               ("By LLC", "", 71), ("By Limited Partnership", _PARTNERS, 59), ("By Corporation", "", 25),
               ("By IRA", "", 22), ("By Foundation", "", 4)),
    "fund": (("See footnote", _ENTITY, 350), ("By Limited Partnership", _PARTNERS, 183), ("By LLC", "", 131),
             ("By Trust", _TRUST, 96), ("By Corporation", "", 18)),
}  # fmt: skip
_NATURE_SUMS = {whose: tuple(accumulate(weight for *_, weight in natures)) for whose, natures in NATURES.items()}


class Holding:
    """Shares of a person held in one way: directly, or through somebody, with what is granted in that way."""

    __slots__ = ("balance", "nature", "note", "units")

    def __init__(self, balance: int, nature: str = "", note: str = "") -> None:
        self.balance = balance
        self.units = 0
        self.nature = nature
        self.note = note


class Person:
    """An insider of one issuer: what they hold, and how they are wont to trade."""

    __slots__ = ("cik", "direct", "habit", "habit_month", "indirect", "name", "options", "owner", "plan", "role")

    def __init__(self, cik: int, role: str, number: int, draw: random.Random) -> None:
        self.cik = cik
        self.role = role
        self.name = fund_name(draw) if role == "fund" else person_name(draw)
        relation, title = {
            "officer": ("Director,Officer" if number == 0 else "Officer", TITLES[number % len(TITLES)]),
            "director": ("Director", ""),
            "fund": ("TenPercentOwner", ""),
        }[role]
        address = f"{1 + number} ARCHIVE WAY\t\tNOWHERE\tDE\t19801\t"
        self.owner = f"\t{cik:010d}\t{self.name}\t{relation}\t{title}\t\t{address}\t001-99999\n"
        scale = 14.5 if role == "fund" else 10.5 if role == "officer" else 9.0
        self.direct = Holding(int(draw.lognormvariate(scale, 1.2)) + 100)
        self.indirect: list[Holding] = []
        if draw.random() < 0.7:
            self.opened(draw)
            while draw.random() < 0.45 and len(self.indirect) < 3:
                self.opened(draw)
        self.options: list[tuple[Holding, list[object]]] = []
        chance = draw.random()
        self.habit = "" if role == "fund" else "plan" if chance < 0.18 else "routine" if chance < 0.3 else ""
        self.habit_month = 1 + int(draw.random() * 12)
        self.plan = 0  # the day on which the plan was adopted

    def opened(self, draw: random.Random) -> Holding:
        """One more holding through somebody, unless it is through the same one again: then that."""
        whose = "fund" if self.role == "fund" else "person"
        nature, note, _ = NATURES[whose][bisect_right(_NATURE_SUMS[whose], draw.random() * _NATURE_SUMS[whose][-1])]
        found = next((held for held in self.indirect if held.nature == nature), None)
        if found is None:
            found = Holding(int(self.direct.balance * draw.random()) + 100, nature, note)
            self.indirect.append(found)
        return found


class Story:
    """Writes the filings of one issuer into `quarters`: table -> rows, for each quarter."""

    def __init__(self, number: int, filings: int, seed: int, calendar: Calendar, sequences: dict[tuple[int, int], int]):
        self.draw = random.Random(f"{seed} {number}")
        self.calendar = calendar
        self.sequences = sequences
        self.agent = number % AGENTS
        self.issuer = f"{FIRST_ISSUER + number:010d}\t{issuer_name(number)}\t{ticker(number)}"
        self.title = share_title(number)
        self.running = number * 1_000_000
        people = min(PEOPLE_EACH - 2, 6 + filings // 25)
        first = FIRST_INSIDER + number * PEOPLE_EACH
        roles = ["officer" if i % 9 in (0, 2, 4, 6) else "fund" if i % 9 == 8 else "director" for i in range(people)]
        self.people = [Person(first + i, role, i, self.draw) for i, role in enumerate(roles)]
        self.known: set[int] = set()
        self.level = self.draw.lognormvariate(3.2, 0.9)
        self.walk = [0.0]
        for _ in range(len(calendar.days) // 5 + 1):
            self.walk.append(self.walk[-1] + self.draw.gauss(0.001, 0.055))
        self.last: tuple[int, int, Person, Rows] | None = None
        self.rows: Rows = {}
        self.notes: list[str] = []
        self.accession = ""
        self.day = ""
        self.moved: Holding | None = None
        self.ownership = _DIRECT

    def price(self, day: int) -> float:
        price = self.level * math.exp(self.walk[day // 5]) * (1 + 0.01 * self.draw.random())
        return round(min(max(price, 0.05), 9_000.0), 2)

    def tell(self, filings: int, quarters: list[Rows]) -> None:
        draw, calendar = self.draw, self.calendar
        days = sorted(draw.choices(range(len(calendar.days)), cum_weights=calendar.weights, k=filings))
        for day in days:
            person = self.people[int(draw.random() ** 1.4 * len(self.people))]
            self.rows = quarters[calendar.quarter_of(day)]
            if self.last and draw.random() < 0.0155:
                self.amend(day)
            elif person.cik not in self.known and draw.random() < 0.85:
                self.initial(day, person)
            else:
                self.changes(day, person)

    # --- filings --------------------------------------------------------------------------------------------------

    def begin(self, day: int) -> None:
        year = self.calendar.days[day].year
        number = self.sequences[self.agent, year] = self.sequences.get((self.agent, year), 0) + 1
        self.accession = f"{FIRST_AGENT + self.agent:010d}-{year % 100:02d}-{number:06d}"
        self.notes = []
        self.moved = None
        self.ownership = _DIRECT

    def end(self, day: int, period: int, form: str, people: list[Person], planned: bool | None, *, original: str = "",
            none_owned: str = "", remarks: str = "") -> None:  # fmt: skip
        accession, words, rows = self.accession, self.calendar.words, self.rows
        box = "" if form[0] == "3" or self.calendar.days[day] < BOX_SINCE else "1" if planned else "0"
        rows["SUBMISSION"].append(
            f"{accession}\t{words[day]}\t{words[period]}\t{original}\t{none_owned}\t\t\t\t{form}\t{self.issuer}\t{remarks}\t{box}\n"
        )
        rows["REPORTINGOWNER"] += [accession + person.owner for person in people]
        rows["FOOTNOTES"] += [f"{accession}\tF{n}\t{text}\n" for n, text in enumerate(self.notes, 1)]
        rows["OWNER_SIGNATURE"] += [f"{accession}\t/s/ {person.name}\t{words[day]}\n" for person in people]

    def initial(self, day: int, person: Person) -> None:
        self.begin(day)
        self.known.add(person.cik)
        owned = self.draw.random() < 0.55
        if owned:
            for held in (person.direct, *person.indirect):
                self.hold(held)
            if person.role == "officer" and self.draw.random() < 0.4:
                for years in (3, 5, 7):
                    expires = spelled(self.calendar.days[day] + timedelta(days=365 * years))
                    person.options.append((person.direct, [self.price(max(0, day - 400)), expires, self.size(9)]))
                self.option_holdings(person)
        else:
            person.direct.balance = 0
        self.end(day, max(0, day - 5), "3", [person], None, none_owned="0" if owned else "1")

    def changes(self, day: int, person: Person) -> None:
        draw = self.draw
        self.known.add(person.cik)
        self.begin(day)
        lag = 2 if draw.random() < 0.75 else 1 if draw.random() < 0.8 else 3 + int(draw.random() * 20)
        traded = max(0, day - lag)
        self.day = self.calendar.words[traded]
        event = self.event_of(person, traded)
        form = "5" if draw.random() < 0.002 else "4"
        planned = event(person, traded) is True
        if person.indirect and draw.random() < 0.42:
            self.holdings(person)
        if person.options and draw.random() < 0.3:
            self.option_holdings(person)
        while draw.random() < 0.42:
            self.note(_REMARKS[int(draw.random() * len(_REMARKS))])
        people = [person]
        # One filing in fifteen has several owners: a fund, and the director who sits for it.
        if person.role == "fund" and draw.random() < 0.55:
            people.append(self.people[self.people.index(person) - 1])
        self.end(day, traded, form, people, planned)
        if form == "4" and draw.random() < 0.2:
            self.last = (day, traded, person, {})

    def event_of(self, person: Person, day: int):  # type: ignore[no-untyped-def]
        month = self.calendar.days[day].month
        if person.direct.balance > 500 and (
            (person.habit == "plan" and self.draw.random() < 0.6)
            or (person.habit == "routine" and month == person.habit_month)
        ):
            return self.sell
        events, sums = _CUMULATIVE[person.role]
        chance = self.draw.random() * sums[-1]
        return getattr(self, next(event for event, total in zip(events, sums, strict=True) if chance < total))

    def amend(self, day: int) -> None:
        """Restates one row of an earlier filing, with the price that it should have had."""
        filed, traded, person, _ = self.last  # type: ignore[misc]
        self.last = None
        self.begin(day)
        self.day = self.calendar.words[traded]
        ref = self.note("This amendment corrects the price that was reported in the original filing.")
        self.row(
            "S", max(1, person.direct.balance // 50), self.price(traded), "D", person.direct.balance, price_note=ref
        )
        self.end(day, traded, "4/A", [person], False, original=self.calendar.words[filed])

    def holdings(self, person: Person) -> None:
        """What the person holds beside what was moved: through others and, where one of those was, directly."""
        for held in person.indirect if self.moved is person.direct else (person.direct, *person.indirect):
            if held is not self.moved and held.balance:
                self.hold(held)

    def option_holdings(self, person: Person) -> None:
        for held, (strike, expires, left) in person.options[:3]:
            self.running += 1
            option = f"Stock Option (Right to Buy)\t\t{strike}\t\t\t\t\t\t{expires}\t\t{self.title}\t\t{left}.0"
            self.rows["DERIV_HOLDING"].append(
                f"{self.accession}\t{self.running}\t{option}\t\t\t\t{left}.0\t\t\t\t{self.owned(held)}\n"
            )

    # --- what people do -------------------------------------------------------------------------------------------

    def through(self, person: Person, code: str, share: float = 1.0) -> Holding:
        """Which of the person's holdings a transaction of this code moves; the rows that follow are of that."""
        held = person.direct
        if self.draw.random() < INDIRECT.get(code, 0.0) / share:
            held = person.indirect[0] if person.indirect else person.opened(self.draw)
            if not held.balance:
                held = person.direct
        self.moved, self.ownership = held, self.owned(held)
        return held

    def award(self, person: Person, day: int) -> None:
        held = self.through(person, "A")
        shares = self.size(7.5)
        if self.draw.random() < 0.72:
            ref = self.note("Represents restricted stock units that vest in three equal annual installments.")
            for _ in range(1 + int(self.draw.expovariate(0.8))):
                held.balance += shares
                self.row("A", shares, 0.0, "A", held.balance, shares_note=ref)
        if self.draw.random() < 0.5:
            held.units += shares
            self.unit("A", shares, "A", held.units)
            if self.draw.random() < 0.3:
                self.option(person, day, held)

    def option(self, person: Person, day: int, held: Holding | None = None) -> None:
        held = held or self.through(person, "A")
        shares, strike = self.size(9), self.price(day)
        expires = spelled(self.calendar.days[day] + timedelta(days=3652))
        person.options.append((held, [strike, expires, shares]))
        ref = self.note("The option vests in equal monthly installments over four years from the date of grant.")
        self.derivative("Stock Option (Right to Buy)", strike, "A", shares, "A", shares, "", ref, expires)

    def vest(self, person: Person, day: int) -> None:
        held = self.through(person, "M")
        shares = min(held.units, self.size(7.5)) or self.size(7)
        held.units = max(0, held.units - shares)
        held.balance += shares
        self.row("M", shares, "", "A", held.balance, code_note=self.note(
            "Restricted stock units convert into common stock on a one-for-one basis."))  # fmt: skip
        self.unit("M", shares, "D", held.units)
        if self.draw.random() < 0.72:
            self.tax(person, day, held, shares)

    def tax(self, person: Person, day: int, held: Holding | None = None, of: int = 0) -> None:
        held = held or self.through(person, "F")
        shares = max(1, min(held.balance, int((of or self.size(7.5)) * 0.38)))
        held.balance = max(0, held.balance - shares)
        words = "Shares withheld by the issuer to satisfy tax withholding obligations."
        note = self.note(words) if self.draw.random() < 0.6 else ""
        self.row("F", shares, self.price(day), "D", held.balance, shares_note=note)

    def sell(self, person: Person, day: int, held: Holding | None = None) -> bool:
        held = held or self.through(person, "S", _SALES_ALONE)
        planned = person.habit == "plan" and self.draw.random() < 0.9
        code_note = self.plan_note(person, day) if planned else ""
        total = min(held.balance, max(1, int(held.balance * 0.08 * self.draw.lognormvariate(0, 0.8)) + 1))
        if total == 0:
            self.award(person, day)
            return False
        rows = min(total, 1 + int(self.draw.expovariate(0.5)), 20)
        price = self.price(day)
        for n in range(rows):
            shares = total // rows if n < rows - 1 else total - total // rows * (rows - 1)
            held.balance -= shares
            note = ""
            if rows > 1 or self.draw.random() < 0.3:
                low, high = price + n, price + n + 0.99
                note = self.note(
                    f"The price is a weighted average. These shares were sold in multiple transactions at prices from"
                    f" ${low:.2f} to ${high:.2f}, inclusive."
                )
            self.row("S", shares, round(price + n + 0.4, 2), "D", held.balance, price_note=note, code_note=code_note)
        return planned

    def plan_note(self, person: Person, day: int) -> str:
        if not person.plan or day - person.plan > 300:
            person.plan = max(1, day - 70 - int(self.draw.random() * 120))
        on = self.calendar.days[person.plan]
        return self.note(
            f"The sales were effected pursuant to a Rule 10b5-1 trading plan adopted by the reporting person on"
            f" {on:%B} {on.day}, {on.year}."
        )

    def exercise(self, person: Person, day: int) -> bool:
        if not person.options:
            self.vest(person, day)
            return False
        chosen = person.options[int(self.draw.random() * len(person.options))]
        held, option = chosen
        self.moved, self.ownership = held, self.owned(held)
        strike, expires, left = option
        shares = max(1, int(left) // (1 + int(self.draw.random() * 3)))  # type: ignore[call-overload]
        option[2] = int(left) - shares  # type: ignore[call-overload]
        if not option[2]:
            person.options.remove(chosen)
        held.balance += shares
        self.row("M", shares, strike, "A", held.balance)
        self.derivative("Stock Option (Right to Buy)", strike, "M", shares, "D", int(option[2]), "", "", str(expires))  # type: ignore[call-overload]
        return self.sell(person, day, held) if self.draw.random() < 0.75 else False

    def buy(self, person: Person, day: int) -> None:
        held = self.through(person, "P")
        rows = 1 + int(self.draw.expovariate(0.8))
        price = self.price(day)
        for n in range(min(rows, 8)):
            shares = max(1, int(self.draw.lognormvariate(11.2, 1.9) / price / rows))
            held.balance += shares
            note = self.note(
                f"Purchased in multiple transactions at prices from ${price:.2f} to ${price + 0.5:.2f}."
            ) if self.draw.random() < 0.3 else ""  # fmt: skip
            self.row("P", shares, round(price + n * 0.03, 2), "A", held.balance, price_note=note)

    def gift(self, person: Person, day: int) -> None:
        held = self.through(person, "G")
        shares = max(1, held.balance // (10 + int(self.draw.random() * 40)))
        held.balance = max(0, held.balance - shares)
        self.row(
            "G", shares, 0.0, "D", held.balance, code_note=self.note("Bona fide gift to a charitable organization.")
        )

    def issuer_disposition(self, person: Person, day: int) -> None:
        held = self.through(person, "D")
        shares = max(1, held.balance // 20)
        held.balance = max(0, held.balance - shares)
        self.row("D", shares, self.price(day), "D", held.balance)
        if held.units:
            gone = max(1, held.units // 2)
            held.units -= gone
            self.unit("D", gone, "D", held.units)

    def other(self, person: Person, day: int) -> None:
        code = "JJJJJJJJLWXUIZJJ"[int(self.draw.random() * 16)]
        held = self.through(person, code)
        shares = max(1, held.balance // 30)
        held.balance += shares
        words = "Received in a pro rata distribution for no consideration." if code == "J" else "See the remarks."
        price = 0.0 if code in "JWZ" else self.price(day)
        self.row(code, shares, price, "A", held.balance, code_note=self.note(words))

    def convert(self, person: Person, day: int) -> None:
        held = self.through(person, "C")
        shares = self.size(10)
        held.balance += shares
        note = self.note("Each share of preferred stock converts into one share of common stock at any time.")
        self.row("C", shares, 0.0, "A", held.balance, code_note=note)
        self.derivative("Series A Preferred Stock", 0.0, "C", shares, "D", 0, "", note, "")

    # --- rows -----------------------------------------------------------------------------------------------------

    def size(self, scale: float) -> int:
        return int(self.draw.lognormvariate(scale, 0.9)) + 1

    def note(self, text: str) -> str:
        self.notes.append(text)
        return f"F{len(self.notes)}"

    def row(self, code: str, shares: int, price: object, side: str, after: int, *, code_note: str = "",
            shares_note: str = "", price_note: str = "") -> None:  # fmt: skip
        self.running += 1
        self.rows["NONDERIV_TRANS"].append(
            f"{self.accession}\t{self.running}\t{self.title}\t\t{self.day}\t\t\t\t4\t{code}\t0\t{code_note}\t\t\t{shares}.0"
            f"\t{shares_note}\t{price}\t{price_note}\t{side}\t\t{after}.0\t\t\t\t{self.ownership}\n"
        )

    def hold(self, held: Holding) -> None:
        self.running += 1
        self.rows["NONDERIV_HOLDING"].append(
            f"{self.accession}\t{self.running}\t{self.title}\t\t\t\t{held.balance}.0\t\t\t\t{self.owned(held)}\n"
        )

    def owned(self, held: Holding) -> str:
        """The cells that say how it is held. A filing has the footnote once, however many rows name it."""
        if not held.nature:
            return _DIRECT
        if held.note and held.note in self.notes:
            return f"I\t\t{held.nature}\tF{self.notes.index(held.note) + 1}"
        return f"I\t\t{held.nature}\t{self.note(held.note) if held.note else ''}"

    def unit(self, code: str, shares: int, side: str, after: int) -> None:
        note = self.note("Each restricted stock unit represents a contingent right to receive one share.")
        self.derivative("Restricted Stock Units", "", code, shares, side, after, note, note, "")

    def derivative(self, title: str, strike: object, code: str, shares: int, side: str, after: int, strike_note: str,
                   date_note: str, expires: str) -> None:  # fmt: skip
        self.running += 1
        expires_note = "" if expires else date_note
        self.rows["DERIV_TRANS"].append(
            f"{self.accession}\t{self.running}\t{title}\t\t{strike}\t{strike_note}\t{self.day}\t\t\t\t4\t{code}\t0\t\t\t\t"
            f"{shares}.0\t\t\t\t0.0\t\t{side}\t\t\t{date_note}\t{expires}\t{expires_note}\t{self.title}\t\t{shares}.0\t\t\t\t"
            f"{after}.0\t\t\t\t{self.ownership}\n"
        )


_REMARKS = (
    "Includes shares acquired under the issuer's employee stock purchase plan.",
    "The reporting person disclaims beneficial ownership except to the extent of any pecuniary interest therein.",
    "Shares held jointly with the reporting person's spouse.",
    "The total includes unvested restricted stock units.",
)
