"""The invented archive: its balances add up, its mix is the SEC's, and equal arguments give equal files."""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from filings.ownership.dataset import day_of, read_rows
from filings.ownership.document import OwnershipDocument
from filings.ownership.parse import parse
from filings.ownership.quarter import filings_of, opened
from filings.ownership.submission import read_submission
from signals.readings.securities import COMMON, DEPOSITARY, PREFERRED, UNIT, security_class
from tests.archive import make
from tests.archive.invented import (
    FIRST_INSIDER,
    FIRST_ISSUER,
    LEAST_QUARTERS,
    MARK,
    issuers_for,
    share_title,
    shares_of,
)
from tests.archive.story import INDIRECT

COUNT = 3_000


@pytest.fixture(scope="module")
def sets(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return make.make(filings=COUNT, out=tmp_path_factory.mktemp("archive"), processes=1)


def rows(sets: list[Path], table: str) -> Iterator[dict[str, str]]:
    for folder in sets:
        with (folder / f"{table}.tsv").open() as file:
            yield from csv.DictReader(file, delimiter="\t")


def test_it_has_as_many_filings_as_were_asked_for_in_whole_quarters(sets):
    accessions = [row["ACCESSION_NUMBER"] for row in rows(sets, "SUBMISSION")]

    assert len(accessions) == len(set(accessions)) == COUNT
    assert len(sets) == LEAST_QUARTERS
    for row in rows(sets[-1:], "SUBMISSION"):
        assert date(2026, 7, 1) <= (day_of(row["FILING_DATE"]) or date.min) <= date(2026, 9, 30)


def test_everybody_in_it_is_marked_as_invented(sets):
    for row in rows(sets, "SUBMISSION"):
        assert row["ISSUERNAME"].endswith(MARK)
        assert int(row["ISSUERCIK"]) >= FIRST_ISSUER
        assert len(row["ISSUERTRADINGSYMBOL"]) > 5
    for row in rows(sets, "REPORTINGOWNER"):
        assert row["RPTOWNERNAME"].endswith(MARK)
        assert int(row["RPTOWNERCIK"]) >= FIRST_INSIDER


def test_every_row_is_read_without_an_issue(sets, tmp_path: Path):
    seen = 0
    for folder in sets:
        with opened(folder) as data_set:
            assert [note for note in data_set.notes if "nobody knows" in note] == []
            parts = tmp_path / folder.name
            parts.mkdir()
            for part in data_set.split(parts):
                for filing in filings_of(part):
                    _, document = read_rows(filing.rows)
                    assert document.issues == (), filing.accession
                    seen += 1
    assert seen == COUNT


def test_balances_add_up_inside_a_filing_and_from_one_to_the_next(sets):
    people: dict[str, list[str]] = {}
    for row in rows(sets, "REPORTINGOWNER"):
        people.setdefault(row["ACCESSION_NUMBER"], []).append(row["RPTOWNERCIK"])
    amendments = {row["ACCESSION_NUMBER"] for row in rows(sets, "SUBMISSION") if row["DOCUMENT_TYPE"] == "4/A"}
    held: dict[tuple[str, str], float] = {}
    followed = 0
    for row in sorted(rows(sets, "NONDERIV_TRANS"), key=lambda row: int(row["NONDERIV_TRANS_SK"])):
        if row["ACCESSION_NUMBER"] in amendments:
            continue
        line = people[row["ACCESSION_NUMBER"]][0], row["NATURE_OF_OWNERSHIP"]
        shares = float(row["TRANS_SHARES"]) * (1 if row["TRANS_ACQUIRED_DISP_CD"] == "A" else -1)
        after = float(row["SHRS_OWND_FOLWNG_TRANS"])
        assert shares != 0
        assert after >= 0
        if line in held and after:
            assert after == held[line] + shares, row
            followed += 1
        held[line] = after
    assert followed > COUNT / 2


def test_the_mix_is_that_of_the_sec_s_counts(sets):
    codes = Counter(row["TRANS_CODE"] for row in rows(sets, "NONDERIV_TRANS"))
    share = {code: count / codes.total() for code, count in codes.items()}
    for code, (low, high) in {
        "S": (0.25, 0.48),
        "A": (0.16, 0.34),
        "M": (0.08, 0.2),
        "F": (0.07, 0.18),
        "P": (0.03, 0.13),
    }.items():
        assert low < share[code] < high, code
    assert 1.1 < codes.total() / COUNT < 1.7
    assert 1.5 < sum(1 for _ in rows(sets, "FOOTNOTES")) / COUNT < 3.2
    assert 1.0 < sum(1 for _ in rows(sets, "REPORTINGOWNER")) / COUNT < 1.1
    forms = Counter(row["DOCUMENT_TYPE"] for row in rows(sets, "SUBMISSION"))
    assert 0.005 < forms["4/A"] / COUNT < 0.03


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Enough that a code of one row in fifty has hundreds."""
    return make.make(filings=20_000, out=tmp_path_factory.mktemp("many"), processes=1)


def test_each_code_is_as_often_indirect_as_in_the_table_counted_and_says_through_whom(many):
    held: dict[str, Counter[str]] = {}
    for row in rows(many, "NONDERIV_TRANS"):
        held.setdefault(row["TRANS_CODE"], Counter())[row["DIRECT_INDIRECT_OWNERSHIP"]] += 1
        assert (row["DIRECT_INDIRECT_OWNERSHIP"] == "I") == bool(row["NATURE_OF_OWNERSHIP"])
    for code, (near, rows_at_least) in {
        "A": (0.01, 5_000), "M": (0.01, 2_500), "D": (0.03, 300), "S": (0.06, 7_500), "P": (0.06, 1_200),
        "G": (0.1, 200), "J": (0.1, 250), "C": (0.15, 80),
    }.items():  # fmt: skip
        assert held[code].total() > rows_at_least, code
        assert abs(held[code]["I"] / held[code].total() - INDIRECT[code]) < near, code
    assert held["F"]["I"] / held["F"].total() < 0.03


def test_titles_are_as_often_those_of_issuers_as_in_the_tables_counted():
    titles = [share_title(number) for number in range(4_500)]
    classes = [security_class(title) for title in titles]
    share = {name: count / 4_500 for name, count in Counter(kind.name for kind in classes).items()}
    families = Counter(kind.family for kind in classes)

    assert abs(share["Common Stock"] - 0.803) < 0.002
    assert abs(share["Class A Common Stock"] - 0.120) < 0.002
    assert abs(share["Ordinary Shares"] - 0.023) < 0.001
    assert abs(share["Common Units"] - 0.0054) < 0.001
    assert abs(families[COMMON] / 4_500 - 0.984) < 0.002
    assert all(0 < families[family] < 20 for family in (UNIT, DEPOSITARY, PREFERRED))
    few = Counter(title.startswith("Class A Common") for title in titles[:128])
    assert 12 <= few[True] <= 19


def test_an_issuer_keeps_its_title(sets):
    issuer = {row["ACCESSION_NUMBER"]: row["ISSUERCIK"] for row in rows(sets, "SUBMISSION")}
    for table, column in (
        ("NONDERIV_TRANS", "SECURITY_TITLE"),
        ("NONDERIV_HOLDING", "SECURITY_TITLE"),
        ("DERIV_TRANS", "UNDLYNG_SEC_TITLE"),
    ):
        for row in rows(sets, table):
            assert row[column] == share_title(int(issuer[row["ACCESSION_NUMBER"]]) - FIRST_ISSUER)


def test_symbols_are_skewed_and_no_filing_is_lost_to_rounding():
    for filings, quarters in ((100, 14), (1_000_000, 20)):
        shares = shares_of(filings, issuers_for(filings, quarters))
        assert sum(shares) == filings
        assert min(shares) >= 1
        assert all(more >= less - 1 for more, less in pairwise(shares))
    assert shares[0] > 20 * shares[len(shares) // 2]
    assert len(shares) == 4_500


def test_equal_arguments_give_equal_files_whatever_the_processes_and_another_seed_others(sets, tmp_path: Path):
    again = make.make(filings=COUNT, out=tmp_path / "again", processes=1)
    other = make.make(filings=COUNT, out=tmp_path / "other", seed=2, processes=1)

    assert digest(again) == digest(sets)
    assert digest(other) != digest(sets)


def digest(sets: list[Path]) -> str:
    whole = hashlib.sha256()
    for folder in sets:
        for path in sorted(folder.iterdir()):
            whole.update(path.read_bytes())
    return whole.hexdigest()


def test_zips_hold_what_folders_hold(sets, tmp_path: Path):
    zips = make.make(filings=COUNT, out=tmp_path, zipped=True, processes=1)
    with opened(zips[-1]) as zipped, opened(sets[-1]) as folder:
        assert zipped.checksums() == folder.checksums()


def documents(data_set: Path, folder: Path) -> Iterator[tuple[str, OwnershipDocument]]:
    with opened(data_set) as tables:
        for part in tables.split(folder):
            for filing in filings_of(part):
                yield filing.accession, read_rows(filing.rows)[1]


def test_a_part_comes_as_full_submissions_that_say_the_same(sets, tmp_path: Path):
    count = make.submissions(sets[-1], 0.2, tmp_path / "submissions")

    files = list((tmp_path / "submissions").iterdir())
    assert len(files) == count > 10
    told = dict(documents(sets[-1], tmp_path))
    for path in files:
        submission = read_submission(path.read_bytes(), path.name)
        assert submission.accepted_at is not None
        document = parse(submission.xml)
        assert document.issues == ()
        assert document.lines == told[path.stem].lines
        assert document.footnotes == told[path.stem].footnotes
