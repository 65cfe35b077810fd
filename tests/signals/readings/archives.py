"""Forms for the tests of readings: short ones of our own, the demo archive by story, and the real filings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from filings import demo
from filings.ownership.document import Line, Owner
from filings.ownership.parse import parse
from filings.ownership.submission import read_submission
from signals.readings.history import FiledForm, History, filed_form
from signals.readings.trades import IssuerReading, issuer_reading

UNTIL = date(2026, 11, 20)
DAY = date(2024, 3, 4)  # a Monday
ISSUER = "0009900001"

PAT = Owner("0009100001", "Pat Example", is_director=True)
SAM = Owner("0009100002", "Sam Example", is_officer=True, officer_title="Chief Financial Officer")
FUND = Owner("0009100003", "Example Fund LP", is_ten_percent_owner=True)
MANAGER = Owner("0009100004", "Example Management LLC", is_ten_percent_owner=True)


def number(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def row(
    code: str,
    direction: str,
    shares: object,
    after: object = None,
    *,
    price: object = 10,
    on: date | None = DAY,
    **more,
) -> Line:
    """A transaction of Table I, held directly, unless `more` says otherwise. `form` numbers the rows."""
    return Line(
        table=more.pop("table", "I"),
        kind="transaction",
        row=0,
        security_title=more.pop("title", "Common Stock"),
        transaction_date=on,
        form_type=more.pop("form_type", "4"),
        code=code,
        acquired_disposed=direction,
        shares=number(shares),
        price=number(price),
        shares_owned_following=number(after),
        ownership=more.pop("ownership", "D"),
        **more,
    )


def bought(shares: object, after: object = None, **more) -> Line:
    return row("P", "A", shares, after, **more)


def sold(shares: object, after: object = None, **more) -> Line:
    return row("S", "D", shares, after, **more)


def holding(shares: object, *, title: str = "Common Stock", table: str = "I", ownership: str = "D", **more) -> Line:
    return Line(
        table=table, kind="holding", row=0, security_title=title, shares_owned_following=number(shares),
        ownership=ownership, **more,
    )  # fmt: skip


def form(
    number_: int,
    *lines: Line,
    owners: tuple[Owner, ...] = (PAT,),
    filed_on: date = DAY + timedelta(days=1),
    kind: str = "4",
    notes: dict[str, str] | None = None,
    **more,
) -> FiledForm:
    """A filing with accession 0009000000-24-`number_`; its rows are numbered as in a document."""
    counts: dict[tuple[str, str], int] = {}
    numbered = []
    for line in lines:
        place = line.table, line.kind
        counts[place] = counts.get(place, 0) + 1
        numbered.append(replace(line, row=counts[place]))
    return FiledForm(
        accession=f"0009000000-24-{number_:06d}",
        form=kind,
        filed_on=filed_on,
        known_at=more.pop("known_at", datetime(filed_on.year, filed_on.month, filed_on.day, 21, tzinfo=UTC)),
        issuer_cik=more.pop("issuer", ISSUER),
        owners=owners,
        lines=tuple(numbered),
        footnotes=notes or {},
        **more,
    )


def after_days(days: int) -> date:
    return DAY + timedelta(days=days)


@dataclass(frozen=True)
class Told:
    """One demo filing as readings take it in, with the story that wrote it and the gaps that it declares."""

    form: FiledForm
    story: str
    gaps: tuple[demo.Gap, ...]


@lru_cache(maxsize=1)
def demo_archive() -> tuple[Told, ...]:
    told = []
    for filing in demo.filings(UNTIL):
        document = parse(read_submission(filing.content, f"{filing.accession}.txt").xml)
        taken = filed_form(
            document, accession=filing.accession, filed_on=filing.filed_on, accepted_at=filing.accepted_at
        )
        told.append(Told(taken, filing.story, filing.gaps))
    return tuple(told)


@lru_cache(maxsize=1)
def demo_readings() -> dict[str, IssuerReading]:
    """The readings of the demo archive by issuer."""
    return {cik: issuer_reading(history) for cik, history in histories(told.form for told in demo_archive()).items()}


def demo_reading_of(story: str) -> tuple[IssuerReading, list[FiledForm]]:
    """The reading of the issuer of this story (the first one's, if it has several), and the story's forms there."""
    forms = [told.form for told in demo_archive() if told.story == story]
    issuer = forms[0].issuer_cik
    return demo_readings()[issuer], [form for form in forms if form.issuer_cik == issuer]


def histories(forms: Iterable[FiledForm]) -> dict[str, History]:
    by_issuer: dict[str, list[FiledForm]] = {}
    for one in forms:
        by_issuer.setdefault(one.issuer_cik, []).append(one)
    return {cik: History(of_one) for cik, of_one in by_issuer.items()}


@lru_cache(maxsize=1)
def real_archive(folder: Path) -> tuple[FiledForm, ...]:
    forms = []
    for path in sorted(folder.glob("*.txt")):
        submission = read_submission(path.read_bytes(), path.name)
        forms.append(
            filed_form(
                parse(submission.xml),
                accession=submission.accession or path.stem,
                filed_on=submission.filed_on,
                accepted_at=submission.accepted_at,
            )
        )
    return tuple(forms)


@lru_cache(maxsize=1)
def real_readings(folder: Path) -> dict[str, IssuerReading]:
    return {cik: issuer_reading(history) for cik, history in histories(real_archive(folder)).items()}
