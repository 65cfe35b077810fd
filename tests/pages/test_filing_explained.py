"""The filing page explained: what was done, why it may matter, the story, the ledgers; and its twin as filed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from filings.ownership.document import Line
from signals.selectors import explained as selector
from tests.pages.archive import ACCESSION, accession, made_up, publish, received
from tests.pages.demo import accessions_of
from tests.pages.reading import read

pytestmark = pytest.mark.db_and_celery


def page_of(client, number, query=""):
    response = client.get(f"/filings/{number}/{query}")
    assert response.status_code == 200
    page = read(response)
    assert page.breaches() == []
    return page


def form_cells(page):
    labelled = [cell for cell in page.all("td") if "data-label" in cell.attributes]
    return [cell.text for cell in labelled if cell.attributes["data-label"][0].isdigit()]


def ids_of(page):
    return {element.attributes["id"] for element in page.elements if "id" in element.attributes}


def test_the_two_views_are_links_to_each_other_and_hold_the_same_form(client, demo):
    number = accessions_of("monthly_sales_under_plans")[-1]
    explained, filed = page_of(client, number), page_of(client, number, "?view=filed")
    for page, current in ((explained, "Explained"), (filed, "As filed")):
        views = page.all("a", **{"data-view": ""})
        assert [link.text for link in views] == ["Explained", "As filed"]
        assert [link.text for link in views if "aria-current" in link.attributes] == [current]
    assert [text.replace("–", "") for text in form_cells(explained)] == form_cells(filed)
    assert explained.all("button", class_="tells")
    assert not filed.all("button", class_="tells")
    assert not filed.all("mark")


def test_every_part_of_a_sentence_leads_to_a_cell_that_is_there(client, demo):
    for story in ("monthly_sales_under_plans", "exercise_and_same_day_sale", "quarterly_vesting"):
        for number in accessions_of(story)[-2:]:
            page = page_of(client, number)
            there = ids_of(page)
            parts = page.all("a", class_="part")
            assert parts
            for part in parts:
                assert part.attributes["href"].removeprefix("#") in there
                assert set(part.attributes["data-lights"].split()) <= there
            for button in page.all("button", class_="tells"):
                assert button.attributes["popovertarget"] in there


def test_a_total_opens_the_rows_that_it_counts_and_those_it_leaves_out(client, demo):
    page = page_of(client, accessions_of("exercise_and_same_day_sale")[-1])
    sides = [element.text for element in page.all("summary")]
    assert any(text.startswith("Sold: $") and "1 counted" in text for text in sides)
    assert any(text.startswith("Neither bought nor sold") and "left out of totals" in text for text in sides)
    assert "Left out: Exercising a derivative turns one security into another" in page.text


def test_an_amendment_and_its_original_lead_to_each_other(client, demo):
    numbers = accessions_of("price_corrected")
    before, after = page_of(client, numbers[0]), page_of(client, numbers[1])
    assert before.all("a", href=f"/filings/{numbers[1]}/")
    assert "Later filings restate or take back rows of this one" in before.text
    assert after.all("a", href=f"/filings/{numbers[0]}/")
    assert "What this amendment does" in after.text
    assert [element.text for element in after.all("ins")]


def test_an_amendment_whose_original_is_missing_says_so(client, db):
    publish(received(made_up(form="4/A")))
    page = page_of(client, ACCESSION)
    assert "The original report was not found in the filings here." in page.text


def test_what_the_same_owners_filed_before_and_after_is_linked(client, db):
    document = made_up()
    for number, on in ((1, date(2025, 3, 6)), (2, date(2025, 4, 7)), (3, date(2025, 5, 8))):
        publish(received(document, accession(number), on))
    page = page_of(client, accession(2))
    links = [link.attributes["href"] for link in page.all("a")]
    assert links.index(f"/filings/{accession(1)}/") < links.index(f"/filings/{accession(3)}/")


def test_a_filing_that_our_reader_cannot_explain_is_shown_as_filed(client, db, monkeypatch, caplog):
    publish(received(made_up()))

    def fail(*args, **more):
        raise KeyError("nothing that a reader should see")

    monkeypatch.setattr(selector, "reading_around", fail)
    page = page_of(client, ACCESSION)
    assert "could not be explained" in page.text
    assert "nothing that a reader should see" not in page.text
    assert f"Filing {ACCESSION} cannot be explained" in caplog.text


def test_the_marks_on_a_footnote_name_what_the_words_state(client, db):
    noted = replace(made_up().lines[0], code="S", acquired_disposed="D", footnotes={"code": ("F1",)}, equity_swap=False)
    notes = {"F1": "Sold under a Rule 10b5-1 plan adopted on May 1, 2024."}
    publish(received(replace(made_up(), lines=(noted,), footnotes=notes)))
    page = page_of(client, ACCESSION)
    [mark, again] = page.all("mark")
    assert mark.text == again.text
    assert mark.attributes["title"] == "Rule 10b5-1 plan: adopted on 1 May 2024"


def test_only_so_many_filings_are_read_around_one(client, db, monkeypatch):
    for limit in ("OWN_BEFORE", "OWN_AFTER", "NEAR_BEFORE", "NEAR_AFTER"):
        monkeypatch.setattr(f"signals.selectors.histories.{limit}", 2)
    document = replace(made_up(), lines=(Line("I", "holding", 1, security_title="Common Stock"),))
    publish(*(received(document, accession(number), date(2025, 3, number)) for number in range(1, 13)))
    page = page_of(client, accession(6))
    assert "5 filings of this issuer, those nearest to it" in page.text


def test_the_address_of_the_explained_page_is_the_one_to_keep(client, demo):
    number = accessions_of("monthly_sales_under_plans")[-1]
    for query in ("", "?view=filed", "?view=nonsense"):
        page = page_of(client, number, query)
        assert page.all("link", rel="canonical")[0].attributes["href"] == f"/filings/{number}/"
