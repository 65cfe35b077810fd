"""`./manage.py import_prices` and `import_splits`: what is stored, what is named, and that twice is once."""

from __future__ import annotations

import io
import json
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from filings.models import Issuer
from signals.models import DailyClose, StockSplit
from signals.selectors.prices import closes_and_splits, price_book
from tests.pages.archive import ISSUER_CIK, publish, received, traded
from tests.signals.services.stored import _rows

pytestmark = [pytest.mark.db_and_celery, pytest.mark.django_db]
LONG = (date(2000, 1, 1), date(2030, 1, 1))


@pytest.fixture
def issuer(db) -> Issuer:
    publish(received(traded()))
    Issuer.objects.filter(cik=ISSUER_CIK).update(ticker="XMPL")
    return Issuer.objects.get(cik=ISSUER_CIK)


@pytest.fixture
def run(tmp_path):
    def run(command: str, *lines: str, **options: object) -> tuple[int, str, str]:
        path = tmp_path / "prices.csv"
        path.write_text("\n".join(lines), encoding="utf-8")
        out, err = io.StringIO(), io.StringIO()
        try:
            call_command(command, str(path), stdout=out, stderr=err, **options)
        except SystemExit as end:
            return int(end.code or 0), out.getvalue(), err.getvalue()
        return 0, out.getvalue(), err.getvalue()

    return run


def test_bad_rows_are_named_and_the_rest_is_stored(issuer, run):
    code, out, err = run("import_prices", "date,close", "2025-03-03,10", "soon,1", "2025-03-05,12", issuer="XMPL")
    assert code == 1
    assert "line 3: 'soon' is no day" in err
    assert "2 closes read, 2 stored, 0 unchanged, 1 failed; 1 issuers." in out
    assert list(DailyClose.objects.order_by("on").values_list("price", flat=True)) == [10, 12]


def test_the_same_file_twice_writes_nothing_and_another_price_replaces(issuer, run):
    def whole():
        return _rows("SELECT xmin::text, * FROM signals_dailyclose ORDER BY id")

    run("import_prices", "date,close", "2025-03-03,10", "2025-03-04,11", issuer="XMPL")
    before = whole()
    assert "0 stored, 2 unchanged" in run("import_prices", "date,close", "2025-03-03,10", "2025-03-04,11",
                                          issuer="XMPL")[1]  # fmt: skip
    assert whole() == before
    outcome = json.loads(run("import_prices", "date,close", "2025-03-04,11.5", issuer=ISSUER_CIK, json=True)[1])
    assert outcome == {"read": 1, "stored": 1, "unchanged": 0, "failed": [], "issuers": [ISSUER_CIK]}
    assert DailyClose.objects.get(on=date(2025, 3, 4)).price == Decimal("11.5")


def test_rows_find_their_issuer_by_symbol_and_one_that_is_not_here_is_said_once(issuer, run):
    lines = ("ticker,date,close", "XMPL,2025-03-03,10", "NOPE,2025-03-03,1", "NOPE,2025-03-04,1")
    code, _, err = run("import_prices", *lines)
    assert (code, err.count("no issuer NOPE is in this archive"), DailyClose.objects.count()) == (1, 1, 1)
    assert run("import_prices", "date,xmpl,nope", "2025-03-04,9,1", column="xmpl")[0] == 0
    assert DailyClose.objects.get(on=date(2025, 3, 4)).price == 9


def test_a_file_that_names_nobody_needs_an_issuer(issuer, run):
    code, _, err = run("import_prices", "date,close", "2025-03-03,10")
    assert (code, DailyClose.objects.count()) == (1, 0)
    assert "give one with --issuer" in err
    with pytest.raises(CommandError, match="No issuer NOPE"):
        run("import_prices", "date,close", "2025-03-03,10", issuer="NOPE")
    with pytest.raises(CommandError, match="column named date"):
        run("import_prices", "a,b", issuer="XMPL")


YAHOO = ("Date,Open,High,Low,Close,Adj Close,Volume", "2025-03-03,1,1,1,10,9,1", "2025-03-06,1,1,1,11,10,1")


def test_a_vendors_history_is_put_back_to_the_scale_of_its_day(issuer, run):
    run("import_prices", *YAHOO, issuer="XMPL")
    assert set(DailyClose.objects.values_list("scaled_to", flat=True)) == {date(2025, 3, 6)}
    code, out, _ = run("import_splits", "date,ratio", "2025-03-05,4:1", issuer="XMPL")
    assert (code, "1 splits read, 1 stored" in out) == (0, True)
    book = price_book(ISSUER_CIK, *LONG)
    assert next(close.price for close in book.tape(None)) == 40  # four times as much before the split
    assert book.tape(None)[-1].price == 11
    ((closes, splits),) = closes_and_splits([ISSUER_CIK]).values()
    assert [close.price for close in closes[""]] == [40, 11]
    assert [(split.on, split.ratio, split.inferred) for split in splits] == [(date(2025, 3, 5), 4, False)]


def test_as_traded_prices_stay_as_they_are(issuer, run):
    run("import_prices", *YAHOO, issuer="XMPL", as_traded=True)
    run("import_splits", "date,ratio", "2025-03-05,4:1", issuer="XMPL")
    assert set(DailyClose.objects.values_list("scaled_to", flat=True)) == {None}
    assert price_book(ISSUER_CIK, *LONG).tape(None)[0].price == 10


def test_the_filed_prices_are_the_tape_where_no_close_is(issuer, run):
    book = price_book(ISSUER_CIK, *LONG)
    assert book.main is not None
    assert [(close.on, close.price) for close in book.tape(None)] == [(date(2025, 3, 3), Decimal("1234.50"))]
    run("import_prices", "date,close", "2025-03-03,10", "2025-03-04,11", issuer="XMPL")
    assert [close.price for close in price_book(ISSUER_CIK, *LONG).tape(None)] == [10, 11]


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("dailyclose_once_a_day", lambda: [DailyClose.objects.create(issuer_id=ISSUER_CIK, on="2025-03-03", price=1)
                                           for _ in range(2)]),
        ("dailyclose_price_more_than_nothing",
         lambda: DailyClose.objects.create(issuer_id=ISSUER_CIK, on="2025-03-03", price=0)),
        ("dailyclose_scaled_to_a_later_day",
         lambda: DailyClose.objects.create(issuer_id=ISSUER_CIK, on="2025-03-03", price=1, scaled_to="2025-03-02")),
        ("stocksplit_once_a_day", lambda: [StockSplit.objects.create(issuer_id=ISSUER_CIK, on="2025-03-03", ratio=2)
                                           for _ in range(2)]),
        ("stocksplit_ratio_changes_something",
         lambda: StockSplit.objects.create(issuer_id=ISSUER_CIK, on="2025-03-03", ratio=1)),
    ],
)  # fmt: skip
def test_the_database_keeps_the_promises_of_prices(issuer, name, make):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        make()
