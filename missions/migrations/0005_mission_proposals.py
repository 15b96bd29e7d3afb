"""What people said in a session that they would do."""

import django.db.models.deletion
import timetravelers.kit.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mentors', '0010_admissions_index'),
        ('missions', '0004_fixed_rows'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='MissionProposal',
            fields=[
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('uid', models.UUIDField(default=timetravelers.kit.ids.uuid7, editable=False, unique=True)),
                ('origin', models.UUIDField(help_text='The insight it came out of.')),
                ('session', models.UUIDField(help_text='The session that was looked back on.')),
                ('text', models.CharField(max_length=1000)),
                ('state', models.CharField(choices=[('proposed', 'Proposed'), ('taken', 'Taken'), ('done', 'Done'), ('dismissed', 'Dismissed')], default='proposed', max_length=10)),
                ('ended_at', models.DateTimeField(null=True)),
                ('traveler', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='mentors.traveler')),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='mission_proposals', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['user', '-id'], name='mission_proposal_board')],
                'constraints': [models.UniqueConstraint(fields=('origin',), name='mission_proposal_once_per_origin'), models.CheckConstraint(condition=models.Q(('state__in', ['proposed', 'taken', 'done', 'dismissed'])), name='mission_proposal_state_known'), models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='mission_proposal_text_given'), models.CheckConstraint(condition=models.Q(('ended_at__isnull', True), ('state__in', ['done', 'dismissed']), _connector='XOR'), name='mission_proposal_ended_has_time')],
            },
        ),
    ]
