"""The calls admitted of late are found by an index."""

import django.contrib.postgres.operations
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False  # indexes that are built beside the writing

    dependencies = [
        ('mentors', '0009_fixed_rows'),
    ]

    operations = [
        django.contrib.postgres.operations.AddIndexConcurrently(
            model_name='providercall',
            index=models.Index(condition=models.Q(('admitted_at__isnull', False)), fields=['admitted_at'], name='provider_call_admissions'),
        ),
    ]
