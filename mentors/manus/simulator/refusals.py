"""Refusals of the simulator: the documented pairs of status and code."""

from __future__ import annotations

STATUS_OF_CODE = {
    "invalid_argument": 400,
    "unauthenticated": 401,
    # Not documented; the name says what it is and the client goes by that.
    "quota_exceeded": 402,
    "permission_denied": 403,
    "not_found": 404,
    "failed_precondition": 412,
    "rate_limited": 429,
    "internal": 500,
}


class Refusal(Exception):
    """The request is answered with an error envelope."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = STATUS_OF_CODE[code]
