"""What the tables say: sessions are opened here, and judged by what is stored of them. Runs in one thread."""

from dataclasses import dataclass
from typing import Any

from accounts.models import Consent, User
from accounts.services.consents import grant_consent
from accounts.wording import current_consents
from bench.people import access_token, make_person
from consciousness.models import Message, Session, SessionEvent, Turn
from consciousness.services.sessions import open_session
from mentors.models import Traveler


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a token, who allows the AI provider."""

    user: User
    token: str


@dataclass(frozen=True, slots=True)
class Records:
    """A session as it is stored: its events, what people said, and its turns."""

    last_seq: int
    events: list[dict[str, Any]]
    sayings: list[tuple[str, str, str, str]]  # client id, text, message, turn
    replies: list[tuple[str, str]]  # message, turn: those that stand
    turns: dict[str, str]


def make_people(number: int) -> list[Person]:
    """So many."""
    version = current_consents()[Consent.Purpose.AI_PROVIDER].version
    people = [make_person() for _ in range(number)]
    for one in people:
        grant_consent(user=one, purpose=Consent.Purpose.AI_PROVIDER, version=version)
    return [Person(one, access_token(one)) for one in people]


def new_session(person: Person, number: int) -> str:
    """A session of theirs in which nothing was said yet."""
    travelers = Traveler.objects.published().order_by("pk").values_list("uid", flat=True)
    return str(open_session(actor=person.user, traveler=travelers[number % 7]).uid)


def records_of(uid: str) -> Records:
    """As they are now, the log read first: what happens meanwhile is not held against it."""
    session = Session.objects.get(uid=uid)
    events = SessionEvent.objects.filter(session=session, seq__lte=session.last_seq).order_by("seq")
    messages = Message.objects.filter(session=session).order_by("pk").select_related("turn")
    said = [one for one in messages if one.author == Message.Author.USER]
    replies = [one for one in messages if one.author == Message.Author.TRAVELER and one.superseded_at is None]
    return Records(
        last_seq=session.last_seq,
        events=[{"seq": one.seq, "type": one.type, "data": one.data} for one in events],
        sayings=[(one.client_id or "", one.text, str(one.uid), str(one.turn.uid)) for one in said],
        replies=[(str(one.uid), str(one.turn.uid)) for one in replies],
        turns={str(turn.uid): turn.state for turn in Turn.objects.filter(session=session)},
    )
