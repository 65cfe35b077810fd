"""The order of stake changes, with what screens filter by most; made while the site goes on."""

from django.contrib.postgres.operations import RemoveIndexConcurrently
from django.db import migrations, models

from form4site.kit.indexes import BuildIndexConcurrently


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("signals", "0021_trade_quarter_worth"),
    ]

    operations = [
        BuildIndexConcurrently(
            model_name="trade",
            index=models.Index(
                models.F("direction"),
                models.OrderBy(models.F("stake_change_pct"), descending=True),
                models.OrderBy(models.F("filing"), descending=True),
                models.OrderBy(models.F("number"), descending=True),
                condition=models.Q(("kind__in", ("buy", "sell", "planned_buy", "planned_sell")), ("standing", True)),
                include=("id", "filed_on", "roles", "kind"),
                name="trade_market_stake",
            ),
        ),
        RemoveIndexConcurrently(model_name="trade", name="trade_stake"),
    ]
