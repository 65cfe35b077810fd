"""The search names follow from the facts alone, and are right the moment the facts are."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from filings.models import LeadingRank, SearchName
from filings.search import search
from filings.services import search_index
from filings.services.publish import publish
from tests.filings.search import archive
from tests.filings.search.archive import filing
from tests.filings.services.papers import accession, whole_tables

pytestmark = [pytest.mark.db_and_celery, pytest.mark.django_db]

CONTENT = ("kind", "cik", "former_name", "title", "detail", "lexemes", "rank", "is_leading")


def stored() -> list[tuple[object, ...]]:
    rows = SearchName.objects.values_list(*CONTENT)
    return sorted(
        (tuple(sorted(value) if isinstance(value, frozenset) else value for value in row) for row in rows), key=repr
    )


RENAMED = [
    filing(1, date(2012, 1, 3), issuer_name="OLDE FORGE INC", ticker="FORG", owners=[(9000200, "MAIDEN JANE")]),
    filing(2, date(2018, 1, 3), issuer_name="New Forge, Inc.", ticker="NFRG", owners=[(9000200, "WEDDED JANE")]),
    filing(3, date(2018, 1, 3), issuer_name="New Forge, Inc.", ticker="NFRG.A", owners=[(9000201, "OTHER ANN")]),
    filing(
        4, date(2019, 6, 3), issuer=9000101, issuer_name="Another Corp", ticker=None, owners=[(9000200, "WEDDED JANE")]
    ),
    filing(5, date(2012, 1, 3), issuer_name="Olde Forge Inc.", ticker="FORG", owners=[(9000201, "OTHER ANN")]),
]


@settings(max_examples=20, deadline=None)
@given(st.permutations(RENAMED))
def test_the_order_of_arrival_does_not_matter(arrivals):
    with transaction.atomic():
        archive.publish(*RENAMED)
        expected = stored()
        transaction.set_rollback(True)
    with transaction.atomic():
        archive.publish(*arrivals)
        found = stored()
        transaction.set_rollback(True)
    assert found == expected
    assert len(expected) == 6  # two issuers and two insiders, and a former name of one of each


def test_publishing_again_writes_no_search_name():
    archive.publish(*RENAMED)
    before = whole_tables()["filings_searchname"]
    publish(accessions=[accession(number) for number in range(1, 6)], again=True)
    search_index.rebuild()
    assert whole_tables()["filings_searchname"] == before


def test_a_rebuild_makes_the_same_from_nothing_and_removes_what_no_fact_supports():
    archive.publish(*RENAMED)
    expected = stored()
    SearchName.objects.filter(kind="insider").delete()
    SearchName.objects.update(title="wrong", rank=1, lexemes={"wrong"})
    SearchName.objects.create(
        kind="issuer", cik="0000000007", title="Nobody", detail="", lexemes={"nobody"}, rank=1, is_leading=True
    )
    search_index.rebuild()
    assert stored() == expected


def test_a_rebuild_in_many_batches_reaches_everyone(monkeypatch):
    archive.publish_the_archive()
    expected = stored()
    SearchName.objects.all().delete()
    monkeypatch.setattr(search_index, "BATCH", 3)
    steps: list[int] = []
    search_index.rebuild(step=steps.append)
    assert stored() == expected
    assert sum(steps) == len({(row[0], row[1]) for row in expected})


def test_a_publication_that_is_undone_leaves_the_search_names_as_they_were():
    archive.publish(RENAMED[0])
    before = whole_tables()["filings_searchname"]
    with transaction.atomic():
        archive.publish(RENAMED[1])
        assert search("new forge", 1)
        transaction.set_rollback(True)
    assert whole_tables()["filings_searchname"] == before
    assert not search("new forge", 1)


def test_a_name_in_other_letters_is_no_former_name():
    archive.publish(
        filing(1, date(2012, 1, 3), issuer_name="APPEL INC", ticker="APPL"),
        filing(2, date(2022, 1, 3), issuer_name="Appel Inc.", ticker="APPL"),
    )
    assert list(SearchName.objects.filter(kind="issuer").values_list("title", "former_name")) == [("Appel Inc.", None)]


def test_a_filing_date_that_cannot_be_does_not_stop_the_index():
    archive.publish(filing(1, date(9999, 12, 31)), filing(2, date(1901, 1, 1), issuer=9000101))
    assert SearchName.objects.filter(kind="issuer").count() == 2


@pytest.fixture
def few_leaders(monkeypatch):
    monkeypatch.setattr(search_index, "LEADERS", 4)
    archive.publish_the_archive()
    search_index.appoint_leaders()


def test_leaders_are_the_names_of_the_highest_rank_and_about_as_many_as_wanted(few_leaders):
    leading = list(SearchName.objects.filter(is_leading=True).values_list("rank", flat=True))
    others = list(SearchName.objects.filter(is_leading=False).values_list("rank", flat=True))
    assert len(leading) >= 4
    assert others
    assert min(leading) > max(others)


@pytest.mark.parametrize(
    "query", ["koch timothy", "tim koch", "obrain", "koc", "anvl", "anv", "foundry", "campball s", "gattes wil"]
)
@pytest.mark.parametrize("limit", [1, 3, 10])
def test_who_leads_changes_no_answer_of_three_letters_and_more(few_leaders, query, limit):
    found = search(query, limit)
    LeadingRank.objects.all().delete()
    SearchName.objects.update(is_leading=True)
    assert found == search(query, limit)
    assert found


def test_a_name_that_does_not_lead_is_found_by_a_whole_word_of_two_letters(few_leaders):
    archive.publish(filing(90, date(2001, 1, 3), issuer=9000700, issuer_name="Xu Works", ticker=None))
    assert not SearchName.objects.get(cik="0009000700").is_leading
    assert [hit.key for hit in search("xu", 3)] == ["0009000700"]
    assert [hit.key for hit in search("works x", 3)][:1] == ["0009000700"]


def test_leaders_are_appointed_anew_when_their_rank_has_lost_its_use(few_leaders):
    LeadingRank.objects.update(rank=0)
    SearchName.objects.update(is_leading=True)
    search_index.appoint_leaders()
    assert SearchName.objects.filter(is_leading=False).exists()
    LeadingRank.objects.update(rank=10**8)
    SearchName.objects.update(is_leading=False)
    search_index.appoint_leaders()
    assert SearchName.objects.filter(is_leading=True).exists()


# What the database refuses.


def a_name(**fields):
    given = {"kind": "issuer", "cik": "0000000007", "title": "A", "detail": "", "lexemes": {"a"}, "rank": 1}
    return SearchName(**given | {"is_leading": True} | fields)


def test_the_database_keeps_one_row_a_name_also_for_the_present_one():
    a_name().save()
    with pytest.raises(IntegrityError, match="searchname_once"):
        a_name().save()


def test_the_database_knows_the_kinds():
    with pytest.raises(IntegrityError, match="searchname_kind_known"):
        a_name(kind="filing").save()


def test_the_database_keeps_one_leading_rank():
    with pytest.raises(IntegrityError, match="leadingrank_one_row"):
        LeadingRank.objects.create(only=False, rank=1)


def test_lexemes_come_back_as_they_were_stored():
    a_name(lexemes={"$a", "=bé", "東京", "0"}).save()
    assert SearchName.objects.get().lexemes == {"$a", "=bé", "東京", "0"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT lexemes @@ '''=bé'''::tsquery FROM filings_searchname")
        assert cursor.fetchone() == (True,)
