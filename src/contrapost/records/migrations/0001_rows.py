"""The tables, with the constraints that hold whatever the code does."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='NetSuiteAccount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.SlugField(max_length=63, unique=True)),
                ('settings', models.TextField()),
                ('sealed', models.TextField()),
                ('lists', models.TextField(default='')),
                ('lists_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Lease',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('holder', models.TextField(default='')),
                ('token', models.BigIntegerField(default=0)),
                ('until', models.DateTimeField(null=True)),
                ('netsuite', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='lease', to='records.netsuiteaccount')),
            ],
        ),
        migrations.CreateModel(
            name='Account',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.SlugField(max_length=63, unique=True)),
                ('connector', models.TextField()),
                ('identity', models.TextField()),
                ('settings', models.TextField()),
                ('sealed', models.TextField()),
                ('profile', models.TextField()),
                ('created_at', models.DateTimeField()),
                ('netsuite', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.netsuiteaccount')),
            ],
        ),
        migrations.CreateModel(
            name='Tombstone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('store_refund_id', models.TextField()),
                ('revision', models.PositiveIntegerField()),
                ('at', models.DateTimeField()),
                ('by', models.TextField()),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='records.account')),
            ],
        ),
        migrations.CreateModel(
            name='Transaction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('store_refund_id', models.TextField()),
                ('order_id', models.TextField(db_index=True)),
                ('order_name', models.TextField(db_index=True)),
                ('refunded_at', models.DateTimeField()),
                ('refunded_on', models.DateField()),
                ('amount_minor', models.BigIntegerField()),
                ('currency', models.TextField()),
                ('status', models.CharField(max_length=20)),
                ('reason', models.TextField(default='')),
                ('next_look_at', models.DateTimeField(null=True)),
                ('hidden', models.BooleanField(default=False)),
                ('raw', models.TextField()),
                ('document', models.TextField(null=True)),
                ('digest', models.TextField()),
                ('seen_digest', models.TextField()),
                ('findings', models.TextField(default='[]')),
                ('bills', models.TextField(null=True)),
                ('plan', models.TextField(null=True)),
                ('fingerprint', models.TextField(default='')),
                ('revision', models.PositiveIntegerField(default=1)),
                ('edition', models.PositiveIntegerField(default=1)),
                ('frozen', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField()),
                ('updated_at', models.DateTimeField()),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.account')),
            ],
        ),
        migrations.CreateModel(
            name='PlannedRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('revision', models.PositiveIntegerField()),
                ('position', models.PositiveIntegerField()),
                ('record', models.TextField()),
                ('external_id', models.TextField(unique=True)),
                ('step', models.CharField(max_length=10)),
                ('netsuite_id', models.TextField(default='')),
                ('transaction', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='records.transaction')),
            ],
        ),
        migrations.CreateModel(
            name='Link',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('record', models.TextField()),
                ('netsuite_id', models.TextField()),
                ('tranid', models.TextField(default='')),
                ('external_id', models.TextField(unique=True)),
                ('total_minor', models.BigIntegerField()),
                ('currency', models.TextField()),
                ('held_in', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.netsuiteaccount')),
                ('transaction', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.transaction')),
            ],
        ),
        migrations.CreateModel(
            name='HistoryEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('by', models.TextField()),
                ('event', models.TextField()),
                ('from_state', models.CharField(max_length=20)),
                ('to_state', models.CharField(max_length=20)),
                ('note', models.TextField(default='')),
                ('transaction', models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='records.transaction')),
            ],
        ),
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('external_id', models.TextField()),
                ('at', models.DateTimeField()),
                ('by', models.TextField()),
                ('what', models.CharField(max_length=10)),
                ('method', models.TextField()),
                ('path', models.TextField()),
                ('sent', models.TextField()),
                ('status', models.IntegerField(null=True)),
                ('received', models.TextField()),
                ('request_id', models.TextField()),
                ('milliseconds', models.IntegerField()),
                ('conclusion', models.TextField()),
                ('transaction', models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='records.transaction')),
            ],
        ),
        migrations.AddConstraint(
            model_name='account',
            constraint=models.UniqueConstraint(models.F('connector'), models.F('identity'), name='one_account_a_shop'),
        ),
        migrations.AddConstraint(
            model_name='tombstone',
            constraint=models.UniqueConstraint(models.F('account'), models.F('store_refund_id'), name='one_tombstone_a_refund'),
        ),
        migrations.AddIndex(
            model_name='transaction',
            index=models.Index(models.OrderBy(models.F('refunded_at'), descending=True), models.OrderBy(models.F('id'), descending=True), name='transaction_by_time'),
        ),
        migrations.AddIndex(
            model_name='transaction',
            index=models.Index(models.F('account'), models.OrderBy(models.F('refunded_at'), descending=True), models.OrderBy(models.F('id'), descending=True), name='transaction_by_account'),
        ),
        migrations.AddIndex(
            model_name='transaction',
            index=models.Index(models.F('status'), models.OrderBy(models.F('refunded_at'), descending=True), models.OrderBy(models.F('id'), descending=True), name='transaction_by_status'),
        ),
        migrations.AddIndex(
            model_name='transaction',
            index=models.Index(models.F('account'), models.F('status'), models.OrderBy(models.F('refunded_at'), descending=True), models.OrderBy(models.F('id'), descending=True), name='transaction_by_both'),
        ),
        migrations.AddIndex(
            model_name='transaction',
            index=models.Index(models.F('next_look_at'), condition=models.Q(('next_look_at__isnull', False)), name='transaction_due'),
        ),
        migrations.AddConstraint(
            model_name='transaction',
            constraint=models.UniqueConstraint(models.F('account'), models.F('store_refund_id'), name='one_transaction_a_refund'),
        ),
        migrations.AddConstraint(
            model_name='transaction',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['imported', 'waiting', 'ready', 'posting', 'outcome_unknown', 'posted', 'reconciled', 'needs_attention', 'not_needed', 'canceled'])), name='transaction_status'),
        ),
        migrations.AddConstraint(
            model_name='transaction',
            constraint=models.CheckConstraint(condition=models.Q(('edition__gte', 1), ('revision__gte', 1)), name='transaction_counts_from_one'),
        ),
        migrations.AddConstraint(
            model_name='transaction',
            constraint=models.CheckConstraint(condition=models.Q(('frozen', False), models.Q(('plan__isnull', False), models.Q(('fingerprint', ''), _negated=True)), _connector='OR'), name='frozen_has_a_plan'),
        ),
        migrations.AddConstraint(
            model_name='transaction',
            constraint=models.CheckConstraint(condition=models.Q(('frozen', True), models.Q(('status__in', ['outcome_unknown', 'posting']), _negated=True), _connector='OR'), name='posting_needs_a_frozen_plan'),
        ),
        migrations.AddConstraint(
            model_name='plannedrecord',
            constraint=models.UniqueConstraint(models.F('transaction'), models.F('revision'), models.F('position'), name='one_record_a_place'),
        ),
        migrations.AddConstraint(
            model_name='plannedrecord',
            constraint=models.CheckConstraint(condition=models.Q(('step__in', ['planned', 'intended', 'written', 'refused', 'unknown'])), name='planned_record_step'),
        ),
        migrations.AddConstraint(
            model_name='plannedrecord',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('step', 'written'), _negated=True), models.Q(('netsuite_id', ''), _negated=True), _connector='OR'), name='written_has_an_id'),
        ),
        migrations.AddConstraint(
            model_name='link',
            constraint=models.UniqueConstraint(models.F('held_in'), models.F('netsuite_id'), name='one_link_a_record'),
        ),
        migrations.AddConstraint(
            model_name='historyentry',
            constraint=models.CheckConstraint(condition=models.Q(('from_state__in', ['', 'imported', 'waiting', 'ready', 'posting', 'outcome_unknown', 'posted', 'reconciled', 'needs_attention', 'not_needed', 'canceled']), ('to_state__in', ['imported', 'waiting', 'ready', 'posting', 'outcome_unknown', 'posted', 'reconciled', 'needs_attention', 'not_needed', 'canceled'])), name='history_states'),
        ),
        migrations.AddConstraint(
            model_name='historyentry',
            constraint=models.CheckConstraint(condition=models.Q(('by', ''), _negated=True), name='history_names_who'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.CheckConstraint(condition=models.Q(('what__in', ['write', 'look', 'read back'])), name='attempt_what'),
        ),
    ]
