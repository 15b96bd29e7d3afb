"""Rules that tables keep from now on; the next step looks through the rows there are."""

import django.contrib.postgres.operations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('missions', '0001_initial'),
    ]

    operations = [
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='evidence',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['text', 'link'])), name='evidence_kind_known'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='evidence',
            constraint=models.CheckConstraint(condition=models.Q(('content', ''), _negated=True), name='evidence_content_given'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='mission',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('accepted_at__isnull', True), ('state', 'offered')), models.Q(('accepted_at__isnull', False), ('state__in', ['accepted', 'completed'])), ('state', 'declined'), _connector='OR'), name='mission_accepted_has_time'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='missiontemplate',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['research', 'practice', 'reach-out', 'build', 'reflect'])), name='mission_template_kind_known'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='missiontemplate',
            constraint=models.CheckConstraint(condition=models.Q(('version__gte', 1)), name='mission_template_version_from_one'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='missiontemplate',
            constraint=models.CheckConstraint(condition=models.Q(('minutes__gte', 1)), name='mission_template_minutes_from_one'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='missiontemplate',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('slug', ''), _negated=True), models.Q(('title', ''), _negated=True), models.Q(('summary', ''), _negated=True), models.Q(('evidence_prompt', ''), _negated=True)), name='mission_template_texts_given'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='missiontemplate',
            constraint=models.CheckConstraint(condition=models.Q(('steps__len__gte', 1)), name='mission_template_has_steps'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='missiontemplate',
            constraint=models.CheckConstraint(condition=models.Q(('evidence_kinds__contained_by', ['text', 'link']), ('evidence_kinds__len__gte', 1)), name='mission_template_evidence_known'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='reward',
            constraint=models.CheckConstraint(condition=models.Q(('points__gte', 1)), name='reward_points_from_one'),
        ),
    ]
