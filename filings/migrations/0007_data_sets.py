"""Filings may come as rows of the SEC's quarterly tables: a document less complete than any there was, numbered -1."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("filings", "0006_lately_published"),
    ]

    operations = [
        migrations.AlterField(
            model_name="document",
            name="completeness",
            field=models.SmallIntegerField(
                choices=[
                    (-1, "the filing's rows in the SEC's quarterly tables, numbers rounded to two decimals"),
                    (0, "the XML alone"),
                    (1, "a full submission without its acceptance time"),
                    (2, "a full submission with its acceptance time"),
                ]
            ),
        ),
    ]
