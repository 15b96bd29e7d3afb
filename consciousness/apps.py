"""Consciousness: live mentoring sessions, their turns and their event log."""

from importlib import import_module

from django.apps import AppConfig


class ConsciousnessConfig(AppConfig):
    name = "consciousness"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("consciousness.constraints").register()
        import_module("consciousness.personal").register_tables()
        import_module("consciousness.subscribers").connect()
        import_module("consciousness.checks").connect()
