"""What recall finds the turns by that it has yet to read."""

import django.contrib.postgres.operations
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False  # an index that is built beside the writing

    dependencies = [
        ('consciousness', '0015_memory_and_files'),
    ]

    operations = [
        django.contrib.postgres.operations.AddIndexConcurrently(
            model_name='turn',
            index=models.Index(condition=models.Q(('ended_at__isnull', False), ('is_passage_due', True)), fields=['id'], name='turn_passage_due'),
        ),
    ]
