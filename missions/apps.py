"""Missions: career tasks offered, taken on, proven and rewarded."""

from django.apps import AppConfig


class MissionsConfig(AppConfig):
    name = "missions"
    default_auto_field = "django.db.models.BigAutoField"
