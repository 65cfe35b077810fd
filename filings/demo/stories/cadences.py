"""Clockwork: trading that looks planned although no box and no footnote says so, and its counterpart."""

from __future__ import annotations

from datetime import time, timedelta

from filings.demo import calendar, cast
from filings.demo.rows import exercise, sold
from filings.demo.scene import Scene
from filings.demo.stories.options import in_years, option


def options_every_two_weeks(scene: Scene) -> None:
    """8,300 options at one strike every second week, sold the same day in sixteen $1 bands. No box, no note."""
    grant = option("118.40", in_years(scene, 2.6))
    scene.owns(cast.QUIST, grant, 83_000)
    for fortnight in range(9, 1, -1):
        on = scene.ago(14 * fortnight + 4)
        first, second = exercise(grant, 8_300, on)
        bands = scene.tranches(cast.LUMENHART, on, 8_300, 16)
        scene.form4(cast.QUIST, first, *(sold(b.shares, on, b.average, notes={"price": b.note}) for b in bands), second)


def options_every_month(scene: Scene) -> None:
    """32,000 options at one strike near the 17th of each of ten months, all sold: regular enough to infer a plan."""
    grant = option("14.7375", in_years(scene, 1.1))
    scene.owns(cast.DUNSTABLE, grant, 352_000)
    for on in scene.monthly(10, 17):
        first, second = exercise(grant, 32_000, on)
        bands = scene.tranches(cast.LUMENHART, on, 32_000, 4)
        scene.form4(
            cast.DUNSTABLE, first, *(sold(b.shares, on, b.average, notes={"price": b.note}) for b in bands), second
        )


def same_size_without_a_clock(scene: Scene) -> None:
    """A director's sale of 8,300 shares after a year of silence: the size of a plan's part, and nothing regular."""
    for days, shares in ((440, 1_000), (33, 8_300)):
        on = scene.ago(days)
        scene.form4(cast.POMEROY, sold(shares, on, scene.price(cast.LUMENHART, on)))


def seventy_rows_in_one_day(scene: Scene) -> None:
    """A CTO sells on one day in 70 bands; a form takes 30 rows, so three accessions carry one decision."""
    on = scene.ago(405)
    shares = 42_000
    bands = scene.tranches(cast.QUILLMARK, on, shares, 70, step="0.05")
    part = "This report is one of three filed on the same day for one day's sales, as a form takes 30 rows at most."
    for start in (0, 30, 60):
        scene.form4(
            cast.LINDQVIST,
            *(sold(b.shares, on, b.average, notes={"price": b.note}) for b in bands[start : start + 30]),
            remarks=part,
            filed_on=calendar.business_days_after(on, 2),
            at=time(17, 12 + start // 30),
        )


def weekly_dollar_amounts(scene: Scene) -> None:
    """Six weeks of sales on the same weekday with unequal sizes: a calendar, but no fixed quantity."""
    start = scene.ago(315)
    for week in range(6):
        on = calendar.trading_day(start + timedelta(days=7 * week))
        scene.form4(cast.KOLL, sold(scene.dice.randrange(400, 900), on, scene.price(cast.VERLAINE, on)))


STORIES = (
    options_every_two_weeks, options_every_month, same_size_without_a_clock, seventy_rows_in_one_day,
    weekly_dollar_amounts,
)  # fmt: skip
