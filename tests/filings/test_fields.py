"""Columns give back what was filed: accession numbers and CIKs in the SEC's spelling, numbers with every digit."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from filings.models import Filing, Insider, Issuer, Line
from filings.models.fields import AccessionField, CikField, NumericField
from filings.ownership.values import MAX_DIGITS, number
from filings.services.load import load_received
from tests.filings.services.papers import accession, received, xml

pytestmark = [pytest.mark.db_and_celery, pytest.mark.django_db]

in_one_transaction = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
accessions = st.from_regex(r"[0-9]{10}-[0-9]{2}-[0-9]{6}", fullmatch=True)
ciks = st.integers(1, 9_999_999_999)
# As filed: digits, zeros before and behind, a sign; never an exponent.
figures = st.from_regex(r"-?(?:0|[1-9][0-9]{0,24})(?:\.[0-9]{1,20})?", fullmatch=True).filter(
    lambda words: Decimal(words) or not words.startswith("-")
)


@pytest.fixture
def line():
    load_received(received=[received(1, xml())])
    return Line.objects.get()


@given(words=accessions)
def test_an_accession_number_is_one_number_and_back(words):
    field = AccessionField()
    stored = field.get_prep_value(words)
    assert 0 <= stored < 10**18
    assert field.from_db_value(stored, None, None) == words


@given(value=ciks)
def test_a_cik_is_one_number_and_back(value):
    field = CikField()
    assert field.from_db_value(field.get_prep_value(str(value)), None, None) == f"{value:010d}"
    assert field.get_prep_value(f"{value:010d}") == value


@pytest.mark.parametrize(
    "words",
    ["0000320193-22-00006", "0000320193-22-0000612", "000032019322000061", "0000320193-22-00006１", " ", "x", "-1"],
)
def test_what_is_no_accession_number_is_refused_by_name(words):
    with pytest.raises(ValidationError, match="Not an accession number"):
        AccessionField().get_prep_value(words)


@pytest.mark.parametrize("words", ["12345678901", "-1", "1.5", "１", "ACME", " 1"])
def test_what_is_no_cik_is_refused_by_name(words):
    with pytest.raises(ValidationError, match="Not a CIK"):
        CikField().get_prep_value(words)


@pytest.mark.parametrize("field", [AccessionField(), CikField(), NumericField()])
def test_nothing_stays_nothing(field):
    assert field.get_prep_value(None) is None
    assert field.to_python(None) is None


@in_one_transaction
@given(words=figures)
def test_a_number_comes_back_from_the_database_as_it_was_filed(line, words):
    value, plain = number(words)
    Line.objects.update(shares=value)

    found = Line.objects.get().shares
    assert format(found, "f") == (words if plain else format(Decimal(words), "f"))
    assert found == Decimal(words)


@pytest.mark.parametrize("words", ["0", "0.0000", "100.00", "1000000", "0.000000000000000000000001", "9" * MAX_DIGITS])
def test_digits_and_zeros_are_kept(line, words):
    Line.objects.update(price=number(words)[0])

    assert format(Line.objects.get().price, "f") == words
    with connection.cursor() as cursor:
        cursor.execute("SELECT price::text FROM filings_line")
        assert cursor.fetchone()[0] == words


@in_one_transaction
@given(value=ciks)
def test_a_cik_is_found_by_every_spelling(value):
    Issuer.objects.bulk_create([Issuer(cik=str(value))], ignore_conflicts=True)

    assert Issuer.objects.get(cik=f"{value:010d}").cik == f"{value:010d}"
    assert Issuer.objects.filter(cik=value).exists()
    assert Issuer.objects.filter(cik__in=[str(value)]).exists()


def test_a_filing_is_found_by_its_accession_and_relations_carry_it(line):
    filing = Filing.objects.get(accession=accession(1))

    assert filing.pk == line.filing_id == accession(1)
    assert filing.issuer_id == Issuer.objects.get().cik == "0009000100"
    assert filing.owners.get().insider_id == Insider.objects.get().pk


@pytest.mark.parametrize(
    ("field", "words"),
    [(AccessionField(), accession(1)), (CikField(), "0009000100"), (NumericField(), Decimal("1.50"))],
)
def test_what_a_form_or_the_admin_checks_is_taken_as_it_is(field, words):
    assert field.clean(words, None) == words
