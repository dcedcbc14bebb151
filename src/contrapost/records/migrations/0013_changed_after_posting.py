"""What changed after posting, and the document as the store says it now, stand beside what was posted."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0012_reconciliation_schedule'),
    ]

    operations = [
        migrations.AddField(
            model_name='transaction',
            name='changed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='transaction',
            name='changes',
            field=models.TextField(null=True),
        ),
        migrations.AddField(
            model_name='transaction',
            name='later',
            field=models.TextField(null=True),
        ),
        migrations.AddField(
            model_name='transaction',
            name='later_raw',
            field=models.TextField(null=True),
        ),
        migrations.AddIndex(
            model_name='transaction',
            index=models.Index(models.OrderBy(models.F('refunded_at'), descending=True), models.OrderBy(models.F('id'), descending=True), models.F('hidden'), condition=models.Q(('changed_at__isnull', False)), name='transactions_changed'),
        ),
    ]
