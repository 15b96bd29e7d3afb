"""Why a socket is closed."""

from enum import IntEnum

SUBPROTOCOL = "timetravelers.v1"


class Close(IntEnum):
    """Codes of our own, and that of a server that is told to stop."""

    RESTART = 1012
    UNAUTHORIZED = 4401  # expired or revoked: refresh and come back
    GONE = 4404
    IDLE = 4408
    SUPERSEDED = 4409
    TOO_LARGE = 4413
    TOO_FAST = 4429
