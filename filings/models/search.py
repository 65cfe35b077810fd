"""The names that searches run over: derived from the facts, rebuildable, never filed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from filings.models.fields import CikField


class LexemesField(models.Field):
    """A set of words: `frozenset[str]` in Python, `tsvector` without positions in the database.

    The words come from `filings.names` and hold neither quotes nor backslashes.
    """

    description = "Set of lexemes"

    def db_type(self, connection: Any) -> str:
        return "tsvector"

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        return "%s::tsvector"

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> frozenset[str] | None:
        return None if value is None else frozenset(word.strip("'") for word in value.split())

    def get_prep_value(self, value: Iterable[str] | None) -> str | None:
        return None if value is None else " ".join(f"'{word}'" for word in sorted(value))


class SearchName(models.Model):
    """One name that finds one issuer or insider: its present name, or a former one.

    `title` and `detail` are what a hit shows. `rank` orders hits, higher first: present names before former ones, then
    by standing (`filings.services.search_index`). `is_leading` marks the names at or above the rank in `LeadingRank`.
    """

    class Kind(models.TextChoices):
        ISSUER = "issuer"
        INSIDER = "insider"

    kind = models.CharField(max_length=7, choices=Kind)
    cik = CikField()
    former_name = models.TextField(null=True, help_text="null for the present name")
    title = models.TextField()
    detail = models.TextField()
    lexemes = LexemesField()
    rank = models.IntegerField()
    is_leading = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cik", "kind", "former_name"], nulls_distinct=False, name="searchname_once"
            ),
            models.CheckConstraint(condition=Q(kind__in=["issuer", "insider"]), name="searchname_kind_known"),
        ]
        indexes = [
            # Without the pending list, which every search would read through.
            GinIndex(fields=["lexemes"], fastupdate=False, name="searchname_lexemes"),
            GinIndex(fields=["lexemes"], fastupdate=False, condition=Q(is_leading=True), name="searchname_leading"),
            models.Index(fields=["-rank"], name="searchname_rank"),
        ]

    def __str__(self) -> str:
        return self.former_name or self.title


class PartyToIndex(models.Model):
    """A party whose search names a bulk load has left behind, until `search_index.index_owed` makes them."""

    kind = models.CharField(max_length=7, choices=SearchName.Kind)
    cik = CikField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "cik"], name="partytoindex_once"),
            models.CheckConstraint(condition=Q(kind__in=["issuer", "insider"]), name="partytoindex_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.cik}"


class LeadingRank(models.Model):
    """The rank from which names are leading: at most one row. Without a row, every name leads."""

    only = models.BooleanField(primary_key=True, default=True)
    rank = models.IntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(only=True), name="leadingrank_one_row")]

    def __str__(self) -> str:
        return str(self.rank)
