"""Forgetting what Valkey holds for the tests of this process."""

from django.conf import settings

from timetravelers.kit.limits import valkey


def clear_valkey() -> None:
    """Empty this worker's corner; never the server, which the other workers share."""
    keys = list(valkey().scan_iter(match=f"{settings.REDIS_PREFIX}:*", count=1000))
    if keys:
        valkey().delete(*keys)
