"""Sales that are worth a second look, and prices that are not where one looks for them."""

from __future__ import annotations

from datetime import time
from decimal import Decimal

from filings.demo import calendar, cast
from filings.demo.rows import FREE, Grant, held_by, holding, row, sold
from filings.demo.scene import Scene


def cluster_of_sellers(scene: Scene) -> None:
    """Three insiders of Marrowick sell a sixth and more of what they hold within eight days, without a plan."""
    start = scene.ago(58)
    for seat, days, shares in ((cast.GRUBER, 0, 180_000), (cast.TALLIS, 2, 60_000), (cast.HAWKSWORTH, 5, 130_000)):
        on = scene.later(start, days)
        scene.form4(seat, sold(shares, on, scene.price(cast.MARROWICK, on)))


def unscheduled_large_sale(scene: Scene) -> None:
    """A CEO who has never sold sells 80% of what she holds, without a plan, in five price bands."""
    on = scene.ago(38)
    bands = scene.tranches(cast.HALDEN, on, 111_000, 5, step="0.40")
    scene.form4(cast.FENWICK, *(sold(b.shares, on, b.average, notes={"price": b.note}) for b in bands))


def sale_after_a_run_up(scene: Scene) -> None:
    """Lumenhart's CEO sells after the price rose by a third in a few months."""
    on = scene.ago(116)
    scene.form4(cast.BELLWETHER, sold(9_000, on, scene.price(cast.LUMENHART, on)))


def after_hours_and_alone(scene: Scene) -> None:
    """A lone sale, filed at half past nine in the evening of the last permitted day."""
    on = scene.ago(545)
    scene.form4(cast.THISTLEWOOD, sold(2_500, on, scene.price(cast.HARROWGATE, on)), lag=2, at=time(21, 31, 7))


def whole_stake_sold(scene: Scene) -> None:
    """A full exit: the balance after the sale is zero, which is a fact and not a missing value."""
    on = scene.ago(455)
    scene.form4(cast.OYELARAN, sold(8_200, on, scene.price(cast.BRAMBLEWOOD, on)))


def sale_without_a_price(scene: Scene) -> None:
    """A sale whose price cell is empty and whose footnote does not give one: nothing can be totalled."""
    on = scene.ago(590)
    note = "The price of this private sale is confidential under its terms."
    scene.form4(cast.GRUBER, sold(50_000, on, None, notes={"price": note}))


def price_only_in_a_footnote(scene: Scene) -> None:
    """The price cell holds no number; the footnote spells the price out."""
    on = scene.ago(900)
    price = scene.price(cast.VERLAINE, on)
    note = f"Sold in one block at ${price} per share, less a commission of $0.02 per share."
    scene.form4(cast.DRAKEMOND, sold(6_000, on, None, notes={"price": note}))


def total_value_in_place_of_shares(scene: Scene) -> None:
    """A cash-settled right is stated by its total value, not by a number: the other choice the form allows."""
    right = Grant(
        "Cash-Settled Performance Right", "The right pays the value of a notional number of shares, in cash.",
        "The right vests when a cash target is met.", scene.ago(-700),
    )  # fmt: skip
    on = scene.ago(268)
    note = "The right is stated by its value, because it is settled in cash and stands for no fixed number of shares."
    scene.form4(
        cast.PATTISON,
        row("A", "A", None, on, FREE, security=right, total_value=Decimal("450000.00"), notes={"total_value": note}),
    )


def underwritten_offering(scene: Scene) -> None:
    """Holders sell into an underwritten secondary offering, one price for all: the company arranged the day."""
    on = scene.ago(322)
    price = scene.price(cast.VERLAINE, on)
    note = "Sold to the underwriters in a registered secondary offering, at the public price less their discount."
    for seat, shares in ((cast.DRAKEMOND, 30_000), (cast.FAIRWEATHER, 3_000)):
        scene.form4(seat, sold(shares, on, price, notes={"price": note}), filed_on=calendar.business_days_after(on, 2))


def trust_sells_beside_the_insider(scene: Scene) -> None:
    """A sale by the insider and one by a trust for the children: two ownership lines, one decision-maker."""
    on = scene.ago(505)
    trust = held_by("By trust for children")
    scene.owns(cast.STRANDBERG, "Common Stock", 60_000, trust)
    note = "The reporting person is trustee; the beneficiaries are members of the reporting person's immediate family."
    scene.form4(
        cast.STRANDBERG,
        sold(5_000, on, scene.price(cast.TIDEWRACK, on)),
        sold(12_000, on, scene.price(cast.TIDEWRACK, on), place=trust, notes={"nature_of_ownership": note}),
        holding(held_by("By 401(k) plan"), shares=3_412),
    )


STORIES = (
    cluster_of_sellers, unscheduled_large_sale, sale_after_a_run_up, after_hours_and_alone, whole_stake_sold,
    sale_without_a_price, price_only_in_a_footnote, total_value_in_place_of_shares, underwritten_offering,
    trust_sells_beside_the_insider,
)  # fmt: skip
