"""Domain errors: what can go wrong in the house, in six categories and with stable codes.

A room subclasses a category and sets `code`; the API and the live protocol show every one of them the
same way (see `kit.api.problems`). `detail` is for the person holding the phone, never about our insides.
"""

from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong with the input: a JSON pointer to it, a stable code, and a sentence."""

    pointer: str
    code: str
    detail: str


class DomainError(Exception):
    """Base of everything a service refuses to do."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal"
    title: ClassVar[str] = "Something went wrong"

    def __init__(
        self,
        detail: str = "",
        *,
        errors: tuple[FieldError, ...] = (),
        retry_after: float | None = None,
        extra: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail
        self.errors = errors
        self.retry_after = retry_after
        self.extra = extra or {}


class Invalid(DomainError):
    """The request was understood and is not acceptable."""

    status = 422
    code = "invalid"
    title = "The request is not valid"


class TooLarge(Invalid):
    """The body is larger than this house takes."""

    status = 413
    code = "too_large"
    title = "The request is too large"


class NotFound(DomainError):
    """There is no such thing, as far as this caller may know."""

    status = 404
    code = "not_found"
    title = "Not found"


class Forbidden(DomainError):
    """The caller may know of the thing and may not do this with it."""

    status = 403
    code = "forbidden"
    title = "Not allowed"


class Conflict(DomainError):
    """The thing is not in a state that allows this."""

    status = 409
    code = "conflict"
    title = "Conflict with the present state"


class PreconditionFailed(Conflict):
    """The caller insisted on a version that is no longer the newest."""

    status = 412
    code = "precondition_failed"
    title = "This was changed elsewhere in the meantime"


class RateLimited(DomainError):
    """Too much, too fast; `retry_after` says when to come back (seconds)."""

    status = 429
    code = "rate_limited"
    title = "Too many requests"


class Unavailable(DomainError):
    """Something we depend on does not answer now."""

    status = 503
    code = "unavailable"
    title = "Not available right now"
