"""Publishing is one transaction, idempotent, and blind to the order of arrival."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from filings import events
from filings.models import (
    Completeness,
    Filing,
    FilingOwner,
    IngestStage,
    Insider,
    InsiderName,
    Issuer,
    IssuerName,
    Line,
    Stage,
)
from filings.ownership.parse import MAX_PARTS
from filings.services import publish as publishing
from filings.services.keep import keep
from filings.services.load import load, load_received
from filings.services.publish import publish
from tests.filings.services import papers
from tests.filings.services.papers import accession, received, sale, submission, whole_tables, xml

pytestmark = [pytest.mark.db_and_celery, pytest.mark.django_db]

NOT_XML = b"<ownershipDocument><documentType>4</documentType>"


@pytest.fixture
def announced(django_capture_on_commit_callbacks):
    """Runs what is due after commit and tells what was announced while the block ran."""
    heard: list[str] = []

    def listen(sender: object, accessions: list[str], **_: object) -> None:
        heard.extend(accessions)

    events.filing_published.connect(listen)
    yield heard
    events.filing_published.disconnect(listen)


def publish_all(*items: object) -> None:
    for item in items:
        load_received(received=[item])


def a_small_archive() -> list[object]:
    """Names, tickers and insiders that change over time, with and without dates, over two issuers."""
    return [
        received(1, submission(1, xml(issuer_name="Old Name Inc", ticker="OLD"), filed=date(2020, 1, 2)), 1),
        received(2, submission(2, xml(issuer_name="New Name Inc", ticker="NEW"), filed=date(2024, 1, 2)), 1),
        received(3, submission(3, xml(issuer_name="Old Name Inc", ticker="OLD"), filed=date(2021, 1, 2)), 1),
        received(4, xml(issuer_name="Undated Name Inc", ticker="NONE", period=None)),
        received(5, xml(owners=[(9000200, "DOE JANE"), (9000201, "ROE RICHARD")], period=date(2022, 2, 2))),
        received(6, xml(owners=[(9000201, "ROE RICHARD JR")], issuer=9000101, issuer_name="Other Co", ticker="OTHR")),
        received(7, xml(lines=[sale(1), sale(2), sale(3)], footnotes={"F1": "A note.", "F2": "Another."})),
        received(8, NOT_XML),
    ]


def test_publishing_twice_changes_no_row():
    archive = a_small_archive()
    load_received(received=archive)
    before = whole_tables()

    again = load_received(received=archive)

    assert whole_tables() == before
    assert (again.published, again.unchanged, len(again.failed)) == (0, 7, 1)
    assert publish(accessions=[accession(number) for number in range(1, 9)]).published == []
    assert whole_tables() == before


@pytest.mark.parametrize("order", ["reversed", "shuffled", "one by one, shuffled", "halves swapped"])
def test_the_order_of_arrival_does_not_change_the_facts(order):
    archive = a_small_archive()
    with transaction.atomic():
        load_received(received=archive)
        expected = papers.facts()
        transaction.set_rollback(True)
    assert Filing.objects.count() == 0

    match order:
        case "reversed":
            load_received(received=archive[::-1])
        case "shuffled":
            load_received(received=random.Random(3).sample(archive, len(archive)))
        case "halves swapped":
            load_received(received=archive[4:])
            load_received(received=archive[:4])
        case _:
            publish_all(*random.Random(5).sample(archive, len(archive)))

    assert papers.facts() == expected


def test_identical_rows_inside_one_filing_are_kept_apart():
    publish_all(received(1, xml(lines=[sale(1), sale(2), sale(3)])))

    lines = Line.objects.filter(filing=accession(1))
    assert [(line.row, line.shares, line.price) for line in lines] == [
        (row, Decimal("100.00"), Decimal("10.50")) for row in (1, 2, 3)
    ]


def test_names_and_tickers_follow_the_latest_filing_whatever_came_last():
    publish_all(*a_small_archive()[:4][::-1])

    issuer = Issuer.objects.get()
    assert (issuer.name, issuer.ticker) == ("New Name Inc", "NEW")
    names = {name.name: (name.first_on, name.last_on, name.last_accession) for name in IssuerName.objects.all()}
    assert names == {
        "Old Name Inc": (date(2020, 1, 2), date(2021, 1, 2), accession(3)),
        "New Name Inc": (date(2024, 1, 2), date(2024, 1, 2), accession(2)),
        "Undated Name Inc": (None, None, accession(4)),
    }


def test_a_statement_in_the_ticker_box_is_no_ticker():
    publish_all(received(1, xml(ticker="N/A")))

    assert Issuer.objects.get().ticker is None
    assert Filing.objects.get().issuer_ticker == "N/A"


def three_kinds() -> list[object]:
    """One filing as bare XML, as a submission, and as a submission with its acceptance time, told apart by remarks."""
    return [
        received(1, xml(remarks="bare"), Completeness.BARE_XML),
        received(1, submission(1, xml(remarks="envelope")), Completeness.ENVELOPE),
        received(1, submission(1, xml(remarks="accepted"), accepted="20240503161500"), Completeness.ACCEPTED),
    ]


@pytest.mark.parametrize("order", [(0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)])
def test_the_most_complete_document_wins_in_any_order(order):
    kinds = three_kinds()

    publish_all(*(kinds[index] for index in order))

    filing = Filing.objects.get()
    assert filing.remarks == "accepted"
    assert filing.filed_on == date(2024, 5, 3)
    assert filing.accepted_at == datetime(2024, 5, 3, 20, 15, tzinfo=UTC)
    assert len(papers.kept_hashes()) == 3


def test_of_equally_complete_documents_the_latest_wins():
    publish_all(received(1, xml(remarks="first")), received(1, xml(remarks="second")))

    assert Filing.objects.get().remarks == "second"


def test_a_document_kept_while_another_was_being_read_is_not_overruled_by_it(monkeypatch):
    bare, _, accepted = three_kinds()
    keep(received=[bare])
    read = publishing.read_document

    def read_while_another_process_publishes(document):
        monkeypatch.setattr(publishing, "read_document", read)
        publish_all(accepted)
        return read(document)

    monkeypatch.setattr(publishing, "read_document", read_while_another_process_publishes)
    publish(accessions=[accession(1)])

    assert Filing.objects.get().remarks == "accepted"
    assert IngestStage.objects.get().stage == Stage.PUBLISHED


def test_a_bad_document_is_set_aside_and_the_rest_of_its_batch_is_published():
    bad_cik = xml().replace(b"<issuerCik>0009000100", b"<issuerCik>ACME")
    report = load_received(
        received=[received(1, xml()), received(2, bad_cik), received(3, xml()), received(4, NOT_XML)]
    )

    assert (report.read, report.published, len(report.failed)) == (4, 2, 2)
    row = IngestStage.objects.get(accession=accession(2))
    assert (row.stage, row.failed_stage, row.failed_path) == (
        Stage.QUARANTINED,
        "document",
        "ownershipDocument/issuer/issuerCik",
    )
    assert "ACME" in row.reason
    assert row.due_at is None
    assert IngestStage.objects.get(accession=accession(4)).failed_stage == "xml"
    assert set(Filing.objects.values_list("accession", flat=True)) == {accession(1), accession(3)}


def test_good_bytes_after_bad_ones_publish():
    publish_all(received(1, NOT_XML))
    assert IngestStage.objects.get().stage == Stage.QUARANTINED

    publish_all(received(1, xml()))

    row = IngestStage.objects.get()
    assert (row.stage, row.reason, row.failed_stage, row.failed_path) == (Stage.PUBLISHED, None, None, None)
    assert Filing.objects.count() == 1


def test_bad_new_bytes_never_hide_good_facts_and_are_reported():
    publish_all(received(1, xml()))
    before = whole_tables()["filings_filing"]

    report = load_received(received=[received(1, submission(1, NOT_XML), Completeness.ENVELOPE)])

    assert whole_tables()["filings_filing"] == before
    row = IngestStage.objects.get()
    assert (row.stage, row.due_at) == (Stage.PUBLISHED, None)
    assert [failure.stage for failure in report.failed] == ["xml"]
    assert report.unchanged == 0


def test_a_bad_file_is_reported_although_a_more_complete_one_is_published():
    accepted = three_kinds()[2]
    report = load_received(received=[accepted, received(1, NOT_XML)])

    assert (report.published, [failure.stage for failure in report.failed]) == (1, ["xml"])


def long_words(seed: int) -> str:
    """Too long for an index entry, and incompressible."""
    return f"{random.Random(seed).getrandbits(80_000):x}"


@pytest.mark.parametrize(
    "refused",
    [
        pytest.param({"issuer_name": long_words(7)}, id="an issuer's name"),
        pytest.param({"owners": [(9000200, long_words(8))]}, id="an owner's name"),
        pytest.param({"footnotes": {f"F{long_words(9)}": "text"}}, id="a footnote's id"),
    ],
)
def test_what_the_database_refuses_is_set_aside_alone(refused):
    report = load_received(received=[received(1, xml()), received(2, xml(**refused)), received(3, xml())])

    assert (report.published, len(report.failed)) == (2, 1)
    row = IngestStage.objects.get(accession=accession(2))
    assert (row.stage, row.failed_stage) == (Stage.QUARANTINED, "publish")
    assert "index row" in row.reason


def test_more_rows_than_a_page_can_show_are_set_aside_alone():
    row = b"<nonDerivativeTransaction/>"
    endless = xml().replace(b"</nonDerivativeTable>", row * MAX_PARTS + b"</nonDerivativeTable>")

    report = load_received(received=[received(1, xml()), received(2, endless), received(3, xml())])

    assert (report.published, len(report.failed)) == (2, 1)
    ledger = IngestStage.objects.get(accession=accession(2))
    assert (ledger.failed_stage, ledger.reason) == ("document", "1,001 rows; at most 1,000 are read")


def test_what_the_header_says_of_another_issuer_is_not_taken_for_this_one():
    header = b"ISSUER:\nCENTRAL INDEX KEY: %d\nSTANDARD INDUSTRIAL CLASSIFICATION: ANVILS [%d]\n"
    for number, party in ((1, header % (9000300, 1111)), (2, header % (9000100, 2222))):
        content = submission(number, xml(issuer=9000100)).replace(b"</SEC-HEADER>", party + b"</SEC-HEADER>")
        load_received(received=[received(number, content, Completeness.ENVELOPE)])

    assert list(Filing.objects.order_by("accession").values_list("issuer_sic", flat=True)) == [None, "2222"]


def test_a_fault_of_the_reader_delays_one_filing_only(monkeypatch, caplog):
    parse = publishing.parse

    def stumble(content: bytes):
        if b"stumble" in content:
            raise KeyError("a mistake of ours")
        return parse(content)

    monkeypatch.setattr(publishing, "parse", stumble)
    report = load_received(received=[received(1, xml()), received(2, xml(remarks="stumble"))])

    assert (report.published, [failure.stage for failure in report.failed]) == (1, ["reader"])
    assert "a mistake of ours" in caplog.text


def test_what_is_announced_is_what_has_changed(announced, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        publish_all(received(1, xml()))
    with django_capture_on_commit_callbacks(execute=True):
        load_received(received=[received(1, xml()), received(2, xml()), received(3, NOT_XML)])

    assert announced == [accession(1), accession(2)]


@pytest.mark.django_db(transaction=True)
def test_nothing_is_announced_before_the_commit_nor_after_a_rollback(announced):
    with transaction.atomic():
        publish_all(received(1, xml()))
        assert announced == []
    assert announced == [accession(1)]

    class Abandoned(Exception):
        pass

    def publish_and_abandon() -> None:
        with transaction.atomic():
            publish_all(received(2, xml()))
            raise Abandoned

    with pytest.raises(Abandoned):
        publish_and_abandon()
    assert announced == [accession(1)]
    assert Filing.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_listener_that_fails_undoes_nothing(caplog):
    def fail(sender: object, **_: object) -> None:
        raise RuntimeError("a listener's own trouble")

    events.filing_published.connect(fail)
    try:
        publish_all(received(1, xml()))
    finally:
        events.filing_published.disconnect(fail)

    assert Filing.objects.count() == 1


def test_parties_that_no_filing_names_any_more_are_gone():
    wrong = xml(issuer=9000199, issuer_name="Wrong Co", owners=[(9000299, "WRONG PERSON")])
    publish_all(received(1, wrong), received(1, submission(1, xml()), Completeness.ENVELOPE))

    assert [issuer.name for issuer in Issuer.objects.all()] == ["Invented Anvils Inc"]
    assert [insider.name for insider in Insider.objects.all()] == ["DOE JANE"]
    assert InsiderName.objects.count() == IssuerName.objects.count() == FilingOwner.objects.count() == 1


def test_filed_numbers_keep_their_digits_and_zeros(tmp_path: Path):
    words = {"shares": "0012.50", "price": ".5000", "shares_owned_following": "1000000000000000000000000.000000000001"}
    content = xml(lines=[sale(shares=Decimal("8881"), price=Decimal("8882"), shares_owned_following=Decimal("8883"))])
    for number, text in zip((b"8881", b"8882", b"8883"), words.values(), strict=True):
        content = content.replace(number, text.encode())
    load(paths=[papers.file(tmp_path, 1, content)])

    from filings.selectors import filing_json, whole_filing

    line = filing_json(whole_filing(accession(1)))["lines"][0]
    assert {name: line[name] for name in words} == words


def test_the_ledger_says_when_a_filing_was_first_seen():
    first = datetime(2024, 5, 3, tzinfo=UTC)
    keep(received=[received(1, xml())], now=first)
    keep(received=[received(1, xml(remarks="other bytes"))], now=first + timedelta(days=1))

    assert IngestStage.objects.get().seen_at == first


@settings(max_examples=25, deadline=None)
@given(order=st.permutations(range(5)), batch=st.integers(1, 5))
def test_any_order_in_any_batches_gives_the_same_facts(order, batch):
    archive = a_small_archive()[:5]
    pictures = []
    for sequence, size in ((range(5), 5), (order, batch)):
        with transaction.atomic():
            items = [archive[index] for index in sequence]
            for start in range(0, 5, size):
                load_received(received=items[start : start + size])
            pictures.append(papers.facts())
            transaction.set_rollback(True)

    assert pictures[0] == pictures[1]
