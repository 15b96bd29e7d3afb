"""The settings of the house, with the references' routes beside its own and room for their traffic."""

from datetime import timedelta

from timetravelers.settings import *  # noqa: F403 - everything but what follows is as in production
from timetravelers.settings import ENV, SIMPLE_JWT, THROTTLE_SCOPES

ROOT_URLCONF = "bench.urls"
# The throttle stays in the path; only its limit is out of reach of one account in a loop.
THROTTLE_SCOPES = {**THROTTLE_SCOPES, "read": {**THROTTLE_SCOPES["read"], "per_minute": 1_000_000}}
# However many rounds are asked for, one token has to last.
SIMPLE_JWT = {**SIMPLE_JWT, "ACCESS_TOKEN_LIFETIME": timedelta(hours=12)}
# One socket says in a second what a person says in a day.
LIVE_FRAMES_PER_MINUTE = 100_000_000
# The recipe over either layer of channels_redis, with what they need to keep hundreds of busy sockets: by their own
# defaults the first one fails above a hundred connections and hangs up on whoever is silent for five seconds.
CHANNEL_LAYERS = {
    "recipe": {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        "CONFIG": {
            "hosts": [{"address": ENV.redis_url, "socket_timeout": None, "max_connections": 10_000}],
            "prefix": f"{ENV.redis_prefix}:recipe",
            "capacity": 10_000,
        },
    },
    "recipe-pubsub": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [ENV.redis_url], "prefix": f"{ENV.redis_prefix}:recipe-pubsub:"},
    },
}
