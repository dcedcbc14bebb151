"""What holds a refund is kept beside its findings, so that what is held by the same thing can be shown together."""

import json

from django.db import migrations, models

HELD = ["needs_attention", "outcome_unknown"]
AT_ONCE = 500


def tell_causes(apps, _editor):
    """Of what is held now; the place only where it is a setting, the rest is told with the next look."""
    transactions = apps.get_model("records", "Transaction")
    held = transactions.objects.filter(status__in=HELD).only("id", "findings")
    told = []
    for row in held.iterator(chunk_size=AT_ONCE):
        errors = [one for one in json.loads(row.findings) if one["severity"] == "error"]
        if errors:
            where = errors[0].get("where", "")
            row.cause, row.cause_where = errors[0]["code"], "" if " " in where or "[" in where else where
            told.append(row)
    transactions.objects.bulk_update(told, ["cause", "cause_where"], batch_size=AT_ONCE)


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0010_reconciliations'),
    ]

    operations = [
        migrations.AddField(
            model_name='transaction',
            name='cause',
            field=models.TextField(null=True),
        ),
        migrations.AddField(
            model_name='transaction',
            name='cause_where',
            field=models.TextField(null=True),
        ),
        migrations.AddIndex(
            model_name='transaction',
            index=models.Index(models.F('account'), models.F('cause'), models.F('cause_where'), models.F('id'), condition=models.Q(('status__in', HELD)), name='transactions_by_cause'),
        ),
        migrations.RunPython(tell_causes, migrations.RunPython.noop),
    ]
