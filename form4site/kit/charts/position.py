"""Shares owned over time, as steps: one line for each way of holding.

Promises: a value holds until the next report; where a report gives no number the line breaks; nothing is drawn past the
last report. Beyond six lines the smallest are added up, and the caption says how many. Refuses to guess.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

from .drawing import (
    AXIS_ROOM,
    NARROW,
    SHOWN_ROWS,
    TEXT,
    Cell,
    Chart,
    Column,
    Drawing,
    KeyItem,
    Label,
    Mark,
    Path,
    Row,
    Rule,
    Size,
    Table,
    time_axis,
    value_axis,
)
from .scales import LinearScale, TimeScale, day_domain, nice_domain
from .shapes import Point, circle, runs_of, step_path, tenth, thinned
from .stacks import spread
from .ticks import value_ticks, widened
from .words import Number, cut, plural, short, span, width

MOST_LINES = 6
DOTS = {"wide": 80, "narrow": 40}
_HEIGHT = {"wide": 300.0, "narrow": 250.0}


class Report(NamedTuple):
    """What one filing said of one ownership line. `shares` None: it said nothing of the number."""

    on: date
    shares: Number | None
    href: str | None = None
    sentence: str | None = None


@dataclass(frozen=True)
class OwnershipLine:
    """One way of holding, such as "Direct" or "By trust", with its reports in any order."""

    name: str
    reports: tuple[Report, ...]

    @cached_property
    def sorted_reports(self) -> tuple[Report, ...]:
        return tuple(sorted(self.reports, key=lambda report: report.on))

    def newest(self, most: int | None) -> Sequence[Report]:
        """In their order, those of the newest days: of as many days as hold `most`."""
        if most is None or len(self.reports) <= most:
            return self.reports
        since = self.sorted_reports[-most].on
        return [report for report in self.reports if report.on >= since]

    @cached_property
    def known(self) -> list[Report]:
        """In order, those that give a number."""
        return [report for report in self.sorted_reports if report.shares is not None]

    @cached_property
    def runs(self) -> list[tuple[list[int], list[float]]]:
        """The days (as ordinals) and numbers between two reports that give none."""
        return runs_of(
            (report.on.toordinal(), None if report.shares is None else float(report.shares))
            for report in self.sorted_reports
        )

    @property
    def largest(self) -> float:
        return max((abs(shares) for _, numbers in self.runs for shares in numbers), default=0.0)


@dataclass(frozen=True)
class PositionChart(Chart):
    """`money` for a position reported in dollars; `since` and `until` widen the axis to those days."""

    ident: str
    lines: tuple[OwnershipLine, ...]
    title: str = "Shares owned after each report"
    unit: str = "shares, by how they are held"
    money: bool = False
    since: date | None = None
    until: date | None = None
    shown_rows: int = SHOWN_ROWS
    more_href: str | None = None

    @property
    def is_empty(self) -> bool:
        return not any(line.known for line in self.lines)

    @property
    def empty_words(self) -> str:
        return "No filing here reports a number of shares owned."

    @cached_property
    def summary(self) -> str:
        parts = [f"{plural(len(self.lines), 'line')} from {span(*self._first_and_last)}."]
        for line in self.drawn_lines:
            known = line.known
            if known and known[0].shares is not None and known[-1].shares is not None:
                first, last = short(known[0].shares, money=self.money), short(known[-1].shares, money=self.money)
                parts.append(f"{line.name}: {first} at first, {last} at last.")
        return " ".join(parts)

    @property
    def notes(self) -> tuple[str, ...]:
        notes = []
        if len(self.lines) > MOST_LINES:
            left = len(self.lines) - MOST_LINES
            notes.append(f"The {MOST_LINES} largest holdings have a line of their own; {left} more are added up.")
        missing = sum(len(line.reports) - len(line.known) for line in self.lines)
        if missing:
            notes.append(f"The line breaks where a report gives no number ({plural(missing, 'time')}).")
        return tuple(notes)

    @property
    def columns(self) -> tuple[Column, ...]:
        return (Column("Date"), Column("Held"), Column("Owned after, $" if self.money else "Shares owned after", True))

    def rows(self) -> tuple[Row, ...]:
        """One row for each report, newest first."""
        return self._rows(None)

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        count = sum(len(line.reports) for line in self.lines)
        return (Table(self.title, self.columns, self._rows(self.shown_rows), count),)

    def _rows(self, most: int | None) -> tuple[Row, ...]:
        entries = [(report, line.name, place) for place, line in enumerate(self.lines) for report in line.newest(most)]
        entries.sort(key=lambda entry: (-entry[0].on.toordinal(), entry[2]))
        return tuple(
            (
                Cell(Cell.of_day(report.on).text, href=report.href, on=report.on),
                Cell(name),
                Cell.of_number(report.shares, money=self.money),
            )
            for report, name, _ in entries[:most]
        )

    @property
    def _first_and_last(self) -> tuple[date, date]:
        told = [line.sorted_reports for line in self.lines if line.reports]
        return min(reports[0].on for reports in told), max(reports[-1].on for reports in told)

    @cached_property
    def days(self) -> tuple[date, date]:
        """The first day of the axis and the last."""
        return day_domain([*self._first_and_last, *(on for on in (self.since, self.until) if on)])

    @cached_property
    def drawn_lines(self) -> tuple[OwnershipLine, ...]:
        """The largest six in their given order, and the rest as one."""
        if len(self.lines) <= MOST_LINES:
            return self.lines
        ranked = sorted(range(len(self.lines)), key=lambda place: (-self.lines[place].largest, place))
        kept = sorted(ranked[:MOST_LINES])
        rest = [self.lines[place] for place in sorted(ranked[MOST_LINES:])]
        return (*(self.lines[place] for place in kept), added_up(rest))

    def layout(self, size: Size) -> Drawing:
        return layout(self, size)


def added_up(lines: list[OwnershipLine]) -> OwnershipLine:
    """The lines as one: the sum of what each last reported, unknown while any one of them is."""
    changes: dict[date, dict[int, Number | None]] = {}
    for place, line in enumerate(lines):
        for report in line.sorted_reports:
            changes.setdefault(report.on, {})[place] = report.shares
    now: dict[int, Number | None] = {}
    reports = []
    for on in sorted(changes):
        now |= changes[on]
        known = [float(shares) for shares in now.values() if shares is not None]
        reports.append(Report(on, sum(known) if len(known) == len(now) else None))
    return OwnershipLine(plural(len(lines), "other"), tuple(reports))


def layout(chart: PositionChart, size: Size) -> Drawing:
    lines = chart.drawn_lines
    height = _HEIGHT[size.form]
    top, bottom = TEXT, height - AXIS_ROOM
    low, high = nice_domain(
        [shares for line in lines for _, numbers in line.runs for shares in numbers], from_zero=True
    )
    low, high = widened(low, high, 5)
    up = LinearScale(low, high, bottom, top)
    ticks = value_ticks(up, 5, money=chart.money)
    left = max(width(tick.label, TEXT) for tick in ticks) + 10
    names = _end_names(chart, lines) if size.form != NARROW.form else []
    right = size.width - (max((width(name, TEXT) for name in names), default=0) + 20 if names else 8)
    along = TimeScale(*chart.days, left, right)
    rules, labels = value_axis(ticks, left, right)
    time_rules, time_labels = time_axis(along, top, bottom, size.width, grid=False)
    drawn = [_drawn(line, along, up) for line in lines]
    name_rules, name_labels = _direct_labels(drawn, names, top, bottom, right)
    return Drawing(
        form=size.form,
        width=size.width,
        height=height,
        plot=(left, top, right, bottom),
        rules=(*rules, *time_rules, *name_rules),
        lines=tuple(
            Path(step_path(runs), f"series series--{place + 1}", lines[place].name) for place, runs in enumerate(drawn)
        ),
        marks=_dots(chart, lines, along, up, DOTS[size.form]),
        labels=(*labels, *time_labels, *name_labels),
        key=() if names or len(lines) < 2 else _key(chart, lines),
        notes=_thinning_note(lines, drawn),
    )


def _drawn(line: OwnershipLine, along: TimeScale, up: LinearScale) -> list[list[Point]]:
    return [thinned(list(zip(along.all_at(days), up.all_at(numbers), strict=True))) for days, numbers in line.runs]


def _thinning_note(lines: tuple[OwnershipLine, ...], drawn: list[list[list[Point]]]) -> tuple[str, ...]:
    given = sum(len(line.known) for line in lines)
    kept = sum(len(run) for runs in drawn for run in runs)
    if kept == given:
        return ()
    return (
        f"{given:,} reports stand closer than a screen shows: each column keeps its first, last, lowest and highest.",
    )


def _end_names(chart: PositionChart, lines: tuple[OwnershipLine, ...]) -> list[str]:
    names = []
    for line in lines:
        ending = f" {short(line.runs[-1][1][-1], money=chart.money)}" if line.runs else ""
        names.append(cut(line.name, TEXT, 200 - width(ending, TEXT)) + ending)
    return names


def _direct_labels(
    drawn: list[list[list[Point]]], names: list[str], top: float, bottom: float, right: float
) -> tuple[list[Rule], list[Label]]:
    """The name of each line at its end, moved apart where ends lie close, with a thin leader."""
    ends = [(place, runs[-1][-1]) for place, runs in enumerate(drawn) if runs and names]
    places = spread([y for _, (_, y) in ends], apart=TEXT * 1.3, low=top, high=bottom)
    rules, labels = [], []
    for (place, (x, y)), at in zip(ends, places, strict=True):
        rules.append(Rule(tenth(x + 4), tenth(y), tenth(right + 10), tenth(at), "leader"))
        label_y = tenth(at + TEXT * 0.35)
        labels.append(Label(tenth(right + 14), label_y, names[place], f"series series--{place + 1}", "start"))
    return rules, labels


def _dots(
    chart: PositionChart, lines: tuple[OwnershipLine, ...], along: TimeScale, up: LinearScale, most: int
) -> tuple[Mark, ...]:
    """A dot for each report, while they can be told apart; a line of one report is always a dot."""
    count = sum(len(line.reports) for line in lines)
    marks = []
    for place, line in enumerate(lines):
        for report in line.known if count <= most else line.known[-1:]:
            assert report.shares is not None
            x, y = along.at(report.on), up.at(float(report.shares))
            owned = short(report.shares, money=chart.money)
            sentence = report.sentence or f"{span(report.on, report.on)}: {owned} {line.name}"
            area = (x - 3.2, y - 3.2, x + 3.2, y + 3.2)
            marks.append(Mark(circle(x, y, 3.2), f"dot series--{place + 1}", sentence, report.href, area))
    return tuple(marks)


def _key(chart: PositionChart, lines: tuple[OwnershipLine, ...]) -> tuple[KeyItem, ...]:
    names = _end_names(chart, lines)
    return tuple(KeyItem(f"series series--{place + 1}", "M-8 0H8", name) for place, name in enumerate(names))
