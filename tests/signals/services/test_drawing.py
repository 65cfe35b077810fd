"""The sheet of an issuer is drawn with its readings, and is what a page would draw, however it came about."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import date

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from filings.models import Filing, Issuer
from filings.services.load import load_received
from form4site.kit import sources
from signals.models import IssuerSheet, IssuerState, Reading
from signals.selectors.issuer_sheets import drawn, kept_sheet
from signals.selectors.parties import FoundIssuer, find_issuer
from signals.services import drawing, prices
from signals.services.prices import import_closes, import_splits
from signals.services.read import draw_undrawn, read_all_owed, read_by_clock, read_issuers, reread
from tests.filings.services.papers import accession, received, sale, xml
from tests.signals.services.test_read import ISSUER, told

pytestmark = [pytest.mark.db_and_celery, pytest.mark.django_db]

JANE, JOHN = (9000200, "DOE JANE"), (9000201, "DOE JOHN")
PAGE = f"/issuers/{ISSUER}/"


def as_drawn() -> str:
    """The kept sheet, which is there and has the bytes of one that is drawn now."""
    found = find_issuer(ISSUER)
    sheet = kept_sheet(found)
    assert sheet is not None
    assert sheet == drawn(found)
    return sheet


def shown(client, query: str = "") -> str:
    response = client.get(PAGE + query)
    assert response.status_code == 200
    return str(response.content.decode())


@pytest.fixture
def marked():
    """A kept sheet that no drawing would give."""
    load_received(received=[told(1)])
    read_all_owed()
    IssuerSheet.objects.update(drawn="<p>kept & shown</p>")


class TestKept:
    def test_filing_after_filing(self):
        load_received(received=[told(1), told(2, owners=[JANE, JOHN], lines=[sale(shares=7)])])
        read_all_owed()
        assert "DOE JOHN" in as_drawn()
        load_received(received=[told(3, owners=[(9000202, "ROE MAX")], form="3", lines=[])])
        read_all_owed()
        assert "ROE MAX" in as_drawn()

    def test_an_amendment_and_a_filing_published_anew(self):
        load_received(received=[told(1, lines=[sale(shares=5)]), told(2, owners=[JOHN], lines=[sale(shares=6)])])
        read_all_owed()
        amended = {"form": "4/A", "date_of_original_submission": date(2024, 5, 3)}
        load_received(received=[told(3, accepted="20240510163000", lines=[sale(shares=8)], **amended)])
        read_all_owed()
        as_drawn()
        load_received(received=[told(2, owners=[(9000202, "ROE MAX")], lines=[sale(shares=6)])])
        read_all_owed()
        assert "DOE JOHN" not in as_drawn()

    def test_read_afresh(self):
        load_received(received=[told(1)])
        read_all_owed()
        IssuerSheet.objects.update(drawn="another")
        reread(issuers=[ISSUER])
        as_drawn()

    def test_an_incomplete_filing_that_says_nothing_new_but_who_sits_there(self):
        load_received(received=[told(1), told(2, owners=[JOHN])])
        read_all_owed()
        Filing.objects.filter(accession=accession(2)).update(partial=True)
        Reading.objects.filter(filing=accession(2)).delete()
        IssuerState.objects.update(seated=None)
        read_issuers(issuers=[ISSUER])
        as_drawn()

    def test_a_name_published_anew_that_no_reading_tells(self):
        load_received(received=[told(1, owners=[JANE, JOHN])])
        read_all_owed()
        load_received(received=[told(1, owners=[JANE, (JOHN[0], "DOE JOHNNY")])])
        assert read_all_owed().changed == []
        assert "DOE JOHNNY" in as_drawn()

    def test_read_again_without_news_the_same_is_not_written_again(self):
        load_received(received=[told(1)])
        read_all_owed()
        with CaptureQueriesContext(connection) as asked:
            read_issuers(issuers=[ISSUER])
        assert not [one for one in asked if 'INSERT INTO "signals_issuersheet"' in one["sql"]]
        as_drawn()


class TestTaken:
    def test_the_page_shows_what_is_kept(self, client, marked):
        assert "<p>kept & shown</p>" in shown(client)
        assert "<p>kept & shown</p>" in shown(client, "?before=2024-05-03,0009000000-24-000009")

    @pytest.mark.parametrize("query", ["?years=5", "?kinds=all", "?prices=adjusted", "?people=all", "?show=lines"])
    def test_whoever_asks_for_anything_else_gets_that(self, client, marked, query):
        assert "kept &" not in shown(client, query)

    def test_a_part_of_the_page_is_made(self, client, marked):
        response = client.get(PAGE, headers={"HX-Request": "true", "HX-Target": "timeline"})
        assert b"kept &" not in response.content

    def test_not_once_there_is_a_filing_of_which_it_does_not_tell(self, client, marked):
        load_received(received=[told(2, owners=[JOHN])])
        assert "kept &" not in shown(client)

    def test_not_what_other_source_drew(self, client, marked):
        IssuerSheet.objects.update(drawn_by="another")
        assert "kept &" not in shown(client)

    def test_not_once_prices_or_splits_came_in(self, client, marked):
        issuer = Issuer.objects.get(cik=ISSUER)
        import_closes(lines=["date,close", "2024-05-02,31.25"], issuer=issuer)
        assert "31.25" in shown(client)
        read_at = IssuerState.objects.get(issuer=issuer).read_at
        IssuerSheet.objects.create(issuer=issuer, drawn="kept & shown", drawn_by=sources.digest(), read_at=read_at)
        assert "kept &" in shown(client)
        import_splits(lines=["date,ratio", "2024-06-03,2:1"], issuer=issuer)
        assert "kept &" not in shown(client)

    def test_not_once_some_of_the_prices_came_in(self, client, marked, monkeypatch):
        monkeypatch.setattr(prices, "BATCH", 1)

        def killed(rows: int) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            import_closes(
                lines=["date,close", "2024-05-01,30.5", "2024-05-02,31.25"],
                issuer=Issuer.objects.get(cik=ISSUER),
                step=killed,
            )
        assert "30.5" in shown(client)

    def test_not_once_a_version_that_draws_none_read_a_filing(self, client, marked, monkeypatch):
        with monkeypatch.context() as older:
            older.setattr(drawing, "draw", lambda issuers: None)
            load_received(received=[told(2, owners=[JOHN])])
            read_all_owed()
        assert "DOE JOHN" in shown(client)
        read_by_clock()
        assert "DOE JOHN" in as_drawn()

    def test_not_while_templates_are_written(self, client, marked, settings):
        settings.DEBUG = True
        assert "kept &" not in shown(client)

    def test_the_page_with_it_is_the_page_without(self, client):
        load_received(received=[told(1), told(2, owners=[JANE, JOHN], lines=[sale(shares=7)])])
        read_all_owed()
        with_it = shown(client)
        IssuerSheet.objects.all().delete()
        assert shown(client) == with_it


@pytest.mark.django_db(transaction=True)
def test_prices_that_come_in_while_it_is_drawn_are_in_it_or_it_goes(monkeypatch):
    load_received(received=[told(1)])
    read_all_owed()
    issuer = Issuer.objects.get(cik=ISSUER)

    def import_and_leave() -> None:
        try:
            import_closes(lines=["date,close", "2024-05-02,31.25"], issuer=issuer)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as beside:

        def slowly(found: FoundIssuer) -> str:
            sheet = drawn(found)
            wait([beside.submit(import_and_leave)], timeout=1)  # it waits until what is drawn is kept
            return sheet

        with monkeypatch.context() as slow:
            slow.setattr(drawing, "drawn", slowly)
            read_issuers(issuers=[ISSUER])
    assert kept_sheet(find_issuer(ISSUER)) is None
    assert draw_undrawn() == [ISSUER]
    assert "31.25" in as_drawn()


class TestUndrawn:
    def test_the_clock_draws_what_other_source_drew_and_is_done(self):
        load_received(received=[told(1), received(2, xml(issuer=9000777))])
        read_all_owed()
        IssuerSheet.objects.filter(issuer=ISSUER).update(drawn_by="another", drawn="another")
        IssuerSheet.objects.exclude(issuer=ISSUER).delete()
        read_by_clock()
        as_drawn()
        assert IssuerSheet.objects.filter(drawn_by=sources.digest()).count() == 2
        assert draw_undrawn() == []

    def test_what_cannot_be_drawn_delays_no_reading_and_is_not_tried_for_ever(self, client, monkeypatch):
        load_received(received=[told(1)])
        with monkeypatch.context() as broken:
            broken.setattr(drawing, "drawn", lambda found: [][0])
            assert read_all_owed().changed == [accession(1)]
            assert draw_undrawn() == []
        assert kept_sheet(find_issuer(ISSUER)) is None
        assert "DOE JANE" in shown(client)
