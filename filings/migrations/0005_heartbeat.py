from django.db import migrations, models


class Migration(migrations.Migration):
    """The signs of life of the clock and of the workers."""

    dependencies = [("filings", "0004_edgar_lists")]

    operations = [
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                ("name", models.TextField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
            ],
        ),
    ]
