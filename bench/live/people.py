"""Those who talk in the bench: each in a session of their own."""

from django.db import connection

from accounts.models import Consent
from accounts.services.consents import grant_consent
from accounts.wording import current_consents
from bench.people import access_token, make_person
from consciousness.models import Turn
from consciousness.services.sessions import open_session
from mentors.models import ProviderCall, Traveler
from timetravelers.kit.clock import now


def open_sessions(number: int) -> list[tuple[str, str]]:
    """So many open sessions of as many people: the session's uid and its person's access token."""
    version = current_consents()[Consent.Purpose.AI_PROVIDER].version
    travelers = list(Traveler.objects.published().values_list("uid", flat=True))
    opened = []
    for each in range(number):
        person = make_person()
        grant_consent(user=person, purpose=Consent.Purpose.AI_PROVIDER, version=version)
        session = open_session(actor=person, traveler=travelers[each % len(travelers)])
        opened.append((str(session.uid), access_token(person)))
    return opened


def end_turns() -> None:
    """Nobody waits for a reply any longer, so that the next message of each session begins a turn again."""
    moment = now()
    _keep_statistics()
    Turn.objects.unfinished().update(state=Turn.State.COMPLETED, ended_at=moment)
    ProviderCall.objects.filter(ended_at=None).update(state=ProviderCall.State.CANCELLED, ended_at=moment)


def _keep_statistics() -> None:
    """What autovacuum does every minute; tables here grow from nothing to a day's worth in less."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
