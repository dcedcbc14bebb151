"""What is due, and what was rounded in a month, is found by the account, however many refunds it has."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0014_corrections'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='transaction',
            index=models.Index(models.F('account'), models.F('next_look_at'), condition=models.Q(('next_look_at__isnull', False)), name='transactions_due'),
        ),
        migrations.AddIndex(
            model_name='transaction',
            index=models.Index(models.F('account'), models.F('refunded_on'), condition=models.Q(('rounded_minor__isnull', False)), name='transactions_rounded'),
        ),
    ]
