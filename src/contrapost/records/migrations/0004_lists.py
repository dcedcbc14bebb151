"""The lists are read and counted by their indexes alone, and a refund is found by the store's number of it."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0003_people'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='transaction',
            name='transaction_by_time',
        ),
        migrations.RemoveIndex(
            model_name='transaction',
            name='transaction_by_account',
        ),
        migrations.RemoveIndex(
            model_name='transaction',
            name='transaction_by_status',
        ),
        migrations.RemoveIndex(
            model_name='transaction',
            name='transaction_by_both',
        ),
        migrations.AddIndex(
            model_name='transaction',
            index=models.Index(models.OrderBy(models.F('refunded_at'), descending=True), models.OrderBy(models.F('id'), descending=True), models.F('hidden'), name='transactions_by_time'),
        ),
        migrations.AddIndex(
            model_name='transaction',
            index=models.Index(models.F('account'), models.OrderBy(models.F('refunded_at'), descending=True), models.OrderBy(models.F('id'), descending=True), models.F('hidden'), name='transactions_by_account'),
        ),
        migrations.AddIndex(
            model_name='transaction',
            index=models.Index(models.F('status'), models.OrderBy(models.F('refunded_at'), descending=True), models.OrderBy(models.F('id'), descending=True), models.F('hidden'), name='transactions_by_status'),
        ),
        migrations.AddIndex(
            model_name='transaction',
            index=models.Index(models.F('account'), models.F('status'), models.OrderBy(models.F('refunded_at'), descending=True), models.OrderBy(models.F('id'), descending=True), models.F('hidden'), name='transactions_by_both'),
        ),
        migrations.AddIndex(
            model_name='transaction',
            index=models.Index(models.F('store_refund_id'), name='transaction_by_refund'),
        ),
    ]
