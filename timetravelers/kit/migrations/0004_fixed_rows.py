"""What tables that are only added to have in common: a trigger's function that lets no row be changed."""

from django.db import migrations

# Arguments of the trigger: its name, and the columns that may be emptied when a person is forgotten.
FIXED = """
CREATE FUNCTION kit_row_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    told jsonb := to_jsonb(NEW);
    was jsonb := to_jsonb(OLD);
BEGIN
    IF told - TG_ARGV[1:] = was - TG_ARGV[1:] AND NOT EXISTS (
        SELECT FROM unnest(TG_ARGV[1:]) AS name
        WHERE told -> name <> was -> name AND told -> name <> 'null'::jsonb
    ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a row of % is never changed', TG_TABLE_NAME
        USING ERRCODE = 'check_violation', CONSTRAINT = TG_ARGV[0], TABLE = TG_TABLE_NAME;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("kit", "0003_rules_hold")]

    operations = [migrations.RunSQL(FIXED, "DROP FUNCTION kit_row_is_fixed();")]
