"""The splits that an issuer's filings show; issuers that were read before get theirs when they are read again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("signals", "0006_data_version")]

    operations = [
        migrations.AddField("issuerstate", "inferred_splits", models.JSONField(default=list)),
    ]
