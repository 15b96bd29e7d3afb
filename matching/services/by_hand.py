"""Matching two by hand."""

from uuid import UUID

import structlog
from django.db import transaction

from accounts.models import User
from matching.errors import MatchingStaffOnly, PersonNotFound, TravelerBlocked
from matching.events import MatchMade
from matching.models import Block, Match
from matching.policies import can_match_by_hand
from matching.selectors.comparisons import comparison_of
from matching.selectors.ranked import compared_rows
from matching.services.holding import hold_matches
from matching.services.storing import Entry, store_scores
from matching.services.weights import settled_weights
from mentors.errors import TravelerNotFound
from timetravelers.kit.events import publish

log = structlog.get_logger(__name__)


def match_by_hand(*, actor: User, person: UUID, traveler: UUID) -> Match:
    """Propose a Traveler to a person, whatever its rank and however many it holds; it comes first in their list.

    Who has it already in their list finds it on top of that; what they declined is proposed again. Holds the
    person's matches. Raises MatchingStaffOnly, PersonNotFound, TravelerNotFound for one that people do not meet,
    and TravelerBlocked: a person's block is the last word. Publishes MatchMade.
    """
    if not can_match_by_hand(actor):
        raise MatchingStaffOnly
    user_id = User.objects.filter(uid=person, is_active=True).values_list("pk", flat=True).first()
    if user_id is None:
        raise PersonNotFound
    settled_weights()
    return _propose(actor, user_id, traveler)


@transaction.atomic
def _propose(actor: User, user_id: int, traveler: UUID) -> Match:
    hold_matches(user_id)
    comparison = comparison_of(user_id)
    row = comparison.row_of(traveler)
    if row is None:
        raise TravelerNotFound
    traveler_id = comparison.known.travelers[row].pk
    if Block.objects.filter(user_id=user_id, traveler_id=traveler_id).exists():
        raise TravelerBlocked("The person has blocked this Traveler.")
    (scored,) = compared_rows(comparison, [row])
    store_scores([Entry(comparison, scored, _rank_of(user_id, traveler_id))])
    made = Match.objects.get(user_id=user_id, traveler_id=traveler_id)
    made.origin, made.proposed_by = Match.Origin.HAND, actor
    if made.state == Match.State.DECLINED:
        made.state, made.reason, made.decided_at = Match.State.OFFERED, "", None
    made.save(update_fields=["origin", "proposed_by", "state", "reason", "decided_at", "updated_at"])
    publish(MatchMade(made.uid, user_id, traveler))
    log.info("match_made_by_hand", match=str(made.uid))
    return made


def _rank_of(user_id: int, traveler_id: int) -> int | None:
    there = Match.objects.filter(user_id=user_id, traveler_id=traveler_id)
    return there.values_list("rank", flat=True).first()
