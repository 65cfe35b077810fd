"""Shares that change hands or shape without a market: gifts, inheritance, plans, pledges, hedges, conversions."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from filings.demo import cast
from filings.demo.rows import FREE, Grant, exercise, held_by, holding, row
from filings.demo.scene import Scene

CLASS_A, CLASS_B = "Class A Common Stock", "Class B Common Stock"
NO_PRICE = "A gift; nothing was paid or received."
SUPERVOTING = Grant(
    CLASS_B,
    "Each share of Class B Common Stock may be exchanged for one share of Class A Common Stock at any time.",
    "At any time, at the holder's choice.",
    "Class B Common Stock has no expiration date.",
    underlying=CLASS_A,
)


def gift(shares: int, on, to: str, *, received: bool = False, **more):
    return row("G", "A" if received else "D", shares, on, FREE, notes={"code": to, "price": NO_PRICE}, **more)


def gift_to_a_family_trust(scene: Scene) -> None:
    """Shares leave the direct line and arrive in a trust's line on the same form: nothing left the family."""
    on = scene.ago(390)
    trust = held_by("By Halloran Family Trust (Demo)")
    note = "Given to a trust for the reporting person's family. The reporting person is a trustee and keeps the vote."
    scene.form4(cast.HALLORAN, gift(10_000, on, note), gift(10_000, on, note, received=True, place=trust))


def gift_to_charity_near_a_peak(scene: Scene) -> None:
    """Castellane's founder gives millions in shares to a foundation, weeks before the price falls by a quarter."""
    on = scene.ago(101)
    note = "Given to the Castellane Foundation (Demo), a charity of which the reporting person is a director."
    scene.form4(cast.FOUNDER, gift(40_000, on, note, security=CLASS_A))


def gift_received(scene: Scene) -> None:
    """A daughter receives shares from her father: an acquisition by gift, which may wait for Form 5."""
    on = scene.yearly(8, 5)
    note = "Received from the reporting person's father."
    scene.form4(cast.DAUGHTER, gift(2_500, on, note, received=True, security=CLASS_A))


def gift_reported_early(scene: Scene) -> None:
    """Such a gift on a Form 4 although Form 5 would do: row form type 5, timeliness E, which EDGAR shows as V."""
    on = scene.ago(310)
    note = "Received from a member of the family."
    early = gift(1_500, on, note, received=True, security=CLASS_A, form_type="5", timeliness="E")
    scene.form4(cast.DAUGHTER, early)


def inheritance(scene: Scene) -> None:
    """Shares pass by will, code W: acquired without a decision, reported early by choice."""
    on = scene.ago(428)
    note = "Received under the will of the reporting person's mother. Nothing was paid."
    scene.form4(cast.MORELAND, row("W", "A", 2_200, on, FREE, notes={"code": note}, form_type="5", timeliness="E"))


def voting_trust(scene: Scene) -> None:
    """Shares go into a voting trust and, a year later, half of them come back: code Z both ways."""
    trust = held_by("By voting trust")
    for days, into, note in (
        (560, True, "Deposited in a voting trust in return for certificates. The economic interest did not change."),
        (190, False, "Withdrawn from the voting trust when part of it ended."),
    ):
        on, size = scene.ago(days), 8_000 if into else 4_000
        out, back = ("D", "A") if into else ("A", "D")
        scene.form4(
            cast.PLIMSOLL,
            row("Z", out, size, on, FREE, notes={"code": note}),
            row("Z", back, size, on, FREE, place=trust, notes={"code": note}),
        )


def small_acquisitions(scene: Scene) -> None:
    """A director buys a few shares for under $10,000 in six months, code L, reported early."""
    for days in (472, 360):
        on = scene.ago(days)
        price = scene.price(cast.HARROWGATE, on)
        scene.form4(cast.MORELAND, row("L", "A", 120, on, price, form_type="5", timeliness="E"))


def retirement_plan_switch(scene: Scene) -> None:
    """Money moves inside a 401(k) plan, into the issuer's stock fund and out again: code I, an own choice."""
    plan = held_by("By 401(k) plan")
    scene.owns(cast.GRANTHAM, "Common Stock", 5_200, plan)
    note = "A transfer within the issuer's 401(k) plan. The number of shares is computed from units of the stock fund."
    for days, direction in ((530, "A"), (244, "D")):
        on = scene.ago(days)
        price = scene.price(cast.HARROWGATE, on)
        scene.form4(cast.GRANTHAM, row("I", direction, 850, on, price, place=plan, notes={"code": note}))


def repurchase_by_the_issuer(scene: Scene) -> None:
    """A fund sells a block back to the company: code D in Table I, at an agreed price."""
    on = scene.ago(430)
    note = "Sold to the issuer under a repurchase agreement that a committee of independent directors approved."
    scene.form4(
        (cast.ORCHARD_FUND, cast.ORCHARD_GP, cast.ORCHARD_MANAGER),
        row("D", "D", 500_000, on, scene.price(cast.TIDEWRACK, on), notes={"code": note}),
    )


