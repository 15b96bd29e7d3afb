"""The rows there are keep the rules too; found out without shutting writers out."""

import django.contrib.postgres.operations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('missions', '0002_rules'),
    ]

    operations = [
        django.contrib.postgres.operations.ValidateConstraint(
            model_name='evidence',
            name='evidence_kind_known',
        ),
        django.contrib.postgres.operations.ValidateConstraint(
            model_name='evidence',
            name='evidence_content_given',
        ),
        django.contrib.postgres.operations.ValidateConstraint(
            model_name='mission',
            name='mission_accepted_has_time',
        ),
        django.contrib.postgres.operations.ValidateConstraint(
            model_name='missiontemplate',
            name='mission_template_kind_known',
        ),
        django.contrib.postgres.operations.ValidateConstraint(
            model_name='missiontemplate',
            name='mission_template_version_from_one',
        ),
        django.contrib.postgres.operations.ValidateConstraint(
            model_name='missiontemplate',
            name='mission_template_minutes_from_one',
        ),
        django.contrib.postgres.operations.ValidateConstraint(
            model_name='missiontemplate',
            name='mission_template_texts_given',
        ),
        django.contrib.postgres.operations.ValidateConstraint(
            model_name='missiontemplate',
            name='mission_template_has_steps',
        ),
        django.contrib.postgres.operations.ValidateConstraint(
            model_name='missiontemplate',
            name='mission_template_evidence_known',
        ),
        django.contrib.postgres.operations.ValidateConstraint(
            model_name='reward',
            name='reward_points_from_one',
        ),
    ]
