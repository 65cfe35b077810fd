"""The news among a data set that comes in. Built beside the readers and writers of a large table, so outside a transaction."""

from django.db import migrations, models

from form4site.kit.indexes import BuildIndexConcurrently


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("filings", "0010_partial_data_sets"),
    ]

    operations = [
        BuildIndexConcurrently(
            model_name="filing",
            index=models.Index(
                fields=["published_at"],
                condition=models.Q(("accepted_at__isnull", False)),
                name="filing_accepted_by_publication",
            ),
        ),
    ]
