"""Names over time: a company that was called something else, a daughter who married, one person at two companies."""

from __future__ import annotations

from filings.demo import cast
from filings.demo.rows import FREE, bought, row, sold
from filings.demo.scene import Scene


def married_name(scene: Scene) -> None:
    """Castellane Bianca and Royce Bianca are one CIK: a sale under the one name, two under the other."""
    for days, shares in ((625, 1_000), (350, 800), (168, 900)):
        on = scene.ago(days)
        scene.form4(cast.DAUGHTER, sold(shares, on, scene.price(cast.CASTELLANE, on), security=cast.CASTELLANE.common))


def issuer_renamed(scene: Scene) -> None:
    """Fenwick Optical became Halden Photonics, with another ticker: one CIK, and filings on both sides of the day."""
    for days, shares in ((850, 1_200), (470, 900), (300, 1_000)):
        on = scene.ago(days)
        scene.form4(cast.CORRIGAN, bought(shares, on, scene.price(cast.HALDEN, on)))


def one_person_at_two_issuers(scene: Scene) -> None:
    """Dunmarrow's CEO is also a director of Saltbridge: two histories of one person, never added up."""
    for days, shares in ((830, 1_000), (420, 1_200), (95, 800)):
        on = scene.ago(days)
        scene.form4(cast.GALBRAITH, bought(shares, on, scene.price(cast.DUNMARROW, on)))
    note = "Shares awarded for a year of service on the board."
    on = scene.ago(520)
    scene.form4(cast.GALBRAITH_AT_SALTBRIDGE, row("A", "A", 1_500, on, FREE, notes={"code": note}))


STORIES = (married_name, issuer_renamed, one_person_at_two_issuers)
