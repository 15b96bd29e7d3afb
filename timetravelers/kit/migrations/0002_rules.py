"""Rules that tables keep from now on; the next step looks through the rows there are."""

import django.contrib.postgres.operations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('kit', '0001_initial'),
    ]

    operations = [
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='idempotentanswer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('route', ''), _negated=True), models.Q(('key', ''), _negated=True)), name='idempotent_answer_named'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='idempotentanswer',
            constraint=models.CheckConstraint(condition=models.Q(('status__range', (100, 599))), name='idempotent_answer_status_range'),
        ),
    ]
