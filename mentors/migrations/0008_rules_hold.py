"""The rows there are keep the rules too; found out without shutting writers out."""

import django.contrib.postgres.operations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('mentors', '0007_rules'),
    ]

    operations = [
        django.contrib.postgres.operations.ValidateConstraint(
            model_name='traveler',
            name='traveler_version_from_first',
        ),
        django.contrib.postgres.operations.ValidateConstraint(
            model_name='traveler',
            name='traveler_capacity_from_one',
        ),
        django.contrib.postgres.operations.ValidateConstraint(
            model_name='traveler',
            name='traveler_texts_given',
        ),
        django.contrib.postgres.operations.ValidateConstraint(
            model_name='traveler',
            name='traveler_speaks',
        ),
        django.contrib.postgres.operations.ValidateConstraint(
            model_name='traveler',
            name='traveler_boundaries_list',
        ),
        django.contrib.postgres.operations.ValidateConstraint(
            model_name='travelerversion',
            name='traveler_version_source_known',
        ),
        django.contrib.postgres.operations.ValidateConstraint(
            model_name='travelerversion',
            name='traveler_version_profile_object',
        ),
        django.contrib.postgres.operations.ValidateConstraint(
            model_name='travelerversion',
            name='traveler_version_instructions_given',
        ),
        django.contrib.postgres.operations.ValidateConstraint(
            model_name='webhookdelivery',
            name='webhook_delivery_handled_was_verified',
        ),
    ]
