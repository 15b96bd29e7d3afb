"""What was said before there were branches is one branch, and each message learns the number of its event."""

from django.db import migrations

SEQS = """
    UPDATE consciousness_message message SET seq = event.seq
      FROM consciousness_sessionevent event
     WHERE event.session_id = message.session_id AND event.type = 'message.created'
       AND (event.data -> 'message' ->> 'uid')::uuid = message.uid
"""
PARENTS = """
    UPDATE consciousness_turn turn SET parent_id = placed.parent, depth = placed.depth
      FROM (SELECT id, lag(id) OVER branch AS parent, row_number() OVER branch - 1 AS depth
              FROM consciousness_turn WINDOW branch AS (PARTITION BY session_id ORDER BY id)) placed
     WHERE turn.id = placed.id
"""
HEADS = """
    UPDATE consciousness_session session SET head_id = newest.id
      FROM (SELECT session_id, max(id) AS id FROM consciousness_turn GROUP BY session_id) newest
     WHERE session.id = newest.session_id
"""


class Migration(migrations.Migration):
    dependencies = [("consciousness", "0009_conversations")]
    operations = [migrations.RunSQL([SEQS, PARENTS, HEADS], migrations.RunSQL.noop)]
