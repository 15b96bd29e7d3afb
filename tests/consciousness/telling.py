"""What an engine would be told, for tests."""

from typing import Any

from consciousness.asking import parcel_for_reply
from consciousness.context import compose
from consciousness.disclosure import telling_about
from consciousness.models import Session, Turn
from consciousness.selectors.context import Wanted, candidates_for
from mentors.engines import Budget, most_tokens
from mentors.engines.rehearsal import RehearsalEngine
from timetravelers.kit.disclosure import Telling

PLENTY = Budget(50_000, most_tokens)


def briefing_of(session: Session, telling: Telling | None = None, **wanted: Any) -> str:
    """All but words that a conversation would begin with now."""
    telling = telling or telling_about(session.user_id)
    return compose(candidates_for(Wanted(session, **wanted), telling), None, PLENTY).told()


def words_of(turn: Turn) -> str:
    """All that the person said in a turn, as one message; raises Withheld without a live consent."""
    return parcel_for_reply(turn, RehearsalEngine()).ask.words
