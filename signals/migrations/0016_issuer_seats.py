"""Who sits at an issuer, kept with its readings; of issuers read before, the clock keeps it."""

import django.db.models.deletion
import filings.models.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('filings', '0011_accepted_by_publication'),
        ('signals', '0015_signals_of_a_kind_no_more'),
    ]

    operations = [
        migrations.AddField(
            model_name='issuerstate',
            name='seated',
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.CreateModel(
            name='IssuerSeat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('filings', models.PositiveIntegerField()),
                ('first_on', models.DateField(null=True)),
                ('last_on', models.DateField(null=True)),
                ('latest', filings.models.fields.AccessionField()),
                ('position', models.PositiveSmallIntegerField()),
                ('last_trade', models.BigIntegerField(null=True)),
                ('insider', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to='filings.insider')),
                ('issuer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to='filings.issuer')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('issuer', 'insider'), name='issuerseat_once')],
            },
        ),
    ]
