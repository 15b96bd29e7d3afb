"""One's sessions."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.models import Profile, User
from consciousness.errors import SessionNotFound
from consciousness.models import Message, Rating, Reading, Session
from consciousness.selectors.counting import number_of


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionFilter:
    """Which sessions; what is not given does not matter. Those put away are left out unless asked for."""

    states: tuple[str, ...] = ()
    archived: bool | None = False
    traveler: UUID | None = None
    text: str = ""


def sessions_of(actor: User) -> QuerySet[Session]:
    """The sessions that the actor may see, with their Travelers, and the time zone that the person lives in."""
    found = Session.objects.visible_to(actor).select_related("traveler", "version")
    return found.annotate(time_zone=F("user__profile__time_zone"))


def shown_sessions(actor: User) -> QuerySet[Session]:
    """The same with what only the actor's own devices show: `read_seq`, `unread` replies in view, and `stars`."""
    readings = Reading.objects.filter(session=OuterRef("pk"), user=actor)
    news = Message.objects.filter(
        session=OuterRef("pk"),
        seq__gt=OuterRef("read_seq"),
        author=Message.Author.TRAVELER,
        superseded_at__isnull=True,
        turn__on_branch=True,
    )
    ratings = Rating.objects.filter(session=OuterRef("pk"), message__isnull=True, user=actor)
    found = sessions_of(actor).select_related("head")
    found = found.annotate(read_seq=Coalesce(Subquery(readings.values("seq")), Value(0)))
    return found.annotate(unread=number_of(news), stars=Subquery(ratings.values("stars")))


def filtered_sessions(actor: User, which: SessionFilter) -> QuerySet[Session]:
    """Those of them that are asked for; the text is looked for in titles, goals and Travelers' names."""
    found = shown_sessions(actor)
    if which.states:
        found = found.filter(state__in=which.states)
    if which.archived is not None:
        found = found.filter(archived_at__isnull=not which.archived)
    if which.traveler is not None:
        found = found.filter(traveler__uid=which.traveler)
    for word in which.text.split():
        found = found.filter(
            Q(title__icontains=word) | Q(goal__icontains=word) | Q(version__profile__name__icontains=word)
        )
    return found


def session_for(actor: User, uid: UUID) -> Session:
    """One of them; raises SessionNotFound."""
    session = sessions_of(actor).filter(uid=uid).first()
    if session is None:
        raise SessionNotFound
    return session


def shown_session(actor: User, uid: UUID) -> Session:
    """One of those that `shown_sessions` gives; raises SessionNotFound."""
    session = shown_sessions(actor).filter(uid=uid).first()
    if session is None:
        raise SessionNotFound
    return session


def time_zone_of(user_id: int) -> str:
    """Where somebody lives, as an IANA name; empty if they did not say."""
    return Profile.objects.filter(user_id=user_id).values_list("time_zone", flat=True).first() or ""


def open_sessions_by_traveler() -> dict[int, int]:
    """How many sessions each Traveler (by primary key) holds open, in one query; those without any are left out."""
    rows = Session.objects.filter(state=Session.State.OPEN).order_by().values("traveler_id")
    return dict(rows.annotate(number=Count("pk")).values_list("traveler_id", "number"))
