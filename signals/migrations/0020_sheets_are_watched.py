"""Another sheet is another page: one that is drawn to the same, or drawn first as pages drew it so far, is not."""

from django.db import migrations

UPDATED = (
    "CREATE TRIGGER data_changed AFTER UPDATE ON signals_issuersheet"
    " FOR EACH ROW WHEN (OLD.drawn IS DISTINCT FROM NEW.drawn) EXECUTE FUNCTION signals_data_changed()"
)


class Migration(migrations.Migration):
    dependencies = [("signals", "0019_sheets_of_readings")]

    operations = [migrations.RunSQL(UPDATED, "DROP TRIGGER data_changed ON signals_issuersheet")]
