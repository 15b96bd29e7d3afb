"""Turns an HTTP status and a provider's error code into one of our errors."""

from __future__ import annotations

import re
from http import HTTPStatus

from mentors.manus import errors
from mentors.manus.wire import Envelope

BY_STATUS: dict[int, type[errors.ManusError]] = {
    400: errors.InvalidRequest,
    401: errors.Authentication,
    402: errors.QuotaExceeded,
    403: errors.PermissionDenied,
    404: errors.NotFound,
    408: errors.Unavailable,
    412: errors.Precondition,
    429: errors.RateLimited,
}
BY_CODE: dict[str, type[errors.ManusError]] = {
    "invalid_argument": errors.InvalidRequest,
    "unauthenticated": errors.Authentication,
    "permission_denied": errors.PermissionDenied,
    "not_found": errors.NotFound,
    "failed_precondition": errors.Precondition,
    "rate_limited": errors.RateLimited,
    "internal": errors.Unavailable,
}
REQUEST_FAULTS = range(400, 500)
SERVER_FAULTS = range(500, 600)
# The code for used-up credits or storage is not documented: its name is all there is to go by.
QUOTA_WORDS = re.compile(r"quota|credit", re.IGNORECASE)


def error_class(status: int, code: str | None) -> type[errors.ManusError]:
    """The class for a refusal.

    The status decides; the code decides when the status says nothing (2xx with ok:false) or when it speaks
    of a quota. A 401 stays an Authentication whatever its code: one page says permission_denied there.
    """
    if code and QUOTA_WORDS.search(code) and status != HTTPStatus.UNAUTHORIZED:
        return errors.QuotaExceeded
    if status in BY_STATUS:
        return BY_STATUS[status]
    if status in SERVER_FAULTS:
        return errors.Unavailable
    if status in REQUEST_FAULTS:
        return errors.InvalidRequest
    return BY_CODE.get(code or "", errors.InvalidAnswer)


def refusal(
    *, endpoint: str, status: int, envelope: Envelope | None, retry_after: str | None, writes: bool
) -> errors.ManusError:
    """The error for an answer that is no success; a write that met a fault of theirs may have happened."""
    provider = envelope.error if envelope else None
    code = clean_token(provider.code) if provider else None
    kind = error_class(status, code)
    return kind(
        endpoint=endpoint,
        http_status=status,
        provider_code=code,
        request_id=clean_token(envelope.request_id) if envelope else None,
        ambiguous=writes and issubclass(kind, errors.Unavailable | errors.InvalidAnswer),
        retry_after=_seconds(retry_after),
    )


def clean_token(value: str | None) -> str | None:
    """An identifier written by the provider, safe to log: a short word of plain characters, else nothing."""
    return value if value is not None and re.fullmatch(r"[A-Za-z0-9_.:-]{1,80}", value) else None


def _seconds(retry_after: str | None) -> float | None:
    return float(retry_after) if retry_after and re.fullmatch(r"[0-9]{1,4}", retry_after) else None
