"""Why a filing may matter and why it may not: reasons from typed facts, side by side, each with what it rests on.

Promises: each reason names its fact first; what research says stands apart, in `research`, with year and sample;
there is no verdict and no advice. The order is fixed: what is strongest for most readers first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from filings.ownership.codes import CODES
from signals.readings.around import TOGETHER
from signals.readings.exclusions import PRIVATE_LEAD
from signals.readings.exercise import KEPT_ALL, SOLD_EVERYTHING, Story
from signals.readings.explain.people import reading_name
from signals.readings.explain.research import STUDIES
from signals.readings.explain.spans import FORM, Cell, Sentence, Words, cells_of, lines_of, words_in
from signals.readings.explain.things import noun
from signals.readings.explain.trades import held_before
from signals.readings.explain.words import count, day, money, percent, spoken
from signals.readings.history import FiledForm
from signals.readings.notes.fact import NoteFact
from signals.readings.roles import is_entity
from signals.readings.trade import MECHANICS, Trade
from signals.readings.trades import IssuerReading
from signals.readings.vocabulary import LATE, NOT_PLAN
from signals.readings.whole import TradeReading

SEATED = {"chair", "ceo", "cfo", "coo", "president", "gc", "vp", "officer", "director"}
# Percent of the holding that is much and little; dollars of the first quarter of purchases (2026Q2: $6,979).
_MUCH, _LITTLE = Decimal(20), Decimal(1)
_SMALL_SUM, _LARGE_SUM = Decimal(10_000), Decimal(500_000)
_NEAR_EXPIRY = timedelta(days=90)
_YEARS = 3


@dataclass(frozen=True, slots=True)
class Reason:
    """`study` is what research says of the fact, with its year and sample; None where there is none to name."""

    words: Sentence
    study: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """What the reasons are taken from. `told` are the filing's trades, `stories` those that the filing is a part of.

    Where the history is not `whole`, nothing is called the first of its kind.
    """

    reading: IssuerReading
    form: FiledForm
    told: tuple[TradeReading, ...]
    stories: tuple[Story, ...]
    whole: bool = True

    @property
    def trades(self) -> list[Trade]:
        return [item.trade for item in self.told]

    @property
    def market(self) -> list[Trade]:
        """Purchases and sales of the filing that enter totals."""
        return [trade for trade in self.trades if trade.counted]

    def makers(self, trade: Trade) -> set[str]:
        return {self.reading.decision_makers[cik] for cik in trade.owners}


def why_it_may_matter(case: Case) -> tuple[Reason, ...]:
    return tuple(
        reason
        for of in (_own_money, _first, _much, _together, _unplanned, _too_soon, _indirect, _hedge, _kept, _given, _late)
        for reason in of(case)
    )


def why_it_may_not(case: Case) -> tuple[Reason, ...]:
    return tuple(
        reason
        for of in (
            _not_standing, _mechanics, _mirrored, _planned, _covered, _private, _allocated, _little, _routine,
            _sold_for_reasons, _near_expiry, _fund, _disclaimed, _doubtful,
        )
        for reason in of(case)
    )  # fmt: skip


# --- for ----------------------------------------------------------------------------------------------------------


def _own_money(case: Case) -> Iterator[Reason]:
    found = [trade for trade in case.market if trade.kind == "buy" and SEATED & set(trade.roles)]
    if found:
        text = "It is a purchase at a price, under no plan that the form shows, by somebody inside the company."
        study = "finance_chief" if any("cfo" in trade.roles for trade in found) else "purchases"
        yield Reason(Sentence.of(text, _cells(case, found, "code", "price")), STUDIES[study])


def _first(case: Case) -> Iterator[Reason]:
    found = [item.trade for item in case.told if item.first_purchase]
    if not found or not case.whole:
        return
    since = next(iter(case.reading.history)).filed_on
    text = f"It is the first purchase of this filer in the filings here, which begin on {day(since)}."
    yield Reason(Sentence.of(text, _cells(case, found, "code", "transaction_date")))


def _much(case: Case) -> Iterator[Reason]:
    """Not of a class into which another was turned on the same form: its holding is a way station."""
    turned = {trade.security_class for trade in case.trades if trade.kind == "conversion"}
    for trade in case.market:
        change = trade.stake_change_pct
        if change is None or abs(change) < _MUCH or trade.kind not in ("buy", "sell"):
            continue
        if trade.security_class in turned:
            continue
        things, held = noun(trade.security_class), held_before(trade, case.form)
        if trade.kind == "buy":
            text = f"The purchase adds {percent(change)} to the {things} {held}."
            yield Reason(Sentence.of(text, _cells(case, [trade], "shares", "shares_owned_following")))
        elif trade.value is not None and trade.value >= _LARGE_SUM:
            text = f"The sale is large, {money(trade.value)}, and {percent(change)} of the {things} {held}."
            yield Reason(Sentence.of(text, _cells(case, [trade], "shares", "shares_owned_following")))


def _together(case: Case) -> Iterator[Reason]:
    """Other insiders who bought within two days, not those who decide together with this one."""
    for trade in case.market:
        if trade.kind != "buy" or trade.traded_on is None:
            continue
        own = case.makers(trade)
        others = {
            maker: other
            for other in case.reading.trades
            if other.kind == "buy" and other.counted and other.traded_on is not None
            and abs(other.traded_on - trade.traded_on) <= TOGETHER
            for maker in case.makers(other) - own
        }  # fmt: skip
        if others:
            who = count(len(others), "other insider")
            text = f"{who[:1].upper()}{who[1:]} of the company bought within two days of it."
            yield Reason(Sentence.of(text, _cells(case, [trade], "transaction_date")), STUDIES["together"])
            return


def _unplanned(case: Case) -> Iterator[Reason]:
    for trade in case.market:
        if trade.kind == "sell" and trade.plan and trade.plan.status == NOT_PLAN and not trade.sold_to_cover:
            words = tuple(_evidence(case.form, trade))
            text = "The form says that no Rule 10b5-1 plan was behind the sale."
            yield Reason(Sentence.of(text, _box(case), words))
            return


def _too_soon(case: Case) -> Iterator[Reason]:
    for trade in case.trades:
        wait = trade.plan.cooling_off if trade.plan else None
        if trade.planned and wait is not None and wait.status == "too_soon":
            yield Reason(Sentence.of(spoken(wait.reason), (), _evidence(case.form, trade)), STUDIES["plans"])
            return
        if trade.plan and trade.plan.disagreement:
            text = "The box for a Rule 10b5-1 plan and the words of the footnotes disagree."
            yield Reason(Sentence.of(text, _box(case), _evidence(case.form, trade)))
            return


def _indirect(case: Case) -> Iterator[Reason]:
    people = [owner for owner in case.form.owners if not is_entity(owner.name)]
    found = [
        trade for trade in case.market
        if people and trade.ownership == "I" and not trade.planned and (trade.value or 0) >= _LARGE_SUM
    ]  # fmt: skip
    if found:
        text = "The trade is large and was made through somebody else: a trust, a family member or an entity."
        yield Reason(Sentence.of(text, _cells(case, found, "ownership", "nature_of_ownership")), STUDIES["indirect"])


def _hedge(case: Case) -> Iterator[Reason]:
    said = [
        (word, fact) for word, fact in _said(case) if fact.kind in ("forward", "collar", "swap") and not fact.denied
    ]
    swaps = [trade for trade in case.trades if trade.kind == "swap"]
    if not said and not swaps:
        return
    what = {"forward": "a forward contract", "collar": "a collar", "swap": "a swap"}
    named = what[said[0][1].kind] if said else "an equity swap"
    text = f"It involves {named}, a way to give up risk or gain without a plain sale."
    yield Reason(
        Sentence.of(text, _cells(case, swaps, "code"), [word for word, _ in said[:3]]), STUDIES["hedges"]
    )  # fmt: skip


def _kept(case: Case) -> Iterator[Reason]:
    for story in case.stories:
        if story.kind == "exercise" and story.outcome == KEPT_ALL:
            text = "A right with a price was exercised and the shares were kept"
            text += (
                f", so far: 30 days end on {day(story.settles_on)}." if story.provisional else " for 30 days at least."
            )
            yield Reason(Sentence.of(text), STUDIES["held"])
            return


def _given(case: Case) -> Iterator[Reason]:
    given = [trade for trade in case.trades if trade.kind == "gift" and trade.direction == "disposed"]
    if given and (SEATED | {"ten_percent"}) & set(given[0].roles):
        text = "Shares were given away, on a day that the giver chose."
        yield Reason(Sentence.of(text, _cells(case, given, "code", "transaction_date")), STUDIES["gifts"])


def _late(case: Case) -> Iterator[Reason]:
    late = [item for item in case.told if item.timeliness.status in LATE]
    if late:
        worst = max(late, key=lambda item: item.timeliness.late_business_days or 0)
        cells = _cells(case, [worst.trade], "transaction_date")
        yield Reason(Sentence.of(f"It was reported late. {spoken(worst.timeliness.reason)}", cells), STUDIES["late"])


# --- against ------------------------------------------------------------------------------------------------------


def _not_standing(case: Case) -> Iterator[Reason]:
    seen: set[str] = set()
    for trade in case.trades:
        for item in trade.exclusions:
            if item.reason in ("duplicate", "superseded", "withdrawn") and item.text not in seen:
                seen.add(item.text)
                yield Reason(Sentence.of(f"{item.text} It is counted nowhere a second time."))


def _mechanics(case: Case) -> Iterator[Reason]:
    kinds = dict.fromkeys(trade.kind for trade in case.trades if trade.kind in MECHANICS)
    for kind in kinds:
        found = [trade for trade in case.trades if trade.kind == kind]
        if kind == "withholding" and all(trade.sold_to_cover for trade in found):
            continue
        code = CODES.get(found[0].code or "")
        tail = f" It does not tell: {_lower(code.does_not_tell)}" if code and kind in ("grant", "vest") else ""
        yield Reason(Sentence.of(f"{MECHANICS[kind]}{tail}", _cells(case, found, "code")))
    if not case.trades:
        yield Reason(Sentence.of("Nothing was traded: the filing states what is held."))


def _planned(case: Case) -> Iterator[Reason]:
    for trade in case.trades:
        if not trade.planned or trade.plan is None:
            continue
        age = trade.plan.age_days
        cells = _box(case) if case.form.aff10b5_one else ()
        if age is not None and age >= 0 and trade.plan.adopted_on:
            text = f"It was set by a plan adopted on {day(trade.plan.adopted_on)}, {count(age, 'day')} before."
        elif trade.plan.status == "plan":
            text = "It was made under a Rule 10b5-1 plan; the form does not say when the plan was adopted."
        else:
            text = "The form’s box says that a Rule 10b5-1 plan was behind a transaction, not behind which."
        wait = trade.plan.cooling_off
        if wait is not None and wait.status in ("satisfied", "depends"):
            text += f" {spoken(wait.reason)}"
        yield Reason(Sentence.of(text, cells, _evidence(case.form, trade)), STUDIES["plans"])
        return


def _covered(case: Case) -> Iterator[Reason]:
    found = [trade for trade in case.trades if trade.code in ("S", "F") and trade.sold_to_cover]
    if found:
        words = [word for word, fact in _said(case) if fact.kind == "sell_to_cover"]
        text = "A footnote says that shares were sold to pay tax or the exercise price."
        if all(trade.code == "F" for trade in found):
            text = "A footnote speaks of a sale to pay tax; the form reports it under code F, which is for withholding."
        yield Reason(Sentence.of(text, _cells(case, found, "code", "shares"), words[:2]))


def _private(case: Case) -> Iterator[Reason]:
    for trade in case.trades:
        for item in trade.exclusions:
            if item.reason == "private":
                sort = item.text.removeprefix(PRIVATE_LEAD).rstrip(".")
                words = [word for word, _ in _said(case) if word.words == item.words]
                text = f"It was no order in the market but {sort}; price and time were not free."
                yield Reason(Sentence.of(text, _cells(case, [trade], "code", "price"), words[:1]))
                return


def _allocated(case: Case) -> Iterator[Reason]:
    for trade in case.trades:
        for item in trade.exclusions:
            if item.reason == "plan_allocation":
                yield Reason(Sentence.of(item.text, _cells(case, [trade], "price", "transaction_date")))
                return


def _little(case: Case) -> Iterator[Reason]:
    """Of all purchases and sales of the form together: one tranche of many is no small trade."""
    values = [trade.value for trade in case.market if trade.value is not None]
    if not values or len(values) < len(case.market):
        return
    total = sum(values, Decimal(0))
    changes = [abs(trade.stake_change_pct) for trade in case.market if trade.stake_change_pct is not None]
    if total < _SMALL_SUM:
        text = f"The sum is small: {money(total)}."
        if any(trade.code == "P" for trade in case.market):
            text += " Half of all rows with code P in the second quarter of 2026 came to $41,474 or more."
        yield Reason(Sentence.of(text, _cells(case, case.market, "shares", "price")), STUDIES["size"])
    elif len(changes) == len(values) and sum(changes, Decimal(0)) < _LITTLE:
        text = f"It changes the holding by {percent(sum(changes, Decimal(0)))} only."
        yield Reason(Sentence.of(text, _cells(case, case.market, "shares", "shares_owned_following")))


def _mirrored(case: Case) -> Iterator[Reason]:
    """As much came as went: gifts to one's own trust or spouse, a position opened and closed."""
    for came, went, text in (
        ("gift", "gift", "As much was received as was given on this form: it moved from one holder to another."),
        ("buy", "sell", "As much was bought as was sold on this form: what is held is as it was."),
    ):
        gained = [trade for trade in case.trades if trade.kind == came and trade.direction == "acquired"]
        lost = [trade for trade in case.trades if trade.kind == went and trade.direction == "disposed"]
        if gained and lost and _amounts(gained) == _amounts(lost):
            yield Reason(Sentence.of(text, _cells(case, [*gained, *lost], "shares")))


