"""Comparisons of a store with NetSuite, and their lines."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0009_adopted_records'),
    ]

    operations = [
        migrations.CreateModel(
            name='Reconciliation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField()),
                ('until', models.DateField()),
                ('offline', models.BooleanField()),
                ('by', models.TextField()),
                ('began_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('failed', models.BooleanField(default=False)),
                ('compared', models.PositiveIntegerField(default=0)),
                ('open', models.PositiveIntegerField(default=0)),
                ('totals', models.TextField(default='')),
                ('findings', models.TextField(default='[]')),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='records.account')),
            ],
        ),
        migrations.CreateModel(
            name='ReconciliationLines',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('number', models.PositiveIntegerField()),
                ('packed', models.BinaryField()),
                ('reconciliation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='records.reconciliation')),
            ],
        ),
        migrations.AddIndex(
            model_name='reconciliation',
            index=models.Index(models.F('account'), models.OrderBy(models.F('began_at'), descending=True), name='reconciliations_newest'),
        ),
        migrations.AddConstraint(
            model_name='reconciliationlines',
            constraint=models.UniqueConstraint(models.F('reconciliation'), models.F('kind'), models.F('number'), name='one_part_a_place'),
        ),
    ]
