"""What the breach of each named constraint of the database means: a domain error, or a fault of ours.

Each room says it in a module `constraints.py` that its app imports when it is ready, so that the API, the admin
and the live protocol all say the same. A test sees to it that every named constraint is in one of the two lists.
"""

from collections.abc import Callable, Mapping
from functools import partial

from django.db import IntegrityError

from timetravelers.kit.errors import DomainError, FieldError

Meaning = Callable[[], DomainError]

_meanings: dict[str, Meaning] = {}
_internal: dict[str, str] = {}


def map_constraints(meanings: Mapping[str, Meaning]) -> None:
    """Say which domain error the breach of each named constraint means; the last word counts."""
    _meanings.update(meanings)


def internal_constraints(reason: str, *names: str) -> None:
    """Say why nobody but our own code can run into these constraints."""
    _internal.update(dict.fromkeys(names, reason))


def refusing(kind: type[DomainError], pointer: str, code: str, detail: str) -> Meaning:
    """The meaning of a constraint that is about one field, in the same words as the check at the door."""
    return partial(kind, errors=(FieldError(pointer, code, detail),))


def words_of(error: DomainError) -> str:
    """What the admin shows of an error: the sentences that the API sends."""
    return error.detail or " ".join(field.detail for field in error.errors) or error.title


def meaning_of(name: str) -> DomainError | None:
    """The domain error that the breach of the constraint means, or None if that would be a fault of ours."""
    meaning = _meanings.get(name)
    return meaning() if meaning else None


def reason_for(name: str) -> str | None:
    """Why nobody runs into the constraint, if somebody said so."""
    return _internal.get(name)


def declared() -> frozenset[str]:
    """Every constraint that something was said of."""
    return frozenset(_meanings) | frozenset(_internal)


def broken_constraint(error: IntegrityError) -> str:
    """The name of the constraint that refused a write, or an empty string."""
    diagnostics = getattr(error.__cause__, "diag", None)
    return getattr(diagnostics, "constraint_name", None) or ""


def told(error: Exception) -> DomainError | None:
    """The domain error that an exception is or means, or None if it is a fault of ours."""
    if isinstance(error, IntegrityError):
        return meaning_of(broken_constraint(error))
    return error if isinstance(error, DomainError) else None
