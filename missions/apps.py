"""Missions: career tasks offered, taken on, proven and rewarded."""

from importlib import import_module

from django.apps import AppConfig


class MissionsConfig(AppConfig):
    name = "missions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("missions.constraints").register()
        import_module("missions.personal").register_tables()
        import_module("missions.subscribers").connect()
