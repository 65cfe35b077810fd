"""Large trades that were filed late, by an index of their own; made while the site goes on."""

from django.db import migrations, models

from form4site.kit.indexes import BuildIndexConcurrently


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("signals", "0010_reading_horizon"),
    ]

    operations = [
        BuildIndexConcurrently(
            model_name="trade",
            index=models.Index(
                models.F("direction"),
                models.OrderBy(models.F("value"), descending=True),
                models.OrderBy(models.F("filing"), descending=True),
                models.OrderBy(models.F("number"), descending=True),
                condition=models.Q(
                    ("kind__in", ("buy", "sell", "planned_buy", "planned_sell")),
                    ("standing", True),
                    ("timeliness__in", ("late", "self_declared_late")),
                ),
                include=("id", "filed_on", "roles", "kind", "ownership", "family"),
                name="trade_late_worth",
            ),
        ),
    ]
