"""A quarterly Insider Transactions Data Set, zip or folder -> the rows of each filing, in constant memory. No Django.

The eight tables are keyed by accession number and not sorted alike, so they are split on disk: each part holds every
row of a range of accession numbers, small enough to be read whole. Equal tables give equal parts.

Promises: a table that is missing is named; so are columns that nobody knows, and values that the tables have no column
for. A row that cannot be taken apart stops its own filing only. Quotes are read as the SEC writes them (fields with
quotes inside are quoted, and theirs doubled); a quote that never closes swallows no other row.
Refuses: a zip whose members have paths, are encrypted, are many, or are larger than any quarter could be (as declared
and as found), and tables whose first column is not the accession number. Nothing is ever extracted under its own name.
"""

from __future__ import annotations

import csv
import io
import re
import stat
import zipfile
import zlib
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO

from filings.errors import BadDocument
from filings.ownership.dataset import COLUMNS, KEY, TABLES, places_without_column

STAGE = "dataset"
# The largest real table has 40 MB, the largest zip 16. One million filings in one set stay below these.
MAX_TABLE_BYTES = 2 * 1024**3
MAX_TOTAL_BYTES = 6 * 1024**3
MAX_MEMBERS = 64
# Text of this kind shrinks to a tenth. What shrinks far more was made to.
MAX_RATIO = 250
# The longest text of the schema is 4,000 characters; a row has at most 42 columns.
MAX_LINE = 1024 * 1024
# A part is read whole, and published in one transaction or a few.
FILINGS_EACH = 2_000

_BLOCK = 1024 * 1024
_BUFFERED = 16 * 1024 * 1024
_SAMPLE = 20_000
_KEY_BYTES = 20
_STARTS_A_ROW = re.compile(rb"[0-9]{10}-[0-9]{2}-[0-9]{6}\t").match
# Stands for a line break inside a quoted field while the row is one line of a part.
_BREAK, _BREAK_TEXT = b"\x0b", "\x0b"


@dataclass(frozen=True, slots=True)
class Part:
    """Every row of a range of accession numbers, in a file of their own. `headers` gives each table's columns; the
    `missing` tables are those that the data set does not have."""

    path: Path
    headers: dict[str, tuple[str, ...]]
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FilingRows:
    """What a data set has of one accession number. `problem` says that one of its rows cannot be taken apart."""

    accession: str
    rows: dict[str, list[dict[str, str]]]
    problem: str | None = None
    missing: tuple[str, ...] = ()


def is_data_set(path: Path) -> bool:
    """Whether this is a zip, or a folder that holds one of the tables."""
    if path.suffix.lower() == ".zip":
        return True
    with suppress(OSError):
        return any(table_of(entry.name) for entry in path.iterdir()) if path.is_dir() else False
    return False


def table_of(name: str) -> str | None:
    stem, dot, suffix = name.upper().rpartition(".")
    return stem if dot and suffix == "TSV" and stem in COLUMNS else None


@dataclass(frozen=True, slots=True)
class _Table:
    """A table that can be read, and its size and CRC-32, which a zip tells without reading it."""

    open: Callable[[], IO[bytes]]
    known: tuple[int, int] | None = None

    def checksum(self) -> tuple[int, int]:
        if self.known:
            return self.known
        size = checksum = 0
        with self.open() as file:
            while block := file.read(_BLOCK):
                size += len(block)
                checksum = zlib.crc32(block, checksum)
        return size, checksum


