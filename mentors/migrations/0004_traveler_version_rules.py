"""Versions are a record: triggers let nobody change them, and each Traveler stands at one that there is."""

from django.db import migrations, models

STAGES = ["growth", "exploration", "establishment", "maintenance", "disengagement"]


def from_stage(low):
    return models.Q(career_stage_min=STAGES[low], career_stage_max__in=STAGES[low:])


# An author who leaves is forgotten: that one change is let through.
GUARD = """
CREATE FUNCTION mentors_travelerversion_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.author_id IS NULL
       AND to_jsonb(NEW) - 'author_id' = to_jsonb(OLD) - 'author_id' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'version % of Traveler % is never changed', OLD.number, OLD.traveler_id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'traveler_version_fixed', TABLE = TG_TABLE_NAME;
END $$;
CREATE TRIGGER traveler_version_fixed BEFORE UPDATE OR DELETE ON mentors_travelerversion
    FOR EACH ROW EXECUTE FUNCTION mentors_travelerversion_is_fixed();
ALTER TABLE mentors_traveler ADD CONSTRAINT traveler_version_exists
    FOREIGN KEY (id, version) REFERENCES mentors_travelerversion (traveler_id, number)
    DEFERRABLE INITIALLY DEFERRED;
"""
NO_GUARD = """
ALTER TABLE mentors_traveler DROP CONSTRAINT traveler_version_exists;
DROP TRIGGER traveler_version_fixed ON mentors_travelerversion;
DROP FUNCTION mentors_travelerversion_is_fixed();
"""


class Migration(migrations.Migration):
    dependencies = [("mentors", "0003_first_traveler_versions")]

    operations = [
        migrations.RemoveField("traveler", "boundaries_text"),
        migrations.RemoveField("traveler", "is_published"),
        migrations.AddConstraint(
            "traveler",
            models.CheckConstraint(
                condition=models.Q(("state__in", ["draft", "published", "retired"])), name="traveler_state_known"
            ),
        ),
        migrations.AddConstraint(
            "traveler",
            models.CheckConstraint(
                condition=from_stage(0) | from_stage(1) | from_stage(2) | from_stage(3) | from_stage(4),
                name="traveler_career_stage_ordered",
            ),
        ),
        migrations.RunSQL(GUARD, NO_GUARD),
    ]
