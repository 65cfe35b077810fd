"""The archive on disk: one folder or zip of tables a quarter, made by several processes, and submissions of a part.

Memory does not grow with the archive: each process tells the stories of its filer agents' issuers, one after another,
and puts rows by into a file of its own; at the end these are joined.
"""

from __future__ import annotations

import os
import shutil
import zipfile
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from filings.ownership.dataset import read_rows
from filings.ownership.document import OwnershipDocument
from filings.ownership.quarter import filings_of, opened
from filings.ownership.write import to_xml
from tests.archive.invented import AGENTS, Calendar, issuers_for, shares_of
from tests.archive.story import Rows, Story
from tests.archive.tables import HEADERS

# The box of the form came with 2023, and the column with it.
BOX_QUARTER = (2023, 1)
_BUFFERED = 200_000


def make(
    *,
    filings: int,
    out: Path,
    seed: int = 1,
    zipped: bool = False,
    processes: int = os.cpu_count() or 1,
    step: Callable[[int], None] = lambda filings: None,
) -> list[Path]:
    """Writes an archive of so many filings below `out`; the paths of its data sets. Equal arguments, equal files."""
    calendar = Calendar.of(filings)
    shares = shares_of(filings, issuers_for(filings, len(calendar.quarters)))
    out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=out, prefix=".making-") as folder:
        groups = [range(agent, len(shares), AGENTS) for agent in range(AGENTS)]
        jobs = [
            (agent, [(n, shares[n]) for n in group], seed, filings, Path(folder)) for agent, group in enumerate(groups)
        ]
        if processes < 2 or filings < 20_000:
            for job in jobs:
                step(tell(*job))
        else:
            with ProcessPoolExecutor(processes) as pool:
                for told in pool.map(tell, *zip(*jobs, strict=True)):
                    step(told)
        return [join(Path(folder), number, quarter, out, zipped) for number, quarter in enumerate(calendar.quarters)]


def one_issuer(*, filings: int, out: Path, seed: int = 1, like: int = 50_000) -> list[Path]:
    """An archive of a single issuer, over as many quarters as one of `like` filings has."""
    calendar = Calendar.of(like)
    out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=out, prefix=".making-") as folder:
        tell(0, [(0, filings)], seed, like, Path(folder))
        return [join(Path(folder), number, quarter, out, False) for number, quarter in enumerate(calendar.quarters)]


def tell(agent: int, issuers: list[tuple[int, int]], seed: int, filings: int, folder: Path) -> int:
    """Writes the rows of these issuers, by quarter and table; how many filings they have."""
    calendar = Calendar.of(filings)
    sequences: dict[tuple[int, int], int] = {}
    quarters: list[Rows] = [{table: [] for table in HEADERS} for _ in calendar.quarters]
    buffered = 0
    for number, count in issuers:
        Story(number, count, seed, calendar, sequences).tell(count, quarters)
        buffered += count
        if buffered > _BUFFERED:
            put_by(quarters, agent, folder)
            buffered = 0
    put_by(quarters, agent, folder)
    return sum(count for _, count in issuers)


def put_by(quarters: list[Rows], agent: int, folder: Path) -> None:
    for number, tables in enumerate(quarters):
        for table, rows in tables.items():
            if rows:
                with (folder / f"{number}-{table}-{agent:02d}").open("a", encoding="ascii") as file:
                    file.write("".join(rows))
                rows.clear()


def join(folder: Path, number: int, quarter: tuple[int, int], out: Path, zipped: bool) -> Path:
    name = f"{quarter[0]}q{quarter[1]}_form345"
    target = out / (f"{name}.zip" if zipped else name)
    boxed = quarter >= BOX_QUARTER
    if zipped:
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for table in HEADERS:
                with archive.open(f"{table}.tsv", "w", force_zip64=True) as file:
                    for block in blocks(folder, number, table, boxed):
                        file.write(block)
        return target
    target.mkdir(exist_ok=True)
    for table in HEADERS:
        with (target / f"{table}.tsv").open("wb") as file:
            for block in blocks(folder, number, table, boxed):
                file.write(block)
    return target


def blocks(folder: Path, number: int, table: str, boxed: bool) -> Iterator[bytes]:
    header = HEADERS[table]
    cut = table == "SUBMISSION" and not boxed
    yield ("\t".join(header[:-1] if cut else header) + "\n").encode()
    for agent in range(AGENTS):
        path = folder / f"{number}-{table}-{agent:02d}"
        if path.exists():
            with path.open("rb") as file:
                while lines := file.readlines(1 << 20):
                    yield b"".join(line.rpartition(b"\t")[0] + b"\n" for line in lines) if cut else b"".join(lines)
            path.unlink()


def submissions(data_set: Path, share: float, out: Path) -> int:
    """Full submissions of this share of a data set's filings, chosen by their numbers; how many."""
    out.mkdir(parents=True, exist_ok=True)
    written = 0
    with opened(data_set) as tables, TemporaryDirectory(dir=out.parent, prefix=".making-") as folder:
        for part in tables.split(Path(folder)):
            for filing in filings_of(part):
                if zlib.crc32(filing.accession.encode()) % 100_000 < share * 100_000:
                    submission, document = read_rows(filing.rows)
                    assert submission.filed_on
                    minutes = zlib.crc32(filing.accession.encode()[::-1]) % 840
                    accepted = datetime.combine(submission.filed_on, time(8)) + timedelta(minutes=minutes)
                    (out / f"{filing.accession}.txt").write_bytes(envelope(filing.accession, accepted, document))
                    written += 1
    return written


def envelope(accession: str, accepted: datetime, document: OwnershipDocument) -> bytes:
    header = [
        f"<SEC-DOCUMENT>{accession}.txt : {accepted:%Y%m%d}",
        f"<SEC-HEADER>{accession}.hdr.sgml : {accepted:%Y%m%d}",
        f"<ACCEPTANCE-DATETIME>{accepted:%Y%m%d%H%M%S}",
        f"ACCESSION NUMBER:\t\t{accession}",
        f"CONFORMED SUBMISSION TYPE:\t{document.form}",
        f"FILED AS OF DATE:\t\t{accepted:%Y%m%d}",
    ]
    for owner in document.owners:
        header += ["REPORTING-OWNER:\t", "\tOWNER DATA:\t", f"\t\tCOMPANY CONFORMED NAME:\t{owner.name}",
                   f"\t\tCENTRAL INDEX KEY:\t{owner.cik}"]  # fmt: skip
    header += ["ISSUER:\t\t", "\tCOMPANY DATA:\t", f"\t\tCOMPANY CONFORMED NAME:\t{document.issuer.name}",
               f"\t\tCENTRAL INDEX KEY:\t{document.issuer.cik}", "\t\tSTATE OF INCORPORATION:\tDE",
               "\t\tFISCAL YEAR END:\t1231", "</SEC-HEADER>", "<DOCUMENT>", f"<TYPE>{document.form}", "<TEXT>", "<XML>",
               ""]  # fmt: skip
    closing = "\n</XML>\n</TEXT>\n</DOCUMENT>\n</SEC-DOCUMENT>\n"
    return "\n".join(header).encode() + to_xml(document) + closing.encode()


def clear(out: Path) -> None:
    """Removes what an earlier making left."""
    for path in [*out.glob("*_form345*"), *out.glob(".making-*"), *out.glob("submissions")]:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
