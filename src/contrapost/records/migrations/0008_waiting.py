"""Since when a refund waits, and how often it was looked at; what waited before counts from when it last changed."""

from django.db import migrations, models


def begin_to_count(apps, _editor):
    """Nobody knows any more since when they wait: since this at least."""
    transactions = apps.get_model("records", "Transaction").objects.filter(status="waiting")
    transactions.update(waiting_since=models.F("updated_at"))


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0007_sync'),
    ]

    operations = [
        migrations.AddField(
            model_name='transaction',
            name='looks',
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='transaction',
            name='waiting_since',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name='transaction',
            index=models.Index(models.F('account'), models.F('reason'), models.F('waiting_since'), models.F('id'), condition=models.Q(('waiting_since__isnull', False)), name='transactions_waiting'),
        ),
        migrations.RunPython(begin_to_count, migrations.RunPython.noop),
    ]
