"""Sessions with a life of their own, conversations that are trees, ratings, readings and reminders."""

import django.contrib.postgres.fields
import django.contrib.postgres.operations
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.datetime
import timetravelers.kit.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consciousness', '0008_transcript_index'),
        ('mentors', '0010_admissions_index'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Rating',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('stars', models.PositiveSmallIntegerField()),
                ('feedback', models.CharField(blank=True, max_length=2000)),
            ],
        ),
        migrations.CreateModel(
            name='Reading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seq', models.PositiveBigIntegerField()),
                ('updated_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('uid', models.UUIDField(default=timetravelers.kit.ids.uuid7, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('day_before', 'Day Before'), ('soon', 'Soon')], max_length=12)),
                ('due_at', models.DateTimeField()),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('taken_until', models.DateTimeField(blank=True, null=True)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('outcome', models.CharField(blank=True, choices=[('sent', 'Sent'), ('dropped', 'Dropped'), ('failed', 'Failed')], default='', max_length=10)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='message',
            name='message_superseded_is_stand_in',
        ),
        migrations.RemoveConstraint(
            model_name='session',
            name='session_ended_has_time',
        ),
        migrations.AddField(
            model_name='message',
            name='is_question',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='message',
            name='received_at',
            field=models.DateTimeField(help_text='When the house heard it; it was stored at `created_at`.', null=True),
        ),
        migrations.AddField(
            model_name='message',
            name='seq',
            field=models.PositiveBigIntegerField(help_text='Of the event that reported it.', null=True),
        ),
        migrations.AddField(
            model_name='message',
            name='words',
            field=django.contrib.postgres.search.SearchVectorField(help_text='For searching; empty until a worker has come by.', null=True),
        ),
        migrations.AddField(
            model_name='session',
            name='archived_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='session',
            name='counted',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, help_text='How much was said into a turn: its key, messages, ASCII characters, others; so that nobody counts.', null=True, size=None),
        ),
        migrations.AddField(
            model_name='session',
            name='ended_reason',
            field=models.CharField(blank=True, choices=[('user', 'User'), ('idle', 'Idle'), ('traveler', 'Traveler')], db_default='', default='', max_length=10),
        ),
        migrations.AddField(
            model_name='session',
            name='head',
            field=models.ForeignKey(blank=True, db_index=False, help_text='The newest turn of the branch that people look at.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='consciousness.turn'),
        ),
        migrations.AddField(
            model_name='session',
            name='idle_check_at',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
        ),
        migrations.AddField(
            model_name='session',
            name='instructions_hash',
            field=models.CharField(blank=True, db_default='', max_length=64),
        ),
        migrations.AddField(
            model_name='session',
            name='match',
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='session',
            name='opened_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='session',
            name='origin',
            field=models.CharField(choices=[('choice', 'Choice'), ('match', 'Match')], db_default='choice', default='choice', max_length=10),
        ),
        migrations.AddField(
            model_name='session',
            name='revision',
            field=models.PositiveIntegerField(db_default=1, default=1),
        ),
        migrations.AddField(
            model_name='session',
            name='starts_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='session',
            name='title',
            field=models.CharField(blank=True, db_default='', default='', max_length=120),
        ),
        migrations.AddField(
            model_name='turn',
            name='asked_at',
            field=models.DateTimeField(blank=True, help_text='When a reply was last asked for again.', null=True),
        ),
        migrations.AddField(
            model_name='turn',
            name='asked_by',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), db_default=[], default=list, help_text='Client ids that asked again.', size=None),
        ),
        migrations.AddField(
            model_name='turn',
            name='depth',
            field=models.PositiveIntegerField(db_default=0, default=0, help_text='How many turns came before it.'),
        ),
        migrations.AddField(
            model_name='turn',
            name='on_branch',
            field=models.BooleanField(db_default=True, default=True, help_text='The head, or before it.'),
        ),
        migrations.AddField(
            model_name='turn',
            name='parent',
            field=models.ForeignKey(blank=True, db_index=False, help_text='What came before.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='children', to='consciousness.turn'),
        ),
        migrations.AddField(
            model_name='turn',
            name='sends_before',
            field=models.PositiveSmallIntegerField(db_default=0, default=0, help_text='Sends of former replies.'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('is_question', False), ('superseded_at__isnull', True)), ('author', 'traveler'), _connector='OR'), name='message_of_user_stands'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='session',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['scheduled', 'open', 'ended', 'cancelled'])), name='session_state_known'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='session',
            constraint=models.CheckConstraint(condition=models.Q(('ended_reason__in', ['', 'user', 'idle', 'traveler'])), name='session_reason_known'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='session',
            constraint=models.CheckConstraint(condition=models.Q(('origin__in', ['choice', 'match'])), name='session_origin_known'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='session',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['ended', 'cancelled']), ('ended_at__isnull', True), _connector='XOR'), name='session_ended_has_time'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='session',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['ended', 'cancelled']), ('ended_reason', ''), _connector='XOR'), name='session_ended_has_reason'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='session',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['scheduled', 'cancelled']), _negated=True), ('opened_at__isnull', True), _connector='OR'), name='session_unopened_has_no_opening'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='session',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['scheduled', 'cancelled']), _negated=True), ('starts_at__isnull', False), _connector='OR'), name='session_scheduled_has_start'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='session',
            constraint=models.CheckConstraint(condition=models.Q(('origin', 'match'), ('match__isnull', True), _connector='XOR'), name='session_match_is_kept'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='session',
            constraint=models.CheckConstraint(condition=models.Q(('revision__gte', 1)), name='session_revision_from_one'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='turn',
            constraint=models.CheckConstraint(condition=models.Q(('parent__lt', models.F('id'))), name='turn_parent_is_earlier'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='turn',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('depth', 0), ('parent__isnull', True)), models.Q(('depth__gte', 1), ('parent__isnull', False)), _connector='OR'), name='turn_depth_fits_parent'),
        ),
        migrations.AddField(
            model_name='rating',
            name='message',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='ratings', to='consciousness.message'),
        ),
        migrations.AddField(
            model_name='rating',
            name='session',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='ratings', to='consciousness.session'),
        ),
        migrations.AddField(
            model_name='rating',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='reading',
            name='session',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='readings', to='consciousness.session'),
        ),
        migrations.AddField(
            model_name='reading',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='reminder',
            name='session',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='reminders', to='consciousness.session'),
        ),
        migrations.AddConstraint(
            model_name='rating',
            constraint=models.UniqueConstraint(fields=('session', 'message', 'user'), name='rating_once_a_person', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='rating',
            constraint=models.CheckConstraint(condition=models.Q(('stars__gte', 1), ('stars__lte', 5)), name='rating_stars_in_range'),
        ),
        migrations.AddConstraint(
            model_name='reading',
            constraint=models.UniqueConstraint(fields=('session', 'user'), name='reading_once_a_person'),
        ),
        migrations.AddIndex(
            model_name='reminder',
            index=models.Index(condition=models.Q(('settled_at__isnull', True)), fields=['due_at'], name='reminder_due'),
        ),
        migrations.AddConstraint(
            model_name='reminder',
            constraint=models.UniqueConstraint(fields=('session', 'kind'), name='reminder_once'),
        ),
        migrations.AddConstraint(
            model_name='reminder',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['day_before', 'soon'])), name='reminder_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='reminder',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['', 'sent', 'dropped', 'failed'])), name='reminder_outcome_known'),
        ),
        migrations.AddConstraint(
            model_name='reminder',
            constraint=models.CheckConstraint(condition=models.Q(('settled_at__isnull', True), models.Q(('outcome', ''), _negated=True), _connector='XOR'), name='reminder_settled_has_outcome'),
        ),
    ]
