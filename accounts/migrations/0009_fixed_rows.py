"""The record of roles is only added to; an actor who leaves is forgotten."""

from django.db import migrations

FIXED = """
CREATE TRIGGER role_change_fixed BEFORE UPDATE ON accounts_rolechange
    FOR EACH ROW EXECUTE FUNCTION kit_row_is_fixed('role_change_fixed', 'actor_id');
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_rules_hold"), ("kit", "0004_fixed_rows")]

    operations = [migrations.RunSQL(FIXED, "DROP TRIGGER role_change_fixed ON accounts_rolechange;")]
