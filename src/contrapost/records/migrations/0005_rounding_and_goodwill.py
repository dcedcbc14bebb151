"""What a plan rounds is kept beside it, to be summed for a month; and what a person accepted above the bill."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0004_lists'),
    ]

    operations = [
        migrations.AddField(
            model_name='transaction',
            name='rounded_minor',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='transaction',
            name='accepted_minor',
            field=models.BigIntegerField(null=True),
        ),
    ]
