"""The settings of the house, with the references' routes beside its own and room for their traffic."""

from datetime import timedelta

from timetravelers.settings import *  # noqa: F403 - everything but what follows is as in production
from timetravelers.settings import SIMPLE_JWT, THROTTLE_SCOPES

ROOT_URLCONF = "bench.urls"
# The throttle stays in the path; only its limit is out of reach of one account in a loop.
THROTTLE_SCOPES = {**THROTTLE_SCOPES, "read": {**THROTTLE_SCOPES["read"], "per_minute": 1_000_000}}
# However many rounds are asked for, one token has to last.
SIMPLE_JWT = {**SIMPLE_JWT, "ACCESS_TOKEN_LIFETIME": timedelta(hours=12)}
