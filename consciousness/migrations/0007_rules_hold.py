"""The rows there are keep the rules too; found out without shutting writers out."""

import django.contrib.postgres.operations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('consciousness', '0006_rules'),
    ]

    operations = [
        django.contrib.postgres.operations.ValidateConstraint(
            model_name='message',
            name='message_superseded_is_stand_in',
        ),
        django.contrib.postgres.operations.ValidateConstraint(
            model_name='message',
            name='message_author_known',
        ),
        django.contrib.postgres.operations.ValidateConstraint(
            model_name='message',
            name='message_text_given',
        ),
        django.contrib.postgres.operations.ValidateConstraint(
            model_name='message',
            name='message_client_id_is_users',
        ),
        django.contrib.postgres.operations.ValidateConstraint(
            model_name='session',
            name='session_consent_from_one',
        ),
        django.contrib.postgres.operations.ValidateConstraint(
            model_name='sessionevent',
            name='session_event_seq_from_one',
        ),
        django.contrib.postgres.operations.ValidateConstraint(
            model_name='sessionevent',
            name='session_event_type_given',
        ),
        django.contrib.postgres.operations.ValidateConstraint(
            model_name='turn',
            name='turn_state_known',
        ),
        django.contrib.postgres.operations.ValidateConstraint(
            model_name='turn',
            name='turn_lease_whole',
        ),
    ]
