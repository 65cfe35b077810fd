"""Issuer and insider pages: who, where, since when; what was last reported held; one page for each address."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from filings.ownership.document import Line
from tests.pages.archive import ISSUER_CIK, OWNER_CIKS, accession, made_up, publish, received
from tests.pages.reading import read

pytestmark = pytest.mark.db_and_celery
DOCUMENT = made_up()


def with_symbol(cik, symbol, name="Another (FICTIONAL)"):
    return replace(DOCUMENT, issuer=replace(DOCUMENT.issuer, cik=cik, ticker=symbol, name=name))


def held(amount, **more):
    line = Line("I", "holding", 1, security_title="Common Stock", shares_owned_following=Decimal(amount), ownership="D")
    return replace(DOCUMENT, lines=(replace(line, **more),))


def test_a_symbol_a_cik_and_a_cik_without_its_zeros_lead_to_the_issuer(client, db):
    publish(received(with_symbol("0000000042", "ZZQX")))
    pages = [client.get(f"/issuers/{key}/") for key in ("ZZQX", "zzqx", "0000000042", "42")]
    assert [page.status_code for page in pages] == [200] * 4
    assert all("Another (FICTIONAL)" in read(page).text for page in pages)


def test_of_several_that_used_a_symbol_the_one_that_filed_last_has_it_and_names_the_others(client, db):
    publish(
        received(with_symbol("0000000042", "ZZQX", "Older (FICTIONAL)"), accession(1), date(2020, 1, 2)),
        received(with_symbol("0000000043", "ZZQX", "Newer (FICTIONAL)"), accession(2), date(2025, 1, 2)),
    )
    by_symbol, older = (read(client.get(f"/issuers/{key}/")) for key in ("ZZQX", "42"))
    assert by_symbol.all("h1")[0].text.startswith("Newer (FICTIONAL)")
    assert older.all("h1")[0].text.startswith("Older (FICTIONAL)")
    assert by_symbol.all("a", href="/issuers/0000000042/")
    assert older.all("a", href="/issuers/0000000043/")


def test_seats_count_each_filing_once_even_if_it_names_an_owner_twice(client, db):
    twice = replace(DOCUMENT, owners=(DOCUMENT.owners[0], DOCUMENT.owners[0]))
    publish(
        received(twice, accession(1), date(2024, 5, 1)),
        received(DOCUMENT, accession(2), date(2025, 5, 1)),
        received(DOCUMENT, accession(3), date(2025, 5, 2)),
    )
    page = read(client.get(f"/issuers/{ISSUER_CIK}/"))
    rows = [row.text for row in page.all("tr") if "Plain name" in row.text and "2024" in row.text]
    assert len(rows) == 1
    assert "3 1 May 2024 2 May 2025" in " ".join(
        cell.text for cell in page.all("td") if cell.attributes.get("data-label") in ("Filings", "First", "Latest")
    )


def test_the_last_report_of_an_ownership_line_is_what_an_insider_holds(client, db):
    publish(
        received(held("100"), accession(1), date(2024, 5, 1)),
        received(held("250", security_title="COMMON STOCK"), accession(2), date(2025, 5, 1)),
        received(held("7", ownership="I", nature_of_ownership="By trust"), accession(3), date(2024, 6, 1)),
    )
    page = read(client.get(f"/insiders/{OWNER_CIKS[0]}/"))
    amounts = [cell.text for cell in page.all("td") if cell.attributes.get("data-label") == "Amount"]
    assert amounts == ["250", "7"]


def test_a_line_that_came_to_zero_stands_apart(client, db):
    publish(received(held("100"), accession(1), date(2024, 5, 1)), received(held("0"), accession(2), date(2025, 5, 1)))
    text = read(client.get(f"/insiders/{OWNER_CIKS[0]}/")).text
    assert "No position reported" in text
    assert "1 line last reported at zero" in text


@pytest.mark.parametrize("key", ["0", "99999999999", "NOSUCH", "x" * 300, "%00", "<b>", "1e3", "-1", "٤٢"])
@pytest.mark.parametrize("kind", ["issuers", "insiders"])
def test_a_party_that_is_not_here_is_a_404_that_helps(client, db, kind, key):
    response = client.get(f"/{kind}/{key}/")
    assert response.status_code == 404
    assert read(response).breaches() == []
    assert read(response).all("form", role="search")


def test_trades_of_one_chart_bear_the_name_of_their_first_owner(client, db):
    lines = tuple(
        replace(
            DOCUMENT.lines[0], row=row, code=code, transaction_date=date(2025, 3, row), acquired_disposed=direction,
            equity_swap=False, security_title="Common Stock", footnotes={},
        )
        for row, code, direction in ((1, "P", "A"), (2, "S", "D"))
    )  # fmt: skip
    publish(received(replace(DOCUMENT, lines=lines)))
    assert (
        f"Plain name (FICTIONAL), CIK {OWNER_CIKS[0]}: bought" in client.get(f"/issuers/{ISSUER_CIK}/").content.decode()
    )
