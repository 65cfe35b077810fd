"""Room for the longest key of a signal. PostgreSQL rewrites nothing for it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_matches_by_subject"),
    ]

    operations = [
        migrations.AlterField("match", "subject", models.CharField(max_length=200)),
    ]
