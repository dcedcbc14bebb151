"""How each account is kept up; every account that was there before starts in test mode."""

import django.db.models.deletion
from django.db import migrations, models


def start_in_test_mode(apps, _schema_editor):
    """Gives each account its row: in test mode, so that nothing posts by itself before a person signed it off."""
    sync = apps.get_model("records", "Sync")
    accounts = apps.get_model("records", "Account").objects.values_list("pk", flat=True)
    sync.objects.bulk_create(sync(account_id=account) for account in accounts)


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0006_asks'),
    ]

    operations = [
        migrations.CreateModel(
            name='BackFill',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField()),
                ('asked_by', models.TextField()),
                ('since', models.DateTimeField(null=True)),
                ('until', models.DateTimeField(null=True)),
                ('orders', models.TextField(default='[]')),
                ('cursor', models.TextField(default='')),
                ('reached', models.DateTimeField(null=True)),
                ('total', models.PositiveIntegerField(default=0)),
                ('done', models.PositiveIntegerField(default=0)),
                ('found', models.PositiveIntegerField(default=0)),
                ('state', models.CharField(default='running', max_length=10)),
                ('finished_at', models.DateTimeField(null=True)),
                ('problems', models.TextField(default='[]')),
                ('problem_count', models.PositiveIntegerField(default=0)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='records.account')),
            ],
            options={
                'indexes': [models.Index(models.F('account'), models.F('id'), condition=models.Q(('state', 'running')), name='back_fills_running')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['running', 'finished', 'stopped'])), name='back_fill_state'), models.CheckConstraint(condition=models.Q(models.Q(('since__isnull', False), ('total', 0)), models.Q(('since__isnull', True), ('total__gt', 0)), _connector='OR'), name='back_fill_of_what'), models.CheckConstraint(condition=models.Q(models.Q(('finished_at__isnull', True), ('state', 'running')), models.Q(models.Q(('state', 'running'), _negated=True), ('finished_at__isnull', False)), _connector='OR'), name='back_fill_ends')],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('delivery_id', models.TextField()),
                ('digest', models.CharField(max_length=64)),
                ('at', models.DateTimeField(db_index=True)),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='records.account')),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('account'), models.F('delivery_id'), name='one_delivery_an_id'), models.UniqueConstraint(models.F('account'), models.F('digest'), name='one_delivery_a_body')],
            },
        ),
        migrations.CreateModel(
            name='Hint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order_id', models.TextField()),
                ('hinted_at', models.DateTimeField()),
                ('edition', models.PositiveBigIntegerField(default=1)),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='records.account')),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('account'), models.F('order_id'), name='one_hint_an_order')],
            },
        ),
        migrations.CreateModel(
            name='Sync',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mode', models.CharField(default='test', max_length=4)),
                ('automatic', models.BooleanField(default=False)),
                ('go_live_on', models.DateField(null=True)),
                ('poll_minutes', models.PositiveIntegerField(default=5)),
                ('next_poll_at', models.DateTimeField(null=True)),
                ('read_to', models.DateTimeField(null=True)),
                ('cursor', models.TextField(default='')),
                ('polled_at', models.DateTimeField(null=True)),
                ('error', models.TextField(default='')),
                ('failures', models.PositiveIntegerField(default=0)),
                ('paused_until', models.DateTimeField(null=True)),
                ('look_back_days', models.PositiveIntegerField(default=0)),
                ('look_back_hours', models.PositiveIntegerField(default=24)),
                ('next_look_back_at', models.DateTimeField(null=True)),
                ('look_back_since', models.DateTimeField(null=True)),
                ('look_back_cursor', models.TextField(default='')),
                ('hook_digest', models.CharField(default='', max_length=64)),
                ('hooked_at', models.DateTimeField(null=True)),
                ('account', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='sync', to='records.account')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('mode__in', ['test', 'live'])), name='sync_mode'), models.CheckConstraint(condition=models.Q(('automatic', False), models.Q(('mode', 'live'), ('go_live_on__isnull', False)), _connector='OR'), name='automatic_only_when_live'), models.CheckConstraint(condition=models.Q(('look_back_hours__gte', 1), ('poll_minutes__gte', 1)), name='sync_pauses')],
            },
        ),
        migrations.CreateModel(
            name='SyncNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('by', models.TextField()),
                ('what', models.TextField()),
                ('note', models.TextField(default='')),
                ('shown', models.TextField(default='')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='records.account')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('by', ''), _negated=True), name='sync_note_names_who')],
            },
        ),
        migrations.RunPython(start_in_test_mode, migrations.RunPython.noop),
    ]
