"""The screen: what is asked is said, what is found is shown, and the address alone carries all of it."""

from __future__ import annotations

import csv
import io
import xml.etree.ElementTree as ET
from datetime import date

import pytest

from signals.criteria import FIELDS, from_query
from signals.criteria_words import CHOICES, PHRASED, in_a_sentence, phrases
from signals.models import Trade
from signals.ready_made import READY_MADE
from signals.selectors import matching
from signals.views import files, screen
from tests.pages.reading import read, squeezed

pytestmark = [pytest.mark.db_and_celery, pytest.mark.usefixtures("demo")]
RESULTS = {"HX-Request": "true", "HX-Target": "results"}
BOUGHT = "side=bought&role=ceo,cfo&superseded=1"


def seen(client, query="", **how):
    return read(client.get(f"/screen/?{query}", **how))


def rows(page):
    return [squeezed(link.attributes["href"]) for link in page.all("a", data_row="")]


def lines(response):
    return list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode())))


class TestPage:
    def test_its_rows_are_those_that_meet_the_criteria(self, client):
        found = {trade.filing_id for trade in matching.matching(from_query(BOUGHT))}
        assert len(found) > 10
        assert {href.split("/")[2] for href in rows(seen(client, BOUGHT))} == found

    def test_it_says_in_words_what_is_asked_and_how_many_there_are(self, client):
        text = seen(client, BOUGHT).text
        assert "Bought, by CEO or CFO, with what was later corrected, withdrawn or told twice." in text
        assert f"{matching.count(from_query(BOUGHT)).number} trades" in text

    def test_each_criterion_is_a_pill_that_can_be_taken_away(self, client):
        page = seen(client, "side=sold&min_value=100000&max_value=5m&late=1")
        links = [
            a.attributes["href"] for a in page.all("a") if a.attributes.get("aria-label", "").startswith("Take away")
        ]
        assert links == [
            "/screen/?min_value=100000&max_value=5000000&late=1",
            "/screen/?side=sold&late=1",
            "/screen/?side=sold&min_value=100000&max_value=5000000",
        ]

    def test_what_a_browser_makes_of_the_form_is_led_to_the_tidy_address(self, client):
        response = client.get("/screen/?side=sold&issuer=HLDNDEMO&min_value=&sector=&role=cfo&role=ceo")
        assert (response.status_code, response["Location"]) == (
            302,
            "/screen/?side=sold&issuer=9990000114&role=ceo,cfo",
        )

    def test_with_script_the_same_rows_come_as_a_part_with_the_tidy_address(self, client):
        whole = seen(client, BOUGHT)
        response = client.get("/screen/?side=bought&role=cfo&role=ceo&superseded=1&min_value=&sector=", headers=RESULTS)
        assert response["HX-Push-Url"] == f"/screen/?{BOUGHT}"
        part = read(response)
        assert rows(part) == rows(whole)
        assert not part.all("h1")
        assert "trades" in next(p.text for p in part.all("p") if p.attributes.get("id") == "count")

    def test_the_form_shows_what_is_asked(self, client):
        page = seen(client, "side=sold&issuer=9990000114&role=ceo&min_sic=6000&max_sic=6799&counted=1&sort=-value")
        chosen = {option.attributes["value"] for option in page.all("option") if "selected" in option.attributes}
        ticked = {box.attributes["value"] for box in page.all("input") if "checked" in box.attributes}
        typed = {box.attributes["name"]: box.attributes.get("value") for box in page.all("input")}
        assert {"sold", "6000-6799", "-value"} <= chosen
        assert {"ceo", "1"} <= ticked
        assert typed["issuer"] == "HLDNDEMO"

    def test_every_criterion_can_be_set_on_the_page(self, client):
        page = seen(client)
        names = {one.attributes.get("name") for tag in ("input", "select") for one in page.all(tag)}
        assert {field.key for field in FIELDS} <= names

    def test_heads_order_the_list_and_turn_it_round(self, client):
        def link(query, words):
            return next(
                a.attributes["href"] for a in seen(client, query).all("a") if squeezed(a.text).startswith(words)
            )

        assert link(BOUGHT, "Value").endswith("&sort=-value")
        assert link(f"{BOUGHT}&sort=-value", "Value").endswith("&sort=value")
        assert link(BOUGHT, "Filed").endswith("&sort=filed")
        assert link(f"{BOUGHT}&sort=filed", "Filed") == f"/screen/?{BOUGHT}"

    def test_pages_follow_each_other_to_the_end(self, client):
        query = "rows=25&side=market&filed_days=3000&sort=-value"
        address, found = f"/screen/?{query}", []
        while address:
            page = read(client.get(address))
            found += rows(page)
            more = [a.attributes["href"] for a in page.all("a") if a.attributes.get("rel") == "next"]
            address = more[0] if more else None
        assert len(found) == matching.count(from_query(query)).number > 50

    def test_groups_lead_to_their_own_trades(self, client):
        query = "side=bought&filed_days=3000&group=issuer&min_insiders=2"
        page = seen(client, query)
        groups = matching.trades(from_query(query)).rows
        assert len(groups) == len(rows(page)) > 1
        own = matching.count(from_query(rows(page)[0].partition("?")[2])).number
        assert own == groups[0].figures["trades"]

    def test_a_person_is_taken_by_name_and_a_company_by_its_words(self, client):
        response = client.get("/screen/?insider=Varga+Ilona&issuer=Halden+Photonics&side=")
        assert response.status_code == 302
        assert "insider=" in response["Location"]
        assert "issuer=9990000114" in response["Location"]


