"""Deliveries that were not acted on yet are found by an index."""

import django.contrib.postgres.operations
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False  # indexes that are built beside the writing

    dependencies = [
        ('mentors', '0005_manus_accounts_and_queue'),
    ]

    operations = [
        django.contrib.postgres.operations.AddIndexConcurrently(
            model_name='webhookdelivery',
            index=models.Index(condition=models.Q(('handled_at__isnull', True)), fields=['received_at'], name='webhook_delivery_unhandled'),
        ),
    ]
