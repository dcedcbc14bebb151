"""What was asked to be posted, which run of recurring work is next, and which processes do it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0005_rounding_and_goodwill'),
    ]

    operations = [
        migrations.CreateModel(
            name='Turn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('work', models.TextField(unique=True)),
                ('number', models.PositiveBigIntegerField(default=1)),
                ('due_at', models.DateTimeField(null=True)),
                ('pauses', models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Worker',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.TextField(unique=True)),
                ('version', models.TextField()),
                ('started_at', models.DateTimeField()),
                ('seen_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Ask',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('priority', models.PositiveSmallIntegerField()),
                ('asked_at', models.DateTimeField()),
                ('asked_by', models.TextField()),
                ('seen', models.TextField(default='')),
                ('not_before', models.DateTimeField()),
                ('tries', models.PositiveIntegerField(default=0)),
                ('netsuite', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='records.netsuiteaccount')),
                ('transaction', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='ask', to='records.transaction')),
            ],
            options={
                'indexes': [models.Index(models.F('netsuite'), models.F('priority'), models.F('id'), name='asks_in_order'), models.Index(models.F('netsuite'), models.F('not_before'), name='asks_due')],
            },
        ),
    ]