class TestRefusals:
    @pytest.mark.parametrize(
        ("query", "words"),
        [
            ("min_value=much", "“much” is no number."),
            ("role=king", "“king” is none of"),
            ("issuer=NOSUCH", "No company has the symbol or name “NOSUCH” in this archive."),
            ("insider=Nobody+At+All", "No insider has the name “Nobody At All” in this archive."),
            ("issuer=HLDNDEMO+NOSUCH", "No company has the symbol or name “NOSUCH”"),
            ("min_insiders=3", "choose what to group by"),
            ("sector=moon", "There is no such sector."),
            ("filed_from=2024-05-02&filed_to=2024-05-01", "before the first day"),
        ],
    )
    def test_what_cannot_be_read_is_said_at_its_field_and_nothing_is_searched(self, client, query, words):
        for headers in ({}, RESULTS):
            response = client.get(f"/screen/?{query}", headers=headers)
            assert response.status_code == 422
            assert words in read(response).text
            assert rows(read(response)) == []

    def test_a_key_that_is_no_criterion_is_named_as_not_asked(self, client):
        assert "Not asked, because no criterion is called so: min_vlaue" in seen(client, "side=sold&min_vlaue=5").text
        assert "Not asked" not in seen(client, "side=sold&utm_source=x").text

    def test_what_cannot_be_answered_in_time_says_so_and_shows_no_part(self, client, monkeypatch):
        def slow(*args, **kwargs):
            raise matching.TooBroad

        monkeypatch.setattr(matching, "trades", slow)
        response = client.get("/screen/?side=sold")
        assert response.status_code == 422
        assert "Too broad to answer in time" in read(response).text

    def test_where_counting_takes_too_long_the_rows_are_shown_all_the_same(self, client, monkeypatch):
        def slow(*args, **kwargs):
            raise matching.TooBroad

        monkeypatch.setattr(matching, "count", slow)
        page = seen(client, "rows=25&side=market")
        assert len(rows(page)) == 25
        assert "More than 25, too many to count in time" in page.text


class TestWhatIsSaidOfCriteria:
    def test_it_is_the_same_when_it_is_said_again(self, client):
        first = client.get("/screen/?side=sold&min_value=1000").content
        hits = screen._said.cache_info().hits
        assert client.get("/screen/?side=sold&min_value=1000").content == first
        assert screen._said.cache_info().hits == hits + 1

    def test_of_a_long_list_it_is_not_kept(self, client):
        kept = screen._said.cache_info()
        assert client.get(f"/screen/?issuer={','.join(map(str, range(1, 100)))}").status_code == 200
        assert screen._said.cache_info() == kept


class TestEmpty:
    def test_it_says_which_criterion_emptied_it_and_how_fresh_the_archive_is(self, client):
        page = seen(client, "side=bought&min_value=99999999999")
        assert "without for $99,999,999,999 or more: 100 or more" in squeezed(page.text)
        assert "Newest filing here" in page.text
        assert "/screen/?side=bought" in [a.attributes["href"] for a in page.all("a")]

    def test_it_says_where_more_than_one_emptied_it(self, client):
        assert "No criterion alone emptied it" in seen(client, "min_value=99999999999&min_price=99999999999").text

    def test_one_criterion_is_not_called_several(self, client, monkeypatch):
        """As in an archive that has no trade yet."""
        monkeypatch.setattr(matching, "emptied_by", lambda criteria, on: {})
        page = seen(client, "min_value=99999999999")
        assert "Without it there is nothing either" in page.text
        assert "No criterion alone" not in page.text

    def test_of_groups_it_names_the_period_that_nobody_asked(self, client, monkeypatch):
        """As where all that is read is older."""
        monkeypatch.setattr(matching, "today", lambda: date(2040, 1, 1))
        for query in ("group=issuer", "side=bought&group=insider"):
            page = seen(client, query)
            assert "No period is asked, and the one that is assumed may be what emptied it" in squeezed(page.text)
            assert "No criterion alone" not in page.text


