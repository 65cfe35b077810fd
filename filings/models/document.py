"""The bytes as received, kept before anything is read from them, so that every fact can be read again."""

from __future__ import annotations

import hashlib
import zlib

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact

from filings.models.fields import AccessionField

SHA256_BYTES = 32


class Completeness(models.IntegerChoices):
    """How much of what the SEC knows of a filing a file tells."""

    SOME_TABLES = -2, "some of the filing's rows in the SEC's quarterly tables, of which others were not there"
    DATA_SET = -1, "the filing's rows in the SEC's quarterly tables, numbers rounded to two decimals"
    BARE_XML = 0, "the XML alone"
    ENVELOPE = 1, "a full submission without its acceptance time"
    ACCEPTED = 2, "a full submission with its acceptance time"


# The bytes are rows as `filings.ownership.dataset` writes them.
OF_TABLES = (Completeness.SOME_TABLES, Completeness.DATA_SET)


class Document(models.Model):
    """One received file of one filing, compressed, with its hash. Never changed; never deleted by the site.

    `source` says where it came from (a path, an address). Where several files of one filing were received, the most
    complete is read, and of equals the latest: see `Completeness`. Of a filing that came in the SEC's quarterly tables,
    the bytes are its rows there, as `filings.ownership.dataset` writes them.
    """

    accession = AccessionField()
    sha256 = models.BinaryField()
    size = models.PositiveIntegerField(help_text="bytes before compression")
    body = models.BinaryField(help_text="zlib")
    completeness = models.SmallIntegerField(choices=Completeness)
    source = models.TextField()
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["accession", "sha256"], name="document_once"),
            models.CheckConstraint(
                condition=Q(accession__gte=0, accession__lt=10**18), name="document_accession_eighteen_digits"
            ),
            models.CheckConstraint(
                condition=Exact(Length("sha256"), SHA256_BYTES), name="document_sha256_has_32_bytes"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.accession} {self.sha256.hex()[:12]}"

    @property
    def content(self) -> bytes:
        return zlib.decompress(self.body)


def sha256(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def compressed(content: bytes, completeness: Completeness) -> bytes:
    """A submission shrinks to a tenth, and it pays to look for the best; rows of a data set are small and many."""
    return zlib.compress(content, 1 if completeness in OF_TABLES else 6)