def _amounts(trades: Iterable[Trade]) -> Mapping[str, Decimal]:
    found: dict[str, Decimal] = {}
    for trade in trades:
        found[trade.security_class] = found.get(trade.security_class, Decimal(0)) + (trade.shares or 0)
    return found


def _routine(case: Case) -> Iterator[Reason]:
    """A trade of the same side in the same month of each of the three years before."""
    for trade in case.market:
        if trade.traded_on is None:
            continue
        own, on = case.makers(trade), trade.traded_on
        years = {
            other.traded_on.year
            for other in case.reading.trades
            if other.code == trade.code and other.standing and other.traded_on is not None
            and other.traded_on.month == on.month and case.makers(other) & own
        }  # fmt: skip
        if all(on.year - back in years for back in range(1, _YEARS + 1)):
            side = "bought" if trade.code == "P" else "sold"
            text = f"The same person {side} in {on:%B} of each of the three years before as well."
            yield Reason(Sentence.of(text, _cells(case, [trade], "transaction_date")), STUDIES["routine"])
            return


def _sold_for_reasons(case: Case) -> Iterator[Reason]:
    found = [trade for trade in case.market if trade.kind == "sell"]
    if found:
        text = "People sell to pay taxes, to spread their wealth, to buy a house; the form does not say why."
        yield Reason(Sentence.of(text, _cells(case, found, "code")), STUDIES["sales"])


