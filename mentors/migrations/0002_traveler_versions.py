"""Room for the versions of Travelers, for what their profiles lacked, and for states in place of a flag."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import timetravelers.kit.ids

STAGES = ["growth", "exploration", "establishment", "maintenance", "disengagement"]
CHOICES = [(stage, stage) for stage in STAGES]


class Migration(migrations.Migration):
    dependencies = [
        ("mentors", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RenameField("traveler", "boundaries", "boundaries_text"),
        migrations.AddField("traveler", "boundaries", models.JSONField(blank=True, default=list)),
        migrations.AlterField(
            "traveler",
            "content_hash",
            models.CharField(blank=True, help_text="Of the file that was loaded last.", max_length=64),
        ),
        migrations.AddField(
            "traveler",
            "state",
            models.CharField(
                choices=[("draft", "Draft"), ("published", "Published"), ("retired", "Retired")],
                default="published",
                max_length=10,
            ),
        ),
        migrations.AddField("traveler", "portrait", models.CharField(blank=True, default="", max_length=32)),
        migrations.AddField(
            "traveler",
            "career_stage_min",
            models.CharField(choices=CHOICES, default="growth", max_length=13),
            preserve_default=False,
        ),
        migrations.AddField(
            "traveler",
            "career_stage_max",
            models.CharField(choices=CHOICES, default="disengagement", max_length=13),
            preserve_default=False,
        ),
        migrations.CreateModel(
            name="TravelerVersion",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uid", models.UUIDField(default=timetravelers.kit.ids.uuid7, editable=False, unique=True)),
                ("number", models.PositiveIntegerField()),
                ("profile", models.JSONField()),
                ("portrait", models.CharField(blank=True, default="", max_length=32)),
                ("occupation_title", models.CharField(max_length=150)),
                ("instructions", models.TextField()),
                ("instructions_hash", models.CharField(max_length=64)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("content", "Content"),
                            ("staff", "Staff"),
                            ("rollback", "Rollback"),
                            ("compiler", "Compiler"),
                        ],
                        max_length=10,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "traveler",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="mentors.traveler"
                    ),
                ),
            ],
            options={
                "ordering": ["traveler_id", "-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("traveler", "number"), name="traveler_version_once"),
                    models.CheckConstraint(condition=models.Q(("number__gte", 1)), name="traveler_version_from_one"),
                    models.CheckConstraint(
                        condition=models.Q(("instructions_hash__regex", "^[0-9a-f]{64}$")),
                        name="traveler_version_hashed",
                    ),
                ],
            },
        ),
    ]
