"""The kit as a Django app, for its one table."""

from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "timetravelers.kit"
    label = "kit"
