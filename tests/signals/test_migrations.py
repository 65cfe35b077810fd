"""An index that is built while the site goes on can be begun again after its build was cut off."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connection

pytestmark = [pytest.mark.db_and_celery, pytest.mark.django_db(transaction=True)]

BUILT = (
    ("0020", "trade_quarter_worth"),
    ("0021", "trade_market_stake"),
    ("0022", "trade_of_kind"),
)


def columns(index: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s", [index])
        ((made,),) = cursor.fetchall()
    return str(made)


@pytest.mark.parametrize(("before", "index"), BUILT)
def test_a_build_that_was_cut_off_is_begun_again(before: str, index: str):
    made = columns(index)
    try:
        call_command("migrate", "signals", before, verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE INDEX {index} ON signals_trade (number)")  # what stands there, of whatever state
    finally:
        call_command("migrate", "signals", verbosity=0)
    assert columns(index) == made
