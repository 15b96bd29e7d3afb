"""The ASGI entry point: what the server runs."""

import os
from importlib import import_module

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "timetravelers.settings")
django.setup()

# After the set-up, because it imports models.
application = import_module("timetravelers.front").application
