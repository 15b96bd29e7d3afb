"""A session pins the version of its Traveler itself, where it held only a number."""

import django.db.models.deletion
from django.db import migrations, models

# Versions before the first one that was kept are gone: such sessions get that one.
PIN = """
UPDATE consciousness_session AS session
SET version_id = (
    SELECT version.id FROM mentors_travelerversion AS version
    WHERE version.traveler_id = session.traveler_id
    ORDER BY version.number = session.traveler_version DESC, version.number
    LIMIT 1
);
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""
UNPIN = """
UPDATE consciousness_session AS session
SET traveler_version = version.number
FROM mentors_travelerversion AS version
WHERE version.id = session.version_id;
"""


def _pinned(**options):
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="mentors.travelerversion", **options
    )


class Migration(migrations.Migration):
    dependencies = [
        ("consciousness", "0002_identity_and_profile"),
        ("mentors", "0003_first_traveler_versions"),
    ]

    operations = [
        migrations.AddField("session", "version", _pinned(null=True)),
        migrations.AlterField("session", "traveler_version", models.PositiveIntegerField(null=True)),
        migrations.RunSQL(PIN, UNPIN),
        migrations.AlterField("session", "version", _pinned()),
        migrations.RemoveField("session", "traveler_version"),
    ]
