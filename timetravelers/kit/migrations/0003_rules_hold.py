"""The rows there are keep the rules too; found out without shutting writers out."""

import django.contrib.postgres.operations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('kit', '0002_rules'),
    ]

    operations = [
        django.contrib.postgres.operations.ValidateConstraint(
            model_name='idempotentanswer',
            name='idempotent_answer_named',
        ),
        django.contrib.postgres.operations.ValidateConstraint(
            model_name='idempotentanswer',
            name='idempotent_answer_status_range',
        ),
    ]
