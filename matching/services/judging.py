"""What a person thinks of a match itself: said once, said anew, taken back."""

from uuid import UUID

from django.db import transaction

from accounts.models import User
from matching.errors import NotJudged
from matching.models import MatchFeedback
from matching.services.deciding import held_match
from matching.services.evidence import note_judgement


@transaction.atomic
def judge_match(*, match: UUID, actor: User, stars: int, comment: str = "") -> MatchFeedback:
    """Say how well a Traveler suits, from 1 to 5 stars, in place of what was said before.

    Holds the person's matches. Raises MatchNotFound.
    """
    return note_judgement(held_match(match, actor), stars, comment)


@transaction.atomic
def take_judgement_back(*, match: UUID, actor: User) -> None:
    """Have said nothing. Holds the person's matches. Raises MatchNotFound and NotJudged."""
    row = held_match(match, actor)
    said = MatchFeedback.objects.filter(user_id=actor.pk, kind=MatchFeedback.Kind.JUDGED, origin=row.uid)
    if not said.delete()[0]:
        raise NotJudged
