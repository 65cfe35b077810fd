"""Footnotes are found by their words. Built beside the readers and writers of a large table, so outside a transaction."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations

from form4site.kit.indexes import BuildIndexConcurrently


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("filings", "0008_data_set_loads"),
    ]

    operations = [
        BuildIndexConcurrently(
            model_name="footnote",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.search.SearchVector("text", config="english"), name="footnote_words"
            ),
        ),
    ]
