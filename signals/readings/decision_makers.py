"""Who decides: the owners of one issuer's filings, joined where they act as one. Counts are of these, not of CIKs.

Promises: owners of one accession are one decision-maker where an entity is among them; owners of two accessions that
report one event are one where either is an entity. Two officers or directors are never one: where a fund would join
them, the fund stands by itself. Two people without an entity (spouses) are two. The name of a decision-maker is the
lowest CIK in it, so equal histories give equal names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from signals.readings.duplicates import SAME_EVENT, Duplicate, duplicates
from signals.readings.history import FiledForm, History, RowRef
from signals.readings.roles import is_entity


def decision_makers(
    forms: History | Iterable[FiledForm], found: Mapping[RowRef, Duplicate] | None = None
) -> Mapping[str, str]:
    """The decision-maker of each owner's CIK."""
    history = History.of(forms)
    found = duplicates(history) if found is None else found
    entities, seated = _kinds(history)
    parent: dict[str, str] = {cik: cik for form in history for cik in form.owner_ciks}

    def root(cik: str) -> str:
        while parent[cik] != cik:
            parent[cik] = parent[parent[cik]]
            cik = parent[cik]
        return cik

    def join(ciks: Iterable[str]) -> None:
        roots = sorted({root(cik) for cik in ciks})
        for other in roots[1:]:
            parent[other] = roots[0]

    for form in history:
        if form.owner_ciks & entities:
            join(form.owner_ciks)
    for duplicate in found.values():
        if duplicate.how == SAME_EVENT:
            join(history.form(duplicate.row.accession).owner_ciks | history.form(duplicate.of.accession).owner_ciks)
    groups: dict[str, set[str]] = {}
    for cik in parent:
        groups.setdefault(root(cik), set()).add(cik)
    return {cik: name for group in groups.values() for cik, name in _named(group, seated)}


def _kinds(history: History) -> tuple[set[str], set[str]]:
    """The CIKs that a name shows to be an entity, and the persons that some filing calls an officer or a director."""
    entities = {owner.cik for form in history for owner in form.owners if is_entity(owner.name)}
    seated = {
        owner.cik
        for form in history
        for owner in form.owners
        if owner.cik not in entities and (owner.is_director or owner.is_officer)
    }
    return entities, seated


def _named(group: set[str], seated: set[str]) -> list[tuple[str, str]]:
    people = group & seated
    if len(people) > 1:
        rest = group - people
        return [(cik, cik) for cik in people] + [(cik, min(rest)) for cik in rest]
    return [(cik, min(group)) for cik in group]
