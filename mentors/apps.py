"""Mentors: Travelers, and Manus behind them."""

from importlib import import_module

from django.apps import AppConfig


class MentorsConfig(AppConfig):
    name = "mentors"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("mentors.constraints").register()
        import_module("mentors.personal").register_tables()
        import_module("mentors.subscribers").connect()
        import_module("mentors.manus.collector").register()
        import_module("mentors.services.scheduling.figures").connect()
        import_module("mentors.services.project_figures").connect()
