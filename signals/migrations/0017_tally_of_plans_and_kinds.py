"""The tally of codes counts plans and kinds of signals too; those of an older one are counted with the next."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("signals", "0016_issuer_seats"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="codetally", name="codetally_one_row"),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameModel("CodeTally", "Tally"),
                migrations.AlterModelTable("tally", "signals_codetally"),
            ]
        ),
        migrations.AddConstraint(
            model_name="tally",
            constraint=models.CheckConstraint(condition=models.Q(("only", True)), name="tally_one_row"),
        ),
        migrations.AddField(model_name="tally", name="plans", field=models.JSONField(null=True)),
        migrations.AddField(model_name="tally", name="kinds", field=models.JSONField(null=True)),
    ]
