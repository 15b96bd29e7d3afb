"""What the trees, the search and the sweeps are found by."""

import django.contrib.postgres.indexes
import django.contrib.postgres.operations
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False  # indexes that are built beside the writing

    dependencies = [
        ('consciousness', '0012_questions'),
    ]

    operations = [
        django.contrib.postgres.operations.AddIndexConcurrently(
            model_name='message',
            index=django.contrib.postgres.indexes.GinIndex(condition=models.Q(('words__isnull', False)), fields=['words'], name='message_words'),
        ),
        django.contrib.postgres.operations.AddIndexConcurrently(
            model_name='message',
            index=models.Index(condition=models.Q(('words__isnull', True)), fields=['id'], name='message_unread_by_search'),
        ),
        django.contrib.postgres.operations.AddIndexConcurrently(
            model_name='session',
            index=models.Index(fields=['head'], name='session_head'),
        ),
        django.contrib.postgres.operations.AddIndexConcurrently(
            model_name='session',
            index=models.Index(condition=models.Q(('state', 'scheduled')), fields=['starts_at'], name='session_starts'),
        ),
        django.contrib.postgres.operations.AddIndexConcurrently(
            model_name='session',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['idle_check_at'], name='session_idle_check'),
        ),
        django.contrib.postgres.operations.AddIndexConcurrently(
            model_name='turn',
            index=models.Index(condition=models.Q(('state__in', ['queued', 'sent', 'running'])), fields=['session'], name='turn_unfinished'),
        ),
        django.contrib.postgres.operations.AddIndexConcurrently(
            model_name='turn',
            index=models.Index(fields=['session', 'id'], name='turn_tree'),
        ),
        django.contrib.postgres.operations.AddIndexConcurrently(
            model_name='turn',
            index=models.Index(fields=['parent'], name='turn_children'),
        ),
        django.contrib.postgres.operations.AddIndexConcurrently(
            model_name='turn',
            index=models.Index(condition=models.Q(('parent__isnull', True)), fields=['session'], name='turn_roots'),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "CREATE UNIQUE INDEX CONCURRENTLY message_seq_once ON consciousness_message (session_id, seq)",
                    "DROP INDEX CONCURRENTLY message_seq_once",
                ),
                migrations.RunSQL(
                    "ALTER TABLE consciousness_message"
                    " ADD CONSTRAINT message_seq_once UNIQUE USING INDEX message_seq_once",
                    "ALTER TABLE consciousness_message DROP CONSTRAINT message_seq_once;"
                    "CREATE UNIQUE INDEX message_seq_once ON consciousness_message (session_id, seq)",
                ),
            ],
            state_operations=[
                migrations.AddConstraint(
                    model_name='message',
                    constraint=models.UniqueConstraint(fields=('session', 'seq'), name='message_seq_once'),
                ),
            ],
        ),
        migrations.AlterField(
            model_name='message',
            name='session',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='consciousness.session'),
        ),
        migrations.AlterField(
            model_name='session',
            name='state',
            field=models.CharField(choices=[('scheduled', 'Scheduled'), ('open', 'Open'), ('ended', 'Ended'), ('cancelled', 'Cancelled')], default='open', max_length=10),
        ),
        migrations.AlterField(
            model_name='sessionevent',
            name='session',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='events', to='consciousness.session'),
        ),
        # Django would drop every index of this one column, and with them the rule of one turn in flight.
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "DROP INDEX CONCURRENTLY consciousness_turn_session_id_8a0e2d28",
                    "CREATE INDEX CONCURRENTLY consciousness_turn_session_id_8a0e2d28"
                    " ON consciousness_turn (session_id)",
                ),
            ],
            state_operations=[
                migrations.AlterField(
                    model_name='turn',
                    name='session',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='turns', to='consciousness.session'),
                ),
            ],
        ),
    ]
