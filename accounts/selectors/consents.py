"""What a person allows at this moment."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from accounts.models import Consent, User
from accounts.wording import ConsentWording, current_consents
from timetravelers.kit.errors import NotFound
from timetravelers.kit.statements import fetch_all

_CONSENTING = """
    SELECT user_id FROM accounts_consent
     WHERE user_id = ANY(%s) AND purpose = %s AND version = %s AND withdrawn_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class ConsentState:
    """A purpose we ask for in its current wording, and whether the person allows it now."""

    purpose: str
    version: int
    provider: str
    title: str
    text: str
    granted: bool
    granted_at: datetime | None


def live_consent(user_id: int, purpose: str) -> Consent | None:
    """The person's consent to the current wording, if they gave it and did not withdraw it."""
    wording = current_consents().get(purpose)
    if wording is None:
        return None
    return Consent.objects.live().filter(user_id=user_id, purpose=purpose, version=wording.version).first()


def consenting(users: Collection[int], purpose: str) -> frozenset[int]:
    """Those of the people who have a live consent as `live_consent` gives it."""
    wording = current_consents().get(purpose)
    if wording is None:
        return frozenset()
    rows = fetch_all(_CONSENTING, [list(users), purpose, wording.version])
    return frozenset(user for (user,) in rows)


def consented_purposes(user_id: int) -> frozenset[str]:
    """Every purpose that the person allows now, in its current wording."""
    live = Consent.objects.live().filter(user_id=user_id).values_list("purpose", "version")
    current = {(name, wording.version) for name, wording in current_consents().items()}
    return frozenset(purpose for purpose, version in live if (purpose, version) in current)


def consent_states(user: User) -> list[ConsentState]:
    """Every purpose we ask for, with the person's answer."""
    live = {(row.purpose, row.version): row for row in Consent.objects.live().filter(user=user)}
    return [_state(wording, live.get((name, wording.version))) for name, wording in current_consents().items()]


def consent_state(user: User, purpose: str) -> ConsentState:
    """One purpose with the person's answer; raises NotFound for a purpose nobody asks for."""
    if purpose not in current_consents():
        raise NotFound("We ask for no such consent.")
    return _state(current_consents()[purpose], live_consent(user.pk, purpose))


def _state(wording: ConsentWording, consent: Consent | None) -> ConsentState:
    return ConsentState(
        purpose=wording.purpose,
        version=wording.version,
        provider=wording.provider,
        title=wording.title,
        text=wording.text,
        granted=consent is not None,
        granted_at=consent.granted_at if consent else None,
    )
