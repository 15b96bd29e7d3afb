"""What a person said of their matches."""

from uuid import UUID

from django.db.models import QuerySet

from matching.errors import NotJudged
from matching.models import Block, MatchFeedback


def judgement_of(user_id: int, match: UUID) -> MatchFeedback:
    """What somebody thinks of a match; raises NotJudged, also for a match that is not theirs."""
    kept = MatchFeedback.objects.filter(user_id=user_id, kind=MatchFeedback.Kind.JUDGED, origin=match).first()
    if kept is None:
        raise NotJudged
    return kept


def blocks_of(user_id: int) -> QuerySet[Block]:
    """The Travelers that somebody does not want to be matched with."""
    return Block.objects.filter(user_id=user_id).select_related("traveler")
