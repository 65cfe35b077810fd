"""Rule 10b5-1 plans: with box and date, with half of it, with a contradiction, and before the box existed."""

from __future__ import annotations

from datetime import date, timedelta

from filings.demo import calendar, cast
from filings.demo.parties import Seat
from filings.demo.rows import bought, row, sold
from filings.demo.scene import Scene


def under_plan(adopted: date, action: str = "This sale was") -> str:
    return (
        f"{action} made under a trading plan adopted by the reporting person on {adopted:%B} {adopted.day}, "
        f"{adopted.year}, and intended to satisfy Rule 10b5-1(c)."
    )


def plan_sale(
    scene: Scene, seat: Seat, on: date, shares: int, note: str | None, *, box: bool, tranches: int = 1
) -> None:
    """One day's sale; `note` hangs on the transaction code."""
    coding = {"code": note} if note else {}
    if tranches == 1:
        rows = [sold(shares, on, scene.price(seat.issuer, on), notes=coding)]
    else:
        bands = scene.tranches(seat.issuer, on, shares, tranches)
        rows = [sold(band.shares, on, band.average, notes={**coding, "price": band.note}) for band in bands]
    scene.form4(seat, *rows, box=box)


def monthly_sales_under_plans(scene: Scene) -> None:
    """Quillmark's CEO sells every month for two and a half years, box ticked, under one plan and then the next.

    The adoption dates stand in the footnotes; each plan began more than 120 days before its first sale.
    """
    days = scene.monthly(30, 12)
    first, second = (calendar.trading_day(day - timedelta(days=135)) for day in (days[0], days[15]))
    for index, on in enumerate(days):
        size = 12_000 // scene.unsplit(cast.QUILLMARK, on)
        plan_sale(scene, cast.VARGA, on, size, under_plan(first if index < 15 else second), box=True, tranches=3)


def plan_before_the_box(scene: Scene) -> None:
    """Filed before April 2023: no box on the form at all, so only the footnote can say that a plan sold."""
    last = date(2023, 3, 10)
    for days, adopted in ((1_400, date(2022, 8, 15)), (1_365, date(2022, 8, 15))):
        on = calendar.trading_day(min(scene.ago(days), last - timedelta(days=days - 1_365)))
        plan_sale(scene, cast.LINDQVIST, on, 2_000, under_plan(adopted), box=False)


def old_plan_after_the_box(scene: Scene) -> None:
    """A plan adopted before 27 February 2023: the box does not apply, so unticked beside a plan note is no conflict."""
    for days in (1_120, 1_085):
        plan_sale(scene, cast.LINDQVIST, scene.ago(days), 2_000, under_plan(date(2023, 1, 17)), box=False)


def box_without_a_note(scene: Scene) -> None:
    """The box is ticked and no footnote names a plan or its date, which the form asks for."""
    plan_sale(scene, cast.URQUHART, scene.ago(410), 1_500, None, box=True)


def note_without_the_box(scene: Scene) -> None:
    """A footnote names a plan of a time when the box applies, and the box is not ticked: they disagree."""
    on = scene.ago(372)
    plan_sale(scene, cast.URQUHART, on, 1_500, under_plan(on - timedelta(days=150)), box=False)


def note_denies_a_plan(scene: Scene) -> None:
    """The words "Rule 10b5-1" stand in the footnote, in a sentence that says there was no such plan."""
    note = "This sale was not made under a Rule 10b5-1 trading plan. The reporting person sold to pay for a house."
    plan_sale(scene, cast.KOLL, scene.ago(440), 3_000, note, box=False)


def box_ticked_and_note_denies(scene: Scene) -> None:
    """The box says plan, the footnote says none: the filing contradicts itself, and only the words can be shown."""
    note = "The sale reported here was not effected pursuant to a Rule 10b5-1 plan."
    plan_sale(scene, cast.KOLL, scene.ago(206), 2_500, note, box=True)


def first_sale_too_soon(scene: Scene) -> None:
    """An officer's first sale comes 45 days after adoption; the rule asks for at least 90."""
    on = scene.ago(208)
    plan_sale(scene, cast.CALLOWAY, on, 4_000, under_plan(on - timedelta(days=45)), box=True)


def first_sale_in_the_earliest_window(scene: Scene) -> None:
    """First sale 97 days after adoption, the next two a month apart: allowed, and as early as it gets."""
    start = scene.ago(136)
    for on in (start, scene.ago(105), scene.ago(75)):
        plan_sale(scene, cast.LINDQVIST, on, 1_500, under_plan(start - timedelta(days=97)), box=True)


def plan_modified(scene: Scene) -> None:
    """Cooling-off starts again when a plan is changed: the sale is 400 days after adoption, 60 after the change."""
    on = scene.ago(230)
    adopted, changed = on - timedelta(days=400), on - timedelta(days=60)
    note = under_plan(adopted).removesuffix(".") + f", as modified on {changed:%B} {changed.day}, {changed.year}."
    plan_sale(scene, cast.RAVENSWORTH, on, 3_000, note, box=True)


def plan_with_a_single_trade(scene: Scene) -> None:
    """One plan, one trade, and then nothing: a year has passed without another sale under that adoption date."""
    on = scene.ago(480)
    plan_sale(scene, cast.WEXFORD, on, 9_000, under_plan(on - timedelta(days=125)), box=True)


def purchases_under_a_plan(scene: Scene) -> None:
    """Harrowgate's CEO buys the same number every month under a plan: bought, but decided long before."""
    days = scene.monthly(8, 20)
    adopted = days[0] - timedelta(days=128)
    for on in days:
        note = under_plan(adopted, "This purchase was")
        scene.form4(cast.THISTLEWOOD, bought(400, on, scene.price(cast.HARROWGATE, on), notes={"code": note}), box=True)


def deemed_execution(scene: Scene) -> None:
    """The broker told the insider late: column 2A gives a later date, so five business days are still on time."""
    on = scene.ago(88)
    deemed = calendar.business_days_after(on, 3)
    note = under_plan(on - timedelta(days=200))
    sale = sold(2_400, on, scene.price(cast.LUMENHART, on), deemed=deemed, notes={"code": note})
    scene.form4(cast.BELLWETHER, sale, box=True, lag=5)


def gift_under_a_plan(scene: Scene) -> None:
    """Since 2023 a plan may cover gifts too: box ticked, code G, no price."""
    on = scene.ago(47)
    note = under_plan(on - timedelta(days=140), "This gift to a donor-advised fund was")
    notes = {"code": note, "price": "A gift; nothing was paid."}
    scene.form4(cast.VARGA, row("G", "D", 5_000, on, notes=notes), box=True)


STORIES = (
    monthly_sales_under_plans, plan_before_the_box, old_plan_after_the_box, box_without_a_note, note_without_the_box,
    note_denies_a_plan, box_ticked_and_note_denies, first_sale_too_soon, first_sale_in_the_earliest_window,
    plan_modified, plan_with_a_single_trade, purchases_under_a_plan, deemed_execution, gift_under_a_plan,
)  # fmt: skip
