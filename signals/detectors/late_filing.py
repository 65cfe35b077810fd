"""A report filed after its last day, or one whose filer says so; three in two years are a habit (domain facts 7.11)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from filings.ownership.document import Line
from signals.detectors.docket import Docket
from signals.detectors.draft import counted, draft, measured, party, plain
from signals.detectors.months import months_between
from signals.detectors.signal import Cited, Party, Signal
from signals.readings.history import FiledForm
from signals.readings.roles import roles
from signals.readings.timeliness import Timeliness, judge

KIND = "late_filing"
_LATE = ("late", "self_declared_late")
_FORM_3 = Line("I", "holding", 1)
# So soon after its trade no report is late by the calendar: weekends and holidays only give more time.
_TWO_DAYS = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Late:
    """One late report with its latest row's verdict, and the other rows' verdicts that were not late."""

    form: FiledForm
    worst: Timeliness
    rows: tuple[tuple[str, int], ...]
    on_time: tuple[Cited, ...]
    first_on: date


def find(docket: Docket) -> Iterator[Signal]:
    before: dict[str, list[date]] = {}
    for form in docket.history:
        late = _judged(docket, form)
        if late is None:
            continue
        makers = sorted({docket.reading.decision_makers[cik] for cik in form.owner_ciks})
        yield _signal(docket, late, makers, before)
        for maker in makers:
            before.setdefault(maker, []).append(form.filed_on)


def _judged(docket: Docket, form: FiledForm) -> Late | None:
    verdicts: dict[tuple[Any, ...], Timeliness] = {}
    late: list[tuple[Line, Timeliness]] = []
    on_time: list[Cited] = []
    for line, addition in _rows(docket, form):
        ref = (line.table, line.row)
        planned = form.ref(line) in docket.planned_rows
        if docket.reading.amendments.withdrawn.get(form.ref(line)):
            on_time.append(Cited(form.accession, (ref,), "taken back by the filer"))
            continue
        key = (
            line.transaction_date, line.deemed_execution_date, line.code, line.acquired_disposed, line.form_type,
            line.timeliness, line.kind, planned, tuple(sorted((name, *ids) for name, ids in line.footnotes.items())),
        )  # fmt: skip
        verdict = verdicts.get(key)
        if verdict is None:
            verdict = verdicts[key] = judge(form, line, planned=planned, addition=addition)
        if verdict.status in _LATE:
            late.append((line, verdict))
        elif verdict.status != "on_time":
            on_time.append(Cited(form.accession, (ref,), verdict.reason))
    if not late:
        return None
    worst = max(late, key=lambda row: (row[1].late_business_days or 0, -row[0].row))[1]
    days = [line.transaction_date for line, _ in late if line.transaction_date]
    first = min([day for day in days if day <= form.filed_on], default=form.period_of_report or form.filed_on)
    rows = tuple((line.table, line.row) for line, _ in late if line.kind == "transaction")
    return Late(form, worst, rows, tuple(on_time), min(first, form.filed_on))


def _rows(docket: Docket, form: FiledForm) -> Iterator[tuple[Line, bool]]:
    """The rows to judge, and whether an amendment added them. What an amendment restates was judged before."""
    if form.is_amendment:
        amendment = docket.reading.amendments.by_accession.get(form.accession)
        if amendment is None or not amendment.original_found or form.family == "3":
            return
        added = set(amendment.added)
        yield from ((line, True) for line in form.lines if line.kind == "transaction" and form.ref(line) in added)
    elif form.family == "3":
        yield _FORM_3, False
    elif not _surely_on_time(form):
        yield from ((line, False) for line in form.lines if line.kind == "transaction" or form.family == "5")


def _surely_on_time(form: FiledForm) -> bool:
    """Most reports: every trade within two days of the filing, and no words or marks that could say otherwise."""
    return (
        form.family == "4"
        and not form.remarks
        and not form.footnotes
        and all(
            line.transaction_date is not None
            and form.filed_on - _TWO_DAYS <= line.transaction_date <= form.filed_on
            and line.timeliness != "L"
            for line in form.lines
            if line.kind == "transaction"
        )
    )


def _signal(docket: Docket, late: Late, makers: list[str], before: dict[str, list[date]]) -> Signal:
    form, limits = late.form, docket.thresholds
    since = form.filed_on - timedelta(days=round(limits.days(f"{KIND}.habitual_months") * 30.4375))
    reports = {maker: 1 + _since(before.get(maker, []), since) for maker in makers}
    most = max(reports.values())
    habitual = most >= limits[f"{KIND}.habitual"]
    days = late.worst.late_business_days
    names = " and ".join(one.name or one.cik for one in _parties(docket, form, makers)) or "The owner"
    said = f"{counted(days, 'business day')} late" if days else "late, by the filer's own words"
    again = f", late report number {most} in {limits[f'{KIND}.habitual_months']} months" if habitual else ""
    return draft(
        docket,
        KIND,
        form.accession,
        known_at=form.known_at,
        window=(late.first_on, form.filed_on),
        strength=_strength(days, late.first_on, form.filed_on) + (20 if habitual else 0),
        deals=(),
        trades=[Cited(form.accession, late.rows)] if late.rows else [],
        insiders=_parties(docket, form, makers),
        tags=["habitual"] if habitual else [],
        evidence={
            "tests": [measured(docket, "late reports in the months before", most, f"{KIND}.habitual", habitual)],
            "late_business_days": days,
            "band": _band(days, late.first_on, form.filed_on),
            "due_on": plain(late.worst.due_on),
            "filed_on": plain(form.filed_on),
            "status": late.worst.status,
            "reason": late.worst.reason,
        },
        excluded=late.on_time,
        sentence=f"{names} filed a Form {form.form} on {form.filed_on}, {said}{again}.",
    )


def _since(days: list[date], since: date) -> int:
    """How many of these days, in order, are not before `since`."""
    return len(days) - bisect_left(days, since)


def _parties(docket: Docket, form: FiledForm, makers: list[str]) -> list[Party]:
    own: dict[str, list[str]] = {maker: [] for maker in makers}
    for owner in form.owners:
        own[docket.reading.decision_makers[owner.cik]] += roles(owner, form.remarks)
    return sorted((party(docket, maker, found) for maker, found in own.items()), key=lambda one: one.cik)


def _band(days: int | None, first_on: date, filed_on: date) -> str:
    if months_between(first_on, filed_on) >= 12:
        return "over a year"
    if not days:
        return "self-declared"
    return "1-3" if days <= 3 else "4-10" if days <= 10 else "over 10"


def _strength(days: int | None, first_on: date, filed_on: date) -> int:
    return {"1-3": 15, "4-10": 30, "over 10": 50, "over a year": 70, "self-declared": 25}[
        _band(days, first_on, filed_on)
    ]
