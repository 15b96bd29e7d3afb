"""The rows there are keep the new rules too; found out without shutting writers out."""

import django.contrib.postgres.operations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('consciousness', '0013_conversation_indexes'),
    ]

    operations = [
        django.contrib.postgres.operations.ValidateConstraint(
            model_name='message',
            name='message_of_user_stands',
        ),
        django.contrib.postgres.operations.ValidateConstraint(
            model_name='session',
            name='session_state_known',
        ),
        django.contrib.postgres.operations.ValidateConstraint(
            model_name='session',
            name='session_reason_known',
        ),
        django.contrib.postgres.operations.ValidateConstraint(
            model_name='session',
            name='session_origin_known',
        ),
        django.contrib.postgres.operations.ValidateConstraint(
            model_name='session',
            name='session_ended_has_time',
        ),
        django.contrib.postgres.operations.ValidateConstraint(
            model_name='session',
            name='session_ended_has_reason',
        ),
        django.contrib.postgres.operations.ValidateConstraint(
            model_name='session',
            name='session_unopened_has_no_opening',
        ),
        django.contrib.postgres.operations.ValidateConstraint(
            model_name='session',
            name='session_scheduled_has_start',
        ),
        django.contrib.postgres.operations.ValidateConstraint(
            model_name='session',
            name='session_match_is_kept',
        ),
        django.contrib.postgres.operations.ValidateConstraint(
            model_name='session',
            name='session_revision_from_one',
        ),
        django.contrib.postgres.operations.ValidateConstraint(
            model_name='turn',
            name='turn_parent_is_earlier',
        ),
        django.contrib.postgres.operations.ValidateConstraint(
            model_name='turn',
            name='turn_depth_fits_parent',
        ),
    ]
