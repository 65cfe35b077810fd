"""Options and warrants: exercised and kept, exercised and sold, expired, cancelled, written."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from filings.demo import cast
from filings.demo.rows import FREE, Grant, exercise, row, sold
from filings.demo.scene import Scene

VESTED = "The option is fully vested and may be exercised."


def option(strike: str, expires: date, title: str = "Employee Stock Option (Right to Buy)", **more) -> Grant:
    return Grant(title, Decimal(strike), VESTED, expires, **more)


def in_years(scene: Scene, years: float) -> date:
    return scene.until + timedelta(days=round(365 * years))


def exercise_and_hold(scene: Scene) -> None:
    """Castellane's CFO pays the strike and keeps every share; thirty days later still no sale."""
    grant = option("41.20", in_years(scene, 4.2), underlying="Class A Common Stock")
    scene.owns(cast.WINTERBOURNE, grant, 15_000)
    on = scene.ago(85)
    scene.form4(cast.WINTERBOURNE, *exercise(grant, 9_000, on))


def exercise_and_partial_sale(scene: Scene) -> None:
    """About half of the exercised shares are sold the same day, enough to pay strike and tax."""
    grant = option("21.50", in_years(scene, 3))
    scene.owns(cast.BELLWETHER, grant, 40_000)
    on = scene.ago(260)
    first, second = exercise(grant, 12_000, on)
    note = "Shares sold to pay the exercise price and taxes; the rest of the exercised shares was kept."
    scene.form4(cast.BELLWETHER, first, sold(5_600, on, scene.price(cast.LUMENHART, on), notes={"code": note}), second)


def exercise_and_same_day_sale(scene: Scene) -> None:
    """20,000 options at $25.00 exercised and all sold the same day, in three tranches with price ranges."""
    grant = option("25.00", in_years(scene, 2.4))
    scene.owns(cast.URQUHART, grant, 20_000)
    on = scene.ago(152)
    first, second = exercise(grant, 20_000, on)
    bands = scene.tranches(cast.VERLAINE, on, 20_000, 3)
    sales = [sold(b.shares, on, b.average, notes={"price": b.note}) for b in bands]
    scene.form4(cast.URQUHART, first, *sales, second)


def exercise_paid_with_shares(scene: Scene) -> None:
    """A net exercise: strike and tax are paid with shares, F for both, and only the footnotes tell which is which."""
    grant = option("30.10", in_years(scene, 1.5))
    scene.owns(cast.DRAKEMOND, grant, 30_000)
    on = scene.ago(300)
    first, second = exercise(grant, 30_000, on)
    price = scene.price(cast.VERLAINE, on)
    for_strike = int(Decimal("30.10") * 30_000 / price) + 1
    pay = row("F", "D", for_strike, on, price, notes={"code": "Shares given to the issuer to pay the exercise price."})
    tax = row("F", "D", 8_700, on, price, notes={"code": "Shares kept back by the issuer to pay tax on the exercise."})
    scene.form4(cast.DRAKEMOND, first, pay, tax, second)


def exercise_near_expiry(scene: Scene) -> None:
    """Harrowgate's CEO exercises weeks before the option would lapse: the clock decided, not a view."""
    on = scene.ago(118)
    grant = option("17.85", on + timedelta(days=31))
    scene.owns(cast.THISTLEWOOD, grant, 14_000)
    scene.form4(cast.THISTLEWOOD, *exercise(grant, 14_000, on))


def exercise_out_of_the_money(scene: Scene) -> None:
    """Marrowick's CFO exercises above the market price, code O: odd enough to be worth the footnote."""
    on = scene.ago(395)
    strike = (scene.price(cast.MARROWICK, on) * Decimal("1.2")).quantize(Decimal("0.01"))
    grant = Grant("Stock Option (Right to Buy)", strike, VESTED, on + timedelta(days=20))
    scene.owns(cast.TALLIS, grant, 50_000)
    first, second = exercise(grant, 50_000, on, code="O")
    note = "Exercised at a price above the market, to give the issuer cash before a payroll date."
    scene.form4(cast.TALLIS, replace(first, notes={"code": note}), second)


def warrants_exercised(scene: Scene) -> None:
    """Warrants from a placement, not from a pay plan, exercised in the money: code X, cash to the issuer."""
    warrant = option("1.75", in_years(scene, 0.8), title="Common Stock Warrant (Right to Buy)")
    scene.owns(cast.HAWKSWORTH, warrant, 200_000)
    on = scene.ago(140)
    scene.form4(cast.HAWKSWORTH, *exercise(warrant, 120_000, on, code="X"))


def option_cancelled_for_cash(scene: Scene) -> None:
    """A purchased call is cancelled and something is paid for it: code H, long position, value received."""
    call = Grant("Call Option (Right to Buy)", Decimal("2.00"), scene.ago(500), in_years(scene, 0.5))
    scene.owns(cast.MULCASTER, call, 30_000)
    on = scene.ago(105)
    note = "The option was cancelled by agreement with the seller, an unaffiliated person, for the price shown."
    scene.form4(cast.MULCASTER, row("H", "D", 30_000, on, Decimal("0.64"), security=call, notes={"code": note}))


def written_calls_expire(scene: Scene) -> None:
    """A fund writes covered calls (S in Table II) and they lapse (E). Writing a call is a bet against a rise."""
    opened = scene.ago(330)
    calls = Grant(
        "Call Option (Obligation to Sell)", Decimal("27.50"), opened, scene.ago(240), per_unit=100, short=True
    )
    scene.owns(cast.ORCHARD_FUND, calls, 0)
    written = "Covered call options written by the reporting person on an options exchange. Each covers 100 shares."
    expired = "The written call options expired without being exercised. The premium was kept."
    writing = row("S", "D", 4_000, opened, Decimal("0.85"), security=calls, notes={"code": written})
    scene.form4((cast.ORCHARD_FUND, cast.ORCHARD_GP, cast.ORCHARD_MANAGER), writing)
    lapse = row("E", "A", 4_000, scene.ago(240), FREE, security=calls, notes={"code": expired})
    scene.form4((cast.ORCHARD_FUND, cast.ORCHARD_GP, cast.ORCHARD_MANAGER), lapse)


def one_option_across_a_split(scene: Scene) -> None:
    """One option exercised before and after Quillmark's 3-for-1 split: a third of the strike, three times the count."""
    expires = in_years(scene, 3.7)
    before, after = option("33.75", expires), option("11.25", expires)
    scene.owns(cast.LINDQVIST, before, 60_000)
    scene.owns(cast.LINDQVIST, after, 144_000)
    note = "Number and exercise price reflect the issuer's 3-for-1 share split."
    for days in (610, 545):
        scene.form4(cast.LINDQVIST, *exercise(before, 6_000, scene.ago(days)))
    for days in (435, 342, 250, 158):
        first, second = exercise(after, 18_000, scene.ago(days))
        scene.form4(cast.LINDQVIST, replace(first, notes={"price": note}), second)


STORIES = (
    exercise_and_hold, exercise_and_partial_sale, exercise_and_same_day_sale, exercise_paid_with_shares,
    exercise_near_expiry, exercise_out_of_the_money, warrants_exercised, option_cancelled_for_cash,
    written_calls_expire, one_option_across_a_split,
)  # fmt: skip
