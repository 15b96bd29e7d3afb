"""The settings of the house, in which doorbells go astray and nobody is too fast."""

from datetime import timedelta

from timetravelers.settings import *  # noqa: F403 - everything but what follows is as in production
from timetravelers.settings import SIMPLE_JWT, THROTTLE_SCOPES

LIVE_BELLS_LOST = 0.3
# A few people stand for all: what one of them does in a minute, thousands do.
LIVE_FRAMES_PER_MINUTE = 1_000_000
THROTTLE_SCOPES = {name: {**scope, "per_minute": 1_000_000} for name, scope in THROTTLE_SCOPES.items()}
# One account serves them all. The windows are kept call by call, so the figure is no higher than it needs to be.
_CALLS = ("create", "sendMessage", "listMessages", "detail", "list", "stop", "delete", "confirmAction")
MANUS_PER_MINUTE = dict.fromkeys((f"task.{call}" for call in _CALLS), 3_000)
# However long it takes, one token has to last.
SIMPLE_JWT = {**SIMPLE_JWT, "ACCESS_TOKEN_LIFETIME": timedelta(hours=12)}
