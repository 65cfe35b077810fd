"""Daily and quarterly indexes -> the ledger, and what differed between the two.

Promises: an index is believed only whole; reading it and comparing it is one transaction, with the row that says it was
read, so a kill leaves either all of it or nothing. What it names and the ledger does not know is put there. What it
named before and names no more is noted; a second whole look, `CONFIRM_AFTER` later at the earliest, makes it withdrawn,
never deleted; named again, it is back. The quarterly index, which the SEC rebuilds with its corrections, outranks the
daily one, which it leaves as it was. An index that has lost most of what it named is not believed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from filings.edgar import addresses
from filings.edgar.budget import Lane
from filings.edgar.client import Kind, fetch
from filings.edgar.feeds import Index, ListedFile, Reference, parse_index, parse_listing
from filings.errors import BadDocument, NotThere
from filings.models import (
    Difference,
    DifferenceKind,
    Document,
    Filing,
    IndexDay,
    IndexQuarter,
    IngestStage,
    Stage,
)
from filings.services.discover import discover

ALL_FORMS = frozenset({"3", "4", "5"})
CONFIRM_AFTER = timedelta(hours=1)
# An index that has lost more than this many filings, and more than half, is taken for damaged.
MOST_VANISHED = 10
# The running quarterly index may lag behind the days, so what is this new cannot be missing from it.
QUARTERLY_LAG = timedelta(days=4)

_L = TypeVar("_L", IndexDay, IndexQuarter)

_MOVED = """
SELECT l.accession, l.listed_on, r.listed_on
  FROM unnest(%s::bigint[], %s::date[]) AS r (accession, listed_on)
  JOIN filings_ingeststage l USING (accession)
 WHERE l.listed_on <> r.listed_on ORDER BY 1
