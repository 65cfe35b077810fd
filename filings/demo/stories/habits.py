"""Habits over years, and the day they break."""

from __future__ import annotations

from filings.demo import cast
from filings.demo.rows import bought, sold
from filings.demo.scene import Scene


def quarterly_buyer_sells(scene: Scene) -> None:
    """A director buys in eight quarters running, falls silent for more than a year, and then sells."""
    days = scene.monthly(36, 8)
    for on in days[:22:3]:
        scene.form4(cast.RUTLEDGE, bought(1_000, on, scene.price(cast.TIDEWRACK, on)))
    on = scene.ago(21)
    scene.form4(cast.RUTLEDGE, sold(14_000, on, scene.price(cast.TIDEWRACK, on)))


def february_seller_skips(scene: Scene) -> None:
    """A CFO sold every February, year after year. This February there is no sale, though she is still on file."""
    for back in (4, 3, 2, 1):
        on = scene.yearly(2, 14, back)
        scene.form4(cast.GRANTHAM, sold(3_000, on, scene.price(cast.HARROWGATE, on)))
    on = scene.ago(132)
    scene.form4(cast.GRANTHAM, bought(300, on, scene.price(cast.HARROWGATE, on)))


def same_month_every_year(scene: Scene) -> None:
    """A director sells each June, four years running: the routine trader of the research, over years enough."""
    for back in (3, 2, 1, 0):
        on = scene.yearly(6, 11, back)
        size = 1_800 // scene.unsplit(cast.QUILLMARK, on)
        scene.form4(cast.ABERNATHY, sold(size, on, scene.price(cast.QUILLMARK, on)))


def different_month_every_year(scene: Scene) -> None:
    """A trade in each of four years and never the same month twice: by the same rule an opportunistic trader."""
    for back, month in ((3, 3), (2, 9), (1, 5), (0, 1)):
        on = scene.yearly(month, 19, back)
        price = scene.price(cast.CASTELLANE, on)
        scene.form4(cast.WINTERBOURNE, sold(1_200, on, price, security=cast.CASTELLANE.common))


def seller_turns_buyer(scene: Scene) -> None:
    """Five sales in two years, and then, more than a year later, a purchase larger than any of them."""
    for days in (1_050, 960, 880, 790, 700):
        on = scene.ago(days)
        scene.form4(cast.WEXFORD, sold(1_500, on, scene.price(cast.BRAMBLEWOOD, on)))
    on = scene.ago(61)
    scene.form4(cast.WEXFORD, bought(4_000, on, scene.price(cast.BRAMBLEWOOD, on)))


def monthly_buying_ends(scene: Scene) -> None:
    """Purchases in four months in a row, and then a month without one: the sequence has ended."""
    for on in scene.monthly(7, 6)[:4]:
        scene.form4(cast.NIGHTINGALE, bought(700, on, scene.price(cast.HALDEN, on)))


STORIES = (
    quarterly_buyer_sells, february_seller_skips, same_month_every_year, different_month_every_year,
    seller_turns_buyer, monthly_buying_ends,
)  # fmt: skip
