"""The rows there are keep the new rules too; found out without shutting writers out."""

import django.contrib.postgres.operations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('consciousness', '0016_unread_turns_index'),
    ]

    operations = [
        django.contrib.postgres.operations.ValidateConstraint(
            model_name='message',
            name='message_kind_known',
        ),
        django.contrib.postgres.operations.ValidateConstraint(
            model_name='session',
            name='session_title_source_known',
        ),
    ]
