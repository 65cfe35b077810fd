"""An issuer's signals of one kind, which screens ask for trade by trade; made while the site goes on."""

from django.db import migrations, models

from form4site.kit.indexes import BuildIndexConcurrently


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("signals", "0011_large_late_trades"),
    ]

    operations = [
        BuildIndexConcurrently(
            model_name="signal",
            index=models.Index(fields=["issuer", "kind"], name="signal_by_issuer_and_kind"),
        ),
    ]
