"""Purchases: alone, together, for the first time, on the way down, and in a placement that is no market trade."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from filings.demo import cast
from filings.demo.parties import Seat
from filings.demo.rows import bought, held_by, holding
from filings.demo.scene import Scene


def buy(scene: Scene, seat: Seat, on: date, shares: int) -> None:
    scene.form4(seat, bought(shares, on, scene.price(seat.issuer, on), security=seat.issuer.common))


def tight_cluster_in_a_dip(scene: Scene) -> None:
    """Bramblewood fell by a third; then its CEO, CFO and two directors buy within four trading days."""
    start = scene.ago(224)
    for seat, days, shares in (
        (cast.HALLORAN, 0, 12_000),
        (cast.NYBERG, 1, 3_000),
        (cast.OYELARAN, 1, 1_500),
        (cast.KETTLEWELL, 3, 2_200),
    ):
        buy(scene, seat, scene.later(start, days), shares)


def loose_cluster(scene: Scene) -> None:
    """Three insiders of one issuer buy within two weeks, none within two trading days of another."""
    start = scene.ago(530)
    for seat, days, shares in ((cast.FENWICK, 0, 9_000), (cast.CORRIGAN, 4, 4_500), (cast.NIGHTINGALE, 8, 3_600)):
        buy(scene, seat, scene.later(start, days), shares)


def pair_is_no_cluster(scene: Scene) -> None:
    """Two directors buy on consecutive days: a pair, one short of a cluster."""
    start = scene.ago(640)
    buy(scene, cast.FAIRWEATHER, start, 1_000)
    buy(scene, cast.DRAKEMOND, scene.later(start, 1), 2_500)


def private_placement(scene: Scene) -> None:
    """Four insiders of Marrowick buy from the company itself, same day, same price: code P, and no cluster."""
    on = scene.ago(520)
    note = (
        "Bought from the issuer in a private placement under a securities purchase agreement, at the price and on the "
        "terms of all other investors. This was not a purchase in the open market."
    )
    sizes = {cast.GRUBER: 200_000, cast.TALLIS: 40_000, cast.HAWKSWORTH: 150_000, cast.MULCASTER: 80_000}
    for seat, shares in sizes.items():
        scene.form4(seat, bought(shares, on, Decimal("1.25"), notes={"code": note}))


def first_purchase_after_long_tenure(scene: Scene) -> None:
    """A director's Form 3 is seven years old; he has only ever been given shares. Now he buys for the first time."""
    scene.form3(cast.DELACROIX, scene.ago(2_620), remarks="Elected to the board.")
    on = scene.ago(128)
    price = scene.price(cast.QUILLMARK, on)
    scene.form4(cast.DELACROIX, bought(3_000, on, price))


def chief_executive_buys_a_million(scene: Scene) -> None:
    """Tidewrack's CEO buys for more than a million dollars on one day, in four bands with their price ranges."""
    on = scene.ago(771)
    bands = scene.tranches(cast.TIDEWRACK, on, 80_000, 4, step="0.12")
    scene.form4(cast.STRANDBERG, *(bought(b.shares, on, b.average, notes={"price": b.note}) for b in bands))


def chief_financial_officer_raises_stake(scene: Scene) -> None:
    """A CFO's purchase of some 300,000 dollars raises her stake by half."""
    buy(scene, cast.CALLOWAY, scene.ago(757), 19_500)


def averaging_down(scene: Scene) -> None:
    """A CFO buys three times, each time about a fifth below the last."""
    for days, shares in ((705, 2_000), (635, 2_500), (575, 3_000)):
        buy(scene, cast.CORRIGAN, scene.ago(days), shares)


def purchases_for_the_family(scene: Scene) -> None:
    """One purchase directly, one by the spouse, one in a child's account: three lines, with a disclaimer."""
    on = scene.ago(447)
    spouse, child = held_by("By spouse"), held_by("By custodian account for child")
    disclaimer = (
        "The reporting person disclaims beneficial ownership of these securities except to the extent of any pecuniary "
        "interest, and this report is no admission of ownership for any purpose."
    )
    notes = {"ownership": disclaimer}
    scene.owns(cast.PLIMSOLL, "Common Stock", 4_000, spouse)
    scene.owns(cast.PLIMSOLL, "Common Stock", 600, child)
    llc = held_by("By Plimsoll Holdings LLC (Demo)")
    scene.owns(cast.PLIMSOLL, "Common Stock", 12_000, llc)
    scene.form4(
        cast.PLIMSOLL,
        bought(1_000, on, scene.price(cast.HARROWGATE, on)),
        bought(500, on, scene.price(cast.HARROWGATE, on), place=spouse, notes=notes),
        bought(100, on, scene.price(cast.HARROWGATE, on), place=child, notes=notes),
        holding(llc, notes={"nature_of_ownership": "The reporting person is the manager of this company."}),
    )


def retirement_account_purchase(scene: Scene) -> None:
    """A purchase inside an IRA: indirect, and as much the insider's own decision as a direct one."""
    on = scene.ago(172)
    scene.form4(cast.KETTLEWELL, bought(900, on, scene.price(cast.BRAMBLEWOOD, on), place=held_by("By IRA")))


def dividend_reinvestment(scene: Scene) -> None:
    """Code P for a handful of shares that a dividend bought by itself: reported, and no decision of that day."""
    note = "Bought by a broker's automatic dividend reinvestment, which is not the issuer's own plan."
    for back in (1, 0):
        on = scene.yearly(6, 14, back)
        scene.form4(cast.KETTLEWELL, bought(38, on, scene.price(cast.BRAMBLEWOOD, on), notes={"code": note}))


def fund_builds_a_stake(scene: Scene) -> None:
    """A ten-percent holder buys for two weeks running: one fund's campaign, not a cluster of people."""
    for days in (97, 94, 91, 88, 85):
        on = scene.ago(days)
        scene.form4(
            (cast.ORCHARD_FUND, cast.ORCHARD_GP, cast.ORCHARD_MANAGER),
            *(
                bought(band.shares, on, band.average, notes={"price": band.note, "ownership": FUND_NOTE})
                for band in scene.tranches(cast.TIDEWRACK, on, 120_000, 3, step="0.20")
            ),
        )


FUND_NOTE = (
    "Held directly by the master fund. Its general partner and its investment manager may be deemed to own the "
    "securities and disclaim beneficial ownership except to the extent of their pecuniary interest."
)

STORIES = (
    tight_cluster_in_a_dip, loose_cluster, pair_is_no_cluster, private_placement, first_purchase_after_long_tenure,
    chief_executive_buys_a_million, chief_financial_officer_raises_stake, averaging_down, purchases_for_the_family,
    retirement_account_purchase, dividend_reinvestment, fund_builds_a_stake,
)  # fmt: skip
