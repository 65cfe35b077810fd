"""The screener that people come from: each of its parameters has a criterion here, or the document says why not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from signals.criteria import BY_KEY, from_query

ROWS = [
    [cell.strip() for cell in line.strip("|\n ").split(" | ")]
    for line in Path("docs/openinsider.md").read_text().splitlines()
    if line.startswith("| `")
]
# As its own address names them.
PARAMETERS = re.findall(
    r"\w+",
    """s o pl ph ll lh fd fdr td tdr fdlyl fdlyh daysago xp xs xa xd xg xf xm xx xc xw vl vh ocl och sic1 sicl sich
    isofficer iscob isceo ispres iscoo iscfo isgc isvp isdirector istenpercent isother excludeDerivRelated tmult
    grp nfl nfh nil nih nol noh v2l v2h oc2l oc2h sortcol cnt page""",
)
NOT_HERE = {"`ll`, `lh`", "`tmult`", "`page`"}


def test_every_parameter_has_its_row():
    assert sorted(name for row in ROWS for name in re.findall(r"`(\w+)`", row[0])) == sorted(PARAMETERS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_row_names_criteria_that_ask_something_or_says_why_there_are_none(row):
    theirs, _, ours = row
    if theirs in NOT_HERE:
        assert re.match(r"not here: \w+ \w+", ours)
        return
    (query, *_) = re.findall(r"`([^`]+)`", ours)
    asked = from_query(query)
    assert asked.query == query  # in its one spelling, with nothing left out
    assert set(asked.keys) <= set(BY_KEY)
    low_and_high = len(re.findall(r"`", theirs)) == 4 and theirs[-2] == "h"
    if low_and_high:
        assert {key[:4] for key in asked.keys if key != "group"} == {"min_", "max_"}
