"""The names that searches run over, brought up to date with the facts, in the transaction that changes them.

Promises: what is stored follows from the filings of these issuers and insiders alone, so the order of arrival cannot
matter; doing it again changes no row; `rebuild` makes all of it anew. The callers hold the rows of the issuers and
insiders (`rows.lock`), as for `identities`.

The rank of a name: present names before former ones; within these by standing, in which a filing counts half as much
for every year it is older, so that the recently active come before the dormant and many filings before few. It needs
no clock: a year later every standing has lost the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from filings import names
from filings.models import Insider, InsiderName, Issuer, IssuerName, LeadingRank, PartyToIndex, SearchName

Kind = SearchName.Kind

# How many names lead. A search looks through these first: few enough that even "a" is quick, and so many that a
# search which finds too few among them finds few among all.
LEADERS = 20_000
BATCH = 2_000
# A symbol last filed within this of the issuer's latest filing is still its own: filers alternate GOOG and GOOGL.
_STILL_ITS_SYMBOL = timedelta(days=365)
_PRESENT = 1_000_000
_CONTENT = ("title", "detail", "lexemes", "rank", "is_leading")
Row = TypeVar("Row", IssuerName, InsiderName)

# The sum is taken in a fixed order, so that its last digit is the same every time. A date that cannot be (a typing
# error of the year 9999 in a bare XML) counts as one of the year 2099.
_STANDING = """
    SELECT cik, round(1000 * ln(sum(weight ORDER BY weight)) / ln(2.0::float8))::int
      FROM (SELECT %(party)s AS cik,
                   power(2.0::float8, least(greatest(coalesce(f.listed_on - date '2000-01-01', 0), 0), 36500) / 365.0)
                       AS weight
              FROM %(filings)s WHERE %(party)s = ANY(%%s)) AS weighed
     GROUP BY cik
"""
_STANDINGS = {
    Kind.ISSUER: _STANDING % {"party": "f.issuer_id", "filings": "filings_filing f"},
    Kind.INSIDER: _STANDING
    % {
        "party": "o.insider_id",
        "filings": "filings_filingowner o JOIN filings_filing f ON f.accession = o.filing_id",
    },
}
# The relationship to the issuer of the latest filing, in that filing's words.
_ROLES = """
    SELECT DISTINCT ON (n.insider_id) n.insider_id, f.issuer_name, o.officer_title, o.is_officer, o.is_director,
           o.is_ten_percent_owner
      FROM filings_insidername n
      JOIN filings_filing f ON f.accession = n.last_accession
      JOIN filings_filingowner o ON o.filing_id = f.accession AND o.insider_id = n.insider_id
     WHERE n.insider_id = ANY(%s)
     ORDER BY n.insider_id, n.last_on DESC NULLS LAST, n.last_accession DESC, o.position
