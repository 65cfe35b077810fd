"""A version of what public pages show, kept by the database: see `signals.models.data_version`."""

from django.db import migrations, models

# As it stood when this migration was written; `signals.models.data_version.WATCHED` is what holds today.
WATCHED = (
    "filings_document", "filings_filing", "filings_insider", "filings_insidername", "filings_issuer",
    "filings_issuername", "filings_issuerticker", "filings_leadingrank", "filings_searchname", "signals_dailyclose",
    "signals_plancalibration", "signals_reading", "signals_signal", "signals_stocksplit",
)  # fmt: skip

# A place is held by an advisory lock until the transaction ends, so its row is never waited for. Past 256 writers at
# once (more than PostgreSQL takes as it comes) each has a row of its own.
FUNCTION = """
CREATE FUNCTION signals_data_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  present bigint := pg_current_xact_id()::text::bigint;
  place bigint := 256 + present;
BEGIN
  FOR free IN 0..255 LOOP
    IF pg_try_advisory_xact_lock(hashtext('form4site data version'), free) THEN
      place := free;
      EXIT;
    END IF;
  END LOOP;
  INSERT INTO signals_dataversion AS held (slot, written_in) VALUES (place, present)
    ON CONFLICT (slot) DO UPDATE SET written_in = present WHERE held.written_in <> present;
  RETURN NULL;
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("filings", "0008_data_set_loads"),
        ("signals", "0005_plan_calibration"),
    ]

    operations = [
        migrations.CreateModel(
            name="DataVersion",
            fields=[
                ("slot", models.BigIntegerField(primary_key=True, serialize=False)),
                ("written_in", models.BigIntegerField()),
            ],
        ),
        migrations.RunSQL(FUNCTION, "DROP FUNCTION signals_data_changed()"),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER data_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION signals_data_changed()",
                f"DROP TRIGGER data_changed ON {table}",
            )
            for table in WATCHED
        ),
    ]
