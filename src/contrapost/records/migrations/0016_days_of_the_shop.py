"""The list is narrowed to days of the shop by the indexes it is put in order by; what changed of a shop has its own."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0015_quick_with_a_million'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='transaction',
            name='transactions_by_time',
        ),
        migrations.RemoveIndex(
            model_name='transaction',
            name='transactions_by_account',
        ),
        migrations.RemoveIndex(
            model_name='transaction',
            name='transactions_by_status',
        ),
        migrations.RemoveIndex(
            model_name='transaction',
            name='transactions_by_both',
        ),
        migrations.RemoveIndex(
            model_name='transaction',
            name='transactions_changed',
        ),
        migrations.AddIndex(
            model_name='transaction',
            index=models.Index(models.OrderBy(models.F('refunded_at'), descending=True), models.OrderBy(models.F('id'), descending=True), models.F('hidden'), models.F('refunded_on'), name='transactions_by_time'),
        ),
        migrations.AddIndex(
            model_name='transaction',
            index=models.Index(models.F('account'), models.OrderBy(models.F('refunded_at'), descending=True), models.OrderBy(models.F('id'), descending=True), models.F('hidden'), models.F('refunded_on'), name='transactions_by_account'),
        ),
        migrations.AddIndex(
            model_name='transaction',
            index=models.Index(models.F('status'), models.OrderBy(models.F('refunded_at'), descending=True), models.OrderBy(models.F('id'), descending=True), models.F('hidden'), models.F('refunded_on'), name='transactions_by_status'),
        ),
        migrations.AddIndex(
            model_name='transaction',
            index=models.Index(models.F('account'), models.F('status'), models.OrderBy(models.F('refunded_at'), descending=True), models.OrderBy(models.F('id'), descending=True), models.F('hidden'), models.F('refunded_on'), name='transactions_by_both'),
        ),
        migrations.AddIndex(
            model_name='transaction',
            index=models.Index(models.OrderBy(models.F('refunded_at'), descending=True), models.OrderBy(models.F('id'), descending=True), models.F('hidden'), models.F('refunded_on'), condition=models.Q(('changed_at__isnull', False)), name='transactions_changed'),
        ),
        migrations.AddIndex(
            model_name='transaction',
            index=models.Index(models.F('account'), models.OrderBy(models.F('refunded_at'), descending=True), models.OrderBy(models.F('id'), descending=True), models.F('hidden'), models.F('refunded_on'), condition=models.Q(('changed_at__isnull', False)), name='transactions_changed_of'),
        ),
    ]