def _near_expiry(case: Case) -> Iterator[Reason]:
    for trade in case.trades:
        if trade.kind != "exercise" or trade.expires_on is None or trade.traded_on is None:
            continue
        left = trade.expires_on - trade.traded_on
        if timedelta(0) <= left <= _NEAR_EXPIRY:
            text = f"The right would have expired {count(left.days, 'day')} later, on {day(trade.expires_on)}."
            yield Reason(Sentence.of(text, _cells(case, [trade], "expiration_date")), STUDIES["expiry"])
            return
    for story in case.stories:
        if story.kind == "exercise" and story.outcome == SOLD_EVERYTHING:
            text = "As many shares as the exercise left were sold at once."
            yield Reason(Sentence.of(text), STUDIES["held"])
            return


def _fund(case: Case) -> Iterator[Reason]:
    roles = {role for trade in case.trades for role in trade.roles}
    if case.market and roles == {"ten_percent"}:
        name = reading_name(case.form.owners[0].name)
        cells = [Cell("owner-1", "role")]
        yield Reason(Sentence.of(f"{name} holds a tenth of the company and has no seat or office in it.", cells))


def _disclaimed(case: Case) -> Iterator[Reason]:
    words = [word for word, fact in _said(case) if fact.kind == "disclaimer" and not fact.denied]
    if words and case.trades:
        text = "The filer says that some of these securities are not, or not all, their own in the money sense."
        yield Reason(Sentence.of(text, (), words[:2]))