"""


@dataclass(slots=True)
class Compared:
    """What an index and the ledger said of each other. `vanished` counts first looks, `withdrawn` confirmed ones."""

    listed: int = 0
    new: int = 0
    vanished: int = 0
    withdrawn: int = 0
    relisted: int = 0
    moved: int = 0

    def add(self, other: Compared) -> None:
        for name in ("listed", "new", "vanished", "withdrawn", "relisted", "moved"):
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass(frozen=True, slots=True)
class _List:
    """One index as the ledger knows it: its name in `Difference`, its rank, and what it names."""

    name: str
    rank: str
    references: dict[str, Reference]
    named_before: QuerySet[IngestStage]


def base_form(form: str) -> str:
    """ "4/A" is of Form 4."""
    return form.removesuffix("/A")


def quarter_start(day: date) -> date:
    year, quarter = addresses.quarter_of(day)
    return date(year, quarter * 3 - 2, 1)


# --- asking ------------------------------------------------------------------------------------------------------


def listed_days(quarter: date, lane: Lane, patience: float) -> dict[date, str]:
    """The daily indexes that the SEC has of the quarter beginning on `quarter`: the file to read for each day."""
    url = addresses.daily_index_listing(settings.EDGAR_BASE_URL, *addresses.quarter_of(quarter))
    try:
        files = parse_listing(fetch(url, lane=lane, kind=Kind.LISTING, patience=patience).content)
    except NotThere:  # a quarter that has only begun has no folder
        return {}
    return {day: min(names)[1] for day, names in _by_day(files).items()}


def _by_day(files: Iterable[ListedFile]) -> dict[date, list[tuple[int, str]]]:
    found: dict[date, list[tuple[int, str]]] = {}
    wanted = {"form": 0, "master": 1, "company": 2}
    for file in files:
        if file.day is not None and file.kind in wanted:
            found.setdefault(file.day, []).append((wanted[file.kind], file.name))
    return found


def ask_for_day(day: date, name: str, lane: Lane, patience: float) -> Index:
    """The daily index of this day. Raises `EdgarError` or `BadDocument`."""
    url = addresses.daily_index_file(settings.EDGAR_BASE_URL, *addresses.quarter_of(day), name)
    return parse_index(fetch(url, lane=lane, kind=Kind.DAILY_INDEX, patience=patience).content, name)


def ask_for_quarter(first_day: date, lane: Lane, patience: float) -> Index:
    """The quarterly index. Raises `EdgarError` or `BadDocument`."""
    year, quarter = addresses.quarter_of(first_day)
    url = addresses.quarterly_index(settings.EDGAR_BASE_URL, year, quarter)
    index = parse_index(fetch(url, lane=lane, kind=Kind.QUARTERLY_INDEX, patience=patience).content, "form.gz")
    for reference in index.references:
        if reference.filed_on is None or quarter_start(reference.filed_on) != first_day:
            raise BadDocument("index", url, f"{reference.accession} of {reference.filed_on} is of another quarter")
    return index


# --- taking in ---------------------------------------------------------------------------------------------------


@transaction.atomic
def take_in_day(
    *,
    day: date,
    index: Index,
    forms: frozenset[str],
    lane: Lane,
    explain_new: bool = False,
    now: datetime | None = None,
) -> Compared:
    """Compares this daily index with the ledger and puts in what it names of these forms."""
    now = now or timezone.now()
    look = _locked(IndexDay, day=day)
    references = _of_forms(index.references, forms)
    of_forms = Q(form__in=_with_amendments(forms))
    before = IngestStage.objects.filter(of_forms, in_daily=day)
    if _in_no_index_yet_is_strange(day):
        # The feed named it for this day, and neither this index nor the next one does.
        unlisted = Q(in_daily=None, in_quarter=None, listed_on=day)
        before = IngestStage.objects.filter(of_forms, Q(in_daily=day) | unlisted)
    compared = _compare(_List(f"{day}", "daily", references, before), now)
    found = discover(references=list(references.values()), lane=lane, daily=day, now=now)
    compared.listed, compared.new = found.named, len(found.new)
    if explain_new:
        _explain_new(f"{day}", found.new, look.read_at, now)
    _mark_read(look, index.rows, found.named, forms, now)
    look.quarterly = False
    look.save()
    return compared


@transaction.atomic
def take_in_quarter(
    *,
    first_day: date,
    index: Index,
    forms: frozenset[str],
    lane: Lane,
    days: Sequence[date],
    whole: bool,
    explain_new: bool = False,
    now: datetime | None = None,
) -> Compared:
    """As `take_in_day`, for these days of a quarterly index. `whole` says that they are all days of the quarter."""
    now = now or timezone.now()
    look = _locked(IndexQuarter, first_day=first_day)
    wanted = frozenset(days)
    everything = _of_forms(index.references, forms)
    references = {key: reference for key, reference in everything.items() if reference.filed_on in wanted}
    before = IngestStage.objects.filter(
        Q(in_quarter=first_day) | Q(in_daily__range=(first_day, look.last_day)),
        form__in=_with_amendments(forms),
        listed_on__range=(first_day, min(look.last_day, (now - QUARTERLY_LAG).date())),
    )
    name = f"{first_day.year}Q{addresses.quarter_of(first_day)[1]}"
    compared = _compare(_List(name, "quarterly", everything, before), now)
    found = discover(references=list(references.values()), lane=lane, quarter=first_day, now=now)
    compared.listed, compared.new = found.named, len(found.new)
    if explain_new:
        _explain_new(name, found.new, look.read_at, now)
    _mark_days(references.values(), wanted, forms, now)
    if whole:
        _mark_read(look, index.rows, len(references), forms, now)
    else:
        look.looked_at, look.reason, look.due_at = now, None, None
    look.save()
    return compared


def _locked(model: type[_L], **key: date) -> _L:
    """The row of this list, held to the end of the transaction: two looks at one list take turns."""
    model._default_manager.bulk_create([model(**key)], ignore_conflicts=True)
    return model._default_manager.select_for_update().get(**key)


def _of_forms(references: Iterable[Reference], forms: frozenset[str]) -> dict[str, Reference]:
    return {reference.accession: reference for reference in references if base_form(reference.form) in forms}


def _with_amendments(forms: frozenset[str]) -> list[str]:
    return sorted(form + suffix for form in forms for suffix in ("", "/A"))


def _mark_read(look: IndexDay | IndexQuarter, rows: int, listed: int, forms: frozenset[str], now: datetime) -> None:
    same_reading = forms if look.read_at is None else forms | frozenset(filter(None, look.forms.split(",")))
    look.forms = ",".join(sorted(same_reading))
    look.rows, look.listed = rows, listed if same_reading == forms else max(listed, look.listed)
    look.looked_at = look.read_at = now
    look.reason, look.due_at, look.attempts = None, None, 0


def _mark_days(references: Iterable[Reference], days: Iterable[date], forms: frozenset[str], now: datetime) -> None:
    """What a quarterly index says of each day, where no daily index has said it."""
    counts = Counter(reference.filed_on for reference in references)
    ordered = sorted(days)
    known = IndexDay.objects.in_bulk(ordered)
    marked = []
    for day in ordered:
        look = known.get(day) or IndexDay(day=day, quarterly=True)
        if look.quarterly or look.read_at is None:
            look.quarterly = True
            _mark_read(look, counts[day], counts[day], forms, now)
            marked.append(look)
    fields = ["looked_at", "read_at", "reason", "attempts", "due_at", "forms", "rows", "listed", "quarterly"]
    IndexDay.objects.bulk_create(marked, update_conflicts=True, unique_fields=["day"], update_fields=fields)


def _in_no_index_yet_is_strange(day: date) -> bool:
    """Whether the index of the day after was read too: a filing may be listed a day later than the feed showed it."""
    later = IndexDay.objects.filter(day__gt=day, day__lte=day + timedelta(days=7), read_at__isnull=False, listed__gt=0)
    return later.exists()


# --- comparing ---------------------------------------------------------------------------------------------------


def _compare(listed: _List, now: datetime) -> Compared:
    """Notes and confirms what vanished, and brings back what is listed again."""
    compared = Compared()
    _bring_back(listed, compared, now)
    _note_moved(listed, compared, now)
    before = set(listed.named_before.exclude(stage=Stage.WITHDRAWN).values_list("accession", flat=True))
    absent = before - listed.references.keys()
    if len(absent) > MOST_VANISHED and len(absent) > len(before) / 2:
        raise BadDocument("index", listed.name, f"{len(absent)} of the {len(before)} filings known here are not in it")
    gone = list(IngestStage.objects.filter(accession__in=absent).order_by("accession").select_for_update())
    for row in gone:
        if row.absent_since is None:
            row.absent_from, row.absent_since = listed.rank, now
            compared.vanished += 1
            why = "not listed any more; a second look will confirm it"
            _differ(listed, row.accession, DifferenceKind.VANISHED, why, now)
        elif now - row.absent_since >= CONFIRM_AFTER:
            why = f"not listed any more, seen twice since {row.absent_since:%Y-%m-%d %H:%M} UTC: withdrawn"
            _withdraw(row, listed, now)
            compared.withdrawn += 1
            _differ(listed, row.accession, DifferenceKind.VANISHED, why, now, settled=now)
    fields = ["absent_from", "absent_since", "stage", "due_at", "reason", "failed_stage", "failed_path", "note"]
    IngestStage.objects.bulk_update(gone, [*fields, "changed_at"])
    return compared


def _withdraw(row: IngestStage, listed: _List, now: datetime) -> None:
    row.stage, row.due_at, row.absent_from = Stage.WITHDRAWN, None, listed.rank
    row.reason = row.failed_stage = row.failed_path = None
    row.note = f"not in the index {listed.name} any more"
    row.changed_at = now


def _bring_back(listed: _List, compared: Compared, now: datetime) -> None:
    """What this index names is not absent from it. A daily index does not overrule the quarterly one."""
    outranked = ["daily"] if listed.rank == "daily" else ["daily", "quarterly"]
    absent = set(IngestStage.objects.filter(absent_from__in=outranked).values_list("accession", flat=True))
    named = absent & listed.references.keys()
    back = list(IngestStage.objects.filter(accession__in=named).order_by("accession").select_for_update())
    for row in back:
        if row.absent_from == "daily" and listed.rank == "quarterly":
            row.in_daily = None  # the daily index will never name it again; that is explained now
        row.absent_from = row.absent_since = None
        if row.stage == Stage.WITHDRAWN:
            _relist(row, now)
            compared.relisted += 1
            why = "listed again: no longer withdrawn"
            _differ(listed, row.accession, DifferenceKind.RELISTED, why, now, settled=now)
    fields = ["absent_from", "absent_since", "in_daily", "stage", "due_at", "attempts", "note", "changed_at"]
    IngestStage.objects.bulk_update(back, fields)
    Difference.objects.filter(accession__in=named, kind=DifferenceKind.VANISHED, settled_at=None).update(
        settled_at=now, explanation="listed again at the second look"
    )


def _relist(row: IngestStage, now: datetime) -> None:
    """Back to where its facts or bytes put it; both were kept."""
    row.note, row.changed_at, row.attempts, row.due_at = None, now, 0, None
    if Filing.objects.filter(accession=row.accession).exists():
        row.stage = Stage.PUBLISHED
    else:
        kept = Document.objects.filter(accession=row.accession).exists()
        row.stage, row.due_at = (Stage.FETCHED if kept else Stage.SEEN), now


def _note_moved(listed: _List, compared: Compared, now: datetime) -> None:
    """`discover` gives these the index's date; here it is said."""
    spelled = {int(accession.replace("-", "")): accession for accession in listed.references}
    with connection.cursor() as cursor:
        cursor.execute(_MOVED, [list(spelled), [listed.references[name].filed_on for name in spelled.values()]])
        moved = cursor.fetchall()
    for accession, before, after in moved:
        compared.moved += 1
        why = f"listed under {after}, before under {before}"
        _differ(listed, spelled[accession], DifferenceKind.MOVED, why, now, settled=now)


def _explain_new(name: str, accessions: Sequence[str], read_before: datetime | None, now: datetime) -> None:
    why = "in the index, and never seen in the feed"
    if read_before:
        why = f"added to the index after it was read on {read_before:%Y-%m-%d %H:%M} UTC"
    Difference.objects.bulk_create(
        [
            Difference(
                index=name,
                accession=accession,
                kind=DifferenceKind.MISSING,
                explanation=why,
                found_at=now,
                settled_at=now,
            )
            for accession in accessions
        ],
        ignore_conflicts=True,
    )


def _differ(
    listed: _List, accession: str, kind: DifferenceKind, why: str, now: datetime, settled: datetime | None = None
) -> None:
    values = {"explanation": why, "found_at": now, "settled_at": settled}
    Difference.objects.update_or_create(index=listed.name, accession=accession, kind=kind, defaults=values)
