"""The kit as a Django app, for its one table."""

from importlib import import_module

from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "timetravelers.kit"
    label = "kit"

    def ready(self) -> None:
        import_module("timetravelers.kit.table_constraints").register()
