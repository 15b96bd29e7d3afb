"""Memories, summaries, passages, files, reflections and insights, and what sessions and turns know of them."""

import django.contrib.postgres.fields
import django.contrib.postgres.operations
import django.db.models.deletion
import django.db.models.functions.datetime
import timetravelers.kit.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0009_fixed_rows'),
        ('consciousness', '0014_conversation_rules_hold'),
        ('mentors', '0010_admissions_index'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Confidence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('moment', models.CharField(choices=[('before', 'Before'), ('after', 'After')], max_length=10)),
                ('value', models.PositiveSmallIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='ContextMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mark', models.CharField(choices=[('pinned', 'Pinned'), ('excluded', 'Excluded')], max_length=8)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name='CrisisTally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(unique=True)),
                ('shown', models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Extract',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name='File',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('uid', models.UUIDField(default=timetravelers.kit.ids.uuid7, editable=False, unique=True)),
                ('origin', models.CharField(choices=[('user', 'User'), ('traveler', 'Traveler')], default='user', max_length=10)),
                ('name', models.CharField(max_length=120)),
                ('media_type', models.CharField(blank=True, default='', max_length=80)),
                ('size', models.PositiveIntegerField(default=0)),
                ('sha256', models.CharField(blank=True, default='', max_length=64)),
                ('state', models.CharField(choices=[('uploading', 'Uploading'), ('fetching', 'Fetching'), ('checking', 'Checking'), ('ready', 'Ready'), ('refused', 'Refused')], default='uploading', max_length=10)),
                ('reason', models.CharField(blank=True, default='', max_length=20)),
                ('key', models.CharField(max_length=32, unique=True)),
                ('parts', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), default=list, help_text='Names in the storage, in order.', size=None)),
                ('received', models.PositiveIntegerField(default=0, help_text='Bytes in the parts.')),
                ('pages', models.PositiveIntegerField(blank=True, null=True)),
                ('has_thumbnail', models.BooleanField(default=False)),
                ('source', models.TextField(blank=True, default='', help_text="Where a Traveler's file is fetched; sealed.")),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('due_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='FileCopy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(blank=True, default='', max_length=120)),
                ('is_refused', models.BooleanField(default=False, help_text='The provider does not take it.')),
                ('expires_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name='Insight',
            fields=[
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('uid', models.UUIDField(default=timetravelers.kit.ids.uuid7, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('summary', 'Summary'), ('topic', 'Topic'), ('decision', 'Decision'), ('action_item', 'Action Item'), ('skill', 'Skill'), ('open_question', 'Open Question')], max_length=15)),
                ('text', models.CharField(max_length=1000)),
                ('fingerprint', models.CharField(max_length=64)),
                ('state', models.CharField(choices=[('proposed', 'Proposed'), ('confirmed', 'Confirmed'), ('rejected', 'Rejected')], default='proposed', max_length=10)),
                ('edited', models.BooleanField(default=False, help_text="The words are the person's own.")),
                ('engine', models.CharField(max_length=20)),
                ('simulated', models.BooleanField(default=False)),
                ('revision', models.PositiveIntegerField(default=1)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='InsightSource',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
        ),
        migrations.CreateModel(
            name='Memory',
            fields=[
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('uid', models.UUIDField(default=timetravelers.kit.ids.uuid7, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('goal', 'Goal'), ('fact', 'Fact'), ('preference', 'Preference'), ('constraint', 'Constraint'), ('person', 'Person'), ('skill', 'Skill'), ('experience', 'Experience')], max_length=12)),
                ('text', models.CharField(max_length=500)),
                ('fingerprint', models.CharField(max_length=64)),
                ('confidence', models.FloatField()),
                ('state', models.CharField(choices=[('proposed', 'Proposed'), ('kept', 'Kept'), ('rejected', 'Rejected')], default='proposed', max_length=10)),
                ('revision', models.PositiveIntegerField(default=1)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('last_used_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='MemorySource',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
        ),
        migrations.CreateModel(
            name='Passage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('terms', models.BinaryField(help_text='Numbers of stems, four bytes each.')),
                ('code', models.BinaryField(help_text='A byte a dimension.', null=True)),
                ('model', models.CharField(blank=True, default='', max_length=60)),
                ('written_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name='Reflection',
            fields=[
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('uid', models.UUIDField(default=timetravelers.kit.ids.uuid7, editable=False, unique=True)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('asked', 'Asked'), ('running', 'Running'), ('done', 'Done'), ('failed', 'Failed'), ('skipped', 'Skipped')], default='waiting', max_length=10)),
                ('engine', models.CharField(blank=True, default='', help_text='Who is asked; empty: the first.', max_length=20)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('sends', models.PositiveSmallIntegerField(default=0)),
                ('due_at', models.DateTimeField(help_text='When the next step may be taken.')),
                ('lease_holder', models.UUIDField(null=True)),
                ('lease_until', models.DateTimeField(null=True)),
                ('asked_at', models.DateTimeField(null=True)),
                ('task', models.CharField(blank=True, default='', max_length=100)),
                ('ended_at', models.DateTimeField(null=True)),
                ('reason', models.CharField(blank=True, default='', max_length=40)),
            ],
        ),
        migrations.CreateModel(
            name='Remnant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('stored', 'Stored'), ('provider', 'Provider')], max_length=10)),
                ('reference', models.CharField(max_length=160)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('due_at', models.DateTimeField(db_index=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name='SummaryLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveIntegerField(help_text='Where in the message, counted in sentences.')),
                ('weight', models.FloatField(help_text='How much it would be missed; lines of little weight go first.')),
                ('text', models.CharField(max_length=400)),
            ],
            options={
                'ordering': ['message', 'place'],
            },
        ),
        migrations.CreateModel(
            name='SummaryPart',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('uid', models.UUIDField(default=timetravelers.kit.ids.uuid7, editable=False, unique=True)),
                ('level', models.PositiveSmallIntegerField(default=0)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['first'],
            },
        ),
        migrations.AddField(
            model_name='message',
            name='kind',
            field=models.CharField(blank=True, choices=[('crisis_card', 'Crisis Card')], db_default='', default='', max_length=12),
        ),
        migrations.AddField(
            model_name='session',
            name='is_task_stale',
            field=models.BooleanField(db_default=False, default=False, help_text='The task knows what is to be forgotten: no call may use it again.'),
        ),
        migrations.AddField(
            model_name='session',
            name='title_source',
            field=models.CharField(blank=True, choices=[('person', 'Person'), ('rules', 'Rules'), ('reflection', 'Reflection')], db_default='', default='', help_text="A person's own stays.", max_length=10),
        ),
        migrations.AddField(
            model_name='turn',
            name='is_passage_due',
            field=models.BooleanField(db_default=True, default=True, help_text='Recall has not read it, or not as it is now.'),
        ),
        migrations.AddField(
            model_name='turn',
            name='withheld',
            field=models.BooleanField(db_default=False, default=False, help_text='Somebody may have been in danger: no engine ever hears of it.'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['', 'crisis_card'])), name='message_kind_known'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='session',
            constraint=models.CheckConstraint(condition=models.Q(('title_source__in', ['', 'person', 'rules', 'reflection'])), name='session_title_source_known'),
        ),
        migrations.AddField(
            model_name='confidence',
            name='session',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='confidences', to='consciousness.session'),
        ),
        migrations.AddField(
            model_name='contextmark',
            name='session',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='marks', to='consciousness.session'),
        ),
        migrations.AddField(
            model_name='contextmark',
            name='turn',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='consciousness.turn'),
        ),
        migrations.AddConstraint(
            model_name='crisistally',
            constraint=models.CheckConstraint(condition=models.Q(('shown__gte', 1)), name='crisis_tally_from_one'),
        ),
        migrations.AddField(
            model_name='file',
            name='message',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='files', to='consciousness.message'),
        ),
        migrations.AddField(
            model_name='file',
            name='user',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='files', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='extract',
            name='file',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='extract', to='consciousness.file'),
        ),
        migrations.AddField(
            model_name='contextmark',
            name='file',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='consciousness.file'),
        ),
        migrations.AddField(
            model_name='filecopy',
            name='account',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='mentors.manusaccount'),
        ),
        migrations.AddField(
            model_name='filecopy',
            name='file',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='copies', to='consciousness.file'),
        ),
        migrations.AddField(
            model_name='insight',
            name='session',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='insights', to='consciousness.session'),
        ),
        migrations.AddField(
            model_name='insight',
            name='skill',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.skill'),
        ),
        migrations.AddField(
            model_name='insight',
            name='user',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='insights', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='insightsource',
            name='insight',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='sources', to='consciousness.insight'),
        ),
        migrations.AddField(
            model_name='insightsource',
            name='message',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='consciousness.message'),
        ),
        migrations.AddField(
            model_name='memory',
            name='session',
            field=models.ForeignKey(blank=True, help_text='Where it was first learned.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='memories', to='consciousness.session'),
        ),
        migrations.AddField(
            model_name='memory',
            name='user',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='memories', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='contextmark',
            name='memory',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='consciousness.memory'),
        ),
        migrations.AddField(
            model_name='memorysource',
            name='memory',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='sources', to='consciousness.memory'),
        ),
        migrations.AddField(
            model_name='memorysource',
            name='message',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='consciousness.message'),
        ),
        migrations.AddField(
            model_name='passage',
            name='memory',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='passage', to='consciousness.memory'),
        ),
        migrations.AddField(
            model_name='passage',
            name='turn',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='passage', to='consciousness.turn'),
        ),
        migrations.AddField(
            model_name='passage',
            name='user',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='reflection',
            name='account',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='mentors.manusaccount'),
        ),
        migrations.AddField(
            model_name='reflection',
            name='session',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='reflection', to='consciousness.session'),
        ),
        migrations.AddConstraint(
            model_name='remnant',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['stored', 'provider'])), name='remnant_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='remnant',
            constraint=models.CheckConstraint(condition=models.Q(('reference', ''), _negated=True), name='remnant_says_what'),
        ),
        migrations.AddField(
            model_name='summaryline',
            name='message',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='consciousness.message'),
        ),
        migrations.AddField(
            model_name='summarypart',
            name='first',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='consciousness.turn'),
        ),
        migrations.AddField(
            model_name='summarypart',
            name='last',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='consciousness.turn'),
        ),
        migrations.AddField(
            model_name='summarypart',
            name='session',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='summary', to='consciousness.session'),
        ),
        migrations.AddField(
            model_name='summaryline',
            name='part',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='consciousness.summarypart'),
        ),
        migrations.AddField(
            model_name='contextmark',
            name='summary',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='consciousness.summarypart'),
        ),
        migrations.AddConstraint(
            model_name='confidence',
            constraint=models.UniqueConstraint(fields=('session', 'moment'), name='confidence_once_a_moment'),
        ),
        migrations.AddConstraint(
            model_name='confidence',
            constraint=models.CheckConstraint(condition=models.Q(('moment__in', ['before', 'after'])), name='confidence_moment_known'),
        ),
        migrations.AddConstraint(
            model_name='confidence',
            constraint=models.CheckConstraint(condition=models.Q(('value__range', (1, 10))), name='confidence_in_range'),
        ),
        migrations.AddIndex(
            model_name='file',
            index=models.Index(fields=['user', '-id'], name='file_list'),
        ),
        migrations.AddIndex(
            model_name='file',
            index=models.Index(condition=models.Q(('state__in', ['fetching', 'checking'])), fields=['due_at'], name='file_due'),
        ),
        migrations.AddIndex(
            model_name='file',
            index=models.Index(condition=models.Q(('expires_at__isnull', False)), fields=['expires_at'], name='file_expires'),
        ),
        migrations.AddConstraint(
            model_name='file',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['uploading', 'fetching', 'checking', 'ready', 'refused'])), name='file_state_known'),
        ),
        migrations.AddConstraint(
            model_name='file',
            constraint=models.CheckConstraint(condition=models.Q(('origin__in', ['user', 'traveler'])), name='file_origin_known'),
        ),
        migrations.AddConstraint(
            model_name='file',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('key', ''), _negated=True)), name='file_named'),
        ),
        migrations.AddConstraint(
            model_name='file',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'refused'), ('reason', ''), _connector='XOR'), name='file_refused_has_reason'),
        ),
        migrations.AddConstraint(
            model_name='file',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'ready'), _negated=True), models.Q(('sha256__regex', '^[0-9a-f]{64}$'), ('size__gte', 1), models.Q(('media_type', ''), _negated=True)), _connector='OR'), name='file_ready_is_known'),
        ),
        migrations.AddConstraint(
            model_name='file',
            constraint=models.CheckConstraint(condition=models.Q(('message__isnull', False), ('expires_at__isnull', False), _connector='OR'), name='file_unclaimed_expires'),
        ),
        migrations.AddConstraint(
            model_name='file',
            constraint=models.CheckConstraint(condition=models.Q(('origin', 'traveler'), ('message__isnull', True), ('state', 'ready'), _connector='OR'), name='file_claimed_when_ready'),
        ),
        migrations.AddConstraint(
            model_name='extract',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='extract_text_given'),
        ),
        migrations.AddConstraint(
            model_name='filecopy',
            constraint=models.UniqueConstraint(fields=('file', 'account'), name='file_copy_once_an_account'),
        ),
        migrations.AddConstraint(
            model_name='filecopy',
            constraint=models.CheckConstraint(condition=models.Q(('reference', ''), ('expires_at__isnull', False), _connector='XOR'), name='file_copy_there_expires'),
        ),
        migrations.AddIndex(
            model_name='insight',
            index=models.Index(fields=['user', '-id'], name='insight_list'),
        ),
        migrations.AddIndex(
            model_name='insight',
            index=models.Index(condition=models.Q(('state', 'rejected')), fields=['user', 'kind', 'fingerprint'], name='insight_rejected'),
        ),
        migrations.AddConstraint(
            model_name='insight',
            constraint=models.UniqueConstraint(fields=('session', 'kind', 'fingerprint'), name='insight_once_a_session'),
        ),
        migrations.AddConstraint(
            model_name='insight',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['summary', 'topic', 'decision', 'action_item', 'skill', 'open_question'])), name='insight_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='insight',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['proposed', 'confirmed', 'rejected'])), name='insight_state_known'),
        ),
        migrations.AddConstraint(
            model_name='insight',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('text', ''), _negated=True), models.Q(('engine', ''), _negated=True)), name='insight_texts_given'),
        ),
        migrations.AddConstraint(
            model_name='insight',
            constraint=models.CheckConstraint(condition=models.Q(('fingerprint__regex', '^[0-9a-f]{64}$')), name='insight_fingerprint_is_sha256'),
        ),
        migrations.AddConstraint(
            model_name='insight',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'proposed'), ('decided_at__isnull', False), _connector='XOR'), name='insight_decided_has_time'),
        ),
        migrations.AddConstraint(
            model_name='insight',
            constraint=models.CheckConstraint(condition=models.Q(('skill__isnull', True), ('kind', 'skill'), _connector='OR'), name='insight_skill_is_of_skills'),
        ),
        migrations.AddConstraint(
            model_name='insight',
            constraint=models.CheckConstraint(condition=models.Q(('revision__gte', 1)), name='insight_revision_from_one'),
        ),
        migrations.AddConstraint(
            model_name='insightsource',
            constraint=models.UniqueConstraint(fields=('insight', 'message'), name='insight_source_once'),
        ),
        migrations.AddIndex(
            model_name='memory',
            index=models.Index(fields=['user', 'state', '-id'], name='memory_list'),
        ),
        migrations.AddConstraint(
            model_name='memory',
            constraint=models.UniqueConstraint(fields=('user', 'fingerprint'), name='memory_once_a_person'),
        ),
        migrations.AddConstraint(
            model_name='memory',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['goal', 'fact', 'preference', 'constraint', 'person', 'skill', 'experience'])), name='memory_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='memory',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['proposed', 'kept', 'rejected'])), name='memory_state_known'),
        ),
        migrations.AddConstraint(
            model_name='memory',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='memory_text_given'),
        ),
        migrations.AddConstraint(
            model_name='memory',
            constraint=models.CheckConstraint(condition=models.Q(('fingerprint__regex', '^[0-9a-f]{64}$')), name='memory_fingerprint_is_sha256'),
        ),
        migrations.AddConstraint(
            model_name='memory',
            constraint=models.CheckConstraint(condition=models.Q(('confidence__range', (0, 1))), name='memory_confidence_in_range'),
        ),
        migrations.AddConstraint(
            model_name='memory',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'proposed'), ('decided_at__isnull', False), _connector='XOR'), name='memory_decided_has_time'),
        ),
        migrations.AddConstraint(
            model_name='memory',
            constraint=models.CheckConstraint(condition=models.Q(('revision__gte', 1)), name='memory_revision_from_one'),
        ),
        migrations.AddConstraint(
            model_name='memorysource',
            constraint=models.UniqueConstraint(fields=('memory', 'message'), name='memory_source_once'),
        ),
        migrations.AddIndex(
            model_name='passage',
            index=models.Index(fields=['user', 'written_at'], name='passage_news'),
        ),
        migrations.AddIndex(
            model_name='passage',
            index=models.Index(condition=models.Q(('code__isnull', True)), fields=['id'], name='passage_without_code'),
        ),
        migrations.AddConstraint(
            model_name='passage',
            constraint=models.CheckConstraint(condition=models.Q(('turn__isnull', True), ('memory__isnull', True), _connector='XOR'), name='passage_of_turn_or_memory'),
        ),
        migrations.AddConstraint(
            model_name='passage',
            constraint=models.CheckConstraint(condition=models.Q(('code__isnull', True), models.Q(('model', ''), _negated=True), _connector='XOR'), name='passage_code_has_model'),
        ),
        migrations.AddIndex(
            model_name='reflection',
            index=models.Index(condition=models.Q(('state__in', ['waiting', 'asked', 'running'])), fields=['due_at'], name='reflection_due'),
        ),
        migrations.AddIndex(
            model_name='reflection',
            index=models.Index(condition=models.Q(('task', ''), _negated=True), fields=['task'], name='reflection_task'),
        ),
        migrations.AddConstraint(
            model_name='reflection',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'asked', 'running', 'done', 'failed', 'skipped'])), name='reflection_state_known'),
        ),
        migrations.AddConstraint(
            model_name='reflection',
            constraint=models.CheckConstraint(condition=models.Q(('ended_at__isnull', True), ('state__in', ['done', 'failed', 'skipped']), _connector='XOR'), name='reflection_ended_has_time'),
        ),
        migrations.AddConstraint(
            model_name='reflection',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('reason', ''), _negated=True), models.Q(('state__in', ['failed', 'skipped']), _negated=True), _connector='OR'), name='reflection_failed_has_reason'),
        ),
        migrations.AddConstraint(
            model_name='reflection',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('lease_holder__isnull', True), ('lease_until__isnull', True)), models.Q(('lease_holder__isnull', False), ('lease_until__isnull', False)), _connector='OR'), name='reflection_lease_whole'),
        ),
        migrations.AddConstraint(
            model_name='reflection',
            constraint=models.CheckConstraint(condition=models.Q(('account__isnull', False), ('task', ''), _connector='OR'), name='reflection_task_has_account'),
        ),
        migrations.AddConstraint(
            model_name='summarypart',
            constraint=models.UniqueConstraint(fields=('session', 'first'), name='summary_part_once'),
        ),
        migrations.AddConstraint(
            model_name='summarypart',
            constraint=models.CheckConstraint(condition=models.Q(('first__lte', models.F('last'))), name='summary_part_ends_after_start'),
        ),
        migrations.AddConstraint(
            model_name='summaryline',
            constraint=models.UniqueConstraint(fields=('part', 'message', 'place'), name='summary_line_once'),
        ),
        migrations.AddConstraint(
            model_name='summaryline',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='summary_line_text_given'),
        ),
        migrations.AddConstraint(
            model_name='contextmark',
            constraint=models.UniqueConstraint(fields=('session', 'turn', 'memory', 'file', 'summary'), name='context_mark_once_a_target', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='contextmark',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('file__isnull', True), ('memory__isnull', True), ('summary__isnull', True), ('turn__isnull', False)), models.Q(('file__isnull', True), ('memory__isnull', False), ('summary__isnull', True), ('turn__isnull', True)), models.Q(('file__isnull', False), ('memory__isnull', True), ('summary__isnull', True), ('turn__isnull', True)), models.Q(('file__isnull', True), ('memory__isnull', True), ('summary__isnull', False), ('turn__isnull', True)), _connector='OR'), name='context_mark_has_one_target'),
        ),
        migrations.AddConstraint(
            model_name='contextmark',
            constraint=models.CheckConstraint(condition=models.Q(('mark__in', ['pinned', 'excluded'])), name='context_mark_known'),
        ),
    ]
