"""Amendments of every kind: what was wrong in the first report, and how little or how much the second one repeats."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from filings.demo import calendar, cast
from filings.demo.rows import FREE, Row, bought, held_by, holding, row, sold
from filings.demo.scene import Scene
from filings.demo.stories.plans import under_plan


def price_corrected(scene: Scene) -> None:
    """Two sales were reported; the 4/A repeats only the one whose price was wrong. The other stands, not restated."""
    on = scene.ago(725)
    price = scene.price(cast.BRAMBLEWOOD, on)
    first = scene.form4(cast.HALLORAN, sold(1_500, on, price), sold(2_500, on, price + Decimal("10.00")))
    note = "Amended to correct the price of this sale, which was stated ten dollars too high. Nothing else changes."
    scene.amend(first, lambda rows: [replace(rows[1], price=price, notes={"price": note})], days=6)


def missed_line_added(scene: Scene) -> None:
    """The 4/A repeats the sale that was reported and adds a second one of the same day that was left out."""
    on = scene.ago(334)
    price = scene.price(cast.TIDEWRACK, on)
    first = scene.form4(cast.CALLOWAY, sold(2_000, on, price))
    added = sold(750, on, price + Decimal("0.05"), notes={"shares": "Left out of the original report by mistake."})
    scene.amend(first, lambda rows: [*rows, added], days=9)


def report_withdrawn(scene: Scene) -> None:
    """The original reported a purchase of somebody else's account; the amendment withdraws it as filed in error."""
    on = scene.ago(295)
    first = scene.form4(cast.FENNIMORE, bought(2_000, on, scene.price(cast.TIDEWRACK, on)))
    words = "The original report was filed in error and is withdrawn. The reporting person made no such purchase."
    scene.amend(first, lambda rows: [replace(rows[0], notes={"code": words})], days=4, remarks=words)


def duplicate_withdrawn(scene: Scene) -> None:
    """The same Form 4 was sent twice; an amendment of the second says that it is a duplicate."""
    on = scene.ago(166)
    first = scene.form4(cast.DUNSTABLE, sold(1_100, on, scene.price(cast.LUMENHART, on)), lag=1)
    second = scene.file("4", cast.DUNSTABLE, [], period=on, lag=2, earlier=first, restates=list)
    words = "This report is a duplicate of one filed the day before and is withdrawn. There was one sale only."
    scene.amend(second, lambda rows: [replace(rows[0], notes={"code": words})], days=3, remarks=words)


def only_the_box_is_added(scene: Scene) -> None:
    """All rows as before; the amendment's one purpose is to tick the 10b5-1 box that was forgotten."""
    on = scene.ago(285)
    plan = under_plan(on - timedelta(days=180))
    first = scene.form4(cast.PATTISON, sold(2_000, on, scene.price(cast.VERLAINE, on), notes={"code": plan}))
    remarks = "Filed only to tick the Rule 10b5-1 box, which was left empty in the original report."
    scene.amend(first, list, days=11, box=True, remarks=remarks)


def exit_box_alone(scene: Scene) -> None:
    """No rows at all, only the box that the person is no longer subject to Section 16: nothing is replaced."""
    on = scene.ago(140)
    first = scene.form4(cast.LOCKRIDGE, sold(700, on, scene.price(cast.VERLAINE, on)))
    remarks = "Filed to tick the exit box. The reporting person left the board."
    scene.amend(first, lambda rows: [], days=5, exit_box=True, remarks=remarks)


def original_date_is_wrong(scene: Scene) -> None:
    """The 4/A names the day of the trade where the day of the original filing belongs, as filers often do."""
    on = scene.ago(255)
    price = scene.price(cast.BRAMBLEWOOD, on)
    first = scene.form4(cast.KETTLEWELL, bought(800, on, price - Decimal("0.40")), lag=2)
    note = "Amended to correct the price."
    scene.amend(first, lambda rows: [replace(rows[0], price=price, notes={"price": note})], days=7, original_on=on)


def original_not_in_the_archive(scene: Scene) -> None:
    """An amendment of a report that is older than this archive: there is nothing to compare it with."""
    on = scene.ago(1_260)
    scene.file(
        "4/A", cast.STRANDBERG, [sold(4_000, on, scene.price(cast.TIDEWRACK, on))], period=on,
        filed_on=scene.ago(1_068), original_on=calendar.business_days_after(on, 2),
        remarks="Amended to state the ownership form of the shares sold as direct.",
    )  # fmt: skip


def form_3_amended(scene: Scene) -> None:
    """A first statement forgot the shares in a trust; the 3/A adds the line."""
    event = scene.ago(1_045)
    first = scene.form3(cast.OYELARAN, event, holding(shares=8_200))
    trust = held_by("By Oyelaran Family Trust (Demo)")
    note = "Left out of the original statement by mistake."
    missed = holding(trust, 5_000, notes={"shares_owned_following": note})
    scene.amend(first, lambda rows: [*rows, missed], days=20)


def form_5_amended(scene: Scene) -> None:
    """A yearly statement stated the wrong date of a gift; the 5/A corrects it."""
    year_end = scene.year_end(cast.BRAMBLEWOOD)
    on = calendar.trading_day(year_end - timedelta(days=100))
    filed = calendar.business_days_after(year_end, 20)
    gift = row("G", "A", 300, on, FREE, form_type="5", stated_on=on - timedelta(days=30))
    first = scene.file("5", cast.OYELARAN, [gift], period=year_end, filed_on=filed)
    note = "The date of this gift was stated a month too early."

    def corrected(rows: list[Row]) -> list[Row]:
        return [replace(rows[0], stated_on=None, notes={"transaction_date": note})]

    scene.amend(first, corrected, days=8)


STORIES = (
    price_corrected, missed_line_added, report_withdrawn, duplicate_withdrawn, only_the_box_is_added, exit_box_alone,
    original_date_is_wrong, original_not_in_the_archive, form_3_amended, form_5_amended,
)  # fmt: skip
