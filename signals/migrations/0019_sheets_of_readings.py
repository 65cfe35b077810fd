"""A sheet says of which reading it tells; those that say nothing are drawn anew by the clock."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("signals", "0018_issuer_sheets"),
    ]

    operations = [
        migrations.AddField(model_name="issuersheet", name="read_at", field=models.DateTimeField(null=True)),
    ]
