"""Pay in shares: awards, vesting, tax. None of it is a decision to buy or sell."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from filings.demo import calendar, cast
from filings.demo.rows import FREE, WITHHELD, Grant, row, sold, vested
from filings.demo.scene import Scene

UNIT = "Each restricted stock unit is a right to receive one share of common stock, subject to vesting."
UNIT_EXPIRY = "Restricted stock units do not expire. They vest, or they are forfeited when service ends before."


def units(granted: str, schedule: str) -> Grant:
    """Restricted stock units of one award; `granted` is a year or a date in words."""
    vesting = f"Units of the award of {granted}. They vest {schedule} while the reporting person stays in service."
    return Grant("Restricted Stock Units", UNIT, vesting, UNIT_EXPIRY)


def annual_equity_awards(scene: Scene) -> None:
    """Every March four executives of Verlaine receive units and options. Code A, price zero: nobody paid anything."""
    for back in (2, 1, 0):
        on = scene.yearly(3, 3, back)
        strike = scene.price(cast.VERLAINE, on)
        options = Grant(
            "Employee Stock Option (Right to Buy)",
            strike,
            f"The option vests in 48 equal monthly parts from {on:%B %d, %Y}, while service lasts.",
            calendar.trading_day(on + timedelta(days=3650)),
        )
        sizes = {cast.DRAKEMOND: 40_000, cast.PATTISON: 18_000, cast.URQUHART: 15_000, cast.KOLL: 16_000}
        for seat, size in sizes.items():
            award = units(f"{on:%B %Y}", "in twelve equal quarterly parts")
            scene.form4(
                seat,
                row("A", "A", size, on, FREE, security=award),
                row("A", "A", size * 2, on, FREE, security=options),
            )


def directors_yearly_shares(scene: Scene) -> None:
    """Three directors receive the same number of shares on the day of the annual meeting: code A in Table I."""
    note = "Shares awarded for a year of service on the board. They vest on the day before the next annual meeting."
    for back in (2, 1, 0):
        on = scene.yearly(5, 21, back)
        size = round(60_000 / float(scene.price(cast.VERLAINE, on)) * 2)
        scene.form4(cast.FAIRWEATHER, row("A", "A", size, on, FREE, notes={"code": note}))
        for seat in (cast.ABERNATHY, cast.DELACROIX):
            scene.form4(seat, row("A", "A", 2_700 // scene.unsplit(cast.QUILLMARK, on), on, FREE, notes={"code": note}))


def quarterly_vesting(scene: Scene) -> None:
    """Units settle every quarter: M in Tables I and II is one event, F is tax kept back, and no share was sold."""
    award = units("2022", "in sixteen equal quarterly parts")
    for seat, part in ((cast.PATTISON, 1_500), (cast.KOLL, 1_800)):
        scene.owns(seat, award, part * 12)
        for on in scene.monthly(33, 15)[::3]:
            scene.form4(seat, *vested(award, part, on, scene.price(cast.VERLAINE, on)))


def sell_to_cover(scene: Scene) -> None:
    """At Quillmark tax is paid by selling: M, and the next day an S whose footnote says the sale was not chosen."""
    note = (
        "Shares sold to cover tax withholding due when restricted stock units vested. The issuer's policy requires "
        "this sale of every officer; the reporting person did not choose it."
    )
    award = units("2023", "in sixteen equal quarterly parts")
    for seat, part in ((cast.OKONJO, 1_000), (cast.PRITCHARD, 600)):
        days = scene.monthly(33, 10)[::3]
        scene.owns(seat, award, part * 12)
        for on in days:
            size = part * 3 // scene.unsplit(cast.QUILLMARK, on)
            acquired, _, settled = vested(award, size, on, FREE)
            after = calendar.next_trading_day(on)
            sale = sold(round(size * 0.41), after, scene.price(cast.QUILLMARK, after), notes={"code": note})
            scene.form4(seat, acquired, sale, settled, filed_on=calendar.business_days_after(on, 2))


def performance_shares(scene: Scene) -> None:
    """Earned performance shares: code A at a market price, with F beside it. A price does not make a purchase."""
    earned = "Shares earned under a performance award when the board's committee confirmed results. Nothing was paid."
    for back in (1, 0):
        on = scene.yearly(4, 8, back)
        price = scene.price(cast.VERLAINE, on)
        scene.form4(
            cast.DRAKEMOND,
            row("A", "A", 22_000, on, price, notes={"code": earned}),
            row("F", "D", 9_240, on, price, notes={"code": WITHHELD}),
        )


def employee_plan_between_filings(scene: Scene) -> None:
    """A balance grows between filings by exempt plan purchases; a footnote on column 5, not on the trade, says so."""
    award = units("2024", "in three equal yearly parts")
    scene.owns(cast.NYBERG, award, 9_000)
    for back, plan_shares in ((1, 212), (0, 187)):
        on = scene.yearly(7, 1, back)
        acquired, withheld, settled = vested(award, 3_000, on, scene.price(cast.BRAMBLEWOOD, on))
        note = f"Includes {plan_shares} shares acquired under the issuer's employee stock purchase plan."
        acquired = replace(acquired, unreported=(plan_shares, note))
        scene.form4(cast.NYBERG, acquired, withheld, settled)


def award_forfeited(scene: Scene) -> None:
    """An officer leaves: unvested units go back to the issuer, code D in Table II. No market, no money."""
    award = units("2024 (retention)", "on the third anniversary")
    scene.owns(cast.RAVENSWORTH, award, 12_000)
    on = scene.ago(66)
    note = "Unvested units given up under the terms of the award when the reporting person left the issuer."
    scene.form4(
        cast.RAVENSWORTH, row("D", "D", 12_000, on, FREE, security=award, notes={"code": note}), exit_box=True,
        remarks="The reporting person is no longer an officer of the issuer.",
    )  # fmt: skip


def dividend_equivalents(scene: Scene) -> None:
    """Small fractions credited as dividends on phantom units, with decimals as filed, and a balance that follows."""
    phantom = Grant(
        "Phantom Stock Units",
        "Each phantom stock unit is worth one share of common stock.",
        "Units are settled in cash when service on the board ends.",
        "Units are settled in cash when service on the board ends.",
    )
    scene.owns(cast.WEXFORD, phantom, 6_120)
    note = "Units credited in place of dividends and of a cash retainer that the reporting person deferred."
    for back in (1, 0):
        on = scene.yearly(9, 30, back)
        scene.form4(
            cast.WEXFORD,
            row("A", "A", 164, on, scene.price(cast.BRAMBLEWOOD, on), security=phantom, notes={"code": note}),
        )


STORIES = (
    annual_equity_awards, directors_yearly_shares, quarterly_vesting, sell_to_cover, performance_shares,
    employee_plan_between_filings, award_forfeited, dividend_equivalents,
)  # fmt: skip
