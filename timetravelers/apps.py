"""The composition root as a Django app, for its commands and checks."""

from importlib import import_module

from django.apps import AppConfig


class TimeTravelersConfig(AppConfig):
    name = "timetravelers"

    def ready(self) -> None:
        import_module("timetravelers.checks")
