"""Crisis cards: shown in place of a reply, at once, with nothing told to anybody."""

import structlog
from django.db import transaction
from django.db.models import F
from prometheus_client import Counter

from accounts.models import Profile
from consciousness.crisis import HOUSE, card_answering
from consciousness.models import CrisisTally, Message, Session, Turn
from consciousness.services.endings import end_turn, report_reply, standing_reply, supersede
from consciousness.services.leases import Lease
from consciousness.services.log import append_message
from consciousness.services.turns import wake_queued
from mentors.crisis import hears_crisis
from timetravelers.kit.clock import now

log = structlog.get_logger(__name__)

cards_total = Counter("tt_crisis_cards_total", "Crisis cards that were shown")


def is_in_danger(turn: Turn) -> bool:
    """Whether what was said into a turn says that somebody may be."""
    return any(hears_crisis(text) for text in [*_texts(turn), _words(turn)])


def show_card(lease: Lease) -> None:
    """End the turn with the card; no engine hears of it, now or later. Counted without a word of what was said."""
    with lease.locked() as (session, turn):
        is_new = not turn.withheld
        turn.withheld = True
        turn.save(update_fields=["withheld", "updated_at"])
        card = _store_card(session, turn)
        end_turn(turn, Turn.State.COMPLETED)
        report_reply(session, turn, card)
        wake_queued(session)
        if is_new:
            _count()
    log.info("crisis_card_shown", turn=str(lease.turn.uid))


def _store_card(session: Session, turn: Turn) -> Message:
    profile = Profile.objects.filter(user=session.user_id).first()
    card = Message(
        session=session,
        turn=turn,
        author=Message.Author.TRAVELER,
        kind=Message.Kind.CRISIS_CARD,
        text=card_answering(_words(turn), profile),
        engine=HOUSE,
    )
    stood = standing_reply(turn)
    if stood is not None:
        supersede(session, stood, by=card)
    append_message(session, card, turn)
    return card


def _words(turn: Turn) -> str:
    return "\n\n".join(_texts(turn))


def _texts(turn: Turn) -> list[str]:
    said = turn.messages.filter(author=Message.Author.USER).order_by("pk")
    return list(said.values_list("text", flat=True))


def _count() -> None:
    day = now().date()
    _, is_first = CrisisTally.objects.get_or_create(day=day, defaults={"shown": 1})
    if not is_first:
        CrisisTally.objects.filter(day=day).update(shown=F("shown") + 1)
    transaction.on_commit(cards_total.inc)
