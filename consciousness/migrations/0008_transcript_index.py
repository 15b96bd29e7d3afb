"""A page of a transcript is found by an index."""

import django.contrib.postgres.operations
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False  # indexes that are built beside the writing

    dependencies = [
        ('consciousness', '0007_rules_hold'),
    ]

    operations = [
        django.contrib.postgres.operations.AddIndexConcurrently(
            model_name='message',
            index=models.Index(fields=['session', 'id'], name='message_transcript'),
        ),
    ]
