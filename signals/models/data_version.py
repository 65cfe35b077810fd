"""Which transaction last changed what public pages show: what keeps an answer asks whether it still holds."""

from __future__ import annotations

from django.db import models


class DataVersion(models.Model):
    """Written by the database itself, by triggers on the tables of `WATCHED`, in the writer's transaction.

    A row is a place for one writer at a time, so that writers never wait for each other here: the trigger takes the
    first place that is free. `written_in` is the last transaction that wrote there. All rows together are the version:
    it is another one exactly when something that was committed has changed one of these tables.
    """

    slot = models.BigIntegerField(primary_key=True)
    written_in = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.slot}: {self.written_in}"


# Every other table either changes only together with one of these, or stands on no public page. Of
# `signals_issuerstate` pages show the splits that filings show, so only another value of those counts; of
# `signals_issuersheet` only one that was drawn to something else.
WATCHED = (
    "filings_document",
    "filings_filing",
    "filings_insider",
    "filings_insidername",
    "filings_issuer",
    "filings_issuername",
    "filings_issuerticker",
    "filings_leadingrank",
    "filings_searchname",
    "signals_dailyclose",
    "signals_issuersheet",
    "signals_issuerstate",
    "signals_plancalibration",
    "signals_reading",
    "signals_signal",
    "signals_stocksplit",
)
