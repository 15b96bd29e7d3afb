"""What can go wrong when talking to Manus, normalised at the edge so that nobody above reads HTTP."""

from __future__ import annotations

from typing import ClassVar


class ManusError(Exception):
    """A call to Manus failed.

    Guarantees: neither the API key nor text written by the provider is in `str()` or `repr()`; what the
    provider said is reduced to a machine code. `retryable` says whether the same request may succeed later;
    `ambiguous` says that the request may have been carried out all the same, so that a write must be
    reconciled before it is sent again; `retry_after`, where known, in how many seconds to come again.
    """

    retryable: ClassVar[bool] = False
    summary: ClassVar[str] = "Manus call failed"

    def __init__(
        self,
        *,
        endpoint: str,
        http_status: int | None = None,
        provider_code: str | None = None,
        request_id: str | None = None,
        ambiguous: bool = False,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(endpoint, http_status)
        self.endpoint = endpoint
        self.http_status = http_status
        self.provider_code = provider_code
        self.request_id = request_id
        self.ambiguous = ambiguous
        self.retry_after = retry_after

    def __str__(self) -> str:
        status = "no answer" if self.http_status is None else f"HTTP {self.http_status}"
        return f"{self.summary} ({self.endpoint}, {status})"


class Authentication(ManusError):
    """The key is missing, wrong or revoked."""

    summary = "Manus refused the API key"


class NoAccount(Authentication):
    """There is no such account, or its key cannot be opened: nothing was sent."""

    summary = "No key of this Manus account can be used"


class PermissionDenied(ManusError):
    """The key is good, but may not do this."""

    summary = "Manus denied permission"


class NotFound(ManusError):
    """No such thing."""

    summary = "Manus does not know this object"


class NotVisibleYet(NotFound):
    """Not known, but made so short a time ago that this may only mean: not yet."""

    retryable = True
    summary = "Manus does not show this object yet"


class Precondition(ManusError):
    """The object is not in a state that allows this."""

    summary = "Manus says the object is not ready for this"


class RateLimited(ManusError):
    """More calls than the account may make in a minute; the request was not carried out."""

    retryable = True
    summary = "Manus rate limit reached"


class Throttled(RateLimited):
    """The house's own count says that the account's limit is reached: nothing was sent."""

    summary = "Manus account has no call left just now"


class QuotaExceeded(ManusError):
    """Credits or storage are used up; waiting alone does not help."""

    summary = "Manus quota or credits used up"


class InvalidRequest(ManusError):
    """Manus found the request itself wrong: sending it again is pointless."""

    summary = "Manus found the request invalid"


class Unavailable(ManusError):
    """Manus is down, faulty or unreachable."""

    retryable = True
    summary = "Manus is unavailable"


class CircuitOpen(Unavailable):
    """The account has failed so often of late that it is left alone for a while: nothing was sent."""

    summary = "Manus account is left alone after failures"


class Timeout(ManusError):
    """No whole answer in time."""

    retryable = True
    summary = "Manus did not answer in time"


class InvalidAnswer(ManusError):
    """The answer is not what the contract says: not JSON, wrong shape, too large, or a redirect."""

    summary = "Manus gave an answer that makes no sense"


class UploadExpired(ManusError):
    """The address that a file was to be sent to is no longer good; a new one is."""

    retryable = True
    summary = "Manus upload address has expired"


class UploadRejected(ManusError):
    """What arrived is not what was to be sent, or the storage did not take it."""

    summary = "Manus upload did not arrive as it was"


#: Refusals of our own, before anything was sent.
LOCAL_REFUSALS = (Throttled, CircuitOpen)
