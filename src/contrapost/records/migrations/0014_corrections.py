"""A correction that a person accepted keeps what it replaced; a link says what took its record back."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0013_changed_after_posting'),
    ]

    operations = [
        migrations.AddField(
            model_name='link',
            name='taken_back',
            field=models.TextField(null=True),
        ),
        migrations.AddField(
            model_name='transaction',
            name='correcting',
            field=models.BigIntegerField(null=True),
        ),
        migrations.CreateModel(
            name='Correction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('by', models.TextField()),
                ('reason', models.TextField(default='')),
                ('way', models.TextField()),
                ('revision', models.PositiveIntegerField()),
                ('gone', models.TextField(default='{}')),
                ('before', models.TextField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('done', models.BooleanField(default=False)),
                ('transaction', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='records.transaction')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('transaction',), name='one_correction_at_a_time')],
            },
        ),
    ]
