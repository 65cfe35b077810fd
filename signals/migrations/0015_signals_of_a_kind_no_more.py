"""An issuer's signals of one kind are asked for trade by trade no more: citations answer that."""

from django.contrib.postgres.operations import RemoveIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("signals", "0014_citations_of_what_is_stored"),
    ]

    operations = [
        RemoveIndexConcurrently("signal", "signal_by_issuer_and_kind"),
    ]
