"""The filing page shows everything that was filed, each line at its own address, with the bytes it was read from."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.utils.html import escape

from filings.ownership.document import Line
from filings.ownership.facsimile import tables
from filings.selectors import whole_filing
from filings.services.load import load
from tests.archive.tables import tables_of
from tests.filings.ownership.corpus import CASES
from tests.filings.services.papers import accession as numbered
from tests.filings.services.papers import paper
from tests.pages.archive import ACCESSION, made_up, plain, publish, publish_corpus, publish_files, received
from tests.pages.reading import read, squeezed

pytestmark = pytest.mark.db_and_celery


def missing(page, filing):
    """What the filing says and its page does not."""
    text = page.text
    found = []
    rows = [row for table in tables(filing.form, filing.lines.all()) for row in table.rows]
    anchors = {element.attributes["id"]: element for element in page.all("tr") if "id" in element.attributes}
    also = [element.text for element in page.all("tr", class_="formtable__also")]
    for row in rows:
        if row.anchor not in anchors:
            found.append(f"no address {row.anchor}")
            continue
        shown = anchors[row.anchor].text
        for cell in (*row.cells, *row.also):
            where = shown if cell in row.cells else " ".join(also)
            if squeezed(cell.text) not in where:
                found.append(f"{row.anchor} {cell.label}: {cell.text!r}")
    marks = [button.attributes["popovertarget"] for button in page.all("button", class_="fn")]
    filed = [f"note-{ref}" for row in rows for cell in (*row.cells, *row.also) for ref in cell.notes]
    if sorted(marks) != sorted(filed):
        found.append(f"marks {sorted(set(filed) ^ set(marks))}")
    listed = [element.text for element in page.all("ol", class_="notes")]
    words = [note.text for note in filing.footnotes.all()]
    found += [f"footnote {note[:40]!r}" for note in words if squeezed(note) not in " ".join(listed)]
    said = [filing.remarks, filing.issuer_name, filing.issuer_ticker, filing.issuer_foreign_ticker]
    said += [signature.name for signature in filing.signatures.all()]
    for owner in filing.owners.all():
        said += [owner.name, owner.officer_title, owner.other_text, owner.street1, owner.street2, owner.city]
        said += [owner.state, owner.zip_code, owner.state_description, owner.country, owner.non_us_state_territory]
        said += [owner.insider_id]
    found += [f"{words[:40]!r}" for words in said if words and squeezed(words) not in text]
    found += [f"issue {issue!r}" for issue in filing.issues if squeezed(issue) not in text]
    return found


@pytest.fixture
def corpus(db):
    return publish_corpus()


def test_every_filing_of_the_corpus_shows_everything_it_says(client, corpus):
    assert len(corpus) == len(CASES) > 20
    for accession in corpus:
        response = client.get(f"/filings/{accession}/")
        page = read(response)
        assert (accession, response.status_code, page.breaches()) == (accession, 200, [])
        assert (accession, missing(page, whole_filing(accession))) == (accession, [])


@pytest.mark.slow
def test_real_filings_show_everything_they_say(client, db, real_filings):
    """One of eight; the facts of all of them are compared in tests/filings."""
    files = sorted(real_filings.glob("*.txt"))[::8]
    assert len(files) == 59
    publish_files(files)
    for file in files:
        response = client.get(f"/filings/{file.stem}/")
        page = read(response)
        assert (file.stem, response.status_code, page.breaches()) == (file.stem, 200, [])
        assert (file.stem, missing(page, whole_filing(file.stem))) == (file.stem, [])


@pytest.mark.parametrize("form", ["3", "4", "5", "3/A", "4/A", "5/A"])
def test_every_field_of_every_form_is_on_its_page(client, db, form):
    publish(received(made_up(form=form)))
    page = read(client.get(f"/filings/{ACCESSION}/"))
    assert missing(page, whole_filing(ACCESSION)) == []
    assert f"FORM {form}" in page.text
    assert ("amended" in page.text) == form.endswith("/A")


def test_each_cell_stands_below_its_column(client, db):
    publish(received(made_up()))
    page = read(client.get(f"/filings/{ACCESSION}/"))
    labels = {cell.attributes["data-label"]: cell.text for cell in page.all("td") if "data-label" in cell.attributes}
    assert labels["1. Title of Security"].startswith("Plain security title (FICTIONAL)")
    assert labels["2. Transaction Date"].startswith("03/03/2025")
    assert labels["8. Price of Derivative Security"].startswith("$1,234.50")


def test_a_line_carries_its_own_address_and_links_to_it(client, db):
    publish(received(made_up()))
    page = read(client.get(f"/filings/{ACCESSION}/"))
    for anchor in ("I-t-1", "I-h-1", "II-t-1", "II-h-1"):
        assert page.by_id(anchor).tag == "tr"
        assert page.all("a", href=f"#{anchor}")


def test_a_footnote_that_is_cited_and_has_no_text_says_so(client, db):
    document = made_up()
    publish(received(replace(document, footnotes=dict(list(document.footnotes.items())[:1]))))
    page = read(client.get(f"/filings/{ACCESSION}/"))
    assert page.breaches() == []
    assert "the document gives no text for it" in page.text


def test_ids_that_footnotes_choose_cannot_take_the_place_of_the_pages_own(client, db):
    line = Line("I", "transaction", 1, footnotes={"shares": ("main", "I-t-1", "table-I", "remarks")})
    notes = {ref: plain(ref) for ref in ("main", "I-t-1", "table-I", "remarks")}
    publish(received(replace(made_up(), lines=(line,), footnotes=notes)))
    page = read(client.get(f"/filings/{ACCESSION}/"))
    assert page.breaches() == []
    assert page.by_id("main").tag == "main"
    assert missing(page, whole_filing(ACCESSION)) == []


def test_a_filing_that_leaves_everything_out_has_a_page(client, db):
    bare = replace(
        made_up(),
        issuer=replace(made_up().issuer, name=None, ticker=None, foreign_ticker=None),
        owners=tuple(type(owner)(owner.cik) for owner in made_up().owners),
        lines=(), footnotes={}, remarks=None, signatures=(), period_of_report=None, date_of_original_submission=None,
    )  # fmt: skip
    publish(received(bare, filed_on=None))
    response = client.get(f"/filings/{ACCESSION}/")
    page = read(response)
    assert page.breaches() == []
    assert "None" not in response.content.decode()
    assert "Unnamed issuer" in page.text
    assert "No signature in the document." in page.text
    assert "not known: only the bare XML is here" in page.text


@pytest.mark.parametrize("words", ["ünï – “ß” 漢字", "a & b < c"])
def test_the_document_is_served_as_received_and_never_as_a_page(client, db, words):
    item = received(made_up(lambda name: words))
    publish(item)
    response = client.get(f"/filings/{ACCESSION}/document.txt")
    assert response.content == item.content
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"] == f'inline; filename="{ACCESSION}.txt"'
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert client.post(f"/filings/{ACCESSION}/document.txt").status_code == 405


def test_every_document_of_the_corpus_is_served_byte_for_byte(client, corpus):
    for case in CASES:
        assert client.get(f"/filings/{case.accession}/document.txt").content == case.content


def test_an_accession_number_without_its_dashes_leads_to_the_page(client, db):
    publish(received(made_up()))
    response = client.get(f"/filings/{ACCESSION.replace('-', '')}/")
    assert response.status_code == 301
    assert response["Location"] == f"/filings/{ACCESSION}/"


@pytest.mark.parametrize("path", ["", "document.txt"])
@pytest.mark.parametrize(
    "accession",
    ["0000320193-22-999999", "9999999999-99-999999", "banana", "0", "-", "%00", "%F0%9F%92%A9", "1" * 400, "..%2f..%2f",
     "<script>alert(1)</script>", "٠٠٠٠٣٢٠١٩٣-22-000061", "0000320193-22-00006\u0661"],
)  # fmt: skip
def test_a_filing_that_is_not_here_is_a_404_that_helps(client, db, accession, path):
    response = client.get(f"/filings/{accession}/{path}")
    assert response.status_code == 404
    page = read(response)
    assert page.breaches() == []
    assert "There is no such page here" in page.text
    assert "0000320193-22-000061" in page.text
    assert page.all("a", href="/")
    assert page.all("form", role="search")


def test_a_404_repeats_the_address_as_text_only(client, db):
    address = '"><img src=x onerror=alert(1)>'
    response = client.get(f"/filings/{address}/")
    assert escape(f"No filing {address} is published here.") in response.content.decode()
    assert read(response).all("img") == []


def test_a_filing_without_some_of_its_tables_says_so_and_nothing_else(client, db, tmp_path):
    folder = tables_of([(numbered(1), date(2024, 5, 3), paper())]).write(tmp_path / "2024q2")
    for table in ("REPORTINGOWNER", "NONDERIV_TRANS"):
        (folder / f"{table}.tsv").unlink()
    load(paths=[folder])

    for address in (f"/filings/{numbered(1)}/", f"/filings/{numbered(1)}/?view=filed"):
        text = read(client.get(address)).text
        assert "This filing is incomplete here" in text
        assert "No row of Table I is known." in text
        assert "No securities in its tables" not in text
        assert "could not be explained" not in text
    assert "Incomplete: the data set that it came from" in read(client.get("/issuers/0009000100/")).text
