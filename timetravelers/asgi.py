"""The ASGI entry point: what the server runs."""

import gc
import os
from importlib import import_module

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "timetravelers.settings")
django.setup()

# After the set-up, because it imports models.
application = import_module("timetravelers.front").application

# What was loaded until now stays for as long as the process does: a collector that looks at all of it again and again
# halts every socket for a fifth of a second each time. What comes and goes is collected in larger portions.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 50)
