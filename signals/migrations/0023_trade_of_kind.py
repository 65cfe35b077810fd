"""Trades of a kind are counted by their index alone, and tables that indexes answer for are vacuumed in time.

By default a fifth of a table may be dead or new before it is vacuumed: of ten million rows two million, and meanwhile an
index sends to the table for whatever has changed. Made while the site goes on.
"""

from django.contrib.postgres.operations import RemoveIndexConcurrently
from django.db import migrations, models

from form4site.kit.indexes import BuildIndexConcurrently

_SOON = ("autovacuum_vacuum_scale_factor", "autovacuum_vacuum_insert_scale_factor")
TABLES = ("signals_trade", "signals_citation")


def _each(told: str) -> list[str]:
    return [f"ALTER TABLE {table} {told}" for table in TABLES]


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("signals", "0022_trade_market_stake"),
    ]

    operations = [
        BuildIndexConcurrently(
            model_name="trade",
            index=models.Index(
                models.F("kind"),
                models.OrderBy(models.F("filed_on"), descending=True),
                models.OrderBy(models.F("filing"), descending=True),
                models.OrderBy(models.F("number"), descending=True),
                include=("id", "standing"),
                name="trade_of_kind",
            ),
        ),
        RemoveIndexConcurrently(model_name="trade", name="trade_kind"),
        migrations.RunSQL(
            _each(f"SET ({', '.join(f'{one} = 0.02' for one in _SOON)})"),
            _each(f"RESET ({', '.join(_SOON)})"),
        ),
    ]
