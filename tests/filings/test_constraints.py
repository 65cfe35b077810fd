"""The database keeps the promises: every named constraint is broken once here, and none is forgotten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from filings.models import (
    DataSetLoad,
    DataSetPart,
    Difference,
    Document,
    EdgarBudget,
    Filing,
    FilingOwner,
    FirstLoad,
    Footnote,
    IngestStage,
    Insider,
    InsiderName,
    Issuer,
    IssuerName,
    IssuerTicker,
    LeadingRank,
    Line,
    PartyToIndex,
    SearchName,
    Signature,
    Stage,
    TickerFile,
)
from filings.services.load import load_received
from tests.breaking import named_constraints, same_place, sql, twice, update
from tests.filings.services.papers import received, sale, xml

pytestmark = [pytest.mark.db_and_celery, pytest.mark.django_db]

APPS = ("filings",)
TOO_LONG = 10**18


def difference(**fields: Any) -> None:
    values = {"index": "2026-07-16", "accession": "0009000001-26-000001", "kind": "missing", "explanation": "a test"}
    Difference.objects.create(**values | {"found_at": timezone.now()} | fields)


def current_ticker(**fields: Any) -> None:
    IssuerTicker.objects.create(**{"cik": "0009000100", "ticker": "ANVL", "since": date(2026, 1, 5)} | fields)


def data_set(**fields: Any) -> DataSetLoad:
    values = {"fingerprint": "of a test", "source": "2024q3", "filings": 1, "parts": 1, "began_at": timezone.now()}
    return DataSetLoad.objects.create(**values | fields)


def data_set_part_twice() -> None:
    load = data_set()
    for _ in range(2):
        DataSetPart.objects.create(load=load, part=0, filings=1, loaded_at=timezone.now())


def party_to_index_twice() -> None:
    for _ in range(2):
        PartyToIndex.objects.create(kind="issuer", cik="0009000100")


BREAKING: dict[str, Callable[[], object]] = {
    "document_once": twice(Document),
    "document_accession_eighteen_digits": sql("UPDATE filings_document SET accession = %s", TOO_LONG),
    "document_sha256_has_32_bytes": update(Document, sha256=b"short"),
    "filing_accession_eighteen_digits": sql(
        "INSERT INTO filings_filing (accession, form, issuer_id, issues, document_id, parser_version, published_at)"
        " SELECT -1, form, issuer_id, issues, document_id, parser_version, published_at FROM filings_filing"
    ),
    "filing_form_3_4_or_5": update(Filing, form="8-K"),
    "filing_parser_version_known": update(Filing, parser_version=0),
    "filingowner_position_once": same_place(FilingOwner, name="another"),
    "footnote_ref_once": same_place(Footnote, position=7),
    "footnote_position_once": same_place(Footnote, ref="F7"),
    "ingeststage_known": sql("UPDATE filings_ingeststage SET stage = 'lost'"),
    "ingeststage_accession_eighteen_digits": sql("UPDATE filings_ingeststage SET accession = -1"),
    "ingeststage_quarantined_says_why": update(IngestStage, stage=Stage.QUARANTINED),
    "ingeststage_due_while_owed": update(IngestStage, stage=Stage.FETCHED),
    "ingeststage_seen_can_be_fetched": update(IngestStage, stage=Stage.SEEN, due_at=timezone.now()),
    "ingeststage_absent_from_and_since": update(IngestStage, absent_from="daily"),
    "difference_once": lambda: (difference(), difference()),
    "difference_kind_known": lambda: difference(kind="rumour"),
    "tickerfile_one_row": lambda: TickerFile.objects.create(only=False),
    "issuerticker_one_current": lambda: (current_ticker(), current_ticker()),
    "issuerticker_since_before_until": lambda: current_ticker(until=date(2020, 1, 1)),
    "insider_cik_ten_digits": lambda: Insider.objects.create(cik="0000000000"),
    "insidername_once": twice(InsiderName),
    "insidername_first_before_last": update(InsiderName, first_on=date(2030, 1, 1), last_on=date(2020, 1, 1)),
    "issuer_cik_ten_digits": sql("INSERT INTO filings_issuer (cik) VALUES (10000000000)"),
    "issuername_once": twice(IssuerName),
    "issuername_first_before_last": update(IssuerName, first_on=date(2030, 1, 1), last_on=date(2020, 1, 1)),
    "line_row_once": same_place(Line, position=7),
    "line_position_once": same_place(Line, row=7),
    "line_table_i_or_ii": update(Line, table="V"),
    "line_kind_known": update(Line, kind="rumour"),
    "line_rows_count_from_one": update(Line, row=0),
    "line_table_i_has_no_derivative_columns": update(Line, underlying_title="Common Stock"),
    "signature_position_once": same_place(Signature, name="another"),
    "searchname_once": twice(SearchName),
    "searchname_kind_known": update(SearchName, kind="rumour"),
    "partytoindex_once": party_to_index_twice,
    "partytoindex_kind_known": lambda: PartyToIndex.objects.create(kind="rumour", cik="0009000100"),
    "datasetload_has_parts": lambda: data_set(parts=0),
    "datasetload_ends_after_it_began": lambda: data_set(finished_at=timezone.now() - timedelta(days=1)),
    "datasetpart_once": data_set_part_twice,
    "leadingrank_one_row": lambda: LeadingRank.objects.create(only=False, rank=1),
    "edgarbudget_one_row": lambda: EdgarBudget.objects.update_or_create(
        only=False, defaults={"next_slot_at": timezone.now()}
    ),
}


@pytest.fixture
def one_filing():
    load_received(
        received=[
            received(1, xml(ticker=None, lines=[sale(footnotes={"price": ("F1",)})], footnotes={"F1": "A note."}))
        ]
    )


def test_no_constraint_of_the_models_is_without_its_breaking_test():
    assert named_constraints(*APPS) == set(BREAKING)


def test_every_named_constraint_stands_in_the_database():
    with connection.cursor() as cursor:
        cursor.execute("SELECT conname FROM pg_constraint UNION SELECT indexname FROM pg_indexes")
        present = {name for (name,) in cursor.fetchall()}
    assert named_constraints(*APPS) <= present


@pytest.mark.parametrize("name", sorted(BREAKING))
def test_the_database_refuses_what_breaks(name, one_filing):
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        BREAKING[name]()

    assert refused.value.__cause__.diag.constraint_name == name


def test_a_name_without_words_is_one_name_too(one_filing):
    """NULL is a value here: a party without a name has one row that says so, however often it is settled."""
    IssuerName.objects.update(name=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        twice(IssuerName)()


@pytest.mark.parametrize("model", [Issuer, Insider, Document])
def test_a_party_or_document_of_a_filing_cannot_be_deleted_under_it(model, one_filing):
    def delete() -> None:
        model._default_manager.all()._raw_delete("default")
        sql("SET CONSTRAINTS ALL IMMEDIATE")()

    with pytest.raises(IntegrityError), transaction.atomic():
        delete()


def test_a_first_load_has_one_row_for_a_source():
    FirstLoad.objects.create(source="a", started_at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        FirstLoad.objects.create(source="a", started_at=timezone.now())
