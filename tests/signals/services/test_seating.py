"""Who sits at an issuer is kept with its readings, and is what its filings say, however it came about."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.utils import timezone

from filings.models import Filing, FilingOwner, Issuer
from filings.services.load import load_received
from signals.models import IssuerSeat, IssuerState
from signals.selectors.parties import find_issuer
from signals.selectors.seats import Seat, seats_at
from signals.services import read
from signals.services.read import read_all_owed, read_by_clock, read_issuers, reread, seat_unseated
from tests.filings.services.papers import accession, received, sale, xml
from tests.signals.services.test_read import ISSUER, told

pytestmark = [pytest.mark.db_and_celery, pytest.mark.django_db]

JANE, JOHN, MAX = (9000200, "DOE JANE"), (9000201, "DOE JOHN"), (9000202, "ROE MAX")


def shown() -> list[tuple[str, int, date | None, str, str | None]]:
    """What the issuer's page shows of each insider, by name."""
    found = find_issuer(ISSUER)
    return sorted(told_of(seat) for seat in seats_at(found.issuer, kept=found.seated))


def told_of(seat: Seat) -> tuple[str, int, date | None, str, str | None]:
    last = seat.last and f"{seat.last.kind} {seat.last.on} {seat.last.shares:.0f} {seat.last.stake} {seat.last.filing}"
    return (seat.owner.name or "", seat.filings, seat.last_on, seat.owner.filing_id, last)


def as_counted() -> None:
    """What is kept is there to be taken, and is what counting gives."""
    found = find_issuer(ISSUER)
    assert found.seated
    kept, counted = (seats_at(found.issuer, kept=kept) for kept in (True, False))
    assert kept
    assert kept == counted


def places() -> list[str]:
    """Where PostgreSQL has each row: it writes one that changes to another place."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ctid::text FROM signals_issuerseat ORDER BY id")
        return [place for (place,) in cursor.fetchall()]


class TestKept:
    def test_a_filing_more_and_somebody_new(self):
        load_received(received=[told(1), told(2, owners=[JANE, JOHN], lines=[sale(shares=7)])])
        read_all_owed()
        as_counted()
        load_received(received=[told(3, owners=[MAX], form="3", lines=[])])
        read_all_owed()
        as_counted()
        assert [(name, filings) for name, filings, *_ in shown()] == [("DOE JANE", 2), ("DOE JOHN", 1), ("ROE MAX", 1)]

    def test_an_amendment_takes_the_last_action_back(self):
        load_received(received=[told(1, lines=[sale(shares=5)]), told(2, lines=[sale(shares=6)])])
        read_all_owed()
        amended = {"form": "4/A", "date_of_original_submission": date(2024, 5, 3)}
        load_received(received=[told(3, accepted="20240510163000", lines=[sale(shares=8)], **amended)])
        read_all_owed()
        as_counted()

    def test_a_filing_published_anew_with_other_owners(self):
        load_received(received=[told(1, owners=[JANE]), told(2, owners=[JOHN])])
        read_all_owed()
        load_received(received=[told(2, owners=[MAX])])
        read_all_owed()
        as_counted()
        assert [name for name, *_ in shown()] == ["DOE JANE", "ROE MAX"]

    def test_a_filing_that_went_to_another_issuer(self):
        load_received(received=[told(1, owners=[JANE]), told(2, owners=[JOHN])])
        read_all_owed()
        load_received(received=[told(2, owners=[JOHN], issuer=9000777)])
        read_all_owed()
        assert [name for name, *_ in shown()] == ["DOE JANE"]
        reread(issuers=[ISSUER])
        as_counted()

    def test_read_again_no_row_changes(self):
        load_received(received=[told(1), told(2, owners=[JOHN])])
        read_all_owed()
        before = places()
        assert read_issuers(issuers=[ISSUER]).read == [ISSUER]
        assert places() == before


class TestNotKept:
    def test_a_filing_that_is_not_read_yet_is_counted_at_once(self):
        load_received(received=[told(1)])
        read_all_owed()
        load_received(received=[told(2, owners=[JOHN])])
        assert not find_issuer(ISSUER).seated
        assert [name for name, *_ in shown()] == ["DOE JANE", "DOE JOHN"]

    def test_an_incomplete_filing_which_nobody_reads_is_counted(self):
        load_received(received=[told(1), told(2, owners=[JOHN])])
        Filing.objects.filter(accession=accession(2)).update(partial=True)
        assert [name for name, *_ in shown()] == ["DOE JANE", "DOE JOHN"]
        read_all_owed()
        assert [name for name, *_ in shown()] == ["DOE JANE", "DOE JOHN"]

    def test_what_an_earlier_version_read_is_kept_by_the_clock(self):
        load_received(received=[told(1), received(2, xml(issuer=9000777))])
        read_all_owed()
        IssuerSeat.objects.all().delete()
        IssuerState.objects.update(seated=None)
        assert [name for name, *_ in shown()] == ["DOE JANE"]
        read_by_clock()
        as_counted()
        assert IssuerSeat.objects.count() == 2

    def test_an_issuer_without_a_filing_is_seated_with_none_and_the_clock_is_done_with_it(self):
        load_received(received=[told(1)])
        read_all_owed()
        IssuerState.objects.create(issuer=Issuer.objects.create(cik="0009000777"), read_at=timezone.now())
        assert [seat_unseated(), seat_unseated()] == [["0009000777"], []]

    def test_a_failed_reading_keeps_nothing(self, monkeypatch):
        load_received(received=[told(1)])
        monkeypatch.setattr(read, "issuer_reading", lambda history: [][0])
        assert read_all_owed().failed
        assert [name for name, *_ in shown()] == ["DOE JANE"]


def test_an_owner_whose_filing_is_being_published_anew_holds_nobody_up():
    load_received(received=[told(1)])
    read_all_owed()
    FilingOwner.objects.all().delete()
    assert shown() == []
