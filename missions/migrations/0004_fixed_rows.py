"""The ledger of rewards is only added to."""

from django.db import migrations

FIXED = """
CREATE TRIGGER reward_fixed BEFORE UPDATE ON missions_reward
    FOR EACH ROW EXECUTE FUNCTION kit_row_is_fixed('reward_fixed');
"""


class Migration(migrations.Migration):
    dependencies = [("missions", "0003_rules_hold"), ("kit", "0004_fixed_rows")]

    operations = [migrations.RunSQL(FIXED, "DROP TRIGGER reward_fixed ON missions_reward;")]