def _doubtful(case: Case) -> Iterator[Reason]:
    for trade in case.trades:
        for item in trade.exclusions:
            if item.reason in ("bad_price", "bad_value", "bad_date", "no_price", "home_market", "issuer_is_owner"):
                yield Reason(Sentence.of(f"It is in no total: {_lower(item.text)}", _cells(case, [trade], "price")))
                return


# --- what they rest on --------------------------------------------------------------------------------------------


def _cells(case: Case, trades: Iterable[Trade], *fields: str) -> tuple[Cell, ...]:
    return cells_of((line for trade in trades for line in lines_of(trade, case.form)), *fields)


def _box(case: Case) -> tuple[Cell, ...]:
    return () if case.form.aff10b5_one is None else (Cell(FORM, "aff10b5_one"),)


def _said(case: Case) -> Sequence[tuple[Words, NoteFact]]:
    """Every fact of every footnote that some row of the form cites."""
    return [pair for ref in case.form.footnotes for pair in words_in(case.form, ref)]


def _evidence(form: FiledForm, trade: Trade) -> Iterator[Words]:
    for item in trade.plan.evidence if trade.plan else ():
        if item.source == "footnote" and item.footnote is not None:
            yield from [word for word, _ in words_in(form, item.footnote) if word.words == item.words][:1]


def _lower(text: str) -> str:
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
