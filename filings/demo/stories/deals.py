"""What a company does to all its holders: an IPO, a takeover, a split, a spin-off, a fund's distribution."""

from __future__ import annotations

from decimal import Decimal

from filings.demo import cast
from filings.demo.rows import FREE, Grant, bought, exercise, held_by, holding, row, sold
from filings.demo.scene import Scene
from filings.demo.stories.options import in_years, option

CLASS_A = cast.PELLWORM.common
IPO, IPO_PRICE, LOCKUP = 420, Decimal("26.00"), 180
PREFERRED = Grant(
    "Series C Preferred Stock",
    "Each share of preferred stock turned into one share of Class A Common Stock at the closing of the offering.",
    "At any time, and by itself at the closing of the initial public offering.",
    "The preferred stock has no expiration date.",
    underlying=CLASS_A,
)
FUND_NOTE = (
    "Held by the fund. Its general partner decides on voting and disposal, may be deemed to own the shares, and "
    "disclaims beneficial ownership except to the extent of its pecuniary interest."
)
FUND = (cast.COPPERFINCH_FUND, cast.COPPERFINCH_GP)


def initial_public_offering(scene: Scene) -> None:
    """Pellworm goes public: five Form 3s on one day, then at the closing the fund's preferred stock converts, code C.

    A director is given the chance to buy shares of the offering at its price: code P, and no market trade.
    """
    on = scene.ago(IPO)
    grant = option("6.40", in_years(scene, 6), underlying=CLASS_A)
    stakes = ((cast.REID, 1_400_000, 300_000), (cast.OSEI, 90_000, 120_000), (cast.VANDERMEER, 640_000, 150_000))
    for seat, shares, options in stakes:
        scene.form3(seat, on, holding(shares=shares, security=CLASS_A), holding(shares=options, security=grant), lag=0)
    scene.form3(cast.LARKIN, on, lag=0, remarks="No securities are owned.")
    scene.form3(FUND, on, holding(shares=5_200_000, security=PREFERRED, notes={"ownership": FUND_NOTE}), lag=0)
    closing = scene.later(on, 2)
    convert, gone = exercise(PREFERRED, 5_200_000, closing, code="C")
    scene.form4(FUND, convert, gone, remarks="Converted upon the closing of the issuer's initial public offering.")
    note = "Bought in the issuer's initial public offering through a directed share program, at the offering price."
    scene.form4(cast.LARKIN, bought(3_000, closing, IPO_PRICE, security=CLASS_A, notes={"code": note}))


def lockup_expires(scene: Scene) -> None:
    """180 days after the offering the lock-up ends, and within two weeks three officers and the fund sell."""
    note = "Sold after the end of the lock-up agreement that the reporting person gave to the underwriters."
    for seat, days, shares in ((cast.OSEI, 239, 30_000), (cast.VANDERMEER, 237, 160_000), (cast.REID, 234, 250_000)):
        on = scene.ago(days)
        scene.form4(seat, sold(shares, on, scene.price(cast.PELLWORM, on), security=CLASS_A, notes={"code": note}))
    on = scene.ago(231)
    price = scene.price(cast.PELLWORM, on)
    scene.form4(FUND, sold(900_000, on, price, security=CLASS_A, notes={"ownership": FUND_NOTE}))


def fund_distributes_to_partners(scene: Scene) -> None:
    """The fund hands shares to its partners pro rata, code J: it holds less, and nobody sold."""
    on = scene.ago(96)
    note = "A distribution in kind by the fund to its partners, pro rata and without payment."
    partner = held_by("By Copperfinch Ventures GP III LLC (Demo)")
    scene.form4(
        FUND,
        row("J", "D", 1_800_000, on, FREE, security=CLASS_A, notes={"code": note}),
        row("J", "A", 90_000, on, FREE, security=CLASS_A, place=partner, notes={"code": note}),
    )


def split_reported_as_j(scene: Scene) -> None:
    """Quillmark's insiders need not report its 3-for-1 split, and most do not; one does, code J with a footnote."""
    on = scene.world.splits[cast.QUILLMARK.cik].on
    note = "Shares received in the issuer's 3-for-1 share split, which was the same for all holders."
    scene.form4(cast.PRITCHARD, row("J", "A", None, on, FREE, reports_split=True, notes={"code": note}))


def spin_off(scene: Scene) -> None:
    """Dunmarrow hands part of Saltbridge to its own holders: a J that looks like a huge disposal and is no sale."""
    on = scene.ago(700)
    note = "Distributed to the reporting person's own shareholders, pro rata, in a spin-off. Nothing was paid."
    scene.form4(cast.DUNMARROW_AT_SALTBRIDGE, row("J", "D", 1_900_000, on, FREE, notes={"code": note}))
    received = "Received as a shareholder of Dunmarrow Holdings Inc. (Demo) in its distribution of the issuer's shares."
    scene.form4(cast.GALBRAITH_AT_SALTBRIDGE, row("J", "A", 1_100, on, FREE, notes={"code": received}))


def issuer_owns_an_issuer(scene: Scene) -> None:
    """Dunmarrow files as an owner of Saltbridge: a company among insiders, whose purchases are no person's view."""
    for days in (880, 640):
        on = scene.ago(days)
        scene.form4(cast.DUNMARROW_AT_SALTBRIDGE, bought(60_000, on, scene.price(cast.SALTBRIDGE, on)))


def tender_offer(scene: Scene) -> None:
    """Saltbridge is bought for $35.00 a share: holders tender, code U, at one price. A deal's end, not a view."""
    on = scene.ago(150)
    note = "Tendered for $35.00 per share in cash in the offer made under the merger agreement."
    sizes = {cast.GALBRAITH_AT_SALTBRIDGE: 5_100, cast.HOLLOWAY: 40_000, cast.DUNMARROW_AT_SALTBRIDGE: 7_320_000}
    for seat, shares in sizes.items():
        scene.form4(seat, row("U", "D", shares, on, Decimal("35.00"), notes={"code": note}))


def merger_cash_out(scene: Scene) -> None:
    """At the closing what was not tendered, and the options, become cash: code D, and the exit box is ticked."""
    on = scene.ago(147)
    shares_note = "Turned into the right to receive $35.00 per share in cash when the merger took effect."
    option_note = "Cancelled in the merger for the difference between $35.00 and the exercise price, in cash."
    for seat, shares, count in ((cast.HOLLOWAY, 18_000, 50_000), (cast.TEMPLETON, 21_500, 24_000)):
        grant = option("19.50", in_years(scene, 4 if seat is cast.HOLLOWAY else 5))
        scene.owns(seat, grant, count)
        scene.form4(
            seat,
            row("D", "D", shares, on, Decimal("35.00"), notes={"code": shares_note}),
            row("D", "D", count, on, FREE, security=grant, notes={"code": option_note}),
            exit_box=True,
        )


STORIES = (
    initial_public_offering, lockup_expires, fund_distributes_to_partners, split_reported_as_j, spin_off,
    issuer_owns_an_issuer, tender_offer, merger_cash_out,
)  # fmt: skip
