"""A link may be to a record made by hand, with or without an external id, and keeps what the record booked."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0008_waiting'),
    ]

    operations = [
        migrations.AddField(
            model_name='link',
            name='adopted',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='link',
            name='ledger',
            field=models.TextField(default=''),
        ),
        migrations.AlterField(
            model_name='link',
            name='external_id',
            field=models.TextField(default=''),
        ),
        migrations.AddConstraint(
            model_name='link',
            constraint=models.UniqueConstraint(condition=models.Q(('external_id', ''), _negated=True), fields=('held_in', 'external_id'), name='one_link_an_external_id'),
        ),
    ]
