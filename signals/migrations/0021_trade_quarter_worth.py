"""The largest trades of a period, by an index of their quarters; made while the site goes on."""

from django.db import migrations, models
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import ExtractQuarter, ExtractYear

from form4site.kit.indexes import BuildIndexConcurrently


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("signals", "0020_sheets_are_watched"),
    ]

    operations = [
        BuildIndexConcurrently(
            model_name="trade",
            index=models.Index(
                models.F("direction"),
                CombinedExpression(
                    CombinedExpression(ExtractYear("filed_on"), "*", models.Value(4)), "+", ExtractQuarter("filed_on")
                ),
                models.OrderBy(models.F("value"), descending=True),
                models.OrderBy(models.F("filing"), descending=True),
                models.OrderBy(models.F("number"), descending=True),
                condition=models.Q(
                    ("kind__in", ("buy", "sell", "planned_buy", "planned_sell")), ("standing", True)
                ),
                include=("id", "filed_on", "roles", "kind", "ownership", "timeliness", "family"),
                name="trade_quarter_worth",
            ),
        ),
    ]
