"""The official form: every fact of a line has a place in it, in the boxes and columns that the SEC prints."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from filings.ownership.document import FORMS, Line
from filings.ownership.facsimile import COLUMNS, LAYOUTS, tables
from tests.signals.lines import FIELDS, lines

# From the printed forms: SEC 1473 (Form 3), SEC 1474 (Form 4), SEC 2270 (Form 5).
NUMBERS = {
    ("3", "I"): "1 2 3 4",
    ("3", "II"): "1 2 3 4 5 6",
    ("4", "I"): "1 2 2A 3 4 5 6 7",
    ("4", "II"): "1 2 3 3A 4 5 6 7 8 9 10 11",
    ("5", "I"): "1 2 2A 3 4 5 6 7",
    ("5", "II"): "1 2 3 3A 4 5 6 7 8 9 10 11",
}


def only_row(form, line):
    table_i, table_ii = tables(form, [line])
    (row,) = table_i.rows + table_ii.rows
    assert (table_i.rows != ()) == (line.table == "I")
    return row


def cells_of(row):
    return [*row.cells, *row.also]


def cell(row, field):
    (found,) = [cell for cell in cells_of(row) if cell.field == field]
    return found


def printed(value):
    if isinstance(value, Decimal):
        return f"{value:,f}"
    if isinstance(value, date):
        return f"{value.month:02}/{value.day:02}/{value.year:04}"
    return str(value)


@given(st.sampled_from(FORMS), lines())
@example("4", Line("II", "holding", 1, underlying_shares=Decimal(1), underlying_value=Decimal(2)))
@example("4", Line("I", "transaction", 1, form_type="5", timeliness="L"))
@example("4", Line("I", "transaction", 1, form_type="4", footnotes={"form_type": ("F1",)}))
@example("5", Line("I", "transaction", 1, equity_swap=False, footnotes={"equity_swap": ("F1",)}))
@example("4", Line("I", "transaction", 1, transaction_date=date(24, 5, 1)))
@example("4", Line("II", "holding", 1, shares=Decimal(0), total_value=Decimal(0), acquired_disposed="A"))
@example("3", Line("I", "transaction", 1, code="P", footnotes={"acquired_disposed": ("F1",)}))
@example("4", Line("II", "transaction", 1, shares=Decimal(1), acquired_disposed="A",
                   footnotes={"acquired_disposed": ("F9",)}))  # fmt: skip
def test_every_value_and_every_footnote_mark_of_a_line_stands_in_its_row(form, line):
    row = only_row(form, line)
    everything = cells_of(row)
    for name in FIELDS[line.table]:
        value = getattr(line, name)
        shown = [cell for cell in everything if cell.field == name]
        for ref in line.footnotes.get(name, ()):
            assert any(ref in cell.notes for cell in shown), f"the mark {ref!r} on {name} has no place"
        if value is None:
            words = line.as_filed.get(name)
            assert words is None or any(words == cell.text for cell in shown), f"{name} as filed has no place"
        elif name == "equity_swap":
            assert value is False or any("K" in cell.text for cell in shown)
        elif name == "form_type":
            assert value == form[:1] or any(value == cell.text for cell in shown)
        elif name == "timeliness" and (form[0], line.form_type, value) == ("4", "5", "E"):
            assert any(cell.text == "V" for cell in shown)
        elif name == "acquired_disposed" and not shown:
            amounts = [
                cell for cell in everything if cell.field in ("shares", "total_value") and (cell.text or cell.notes)
            ]
            assert line.table == "II"
            assert any(f"({value})" in amount.label for amount in amounts)
        else:
            assert any(printed(value) in cell.text for cell in shown), f"{name} has no place"


@given(st.sampled_from(FORMS), lines())
def test_a_value_stands_once_and_no_cell_holds_what_was_not_filed(form, line):
    row = only_row(form, line)
    full = [cell for cell in cells_of(row) if cell.text or cell.notes]
    assert len({cell.field for cell in full}) == len(full)
    for cell_ in full:
        filed = getattr(line, cell_.field) is not None or cell_.field in line.as_filed
        early = cell_.field == "timeliness" and line.form_type == "5"
        assert not cell_.text or filed or early
        assert cell_.notes == tuple(line.footnotes.get(cell_.field, ()))


@given(st.sampled_from(FORMS), st.lists(lines(), max_size=8))
def test_every_line_is_in_its_table_once_and_in_document_order(form, some):
    found = tables(form, some)
    assert [table.name for table in found] == ["I", "II"]
    for table in found:
        assert [row.anchor for row in table.rows] == [
            f"{line.table}-{line.kind[0]}-{line.row}" for line in some if line.table == table.name
        ]
        assert all(len(row.cells) == table.width for row in table.rows)


@pytest.mark.parametrize(("form", "table"), NUMBERS)
def test_the_columns_bear_the_official_numbers(form, table):
    assert " ".join(column.number for column in COLUMNS[form][table]) == NUMBERS[form, table]


@pytest.mark.parametrize(
    ("form", "table", "number", "name"),
    [
        ("3", "I", "2", "Amount of Securities Beneficially Owned"),
        ("3", "II", "2", "Date Exercisable and Expiration Date"),
        ("3", "II", "4", "Conversion or Exercise Price of Derivative Security"),
        ("4", "I", "1", "Title of Security"),
        ("4", "I", "2A", "Deemed Execution Date, if any"),
        ("4", "I", "4", "Securities Acquired (A) or Disposed Of (D)"),
        ("4", "I", "5", "Amount of Securities Beneficially Owned Following Reported Transaction(s)"),
        ("4", "I", "7", "Nature of Indirect Beneficial Ownership"),
        ("4", "II", "5", "Number of Derivative Securities Acquired (A) or Disposed of (D)"),
        ("4", "II", "7", "Title and Amount of Securities Underlying Derivative Security"),
        ("4", "II", "8", "Price of Derivative Security"),
        ("5", "I", "5", "Amount of Securities Beneficially Owned at End of Issuer's Fiscal Year"),
        ("5", "II", "9", "Number of Derivative Securities Beneficially Owned at End of Issuer's Fiscal Year"),
    ],
)
def test_a_column_bears_its_official_name(form, table, number, name):
    assert next(column.name for column in COLUMNS[form][table] if column.number == number) == name


def test_the_three_forms_bear_their_titles_and_numbers():
    assert {(layout.form, layout.omb_number) for layout in LAYOUTS.values()} == {
        ("3", "3235-0104"),
        ("4", "3235-0287"),
        ("5", "3235-0362"),
    }
    assert LAYOUTS["3"].title == "Initial Statement of Beneficial Ownership of Securities"
    assert LAYOUTS["4"].title == "Statement of Changes in Beneficial Ownership"
    assert LAYOUTS["5"].title == "Annual Statement of Changes in Beneficial Ownership of Securities"


def test_only_form_4_has_the_column_for_what_was_reported_early():
    for form, expected in (("3", False), ("4", True), ("5", False)):
        for columns in COLUMNS[form].values():
            assert any(heading == "V" for column in columns for heading, _ in column.parts) is expected


@pytest.mark.parametrize(
    ("table", "kind", "row", "anchor"), [("I", "transaction", 3, "I-t-3"), ("II", "holding", 12, "II-h-12")]
)
def test_a_line_has_its_own_address(table, kind, row, anchor):
    assert only_row("4", Line(table, kind, row)).anchor == anchor


def test_an_amount_of_table_two_stands_below_a_or_d():
    for direction in ("A", "D"):
        row = only_row("4", Line("II", "transaction", 1, shares=Decimal(5), acquired_disposed=direction))
        (amount,) = [cell for cell in row.cells if cell.field == "shares" and cell.text]
        assert amount.label.endswith(f"({direction})")
        assert row.also == ()


def test_an_equity_swap_is_marked_k_as_edgar_does():
    assert cell(only_row("4", Line("I", "transaction", 1, code="P", equity_swap=True)), "code").text == "P/K"
    assert cell(only_row("4", Line("I", "transaction", 1, code="P", equity_swap=False)), "code").text == "P"


def test_a_form_5_item_on_a_form_4_is_marked_v():
    assert cell(only_row("4", Line("I", "transaction", 1, form_type="5")), "timeliness").text == "V"
    assert cell(only_row("4", Line("I", "transaction", 1, form_type="5", timeliness="E")), "timeliness").text == "V"
    assert cell(only_row("4", Line("I", "transaction", 1, form_type="5", timeliness="L")), "timeliness").text == "V, L"
    assert cell(only_row("4", Line("I", "transaction", 1, form_type="4")), "timeliness").text == ""
    assert "timeliness" not in [cell.field for cell in cells_of(only_row("5", Line("I", "transaction", 1)))]


def test_numbers_keep_their_zeros_and_dollars_their_sign():
    row = only_row("4", Line("I", "transaction", 1, shares=Decimal("1000.5000"), price=Decimal("12.30")))
    assert (cell(row, "shares").text, cell(row, "price").text) == ("1,000.5000", "$12.30")


def test_a_value_that_could_not_be_read_shows_its_words():
    row = only_row("4", Line("I", "transaction", 1, as_filed={"shares": "1,000"}))
    assert cell(row, "shares").text == "1,000"
