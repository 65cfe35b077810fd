"""First statements: who arrives, and with what."""

from __future__ import annotations

from filings.demo import cast
from filings.demo.rows import held_by, holding
from filings.demo.scene import Scene
from filings.demo.stories.options import in_years, option
from filings.demo.stories.pay import units


def first_statements(scene: Scene) -> None:
    """Insiders join and say what they already hold: shares only, and the date of the event is the period of report."""
    seats = (cast.URQUHART, cast.CALLOWAY, cast.NIGHTINGALE, cast.MULCASTER, cast.TEMPLETON, cast.MORELAND)
    for index, seat in enumerate(seats):
        scene.form3(seat, scene.ago(1_092 - index), holding(shares=seat.owns), lag=scene.dice.randrange(2, 6))


def officer_arrives_with_awards(scene: Scene) -> None:
    """A new officer's Form 3 lists shares, unvested units and an option, each on its own line."""
    grant = option("52.00", in_years(scene, 5.5))
    award = units("joining", "in four equal yearly parts")
    scene.form3(
        cast.KOLL, scene.ago(1_080), holding(shares=51_000), holding(shares=24_000, security=award),
        holding(shares=30_000, security=grant), lag=5,
    )  # fmt: skip


def nothing_is_owned(scene: Scene) -> None:
    """A director joins without a single share: the form has no rows, and says that no securities are owned."""
    scene.form3(cast.SALTER, scene.ago(196), remarks="No securities are owned.")


def many_lines_of_one_owner(scene: Scene) -> None:
    """One person's shares in six places: own name, spouse, children, two trusts and a company, with disclaimers."""
    event = scene.ago(1_060)
    disclaimer = "The reporting person disclaims beneficial ownership except to the extent of a pecuniary interest."
    scene.form3(
        cast.DAUGHTER, event,
        holding(shares=18_000, security=cast.CASTELLANE.common),
        *(
            holding(held_by(nature), shares, cast.CASTELLANE.common, notes={"ownership": disclaimer})
            for nature, shares in (
                ("By spouse", 1_200), ("By children", 2_400), ("By Royce Dynasty Trust (Demo)", 44_000),
                ("By grantor retained annuity trust", 15_000), ("By Castle Lane LLC (Demo)", 7_700),
            )
        ),
    )  # fmt: skip


def first_statement_too_late(scene: Scene) -> None:
    """A Form 3 that comes a month after the event, where ten days are allowed."""
    scene.form3(cast.QUENNELL, scene.ago(1_030), lag=24, remarks="No securities are owned directly.")


STORIES = (
    first_statements, officer_arrives_with_awards, nothing_is_owned, many_lines_of_one_owner, first_statement_too_late,
)  # fmt: skip
