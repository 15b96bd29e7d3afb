"""When to look again, and how long to wait: nobody sits in front of a reflection."""

from datetime import timedelta

MAX_ATTEMPTS = 4
LOOK_SECONDS = 5.0
LONGEST_LOOK_SECONDS = 60.0
RECHECK_SECONDS = 10.0
IN_LINE_SECONDS = 120.0
ENGINE_SECONDS = 300.0
# While less than this part of the quota is idle, it is left to those who sit in front of a session; not for ever.
LEAST_IDLE = 0.5
MAKE_WAY_SECONDS = 20.0
LONGEST_WAY = timedelta(minutes=20)
# The value may come some time after the task has stopped.
LATE = timedelta(seconds=120)
# How long a new task may take to become visible at the provider.
SETTLE = timedelta(seconds=120)
PATIENCE = timedelta(minutes=30)
LONGEST_WAIT = timedelta(hours=24)
