"""Rules that tables keep from now on; the next step looks through the rows there are."""

import django.contrib.postgres.operations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consciousness', '0005_one_live_reply'),
    ]

    operations = [
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('superseded_at__isnull', True), models.Q(('author', 'traveler'), ('stand_in', True)), _connector='OR'), name='message_superseded_is_stand_in'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('author__in', ['user', 'traveler'])), name='message_author_known'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='message_text_given'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('client_id__isnull', True), ('author', 'user'), _connector='OR'), name='message_client_id_is_users'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='session',
            constraint=models.CheckConstraint(condition=models.Q(('consent_version__gte', 1)), name='session_consent_from_one'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='sessionevent',
            constraint=models.CheckConstraint(condition=models.Q(('seq__gte', 1)), name='session_event_seq_from_one'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='sessionevent',
            constraint=models.CheckConstraint(condition=models.Q(('type', ''), _negated=True), name='session_event_type_given'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='turn',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'sent', 'running', 'waiting', 'completed', 'failed', 'cancelled'])), name='turn_state_known'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='turn',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('lease_holder__isnull', True), ('lease_until__isnull', True)), models.Q(('lease_holder__isnull', False), ('lease_until__isnull', False)), _connector='OR'), name='turn_lease_whole'),
        ),
    ]
