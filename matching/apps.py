"""Matching: TELL, which Traveler suits whom, and why."""

from importlib import import_module

from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "matching"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("matching.constraints").register()
        import_module("matching.personal").register_tables()
        import_module("matching.subscribers").connect()
        import_module("matching.services.figures").connect()
