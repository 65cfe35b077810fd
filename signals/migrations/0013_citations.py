"""Which trades signals cite, in the order of the lists of screens."""

import django.db.models.deletion

import filings.models.fields
import signals.models.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("filings", "0011_accepted_by_publication"),
        ("signals", "0012_signals_of_a_kind"),
    ]

    operations = [
        migrations.CreateModel(
            name="Citation",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "trade_id", "kind", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("filed_on", models.DateField()),
                (
                    "roles",
                    signals.models.fields.SlugSetField(
                        default=(),
                        slugs=[
                            "chair",
                            "ceo",
                            "cfo",
                            "coo",
                            "president",
                            "gc",
                            "vp",
                            "officer",
                            "director",
                            "ten_percent",
                            "other",
                        ],
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("standing", models.BooleanField()),
                ("kind", models.CharField(max_length=24)),
                ("value", filings.models.fields.NumericField(null=True)),
                (
                    "filing",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="filings.filing",
                    ),
                ),
                (
                    "trade",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="citations",
                        to="signals.trade",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("kind"),
                        models.OrderBy(models.F("filed_on"), descending=True),
                        models.OrderBy(models.F("filing"), descending=True),
                        models.OrderBy(models.F("number"), descending=True),
                        include=("trade", "roles", "standing", "value"),
                        name="citation_latest",
                    ),
                    models.Index(
                        models.F("kind"),
                        models.OrderBy(models.F("value"), descending=True),
                        models.OrderBy(models.F("filing"), descending=True),
                        models.OrderBy(models.F("number"), descending=True),
                        condition=models.Q(("standing", True), ("value__isnull", False)),
                        include=("trade", "filed_on", "roles"),
                        name="citation_worth",
                    ),
                ],
            },
        ),
    ]
