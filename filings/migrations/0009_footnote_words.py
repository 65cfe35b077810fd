"""Footnotes are found by their words. Built beside the readers and writers of a large table, so outside a transaction."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("filings", "0008_data_set_loads"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="footnote",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.search.SearchVector("text", config="english"), name="footnote_words"
            ),
        ),
    ]
