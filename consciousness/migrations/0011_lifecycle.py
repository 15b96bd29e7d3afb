"""Sessions from before learn when they were opened and with which instructions, and why they ended."""

from django.db import migrations

# Only the person could end a session then, and each was opened as it was made.
FILL = """
    UPDATE consciousness_session session
       SET opened_at = session.created_at,
           ended_reason = CASE WHEN session.state = 'ended' THEN 'user' ELSE '' END,
           instructions_hash = version.instructions_hash
      FROM mentors_travelerversion version
     WHERE version.id = session.version_id AND session.opened_at IS NULL AND session.state IN ('open', 'ended')
"""


class Migration(migrations.Migration):
    dependencies = [("consciousness", "0010_branches")]
    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
