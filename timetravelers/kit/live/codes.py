"""Why a socket is closed."""

from enum import IntEnum

SUBPROTOCOL = "timetravelers.v1"


class Close(IntEnum):
    """Codes of our own, beside 1012 (restart), which the server sends when it is told to stop."""

    UNAUTHORIZED = 4401  # expired or revoked: refresh and come back
    GONE = 4404
    IDLE = 4408
    SUPERSEDED = 4409
    TOO_LARGE = 4413
    TOO_FAST = 4429