def divided_by_divorce(scene: Scene) -> None:
    """Code J with a footnote: shares pass to a former spouse under a court's order. Not a sale."""
    on = scene.ago(495)
    note = "Transferred to the reporting person's former spouse under a domestic relations order."
    scene.form4(cast.CORRIGAN, row("J", "D", 6_000, on, FREE, notes={"code": note}))


def pledged_shares(scene: Scene) -> None:
    """Shares of Class B become Class A, and a footnote on the balance says that most of it is pledged for a loan."""
    on = scene.ago(350)
    note = "Includes 150,000 shares pledged as security for a personal loan from a bank."
    scene.owns(cast.FOUNDER, SUPERVOTING, 3_000_000)
    convert, give = exercise(SUPERVOTING, 20_000, on, code="C")
    convert = replace(convert, notes={**convert.notes, "shares_owned_following": note})
    scene.form4(cast.FOUNDER, convert, give, holding(held_by("By spouse"), 9_000, CLASS_A))


def conversion_then_sale(scene: Scene) -> None:
    """Class B turns into Class A (C in both tables) and the Class A shares are sold: only the S is a trade."""
    for days in (460, 279):
        on = scene.ago(days)
        convert, give = exercise(SUPERVOTING, 15_000, on, code="C")
        scene.form4(
            cast.FOUNDER, convert, row("S", "D", 15_000, on, scene.price(cast.CASTELLANE, on), security=CLASS_A), give
        )


def prepaid_forward(scene: Scene) -> None:
    """Cash now, shares in two years: a prepaid variable forward in Table II, most of a sale under another name."""
    on = scene.ago(160)
    due = on + timedelta(days=730)
    contract = Grant(
        "Prepaid Variable Forward Contract (Obligation to Sell)",
        "The price depends on the market price at maturity, between a floor of $88.00 and a cap of $132.00 per share.",
        due, due, underlying=CLASS_A,
    )  # fmt: skip
    note = (
        "Under a prepaid variable forward contract with a bank the reporting person received cash at once and must "
        "deliver up to 200,000 shares at maturity, as many as the price then asks for. They are pledged until then."
    )
    scene.form4(cast.FOUNDER, row("J", "A", 200_000, on, None, security=contract, notes={"code": note, "price": note}))


def collar(scene: Scene) -> None:
    """A bought put and a written call at no cost: below one price and above another the holder no longer takes part."""
    on = scene.ago(238)
    ends = on + timedelta(days=365)
    put = Grant("Put Option (Right to Sell)", Decimal("70.00"), ends, ends, underlying=CLASS_A)
    call = Grant("Call Option (Obligation to Sell)", Decimal("125.00"), ends, ends, underlying=CLASS_A, short=True)
    note = "A zero-cost collar: the put was paid for with the premium of the call. Both can be used at expiry only."
    scene.form4(
        cast.WINTERBOURNE,
        row("P", "A", 6_000, on, Decimal("4.10"), security=put, notes={"code": note}),
        row("S", "D", 6_000, on, Decimal("4.10"), security=call, notes={"code": note}),
    )


def equity_swaps(scene: Scene) -> None:
    """A fund takes and leaves exposure by cash-settled swaps: the swap flag is set, which EDGAR shows as K."""
    ends = scene.ago(-400)
    for days, direction, size in ((288, "A", 250_000), (133, "D", 250_000)):
        on = scene.ago(days)
        price = scene.price(cast.TIDEWRACK, on)
        note = "A cash-settled total return swap with a bank. It gives no right to vote or to receive shares."
        reference = "The reference price of the swap is in the price column."
        swap = Grant("Total Return Swap", reference, note, ends)
        code = "P" if direction == "A" else "S"
        scene.form4(
            (cast.ORCHARD_FUND, cast.ORCHARD_GP, cast.ORCHARD_MANAGER),
            row(code, direction, size, on, price, security=swap, swap=True, notes={"code": note}),
        )


def convertible_notes(scene: Scene) -> None:
    """A director's convertible notes turn into shares at their fixed price: code C, no new money."""
    notes = Grant("7.5% Convertible Notes", Decimal("1.60"), "The notes may be converted at any time.", scene.ago(-500))
    scene.owns(cast.MULCASTER, notes, 250_000)
    on = scene.ago(180)
    first, second = exercise(notes, 125_000, on, code="C")
    scene.form4(cast.MULCASTER, first, second)


STORIES = (
    gift_to_a_family_trust, gift_to_charity_near_a_peak, gift_received, gift_reported_early, inheritance, voting_trust,
    small_acquisitions, retirement_plan_switch, repurchase_by_the_issuer, divided_by_divorce, pledged_shares,
    conversion_then_sale, prepaid_forward, collar, equity_swaps, convertible_notes,
)  # fmt: skip
