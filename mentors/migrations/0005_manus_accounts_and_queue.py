"""Accounts at Manus, the queue in front of them, what it costs, and the projects of Travelers."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.lookups
import timetravelers.kit.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0006_search_terms_and_releases'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('mentors', '0004_traveler_version_rules'),
    ]

    operations = [
        migrations.CreateModel(
            name='CreditBudget',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scope', models.CharField(choices=[('day', 'Day'), ('user', 'User'), ('session', 'Session')], max_length=10)),
                ('key', models.CharField(max_length=60, unique=True)),
                ('day', models.DateField(null=True)),
                ('session_ref', models.UUIDField(null=True)),
                ('held', models.IntegerField(default=0)),
                ('spent', models.IntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='CreditEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('hold', 'Hold'), ('release', 'Release'), ('spend', 'Spend'), ('correction', 'Correction')], max_length=12)),
                ('amount', models.IntegerField()),
                ('day', models.DateField(help_text='The UTC day whose budgets it counts in.')),
                ('subject', models.UUIDField(null=True)),
                ('attempt', models.PositiveSmallIntegerField(default=0)),
                ('session_ref', models.UUIDField(null=True)),
                ('task', models.CharField(blank=True, max_length=100)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name='EgressRecord',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('uid', models.UUIDField(default=timetravelers.kit.ids.uuid7, editable=False, unique=True)),
                ('session_ref', models.UUIDField(null=True)),
                ('engine', models.CharField(max_length=20)),
                ('recipient', models.CharField(max_length=100)),
                ('endpoint', models.CharField(max_length=40)),
                ('categories', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), size=None)),
                ('consent_version', models.PositiveSmallIntegerField()),
                ('size', models.PositiveIntegerField(help_text='Bytes of text.')),
                ('at', models.DateTimeField(db_index=True)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='FairShare',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('pool', models.CharField(max_length=30)),
                ('lane', models.CharField(choices=[('live', 'Live'), ('insight', 'Insight'), ('background', 'Background')], max_length=12)),
                ('flow', models.BigIntegerField(default=0)),
                ('place', models.BigIntegerField()),
                ('deficit', models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='LaneShare',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('pool', models.CharField(max_length=30)),
                ('lane', models.CharField(choices=[('live', 'Live'), ('insight', 'Insight'), ('background', 'Background')], max_length=12)),
                ('passed', models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='ManusAccount',
            fields=[
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('uid', models.UUIDField(default=timetravelers.kit.ids.uuid7, editable=False, unique=True)),
                ('name', models.SlugField(max_length=60, unique=True)),
                ('sealed_key', models.TextField()),
                ('key_version', models.PositiveIntegerField(default=1)),
                ('key_mark', models.CharField(blank=True, max_length=12)),
                ('key_set_at', models.DateTimeField(blank=True, null=True)),
                ('environment_mark', models.CharField(blank=True, max_length=12)),
                ('is_active', models.BooleanField(default=True)),
                ('limits', models.JSONField(blank=True, default=dict)),
                ('health', models.CharField(choices=[('unknown', 'Unknown'), ('well', 'Well'), ('refused', 'Refused'), ('unavailable', 'Unavailable')], default='unknown', max_length=12)),
                ('last_error', models.CharField(blank=True, max_length=40)),
                ('checked_at', models.DateTimeField(blank=True, null=True)),
                ('credits', models.BigIntegerField(blank=True, null=True)),
                ('credits_at', models.DateTimeField(blank=True, null=True)),
                ('webhook_id', models.CharField(blank=True, max_length=100)),
            ],
            options={
                'verbose_name': 'Manus account',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='ManusUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('endpoint', models.CharField(max_length=60)),
                ('outcome', models.CharField(max_length=40)),
                ('calls', models.PositiveIntegerField(default=0)),
                ('milliseconds', models.PositiveBigIntegerField(default=0)),
            ],
            options={
                'verbose_name': 'use of a Manus account',
                'verbose_name_plural': 'uses of Manus accounts',
                'ordering': ['-day', 'endpoint', 'outcome'],
            },
        ),
        migrations.CreateModel(
            name='ProviderCall',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.UUIDField(unique=True)),
                ('kind', models.CharField(choices=[('create', 'Create'), ('send', 'Send')], max_length=10)),
                ('lane', models.CharField(choices=[('live', 'Live'), ('insight', 'Insight'), ('background', 'Background')], max_length=12)),
                ('flow', models.BigIntegerField(default=0)),
                ('session_ref', models.UUIDField(null=True)),
                ('pool', models.CharField(max_length=30)),
                ('state', models.CharField(choices=[('queued', 'Queued'), ('admitted', 'Admitted'), ('done', 'Done'), ('cancelled', 'Cancelled'), ('refused', 'Refused')], default='queued', max_length=10)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('enqueued_at', models.DateTimeField()),
                ('admitted_at', models.DateTimeField(null=True)),
                ('started_at', models.DateTimeField(help_text='From here on the provider may have heard of it.', null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('slot', models.CharField(blank=True, max_length=40)),
                ('estimate', models.PositiveIntegerField(default=0, help_text='Credits held while it is admitted.')),
                ('held_on', models.DateField(null=True)),
                ('task', models.CharField(blank=True, max_length=100)),
                ('looked_at', models.DateTimeField(help_text='When it was last asked what the task has cost.', null=True)),
                ('credits', models.PositiveIntegerField(null=True)),
                ('refusal', models.CharField(blank=True, max_length=20)),
                ('told_position', models.PositiveIntegerField(null=True)),
                ('told_due', models.DateTimeField(null=True)),
                ('told_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='TravelerProject',
            fields=[
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('uid', models.UUIDField(default=timetravelers.kit.ids.uuid7, editable=False, unique=True)),
                ('version_number', models.PositiveIntegerField(help_text='The first version with these instructions.')),
                ('instructions_hash', models.CharField(max_length=64)),
                ('name', models.CharField(max_length=100, unique=True)),
                ('state', models.CharField(choices=[('pending', 'Pending'), ('synced', 'Synced'), ('failed', 'Failed'), ('drifted', 'Drifted')], default='pending', max_length=10)),
                ('project_id', models.CharField(blank=True, max_length=100)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('due_at', models.DateTimeField()),
                ('called_at', models.DateTimeField(blank=True, null=True)),
                ('synced_at', models.DateTimeField(blank=True, null=True)),
                ('last_seen_at', models.DateTimeField(blank=True, null=True)),
                ('problem', models.CharField(blank=True, max_length=40)),
                ('difference', models.JSONField(blank=True, default=dict)),
            ],
        ),
        migrations.AlterModelOptions(
            name='webhookdelivery',
            options={'verbose_name_plural': 'webhook deliveries'},
        ),
        migrations.AddField(
            model_name='webhookdelivery',
            name='handled_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='webhookdelivery',
            name='reference',
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddField(
            model_name='webhookdelivery',
            name='signature',
            field=models.BinaryField(blank=True, default=b'', max_length=1024),
        ),
        migrations.AddField(
            model_name='webhookdelivery',
            name='verified_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='creditbudget',
            name='owner',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='creditentry',
            name='owner',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='egressrecord',
            name='user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='fairshare',
            name='owner',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='laneshare',
            constraint=models.UniqueConstraint(fields=('pool', 'lane'), name='lane_share_once'),
        ),
        migrations.AddConstraint(
            model_name='laneshare',
            constraint=models.CheckConstraint(condition=models.Q(('lane__in', ['live', 'insight', 'background'])), name='lane_share_lane_known'),
        ),
        migrations.AddConstraint(
            model_name='manusaccount',
            constraint=models.CheckConstraint(condition=models.Q(('health__in', ['unknown', 'well', 'refused', 'unavailable'])), name='manus_account_health_known'),
        ),
        migrations.AddConstraint(
            model_name='manusaccount',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.Exact(models.Func(models.F('limits'), function='jsonb_typeof', output_field=models.CharField()), models.Value('object')), name='manus_account_limits_object'),
        ),
        migrations.AddConstraint(
            model_name='manusaccount',
            constraint=models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='manus_account_name_given'),
        ),
        migrations.AddConstraint(
            model_name='manusaccount',
            constraint=models.CheckConstraint(condition=models.Q(('key_version__gte', 1)), name='manus_account_key_from_one'),
        ),
        migrations.AddField(
            model_name='egressrecord',
            name='account',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='mentors.manusaccount'),
        ),
        migrations.AddField(
            model_name='creditentry',
            name='account',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='mentors.manusaccount'),
        ),
        migrations.AddField(
            model_name='webhookdelivery',
            name='account',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='mentors.manusaccount'),
        ),
        migrations.AddField(
            model_name='manususe',
            name='account',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='uses', to='mentors.manusaccount'),
        ),
        migrations.AddField(
            model_name='providercall',
            name='account',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='mentors.manusaccount'),
        ),
        migrations.AddField(
            model_name='providercall',
            name='owner',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='travelerproject',
            name='account',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='projects', to='mentors.manusaccount'),
        ),
        migrations.AddField(
            model_name='travelerproject',
            name='traveler',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='projects', to='mentors.traveler'),
        ),
        migrations.AddIndex(
            model_name='creditbudget',
            index=models.Index(fields=['-day', 'scope'], name='credit_budget_days'),
        ),
        migrations.AddConstraint(
            model_name='creditbudget',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('day__isnull', False), ('owner__isnull', True), ('scope', 'day'), ('session_ref__isnull', True)), models.Q(('day__isnull', False), ('owner__isnull', False), ('scope', 'user'), ('session_ref__isnull', True)), models.Q(('day__isnull', True), ('scope', 'session'), ('session_ref__isnull', False)), _connector='OR'), name='credit_budget_scope_shape'),
        ),
        migrations.AddConstraint(
            model_name='creditbudget',
            constraint=models.CheckConstraint(condition=models.Q(('held__gte', 0)), name='credit_budget_held_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='fairshare',
            constraint=models.UniqueConstraint(fields=('pool', 'lane', 'flow'), name='fair_share_once'),
        ),
        migrations.AddConstraint(
            model_name='fairshare',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('flow', 0), ('owner__isnull', True)), models.Q(('flow', models.F('owner')), ('owner__isnull', False)), _connector='OR'), name='fair_share_flow_is_owner'),
        ),
        migrations.AddConstraint(
            model_name='fairshare',
            constraint=models.CheckConstraint(condition=models.Q(('lane__in', ['live', 'insight', 'background'])), name='fair_share_lane_known'),
        ),
        migrations.AddIndex(
            model_name='egressrecord',
            index=models.Index(fields=['user', '-id'], name='egress_record_of_user'),
        ),
        migrations.AddConstraint(
            model_name='egressrecord',
            constraint=models.CheckConstraint(condition=models.Q(('categories', []), _negated=True), name='egress_record_has_categories'),
        ),
        migrations.AddConstraint(
            model_name='egressrecord',
            constraint=models.CheckConstraint(condition=models.Q(('recipient', ''), _negated=True), name='egress_record_has_recipient'),
        ),
        migrations.AddConstraint(
            model_name='egressrecord',
            constraint=models.CheckConstraint(condition=models.Q(('consent_version__gte', 1)), name='egress_record_consent_from_one'),
        ),
        migrations.AddConstraint(
            model_name='egressrecord',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('engine', ''), _negated=True), models.Q(('endpoint', ''), _negated=True)), name='egress_record_says_how'),
        ),
        migrations.AddIndex(
            model_name='creditentry',
            index=models.Index(condition=models.Q(('task', ''), _negated=True), fields=['account', 'task'], name='credit_entry_task'),
        ),
        migrations.AddIndex(
            model_name='creditentry',
            index=models.Index(fields=['owner', 'day'], name='credit_entry_owner'),
        ),
        migrations.AddIndex(
            model_name='creditentry',
            index=models.Index(fields=['created_at'], name='credit_entry_created'),
        ),
        migrations.AddConstraint(
            model_name='creditentry',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'correction'), _negated=True), fields=('subject', 'attempt', 'kind'), name='credit_entry_once'),
        ),
        migrations.AddConstraint(
            model_name='creditentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount__gte', 0), ('kind', 'hold')), models.Q(('amount__lte', 0), ('kind', 'release')), models.Q(('amount__gte', 0), ('kind', 'spend')), models.Q(('kind', 'correction'), models.Q(('amount', 0), _negated=True)), _connector='OR'), name='credit_entry_sign'),
        ),
        migrations.AddConstraint(
            model_name='creditentry',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'correction'), ('subject__isnull', False), _connector='OR'), name='credit_entry_has_subject'),
        ),
        migrations.AddIndex(
            model_name='manususe',
            index=models.Index(fields=['day'], name='manus_use_day'),
        ),
        migrations.AddConstraint(
            model_name='manususe',
            constraint=models.UniqueConstraint(fields=('account', 'day', 'endpoint', 'outcome'), name='manus_use_once'),
        ),
        migrations.AddIndex(
            model_name='providercall',
            index=models.Index(condition=models.Q(('state', 'queued')), fields=['pool', 'lane', 'flow', 'enqueued_at', 'id'], name='provider_call_waiting'),
        ),
        migrations.AddIndex(
            model_name='providercall',
            index=models.Index(condition=models.Q(('state', 'admitted')), fields=['admitted_at'], name='provider_call_admitted'),
        ),
        migrations.AddIndex(
            model_name='providercall',
            index=models.Index(fields=['account', 'started_at'], name='provider_call_started'),
        ),
        migrations.AddIndex(
            model_name='providercall',
            index=models.Index(condition=models.Q(('state', 'done')), fields=['kind', 'ended_at'], name='provider_call_settled'),
        ),
        migrations.AddIndex(
            model_name='providercall',
            index=models.Index(condition=models.Q(('task', ''), _negated=True), fields=['task'], name='provider_call_task'),
        ),
        migrations.AddIndex(
            model_name='providercall',
            index=models.Index(condition=models.Q(('ended_at__isnull', False)), fields=['ended_at'], name='provider_call_ended'),
        ),
        migrations.AddConstraint(
            model_name='providercall',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('flow', 0), ('owner__isnull', True)), models.Q(('flow', models.F('owner')), ('owner__isnull', False)), _connector='OR'), name='provider_call_flow_is_owner'),
        ),
        migrations.AddConstraint(
            model_name='providercall',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'create'), models.Q(('account__isnull', False), ('kind', 'send')), _connector='OR'), name='provider_call_send_has_account'),
        ),
        migrations.AddConstraint(
            model_name='providercall',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'admitted'), _negated=True), models.Q(('account__isnull', False), ('admitted_at__isnull', False), ('held_on__isnull', False)), _connector='OR'), name='provider_call_admitted_is_held'),
        ),
        migrations.AddConstraint(
            model_name='providercall',
            constraint=models.CheckConstraint(condition=models.Q(('ended_at__isnull', True), ('state__in', ['done', 'cancelled', 'refused']), _connector='XOR'), name='provider_call_ended_has_time'),
        ),
        migrations.AddConstraint(
            model_name='providercall',
            constraint=models.CheckConstraint(condition=models.Q(('lane__in', ['live', 'insight', 'background'])), name='provider_call_lane_known'),
        ),
        migrations.AddConstraint(
            model_name='providercall',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'admitted', 'done', 'cancelled', 'refused'])), name='provider_call_state_known'),
        ),
        migrations.AddConstraint(
            model_name='providercall',
            constraint=models.CheckConstraint(condition=models.Q(('pool', ''), _negated=True), name='provider_call_pool_given'),
        ),
        migrations.AddIndex(
            model_name='travelerproject',
            index=models.Index(condition=models.Q(('state__in', ['pending', 'failed'])), fields=['due_at'], name='traveler_project_due'),
        ),
        migrations.AddConstraint(
            model_name='travelerproject',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'drifted'), _negated=True), fields=('traveler', 'instructions_hash', 'account'), name='traveler_project_one_live'),
        ),
        migrations.AddConstraint(
            model_name='travelerproject',
            constraint=models.UniqueConstraint(condition=models.Q(('project_id', ''), _negated=True), fields=('account', 'project_id'), name='traveler_project_id_once'),
        ),
        migrations.AddConstraint(
            model_name='travelerproject',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'synced'), ('synced_at__isnull', False), models.Q(('project_id', ''), _negated=True)), models.Q(('project_id', ''), ('state__in', ['pending', 'failed'])), ('state', 'drifted'), _connector='OR'), name='traveler_project_synced_has_id'),
        ),
        migrations.AddConstraint(
            model_name='travelerproject',
            constraint=models.CheckConstraint(condition=models.Q(('instructions_hash__regex', '^[0-9a-f]{64}$')), name='traveler_project_hashed'),
        ),
        migrations.AddConstraint(
            model_name='travelerproject',
            constraint=models.CheckConstraint(condition=models.Q(('version_number__gte', 1)), name='traveler_project_version_from_one'),
        ),
        migrations.AddConstraint(
            model_name='travelerproject',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.Exact(models.Func(models.F('difference'), function='jsonb_typeof', output_field=models.CharField()), models.Value('object')), name='traveler_project_difference_object'),
        ),
    ]
