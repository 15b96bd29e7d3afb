"""The ledger of credits is only added to; an owner who leaves is forgotten."""

from django.db import migrations

FIXED = """
CREATE TRIGGER credit_entry_fixed BEFORE UPDATE ON mentors_creditentry
    FOR EACH ROW EXECUTE FUNCTION kit_row_is_fixed('credit_entry_fixed', 'owner_id', 'session_ref');
"""


class Migration(migrations.Migration):
    dependencies = [("mentors", "0008_rules_hold"), ("kit", "0004_fixed_rows")]

    operations = [migrations.RunSQL(FIXED, "DROP TRIGGER credit_entry_fixed ON mentors_creditentry;")]