"""


@dataclass(frozen=True, slots=True)
class _Party:
    """An issuer or insider as search shows it, with every name it had, the latest first."""

    cik: str
    name: str | None
    detail: str
    former: Sequence[str]
    symbols: frozenset[str] = frozenset()
    former_symbols: frozenset[str] = frozenset()


def index_issuers(ciks: Sequence[str]) -> None:
    """Brings the search names of these issuers up to date with their names and filings."""
    held: dict[str, list[IssuerName]] = {}
    for row in IssuerName.objects.filter(issuer__in=ciks):
        held.setdefault(row.issuer_id, []).append(row)
    parties = []
    for issuer in Issuer.objects.filter(cik__in=ciks):
        rows = _latest_first(held.get(issuer.cik, []))
        symbols = frozenset(_symbols(row for row in rows if _is_still_used(row, rows[0])))
        parties.append(
            _Party(
                cik=issuer.cik,
                name=issuer.name,
                detail=issuer.ticker or "",
                former=[row.name for row in rows if row.name],
                symbols=symbols,
                former_symbols=frozenset(_symbols(rows)) - symbols,
            )
        )
    _store(Kind.ISSUER, ciks, parties)


def index_insiders(ciks: Sequence[str]) -> None:
    """Brings the search names of these insiders up to date with their names and filings."""
    held: dict[str, list[InsiderName]] = {}
    for row in InsiderName.objects.filter(insider__in=ciks):
        held.setdefault(row.insider_id, []).append(row)
    with connection.cursor() as cursor:
        cursor.execute(_ROLES, [[int(cik) for cik in ciks]])
        roles = {f"{cik:010d}": _role(*role) for cik, *role in cursor.fetchall()}
    parties = [
        _Party(
            cik=insider.cik,
            name=insider.name,
            detail=roles.get(insider.cik, ""),
            former=[row.name for row in _latest_first(held.get(insider.cik, [])) if row.name],
        )
        for insider in Insider.objects.filter(cik__in=ciks)
    ]
    _store(Kind.INSIDER, ciks, parties)


def rebuild(*, step: Callable[[int], None] = lambda names: None) -> None:
    """Makes every search name anew from the facts, a batch a transaction; a stop in the middle loses nothing."""
    for kind, model, index in ((Kind.ISSUER, Issuer, index_issuers), (Kind.INSIDER, Insider, index_insiders)):
        last = 0
        while True:
            with transaction.atomic():
                parties = model._default_manager.filter(cik__gt=last).order_by("cik")
                ciks = [party.cik for party in parties.select_for_update(no_key=True)[:BATCH]]
                index(ciks)
            if not ciks:
                break
            last = int(ciks[-1])
            step(len(ciks))
        _remove_orphans(kind, model)
    appoint_leaders()


def index_owed(*, step: Callable[[int], None] = lambda names: None) -> None:
    """Makes the search names that bulk loads have left behind, a batch a transaction.

    The rows of the parties are held, in the order of their keys, as for any publication.
    """
    for kind, model, index in ((Kind.ISSUER, Issuer, index_issuers), (Kind.INSIDER, Insider, index_insiders)):
        while True:
            with transaction.atomic():
                owed = PartyToIndex.objects.filter(kind=kind).order_by("cik")
                batch = dict(owed.select_for_update(skip_locked=True).values_list("cik", "pk")[:BATCH])
                if not batch:
                    break
                parties = model._default_manager.filter(cik__in=batch).order_by("cik")
                list(parties.select_for_update(no_key=True).values_list("cik"))
                index(sorted(batch))
                PartyToIndex.objects.filter(pk__in=batch.values()).delete()
            step(len(batch))


def appoint_leaders() -> None:
    """Sets the rank from which names lead, when too many or too few do, and mends the marks of all names.

    Every name leads while there are few. To be called after a bulk load and once a day: new filings raise ranks.
    """
    leading = SearchName.objects.filter(is_leading=True)[: 2 * LEADERS + 1].count()
    held = LeadingRank.objects.first()
    if leading > 2 * LEADERS or (held and leading < LEADERS // 2):
        ranks = SearchName.objects.order_by("-rank").values_list("rank", flat=True)[LEADERS : LEADERS + 1]
        rank = next(iter(ranks), None)
        if rank is None:
            LeadingRank.objects.all().delete()
        else:
            LeadingRank.objects.update_or_create(only=True, defaults={"rank": rank})
        held = LeadingRank.objects.first()
    rank = held.rank if held else 0
    _mark(SearchName.objects.filter(is_leading=False, rank__gte=rank), leads=True)
    _mark(SearchName.objects.filter(is_leading=True, rank__lt=rank), leads=False)


def _mark(names_to_mark: QuerySet[SearchName], *, leads: bool) -> None:
    """A batch a transaction, never waiting for a publication, which marks the names that it holds by itself."""
    last = 0
    while True:
        with transaction.atomic():
            batch = names_to_mark.filter(pk__gt=last).order_by("pk").select_for_update(skip_locked=True)
            keys = list(batch.values_list("pk", flat=True)[:BATCH])
            SearchName.objects.filter(pk__in=keys).update(is_leading=leads)
        if not keys:
            return
        last = keys[-1]


def _latest_first(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (row.last_on or date.min, row.last_accession, row.name or ""), reverse=True)


def _is_still_used(row: IssuerName, latest: IssuerName) -> bool:
    if row.last_accession == latest.last_accession:
        return True
    return bool(row.last_on and latest.last_on and latest.last_on - row.last_on < _STILL_ITS_SYMBOL)


def _symbols(rows: Iterable[IssuerName]) -> Iterator[str]:
    for row in rows:
        yield from filter(None, (row.ticker, row.foreign_ticker))


def _role(
    issuer: str | None, title: str | None, officer: bool | None, director: bool | None, ten_percent: bool | None
) -> str:
    """ "Chief Executive Officer, Apple Inc.": the first relationship that the filing gives."""
    if officer:
        role = title or "Officer"
    elif director:
        role = "Director"
    elif ten_percent:
        role = "10% owner"
    else:
        role = ""
    return ", ".join(filter(None, (role, issuer)))


def _store(kind: Kind, ciks: Sequence[str], parties: Iterable[_Party]) -> None:
    """Makes the search names of these CIKs those of these parties; what is right already is not written."""
    standings = _standings(kind, ciks)
    leading_from = LeadingRank.objects.values_list("rank", flat=True).first() or 0
    wanted = {
        (row.cik, row.former_name): row
        for party in parties
        for row in _rows(kind, party, standings.get(party.cik, 0), leading_from)
    }
    outdated, changed = [], []
    for row in SearchName.objects.filter(kind=kind, cik__in=ciks):
        key = (row.cik, row.former_name)
        if key not in wanted:
            outdated.append(row.pk)
        elif _content(row) == _content(wanted[key]):
            del wanted[key]
        else:
            wanted[key].pk = row.pk
            changed.append(wanted.pop(key))
    if outdated:
        SearchName.objects.filter(pk__in=outdated).delete()
    if changed:
        SearchName.objects.bulk_update(changed, _CONTENT)
    if wanted:
        SearchName.objects.bulk_create(wanted.values())


def _rows(kind: Kind, party: _Party, standing: int, leading_from: int) -> Iterator[SearchName]:
    """The present name, then each former one that is found by other words than those before it."""
    seen: set[frozenset[str]] = set()
    for former in (None, *party.former):
        own = party.name if former is None else former
        lexemes = names.lexemes(
            own,
            person=kind == Kind.INSIDER,
            symbols=party.symbols,
            former_symbols=party.former_symbols,
        )
        if lexemes in seen:
            continue
        seen.add(lexemes)
        rank = standing + (_PRESENT if former is None else 0)
        yield SearchName(
            kind=kind,
            cik=party.cik,
            former_name=former,
            title=party.name or f"Unnamed {kind}",
            detail=party.detail,
            lexemes=lexemes,
            rank=rank,
            is_leading=rank >= leading_from,
        )


def _content(row: SearchName) -> tuple[object, ...]:
    return tuple(getattr(row, name) for name in _CONTENT)


def _standings(kind: Kind, ciks: Sequence[str]) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(_STANDINGS[kind], [[int(cik) for cik in ciks]])
        return {f"{cik:010d}": standing for cik, standing in cursor.fetchall()}


def _remove_orphans(kind: Kind, model: type[Issuer] | type[Insider]) -> None:
    parties = model._default_manager.filter(cik=OuterRef("cik"))
    SearchName.objects.filter(~Exists(parties), kind=kind).delete()
