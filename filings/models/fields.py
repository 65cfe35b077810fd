"""Columns whose Python value is the SEC's own spelling.

An accession number is eighteen digits and a CIK ten, so both fit a PostgreSQL bigint; in Python they are the text
that the SEC writes. A number as filed keeps its digits, so its column is `numeric` without a scale.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models

_ACCESSION = re.compile(r"([0-9]{10})-([0-9]{2})-([0-9]{6})")


def dashed(accession: int) -> str:
    """The accession number of the database as the SEC writes it."""
    digits = f"{accession:018d}"
    return f"{digits[:10]}-{digits[10:12]}-{digits[12:]}"


class AccessionField(models.BigIntegerField):
    """An accession number, "0000320193-22-000061" in Python, 32019322000061 in the database."""

    description = "EDGAR accession number"
    validators: list[Callable[[Any], None]] = []  # those of a whole number do not fit its text
    if TYPE_CHECKING:
        _pyi_private_get_type: str  # type: ignore[assignment]
        _pyi_private_set_type: Any
        _pyi_lookup_exact_type: Any

    def to_python(self, value: Any) -> str | None:
        if value is None or value == "":
            return None
        if isinstance(value, int):
            return dashed(value)
        if not _ACCESSION.fullmatch(str(value)):
            raise ValidationError(f"Not an accession number: {value!r:.60}", code="accession")
        return str(value)

    def from_db_value(self, value: int | None, expression: Any, connection: Any) -> str | None:
        return self.to_python(value)

    def get_prep_value(self, value: Any) -> int | None:
        text = self.to_python(value)
        return None if text is None else int(text.replace("-", ""))


class CikField(models.BigIntegerField):
    """A Central Index Key, "0000320193" in Python, 320193 in the database."""

    description = "SEC Central Index Key"
    validators: list[Callable[[Any], None]] = []  # those of a whole number do not fit its text
    if TYPE_CHECKING:
        _pyi_private_get_type: str  # type: ignore[assignment]
        _pyi_private_set_type: Any
        _pyi_lookup_exact_type: Any

    def to_python(self, value: Any) -> str | None:
        if value is None or value == "":
            return None
        text = str(value)
        if not (text.isascii() and text.isdigit() and len(text) <= 10):
            raise ValidationError(f"Not a CIK: {value!r:.60}", code="cik")
        return text.zfill(10)

    def from_db_value(self, value: int | None, expression: Any, connection: Any) -> str | None:
        return self.to_python(value)

    def get_prep_value(self, value: Any) -> int | None:
        text = self.to_python(value)
        return None if text is None else int(text)


class NumericField(models.Field):
    """A number with the digits and zeros it was filed with: PostgreSQL `numeric`, `Decimal` in Python."""

    description = "Number as filed"

    def db_type(self, connection: Any) -> str:
        return "numeric"

    def get_internal_type(self) -> str:
        return "NumericField"

    def to_python(self, value: Any) -> Decimal | None:
        return value if value is None or isinstance(value, Decimal) else Decimal(str(value))

    def get_prep_value(self, value: Any) -> Decimal | None:
        return self.to_python(super().get_prep_value(value))