class DataSet:
    """An open data set. `missing` are the tables that are not there; `notes` tells of them, and what is odd about the
    columns of the others. Without SUBMISSION, which names the filings, it is none."""

    def __init__(self, name: str, tables: dict[str, _Table]) -> None:
        if "SUBMISSION" not in tables:
            raise BadDocument(STAGE, name, "SUBMISSION.tsv is not here, so nobody can say which filings these are")
        self.name = name
        self.present = tuple(table for table in TABLES if table in tables)
        self.missing = tuple(table for table in TABLES if table not in tables)
        self._tables = tables
        self.headers = {table: self._header(table) for table in self.present}
        self.notes = [note for table in self.present for note in self._odd_columns(table)]
        if self.missing:
            gone = ", ".join(f"{table}.tsv" for table in self.missing)
            self.notes.insert(0, f"missing: {gone}; without them its filings are incomplete, and are not interpreted")
        self.filings = 0
        self._cuts: list[bytes] = []
        self._look_through()

    def split(self, folder: Path, *, only: Callable[[int], bool] = lambda part: True) -> Iterator[Part]:
        """Writes the parts for which `only` (told their number) is true, and gives them all, those without a file too.

        The number of parts and what is in each follow from the tables alone.
        """
        paths = [folder / f"{part}.rows" for part in range(self.parts)]
        buffers: list[list[bytes]] = [[] for _ in paths]
        wanted = [only(part) for part in range(self.parts)]
        buffered = 0
        for table in self.present:
            mark = b"%d" % TABLES.index(table)
            for row in self._rows(table):
                part = bisect_right(self._cuts, row[:_KEY_BYTES])
                if wanted[part]:
                    buffers[part].append(mark + row)
                    buffered += len(row)
                    if buffered > _BUFFERED:
                        _flush(paths, buffers)
                        buffered = 0
        _flush(paths, buffers)
        for path in paths:
            yield Part(path, self.headers, self.missing)

    def checksums(self) -> list[tuple[str, int, int]]:
        """Size and CRC-32 of every table: equal for equal tables, in a zip or out of it."""
        return [(table, *self._tables[table].checksum()) for table in self.present]

    @property
    def parts(self) -> int:
        return len(self._cuts) + 1

    def _look_through(self) -> None:
        """Counts the filings and finds where to cut, from a sample that keeps its size however many there are."""
        sample: list[bytes] = []
        stride = 1
        for position, row in enumerate(self._rows("SUBMISSION")):
            if position % stride == 0:
                sample.append(row[:_KEY_BYTES])
                if len(sample) > _SAMPLE:
                    sample = sample[::2]
                    stride *= 2
            self.filings = position + 1
        sample.sort()
        parts = max(1, -(-self.filings // FILINGS_EACH))
        self._cuts = sorted({sample[part * len(sample) // parts] for part in range(1, parts)})

    def _header(self, table: str) -> tuple[str, ...]:
        line = next(self._lines(table), b"")
        names = tuple(
            name.strip(' "')
            for name in line.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").upper().split("\t")
        )
        where = f"{self.name}/{table}.tsv"
        if names[0] != KEY:
            raise BadDocument(STAGE, where, f"its first column is {names[0]!r:.60}, not {KEY}")
        if len(set(names)) < len(names):
            raise BadDocument(STAGE, where, "two of its columns have one name")
        return names

    def _odd_columns(self, table: str) -> Iterator[str]:
        header = frozenset(self.headers[table])
        if unknown := sorted(header - COLUMNS[table]):
            yield f"{table}.tsv has columns that nobody knows: {', '.join(unknown)}"
        if absent := places_without_column(table, header):
            yield f"{table}.tsv has no column for {', '.join(absent)}"

    def _rows(self, table: str) -> Iterator[bytes]:
        """The rows below the header, each one line: a line break inside a quoted field is `_BREAK`."""
        lines = self._lines(table)
        next(lines, None)
        for line in lines:
            if b'"' not in line or line.count(b'"') % 2 == 0:
                if line:
                    yield line
            else:
                yield from _rejoined(line, lines, f"{self.name}/{table}.tsv")

    def _lines(self, table: str) -> Iterator[bytes]:
        where = f"{self.name}/{table}.tsv"
        try:
            file = self._tables[table].open()
        except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError) as error:
            raise BadDocument(STAGE, where, f"cannot be opened: {error}") from error
        with file:
            yield from _lines(file, where)


def _rejoined(line: bytes, lines: Iterator[bytes], where: str) -> Iterator[bytes]:
    """A row with a quote left open, joined with the lines up to its closing quote; what is a row itself ends it."""
    whole = line
    for following in lines:
        if _STARTS_A_ROW(following):
            yield whole
            if following.count(b'"') % 2 == 0:
                yield following
            else:
                yield from _rejoined(following, lines, where)
            return
        whole += _BREAK + following
        if len(whole) > MAX_LINE:
            raise BadDocument(STAGE, where, f"a row of more than {MAX_LINE:,} bytes")
        if following.count(b'"') % 2 == 1:
            break
    yield whole


def _lines(file: IO[bytes], where: str) -> Iterator[bytes]:
    """The lines without their ends, read in blocks and counted, so that neither a line nor a table is endless."""
    rest = b""
    total = 0
    while True:
        try:
            block = file.read(_BLOCK)
        except (zipfile.BadZipFile, EOFError, OSError, ValueError, RuntimeError, NotImplementedError) as error:
            raise BadDocument(STAGE, where, f"damaged: {error}") from error
        except Exception as error:  # zlib, bz2 and lzma each have their own
            raise BadDocument(STAGE, where, f"damaged: {error!r:.200}") from error
        if not block:
            break
        total += len(block)
        if total > MAX_TABLE_BYTES:
            raise BadDocument(STAGE, where, f"more than {MAX_TABLE_BYTES:,} bytes")
        lines = (rest + block).split(b"\n")
        rest = lines.pop()
        if len(rest) > MAX_LINE:
            raise BadDocument(STAGE, where, f"a row of more than {MAX_LINE:,} bytes")
        for line in lines:
            yield line[:-1] if line.endswith(b"\r") else line
    if rest:
        yield rest[:-1] if rest.endswith(b"\r") else rest


def _flush(paths: Iterable[Path], buffers: list[list[bytes]]) -> None:
    for path, rows in zip(paths, buffers, strict=True):
        if rows:
            with path.open("ab") as file:
                file.write(b"\n".join(rows) + b"\n")
            rows.clear()


def filings_of(part: Part) -> Iterator[FilingRows]:
    """The filings of a part, by accession number."""
    if not part.path.exists():
        return
    found: dict[str, dict[str, list[dict[str, str]]]] = {}
    problems: dict[str, str] = {}
    headers = [(table, part.headers.get(table, ())) for table in TABLES]
    for line in part.path.read_bytes().split(b"\n"):
        if not line:
            continue
        try:
            row = line.decode()
        except UnicodeDecodeError:  # the Windows characters of old filings
            row = line.decode("cp1252", "replace")
        table, header = headers[int(row[0])]
        values = row[1:].split("\t") if '"' not in row else _unquoted(row[1:])
        accession = values[0]
        rows = found.get(accession)
        if rows is None:
            rows = found[accession] = {}
        if len(values) != len(header):
            problems[accession] = f"a row of {table}.tsv has {len(values)} columns, not {len(header)}"
            continue
        named = {name: value for name, value in zip(header, values, strict=True) if value}
        present = rows.get(table)
        if present is None:
            rows[table] = [named]
        else:
            present.append(named)
    for accession in sorted(found):
        yield FilingRows(accession, _without_repeats(found[accession]), problems.get(accession), part.missing)


def _without_repeats(rows: dict[str, list[dict[str, str]]]) -> dict[str, list[dict[str, str]]]:
    """One submission row that stands twice, word for word, is one."""
    header = rows.get("SUBMISSION")
    if header and len(header) > 1 and all(row == header[0] for row in header):
        rows["SUBMISSION"] = header[:1]
    return rows


def _unquoted(row: str) -> list[str]:
    if row.count('"') % 2:  # one that never closed: a character like any other
        return row.replace(_BREAK_TEXT, "\n").split("\t")
    return [value.replace(_BREAK_TEXT, "\n") for value in next(csv.reader([row], delimiter="\t"))]


@contextmanager
def opened(path: Path) -> Iterator[DataSet]:
    """The data set in this zip or folder. Raises `BadDocument`."""
    with ExitStack() as stack:
        try:
            if path.is_dir():
                tables = dict(_tables_in_folder(path))
            else:
                tables = dict(_tables_in_zip(stack.enter_context(zipfile.ZipFile(path)), path))
        except zipfile.BadZipFile as error:
            raise BadDocument(STAGE, path.name, f"not a zip file, or a damaged one: {error}") from error
        except OSError as error:
            raise BadDocument(STAGE, path.name, f"{error.strerror or error}") from error
        yield DataSet(path.name, tables)


def _tables_in_folder(folder: Path) -> Iterator[tuple[str, _Table]]:
    seen: set[str] = set()
    for path in sorted(folder.iterdir()):
        table = table_of(path.name)
        if table is None:
            continue
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise BadDocument(STAGE, path.name, "not a regular file")
        _refuse_size(path.name, found.st_size)
        if table in seen:
            raise BadDocument(STAGE, path.name, f"a second table {table}")
        seen.add(table)
        yield table, _Table(partial(io.FileIO, path))


def _tables_in_zip(archive: zipfile.ZipFile, path: Path) -> Iterator[tuple[str, _Table]]:
    members = archive.infolist()
    if len(members) > MAX_MEMBERS:
        raise BadDocument(STAGE, path.name, f"{len(members):,} members; a data set has about ten")
    seen: set[str] = set()
    total = 0
    for member in members:
        where = f"{path.name}/{member.filename!r:.100}"
        if "/" in member.orig_filename or "\\" in member.orig_filename or member.orig_filename in ("", ".", ".."):
            raise BadDocument(STAGE, where, "a member with a path; those of a data set have none")
        table = table_of(member.filename)
        if table is None:
            continue
        if member.flag_bits & 1:
            raise BadDocument(STAGE, where, "encrypted")
        if table in seen:
            raise BadDocument(STAGE, where, f"a second table {table}")
        seen.add(table)
        total += member.file_size
        _refuse_size(where, member.file_size)
        if total > MAX_TOTAL_BYTES:
            raise BadDocument(STAGE, path.name, f"more than {MAX_TOTAL_BYTES:,} bytes when unpacked")
        if member.file_size > _BLOCK and member.file_size > MAX_RATIO * max(1, member.compress_size):
            raise BadDocument(STAGE, where, f"{member.compress_size:,} bytes that unpack to {member.file_size:,}")
        yield table, _Table(partial(archive.open, member), (member.file_size, member.CRC))


def _refuse_size(where: str, size: int) -> None:
    if size > MAX_TABLE_BYTES:
        raise BadDocument(STAGE, where, f"{size:,} bytes; a table may have {MAX_TABLE_BYTES:,} at most")
