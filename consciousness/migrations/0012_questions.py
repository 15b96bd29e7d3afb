"""What a waiting turn was answered with is a question."""

from django.db import migrations

QUESTIONS = """
    UPDATE consciousness_message message SET is_question = true
      FROM consciousness_turn turn
     WHERE turn.id = message.turn_id AND turn.state = 'waiting' AND message.author = 'traveler'
"""


class Migration(migrations.Migration):
    dependencies = [("consciousness", "0011_lifecycle")]
    operations = [migrations.RunSQL(QUESTIONS, migrations.RunSQL.noop)]