class TestFile:
    def test_it_has_the_rows_of_the_page_in_their_order(self, client):
        query = "side=market&sort=-value&columns=value,issuer,shares"
        found = lines(client.get(f"/screen/rows.csv?{query}"))
        assert found[0][:3] == ["Company", "Shares", "Value"]
        expected = matching.trades(from_query(query), limit=1000).rows
        assert [row[5] for row in found[1:]] == [trade.filing_id for trade in expected]
        assert [row[2] for row in found[1:]] == ["" if t.value is None else f"{t.value:f}" for t in expected]

    def test_no_cell_that_a_stranger_wrote_is_a_formula(self, client):
        trade = Trade.objects.filter(kind="buy").first()
        type(trade.issuer).objects.filter(pk=trade.issuer_id).update(name="=HYPERLINK(1)")
        cells = [row[2] for row in lines(client.get(f"/screen/rows.csv?issuer={trade.issuer_id}"))]
        assert set(cells[1:]) == {"'=HYPERLINK(1)"}

    def test_it_is_written_in_pieces_that_join_without_a_seam(self, client, monkeypatch):
        whole = lines(client.get("/screen/rows.csv?side=market"))
        monkeypatch.setattr(files, "_PIECE", 7)
        assert lines(client.get("/screen/rows.csv?side=market")) == whole

    def test_it_says_where_it_is_cut(self, client, monkeypatch):
        monkeypatch.setattr(files, "_PIECE", 7)
        monkeypatch.setattr(files, "MOST_ROWS", 14)
        found = lines(client.get("/screen/rows.csv?side=market"))
        assert len(found) == 16
        assert "Cut after 14 rows" in found[-1][0]

    def test_groups_have_a_file_too(self, client):
        found = lines(client.get("/screen/rows.csv?group=issuer&side=bought&filed_days=3000"))
        assert len(found) - 1 == matching.count(from_query("group=issuer&side=bought&filed_days=3000")).number


class TestFeed:
    def test_it_has_the_newest_trades_with_their_sentences(self, client):
        response = client.get(f"/screen/feed.atom?{BOUGHT}")
        assert response["Content-Type"].startswith("application/atom+xml")
        feed = ET.fromstring(response.content)
        atom = "{http://www.w3.org/2005/Atom}"
        hits = matching.hits(from_query(BOUGHT), limit=50)
        assert [entry.findtext(f"{atom}summary") for entry in feed.iter(f"{atom}entry")] == [
            hit.sentence for hit in hits
        ]
        ids = [entry.findtext(f"{atom}id") for entry in feed.iter(f"{atom}entry")]
        assert len(set(ids)) == len(ids) == len(hits)

    def test_a_feed_without_entries_is_a_feed(self, client):
        assert ET.fromstring(client.get("/screen/feed.atom?min_value=99999999999").content) is not None

    def test_criteria_that_cannot_be_read_are_no_feed(self, client):
        assert client.get("/screen/feed.atom?role=king").status_code == 422
        assert client.get("/screen/rows.csv?role=king").status_code == 422


class TestReadyMade:
    @pytest.mark.parametrize("one", READY_MADE, ids=lambda one: one.title)
    def test_it_can_be_asked_is_spelled_as_it_is_stored_and_linked(self, client, one):
        assert from_query(one.query).query == one.query
        assert seen(client, one.query).text
        assert f"/screen/?{one.query}" in [a.attributes["href"] for a in seen(client).all("a")]

    def test_most_have_rows_in_the_demo(self):
        found = [one.title for one in READY_MADE if matching.trades(from_query(f"{one.query}")).rows]
        assert len(found) >= len(READY_MADE) - 2


class TestWords:
    def test_every_criterion_has_its_phrase(self):
        assert {field.key for field in FIELDS if field.of != "view"} == PHRASED

    def test_every_choice_has_its_words(self):
        for field in FIELDS:
            if field.of != "view":
                assert all(CHOICES[field.key](choice) for choice in field.choices)

    @pytest.mark.parametrize(
        ("query", "words"),
        [
            ("", "All trades."),
            ("late=1", "All trades, filed late."),
            ("side=sold&min_value=250000", "Sold, for $250,000 or more."),
            ("issuer=9990000114", "All trades, in HLDN."),
            ("min_stake=-50&max_stake=-10", "All trades, stake changed by −50% to −10%."),
            ("min_sic=6000&max_sic=6799", "All trades, in finance, insurance, real estate."),
            ("group=issuer&min_insiders=3", "All trades, grouped by issuer, three insiders or more, "
             "filed in the last 90 days (assumed, as no period is asked)."),
            ("filed_from=2024-03-01&filed_to=2024-03-01", "All trades, filed on 1 March 2024."),
        ],
    )  # fmt: skip
    def test_sentences_read_as_sentences(self, query, words):
        assert in_a_sentence(from_query(query), {"9990000114": "HLDN"}) == words

    def test_a_least_and_a_most_value_are_one_phrase(self):
        assert [one.keys for one in phrases(from_query("min_price=1&max_price=2"))] == [("min_price", "max_price")]
