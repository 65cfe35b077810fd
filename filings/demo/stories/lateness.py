"""Reports that come late, once or always, and the yearly Form 5 that cleans up. And three plain slips of the pen."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from filings.demo import calendar, cast
from filings.demo.rows import FREE, bought, held_by, holding, row, sold
from filings.demo.scene import Scene


def habitually_late(scene: Scene) -> None:
    """Five reports of one director within two years, each between one week and two months late."""
    for days, lag, shares in ((640, 9, 500), (535, 17, 400), (400, 6, 600), (290, 43, 350), (150, 8, 500)):
        on = scene.ago(days)
        scene.form4(cast.PLIMSOLL, bought(shares, on, scene.price(cast.HARROWGATE, on)), lag=lag)


def late_by_one_day(scene: Scene) -> None:
    """A single report one business day late: it still counts as late."""
    on = scene.ago(800)
    scene.form4(cast.KETTLEWELL, sold(600, on, scene.price(cast.BRAMBLEWOOD, on)), lag=3)


def year_end_clean_up(scene: Scene) -> None:
    """Form 5: a small purchase that could wait, a sale that should have been on a Form 4, a holding missing on Form 3.

    The sale's row says form type 4 and timeliness L: late by the filer's own word.
    """
    year_end = scene.year_end(cast.HARROWGATE)
    start = calendar.trading_day(year_end - timedelta(days=200))
    price = scene.price(cast.HARROWGATE, start)
    late = "This sale should have been reported on Form 4 within two business days."
    missing = "Left out of the first statement by mistake."
    scene.file(
        "5", cast.MORELAND,
        [
            row("L", "A", 60, start, price, form_type="5"),
            sold(200, start, price, form_type="4", timeliness="L", notes={"timeliness": late}),
            holding(held_by("By spouse"), 350, form_type="3", notes={"security_title": missing}),
        ],
        period=year_end, filed_on=calendar.business_days_after(year_end, 28),
    )  # fmt: skip


def yearly_gift_on_form_5(scene: Scene) -> None:
    """A gift received may wait for the yearly form and is not late there; one inheritance beside it is late."""
    year_end = scene.year_end(cast.BRAMBLEWOOD, back=1)
    on = calendar.trading_day(year_end - timedelta(days=60))
    late_on = calendar.trading_day(year_end - timedelta(days=420))
    scene.file(
        "5", cast.KETTLEWELL,
        [
            row("G", "A", 400, on, FREE, form_type="5", notes={"code": "Received from a relative."}),
            row("W", "A", 150, late_on, FREE, form_type="5", timeliness="L", notes={"code": "Received under a will."}),
        ],
        period=year_end, filed_on=calendar.business_days_after(year_end, 25),
    )  # fmt: skip


def year_mistyped(scene: Scene) -> None:
    """The transaction date says the year 0022-something: shown as filed, and fit for no total or timeline."""
    on = scene.ago(495)
    wrong = on.replace(year=on.year - 2000)
    scene.form4(cast.NIGHTINGALE, bought(400, on, scene.price(cast.HALDEN, on), stated_on=wrong))


def price_is_a_total(scene: Scene) -> None:
    """The price cell holds what the whole sale brought, not the price of one share: 500 shares at five figures each."""
    on = scene.ago(225)
    total = scene.price(cast.DUNMARROW, on) * 500
    scene.form4(cast.GALBRAITH, sold(500, on, total))


def balance_is_impossible(scene: Scene) -> None:
    """More shares bought than are held afterwards, in the same line: a balance that cannot be."""
    on = scene.ago(342)
    price = scene.price(cast.PELLWORM, on)
    wrong = bought(1_000, on, price, security=cast.PELLWORM.common, following=Decimal("400"))
    scene.form4(cast.LARKIN, wrong)


STORIES = (
    habitually_late, late_by_one_day, year_end_clean_up, yearly_gift_on_form_5, year_mistyped, price_is_a_total,
    balance_is_impossible,
)  # fmt: skip
