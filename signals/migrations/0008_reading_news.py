"""What is asked before a new filing is read by itself; and another split that filings show is a change of pages."""

from django.db import migrations, models

# The row is written whenever its issuer is read; only the splits in it are shown.
_CHANGED = "FOR EACH ROW WHEN ({}) EXECUTE FUNCTION signals_data_changed()"
INSERTED = "CREATE TRIGGER data_changed_first AFTER INSERT ON signals_issuerstate " + _CHANGED.format(
    "NEW.inferred_splits <> '[]'"
)
UPDATED = "CREATE TRIGGER data_changed AFTER UPDATE ON signals_issuerstate " + _CHANGED.format(
    "OLD.inferred_splits IS DISTINCT FROM NEW.inferred_splits"
)


class Migration(migrations.Migration):
    dependencies = [
        ("signals", "0007_inferred_splits"),
    ]

    operations = [
        migrations.AddField("issuerstate", "splits_open_until", models.DateField(null=True)),
        migrations.AddField("issuerstate", "read_as", models.JSONField(default=list)),
        migrations.RunSQL(INSERTED, "DROP TRIGGER data_changed_first ON signals_issuerstate"),
        migrations.RunSQL(UPDATED, "DROP TRIGGER data_changed ON signals_issuerstate"),
    ]
