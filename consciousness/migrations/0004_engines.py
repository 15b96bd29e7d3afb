"""Which engine answers a turn, with which account, and who stood in for it."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consciousness', '0003_session_version'),
        ('mentors', '0005_manus_accounts_and_queue'),
    ]

    operations = [
        migrations.AddField(
            model_name='message',
            name='stand_in',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='message',
            name='superseded_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='session',
            name='engine_chain',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), default=list, help_text='As it was at the opening.', size=None),
        ),
        migrations.AddField(
            model_name='session',
            name='provider_account',
            field=models.ForeignKey(blank=True, help_text='Has the task.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='mentors.manusaccount'),
        ),
        migrations.AddField(
            model_name='turn',
            name='answered_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='turn',
            name='engine',
            field=models.CharField(blank=True, help_text='Whose turn it is to answer; empty: the first.', max_length=20),
        ),
        migrations.AddField(
            model_name='turn',
            name='heard_in',
            field=models.CharField(blank=True, help_text="The provider's task that knows its words.", max_length=100),
        ),
        migrations.AddField(
            model_name='turn',
            name='sends',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name='session',
            name='former_tasks',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=120), default=list, help_text='Abandoned, as account/task; not yet deleted.', size=None),
        ),
    ]
