"""Up to where looking for owed readings has come."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("signals", "0009_tally_and_large_trades"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReadingHorizon",
            fields=[
                ("only", models.BooleanField(default=True, primary_key=True, serialize=False)),
                ("published_before", models.DateTimeField(null=True)),
                ("reader_version", models.PositiveSmallIntegerField(null=True)),
                ("asked_at", models.DateTimeField()),
                ("asked_in", models.BigIntegerField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("only", True)), name="readinghorizon_one_row"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("published_before", None), ("reader_version", None)),
                            models.Q(("published_before__isnull", False), ("reader_version__isnull", False)),
                            _connector="OR",
                        ),
                        name="readinghorizon_is_of_a_reader",
                    ),
                ],
            },
        ),
    ]
