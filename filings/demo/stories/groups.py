"""Several owners behind one event: a person and a trust, a fund and those who run it, a family of twelve."""

from __future__ import annotations

from dataclasses import replace

from filings.demo import cast
from filings.demo.rows import Row, bought, held_by, sold
from filings.demo.scene import Scene
from filings.demo.stories.buying import FUND_NOTE

CLASS_A = cast.CASTELLANE.common


def person_and_trust_file_together(scene: Scene) -> None:
    """The founder and his family's trust file jointly: two owners, one row each time, one decision."""
    place = held_by("By Castellane 2011 Family Trust (Demo)")
    scene.owns(cast.FOUNDER, CLASS_A, 600_000, place)
    note = "Held by the trust. The first reporting person is its trustee and may be deemed to own the shares."
    for days, shares in ((940, 12_000), (760, 12_000), (580, 10_000), (215, 15_000)):
        on = scene.ago(days)
        price = scene.price(cast.CASTELLANE, on)
        sale = sold(shares, on, price, security=CLASS_A, place=place, notes={"ownership": note})
        scene.form4((cast.FOUNDER, cast.FAMILY_TRUST), sale)


def fund_chain_reports_twice(scene: Scene) -> None:
    """Fund, general partner and manager file one form; the director they sent to the board files the same rows again.

    Two accessions, four owners, one purchase: issuer, class, date, code, shares, price and balance are all equal.
    """
    fund = held_by("By Orchardvale Master Fund LP (Demo)")
    for days, shares in ((655, 80_000), (362, 65_000)):
        on = scene.ago(days)
        first = scene.form4(
            (cast.ORCHARD_FUND, cast.ORCHARD_GP, cast.ORCHARD_MANAGER),
            bought(shares, on, scene.price(cast.TIDEWRACK, on), notes={"ownership": FUND_NOTE}),
            lag=1,
        )

        def by_the_director(rows: list[Row]) -> list[Row]:
            return [replace(row, place=fund) for row in rows]

        scene.file("4", cast.QUENNELL, [], period=on, lag=2, earlier=first, restates=by_the_director)


def group_too_large_for_one_form(scene: Scene) -> None:
    """Twelve members of a family act as one group. A form takes ten owners, so each report comes in two accessions."""
    scene.owns(cast.ASHGROVES[0], "Common Stock", 310_000)
    note = "Bought by Ashgrove Elinor (Demo). The reporting persons form a group; each disclaims what the others own."
    for days, shares in ((410, 6_000), (205, 4_500)):
        on = scene.ago(days)
        purchase = bought(shares, on, scene.price(cast.HARROWGATE, on), notes={"ownership": note})
        first = scene.form4(cast.ASHGROVES[:10], purchase, lag=2, remarks="First of two reports: form one of two.")
        scene.file(
            "4", cast.ASHGROVES[10:], [], period=on, filed_on=first.filed_on, at=first.at.replace(second=59),
            earlier=first, restates=list, remarks="Second of two reports: form two of two.",
        )  # fmt: skip


STORIES = (person_and_trust_file_together, fund_chain_reports_twice, group_too_large_for_one_form)
