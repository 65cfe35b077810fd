"""The last days before `until`: what makes the home page look alive, up to the evening of the last business day."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from filings.demo import cast
from filings.demo.rows import FREE, bought, exercise, held_by, holding, row, sold, vested
from filings.demo.scene import Scene
from filings.demo.stories.options import in_years, option
from filings.demo.stories.pay import units
from filings.demo.stories.plans import plan_sale, under_plan


def fresh_cluster_near_the_low(scene: Scene) -> None:
    """Tidewrack fell by a third in four months; its CEO, CFO and two directors bought within the last ten days."""
    start = scene.ago(9)
    for seat, days, shares in ((cast.STRANDBERG, 0, 60_000), (cast.CALLOWAY, 1, 9_000), (cast.QUENNELL, 4, 5_000)):
        on = scene.later(start, days)
        scene.form4(seat, bought(shares, on, scene.price(cast.TIDEWRACK, on)), lag=1)
    on = scene.later(start, 2)
    withdrawn = (-2_000, "The balance no longer counts 2,000 shares of a report that was filed in error and withdrawn.")
    scene.form4(cast.FENNIMORE, bought(4_000, on, scene.price(cast.TIDEWRACK, on), unreported=withdrawn), lag=2)


def last_days_of_ordinary_business(scene: Scene) -> None:
    """A vesting, a planned sale, an award, a gift and an option exercise: what most filings of a week are."""
    on = scene.ago(6)
    award = units("2025", "in four equal yearly parts")
    scene.owns(cast.TALLIS, award, 80_000)
    scene.form4(cast.TALLIS, *vested(award, 20_000, on, scene.price(cast.MARROWICK, on)))
    plan = under_plan(scene.until - timedelta(days=210))
    plan_sale(scene, cast.DRAKEMOND, scene.ago(5), 4_000, plan, box=True, tranches=2)
    note = "Given to the reporting person's two adult children."
    on = scene.ago(4)
    scene.form4(cast.BELLWETHER, row("G", "D", 3_000, on, FREE, notes={"code": note}))
    grant = option("33.10", in_years(scene, 6.1), underlying=cast.CASTELLANE.common)
    scene.owns(cast.DAUGHTER, grant, 5_000)
    scene.form4(cast.DAUGHTER, *exercise(grant, 2_500, scene.ago(3)))


def corrected_within_the_week(scene: Scene) -> None:
    """A report of last week and its amendment of this one, side by side at the top of the list."""
    on = scene.ago(11)
    price = scene.price(cast.VERLAINE, on)
    first = scene.form4(cast.PATTISON, sold(1_400, on, price + 3), lag=1)
    note = "Amended to correct the price, which was stated three dollars too high."
    scene.amend(first, lambda rows: [replace(rows[0], price=price, notes={"price": note})], days=4)


def new_director_of_this_week(scene: Scene) -> None:
    """A Form 3 of this week: a chair of another board joins Dunmarrow with a few shares and her spouse's."""
    seat = replace(cast.ABERNATHY, issuer=cast.DUNMARROW, other=None, owns=0)
    scene.form3(seat, scene.ago(8), holding(shares=250), holding(held_by("By spouse"), 100), lag=4)


def last_business_day(scene: Scene) -> None:
    """Six reports accepted on the last business day, most of them in its evening."""
    on = scene.ago(1)
    for seat, shares in ((cast.HALLORAN, 2_000), (cast.CORRIGAN, 1_500)):
        scene.form4(seat, bought(shares, on, scene.price(seat.issuer, on)), lag=2)
    for seat, shares in ((cast.KOLL, 1_800), (cast.OSEI, 6_000)):
        scene.form4(seat, sold(shares, on, scene.price(seat.issuer, on), security=seat.issuer.common), lag=2)
    yearly = units(f"{on:%B %Y}", "in three equal yearly parts")
    for seat in (cast.HAWKSWORTH, cast.MULCASTER):
        scene.form4(seat, row("A", "A", 25_000, on, FREE, security=yearly), lag=2)


STORIES = (
    fresh_cluster_near_the_low, last_days_of_ordinary_business, corrected_within_the_week, new_director_of_this_week,
    last_business_day,
)  # fmt: skip
