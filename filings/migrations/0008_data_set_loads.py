"""How far the loads of the quarterly data sets have come, and what they leave for searches to find."""

import django.db.models.deletion
import filings.models.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("filings", "0007_data_sets"),
    ]

    operations = [
        migrations.CreateModel(
            name="DataSetLoad",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("fingerprint", models.TextField(unique=True)),
                ("source", models.TextField()),
                ("filings", models.PositiveIntegerField()),
                ("parts", models.PositiveIntegerField()),
                ("began_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("parts__gte", 1)), name="datasetload_has_parts"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("finished_at", None), ("finished_at__gte", models.F("began_at")), _connector="OR"
                        ),
                        name="datasetload_ends_after_it_began",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PartyToIndex",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("issuer", "Issuer"), ("insider", "Insider")], max_length=7)),
                ("cik", filings.models.fields.CikField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "cik"), name="partytoindex_once"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["issuer", "insider"])), name="partytoindex_kind_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DataSetPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("part", models.PositiveIntegerField()),
                ("filings", models.PositiveIntegerField()),
                ("loaded_at", models.DateTimeField()),
                (
                    "load",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="loaded",
                        to="filings.datasetload",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("load", "part"), name="datasetpart_once")],
            },
        ),
    ]
