"""The pages of the transaction codes: each is explained both ways, counted as it is filed, and shown alive."""

from __future__ import annotations

import pytest

from filings.models import Line
from filings.ownership.codes import CODES
from tests.pages.reading import read

pytestmark = [pytest.mark.db_and_celery, pytest.mark.usefixtures("demo")]
every_code = pytest.mark.parametrize("letter", CODES)


def lines_with(letter):
    lines = Line.objects.filter(kind="transaction")
    if letter == "K":
        return lines.filter(equity_swap=True)
    if letter == "V":
        return lines.filter(form_type="5", filing__form__in=("4", "4/A"))
    return lines.filter(code=letter)


def test_the_list_has_every_code_with_its_number_of_lines_here(client):
    page = read(client.get("/codes/"))
    counts = [cell.text for cell in page.all("td", data_label="Lines here")]
    assert counts == [str(lines_with(letter).count()) for letter in CODES]
    assert [link.attributes["href"] for link in page.all("a") if link.attributes["href"].startswith("/codes/")][1:] == [
        f"/codes/{letter}/" for letter in CODES
    ]


@every_code
def test_a_code_says_what_it_tells_and_what_it_does_not(client, letter):
    page = read(client.get(f"/codes/{letter}/"))
    code = CODES[letter]
    text = page.by_id("main").text
    for words in (code.plain, code.meaning, code.tells, code.does_not_tell, code.fact):
        assert " ".join(words.split()) in text
    assert page.breaches() == []


@every_code
def test_the_examples_of_a_code_bear_it_and_lead_to_their_line(client, letter):
    page = read(client.get(f"/codes/{letter}/"))
    shown = [link.attributes["href"] for link in page.all("a", class_="entry__issuer")]
    wanted = {f"/filings/{line.filing_id}/#{line.anchor}" for line in lines_with(letter)}
    assert len(shown) == min(6, len(wanted))
    assert set(shown) <= wanted


def test_every_code_occurs_in_the_demo_archive_but_those_that_no_letter_stands_for():
    assert {letter for letter in CODES if not lines_with(letter).exists()} == set()


def test_a_small_letter_leads_to_the_capital_one(client):
    response = client.get("/codes/p/")
    assert (response.status_code, response["Location"]) == (301, "/codes/P/")


@pytest.mark.parametrize("letter", ["B", "PP", "1", "%3Cb%3E", "ß"])
def test_a_letter_that_is_no_code_is_a_404_that_names_the_codes(client, letter):
    response = client.get(f"/codes/{letter}/")
    assert response.status_code == 404
    assert "the codes are P, S" in read(response).text


def test_an_invented_example_is_marked_as_invented(client):
    entries = read(client.get("/codes/P/")).all("li", class_="entry")
    assert entries
    assert all("invented" in entry.text for entry in entries)
