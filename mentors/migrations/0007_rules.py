"""Rules that tables keep from now on; the next step looks through the rows there are."""

import django.contrib.postgres.operations
import django.db.models.lookups
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mentors', '0006_unhandled_deliveries'),
    ]

    operations = [
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='traveler',
            constraint=models.CheckConstraint(condition=models.Q(('version__gte', 1)), name='traveler_version_from_first'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='traveler',
            constraint=models.CheckConstraint(condition=models.Q(('capacity__gte', 1)), name='traveler_capacity_from_one'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='traveler',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('slug', ''), _negated=True), models.Q(('name', ''), _negated=True), models.Q(('story', ''), _negated=True), models.Q(('voice', ''), _negated=True), models.Q(('greeting', ''), _negated=True)), name='traveler_texts_given'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='traveler',
            constraint=models.CheckConstraint(condition=models.Q(('languages__len__gte', 1)), name='traveler_speaks'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='traveler',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.Exact(models.Func(models.F('boundaries'), function='jsonb_typeof', output_field=models.CharField()), models.Value('array')), name='traveler_boundaries_list'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='travelerversion',
            constraint=models.CheckConstraint(condition=models.Q(('source__in', ['content', 'staff', 'rollback', 'compiler'])), name='traveler_version_source_known'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='travelerversion',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.Exact(models.Func(models.F('profile'), function='jsonb_typeof', output_field=models.CharField()), models.Value('object')), name='traveler_version_profile_object'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='travelerversion',
            constraint=models.CheckConstraint(condition=models.Q(('instructions', ''), _negated=True), name='traveler_version_instructions_given'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='webhookdelivery',
            constraint=models.CheckConstraint(condition=models.Q(('handled_at__isnull', True), ('verified_at__isnull', False), _connector='OR'), name='webhook_delivery_handled_was_verified'),
        ),
    ]
