"""A column that holds a set of slugs out of a fixed list: bits in PostgreSQL, a tuple of slugs in Python.

The list may only grow at its end: a slug's place in it is its bit. `overlaps` asks whether any of some slugs is in
the set, `includes` whether all of them are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.lookups import Lookup

MOST = 31


class SlugSetField(models.IntegerField):
    """Slugs in the order of the list. Empty is no slug; the column is never null."""

    description = "Set of slugs"
    validators: list[Callable[[Any], None]] = []  # those of a number do not fit a tuple
    if TYPE_CHECKING:
        _pyi_private_get_type: tuple[str, ...]  # type: ignore[assignment]
        _pyi_private_set_type: Any
        _pyi_lookup_exact_type: Any

    def __init__(self, *args: Any, slugs: Sequence[str] = (), **kwargs: Any) -> None:
        if len(slugs) > MOST:
            raise ValueError(f"a set of slugs holds {MOST} at most, not {len(slugs)}")
        self.slugs = tuple(slugs)
        self._bit = {slug: 1 << place for place, slug in enumerate(self.slugs)}
        kwargs.setdefault("default", ())
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "slugs": list(self.slugs)}

    def bits(self, slugs: Iterable[str]) -> int:
        """Raises KeyError for a slug that the list does not have."""
        bits = 0
        for slug in slugs:
            bits |= self._bit[slug]
        return bits

    def to_python(self, value: Any) -> tuple[str, ...] | None:
        if value is None:
            return None
        if isinstance(value, int):
            return tuple(slug for slug, bit in self._bit.items() if value & bit)
        try:
            return self.to_python(self.bits(value))
        except KeyError as unknown:
            raise ValidationError(f"Not one of {', '.join(self.slugs)}: {unknown}", code="slug") from unknown

    def from_db_value(self, value: int | None, expression: Any, connection: Any) -> tuple[str, ...] | None:
        return self.to_python(value)

    def get_prep_value(self, value: Any) -> int | None:
        if value is None or isinstance(value, int):
            return value
        return self.bits(value)


@SlugSetField.register_lookup
class Overlaps(Lookup):
    """Whether any of these slugs is in the set."""

    lookup_name = "overlaps"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        # PostgreSQL takes this to hold for a third of all rows. Of "<> 0" it would think nearly all, of its contrary
        # next to none, and then fetch and sort every row where an order by index would have ended after a page.
        return f"({left} & {right}) > 0", (*left_params, *right_params)


@SlugSetField.register_lookup
class Includes(Lookup):
    """Whether all of these slugs are in the set."""

    lookup_name = "includes"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"({left} & {right}) = {right}", (*left_params, *right_params, *right_params)
