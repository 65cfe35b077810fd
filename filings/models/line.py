"""A line: one row of Table I or II, as filed, transaction or holding."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from filings.models.fields import NumericField
from filings.models.filing import Filing
from filings.ownership.document import KINDS, TABLES


def line_anchor(table: str, kind: str, row: int) -> str:
    return f"{table}-{kind[0]}-{row}"


class Line(models.Model):
    """Every column of one row, under the names of `filings.ownership.document.Line`.

    Keyed by filing, table, kind and row; identical rows inside one filing are real and stay apart. `footnotes` is
    {field: [ids]}; `as_filed` {field: words} where a value does not spell as it was filed, or could not be read.
    """

    filing = models.ForeignKey(Filing, models.CASCADE, related_name="lines", db_index=False)
    position = models.PositiveIntegerField(help_text="from 0, in document order")
    table = models.CharField(max_length=2)
    kind = models.CharField(max_length=11)
    row = models.PositiveIntegerField(help_text="from 1 within table and kind, in document order")
    security_title = models.TextField(null=True)
    conversion_or_exercise_price = NumericField(null=True)
    transaction_date = models.DateField(null=True)
    deemed_execution_date = models.DateField(null=True)
    form_type = models.TextField(null=True)
    code = models.TextField(null=True)
    equity_swap = models.BooleanField(null=True)
    timeliness = models.TextField(null=True)
    shares = NumericField(null=True)
    total_value = NumericField(null=True)
    price = NumericField(null=True)
    acquired_disposed = models.TextField(null=True)
    exercise_date = models.DateField(null=True)
    expiration_date = models.DateField(null=True)
    underlying_title = models.TextField(null=True)
    underlying_shares = NumericField(null=True)
    underlying_value = NumericField(null=True)
    shares_owned_following = NumericField(null=True)
    value_owned_following = NumericField(null=True)
    ownership = models.TextField(null=True)
    nature_of_ownership = models.TextField(null=True)
    footnotes = models.JSONField(null=True)
    as_filed = models.JSONField(null=True)

    class Meta:
        ordering = ["filing", "position"]
        constraints = [
            models.UniqueConstraint(fields=["filing", "table", "kind", "row"], name="line_row_once"),
            models.UniqueConstraint(fields=["filing", "position"], name="line_position_once"),
            models.CheckConstraint(condition=Q(table__in=TABLES), name="line_table_i_or_ii"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="line_kind_known"),
            models.CheckConstraint(condition=Q(row__gte=1), name="line_rows_count_from_one"),
            models.CheckConstraint(
                condition=~Q(table="I")
                | Q(
                    conversion_or_exercise_price__isnull=True,
                    exercise_date__isnull=True,
                    expiration_date__isnull=True,
                    underlying_title__isnull=True,
                    underlying_shares__isnull=True,
                    underlying_value__isnull=True,
                ),
                name="line_table_i_has_no_derivative_columns",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.filing_id} {self.anchor}"

    @property
    def anchor(self) -> str:
        """The line's address on its filing's page: "I-t-3" is the third transaction of Table I."""
        return line_anchor(self.table, self.kind, self.row)
