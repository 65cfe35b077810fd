"""Splits on the pages of issuers and insiders: imported or shown by filings, told in words, undone if asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from filings.ownership.document import NO_FOOTNOTES
from signals.models import IssuerState, StockSplit
from signals.services.read import reread
from tests.pages.archive import accession, made_up, publish, received
from tests.pages.reading import read, squeezed

pytestmark = pytest.mark.db_and_celery
BEFORE, AFTER = date(2025, 3, 3), date(2025, 9, 2)
INFERRED = "4 for 1 on 2 September 2025"


def filing(number, on, scale, expiries=(date(2030, 1, 2), date(2031, 1, 2))):
    """A sale at 400 dollars of the old scale, and options left at 48 and 96 of them."""
    document = made_up()
    one = replace(document.lines[0], footnotes=NO_FOOTNOTES, equity_swap=False)
    sale = replace(
        one, table="I", kind="transaction", row=1, code="S", acquired_disposed="D", security_title="Common Stock",
        transaction_date=on, shares=Decimal(100 * scale), price=Decimal(400) / scale, ownership="D",
        shares_owned_following=Decimal(1000 * scale if scale == 1 else 900 * scale), nature_of_ownership=None,
    )  # fmt: skip
    options = [
        replace(
            one, table="II", kind="holding", row=row, code=None, form_type=None, equity_swap=None,
            acquired_disposed=None,
            security_title=f"Stock Option, grant {row}", transaction_date=None, deemed_execution_date=None,
            timeliness=None, shares=None, price=None, total_value=None, ownership="D", nature_of_ownership=None,
            conversion_or_exercise_price=Decimal(48 * row) / scale, exercise_date=date(2024, 1, 2),
            expiration_date=ends, underlying_title="Common Stock", underlying_shares=Decimal(500 * scale),
            shares_owned_following=Decimal(500 * scale),
        )
        for row, ends in enumerate(expiries, 1)
    ]  # fmt: skip
    return received(replace(document, period_of_report=on, lines=(sale, *options)), accession(number), on)


@pytest.fixture
def issuer(db):
    publish(filing(1, BEFORE, 1), filing(2, AFTER, 4))
    return made_up().issuer.cik


def words_of(client, address):
    response = client.get(address)
    assert response.status_code == 200
    assert read(response).breaches() == []
    return squeezed(read(response).text)


def test_a_split_that_two_strikes_show_is_named_as_inferred(client, issuer):
    words = words_of(client, f"/issuers/{issuer}/")
    assert f"As filed, not adjusted for the split of this company: {INFERRED}." in words
    assert "Inferred from strikes that its filings show" in words


def test_adjusted_prices_stakes_and_strikes_are_on_today_s_scale(client, issuer):
    filed = words_of(client, f"/issuers/{issuer}/?show=holdings")
    adjusted = words_of(client, f"/issuers/{issuer}/?prices=adjusted&show=holdings")
    assert f"Adjusted for the split of this company: {INFERRED}." in adjusted
    assert "$400.00" in filed
    assert "$400.00" not in adjusted
    assert "$ a share, adjusted for splits" in adjusted
    assert "at $12" in adjusted
    assert "at $24" in adjusted


def test_a_holding_from_before_the_split_is_adjusted_alone(client, db):
    publish(filing(1, BEFORE, 1, (date(2030, 1, 2), date(2031, 1, 2), date(2032, 1, 2))), filing(2, AFTER, 4))
    cik = made_up().issuer.cik
    assert "at $144" in words_of(client, f"/issuers/{cik}/?show=holdings")
    assert "at $36" in words_of(client, f"/issuers/{cik}/?show=holdings&prices=adjusted")


def test_the_insider_s_stake_is_adjusted_and_the_split_is_no_gap(client, issuer):
    owner = made_up().owners[0].cik
    filed = words_of(client, f"/insiders/{owner}/")
    adjusted = words_of(client, f"/insiders/{owner}/?prices=adjusted")
    assert "as filed: not adjusted for splits" in filed
    assert "as filed: not adjusted for splits" not in adjusted
    assert "on the scale of today’s shares" in adjusted
    assert INFERRED in adjusted
    assert INFERRED in filed
    assert "Each trade begins from the number that the one before left" in filed


def test_an_imported_split_takes_the_place_of_what_filings_show(client, issuer):
    StockSplit.objects.create(issuer_id=issuer, on=date(2025, 6, 2), ratio=Decimal(4))
    reread(issuers=[issuer])
    assert IssuerState.objects.get(pk=issuer).inferred_splits == []
    words = words_of(client, f"/issuers/{issuer}/?prices=adjusted")
    assert "Adjusted for the split of this company: 4 for 1 on 2 June 2025." in words
    assert "Inferred" not in words


def test_one_strike_that_jumps_is_no_split(client, db):
    publish(filing(1, BEFORE, 1, ()), filing(2, AFTER, 1, ()))
    words = words_of(client, f"/issuers/{made_up().issuer.cik}/?prices=adjusted")
    assert "No split of this company is known here" in words


def test_a_known_split_costs_no_query_more(client, issuer):
    def queries(address):
        with CaptureQueriesContext(connection) as made:
            client.get(address)
        return len(made)

    owner = made_up().owners[0].cik
    for address in (f"/issuers/{issuer}/", f"/insiders/{owner}/"):
        known = queries(f"{address}?prices=adjusted")
        assert known == queries(address) <= 10
