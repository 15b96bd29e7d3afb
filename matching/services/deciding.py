"""What a person makes of a match: they accept it, or decline it with a reason, and may change their mind.

Repeating the step that was just taken changes nothing and answers with the match as it is, since a phone that lost
the answer asks again. Each decision is evidence for the weights, with the figures of the moment.
"""

from uuid import UUID

import structlog
from django.db import transaction

from accounts.models import User
from matching.errors import MatchNotFound
from matching.events import MatchAccepted, MatchDeclined
from matching.models import DeclineReason, Match, MatchFeedback
from matching.policies import can_decide_on
from matching.services.evidence import note_decision
from matching.services.holding import hold_matches
from timetravelers.kit.clock import now
from timetravelers.kit.events import publish

log = structlog.get_logger(__name__)

LOOKED_AT = 10  # of a list, by who chooses from it
State = Match.State


@transaction.atomic
def accept_match(*, match: UUID, actor: User) -> Match:
    """Choose the Traveler of a match, also one that was declined.

    Holds the person's matches. Raises MatchNotFound. Publishes MatchAccepted.
    """
    row = held_match(match, actor)
    if row.state == State.ACCEPTED:
        return row
    _decide(row, State.ACCEPTED, "")
    note_decision(row, MatchFeedback.Kind.ACCEPTED, passed_over=_passed_over(row))
    publish(MatchAccepted(row.uid, row.user_id, row.traveler.uid))
    return row


@transaction.atomic
def decline_match(*, match: UUID, actor: User, reason: DeclineReason) -> Match:
    """Want nothing of the Traveler of a match, also one that was accepted; the next list goes without it.

    Another reason takes the place of the first. Holds the person's matches. Raises MatchNotFound. Publishes
    MatchDeclined.
    """
    row = held_match(match, actor)
    if row.state == State.DECLINED and row.reason == reason:
        return row
    _decide(row, State.DECLINED, reason)
    note_decision(row, MatchFeedback.Kind.DECLINED)
    publish(MatchDeclined(row.uid, row.user_id, row.traveler.uid, row.reason))
    return row


def held_match(match: UUID, actor: User) -> Match:
    """A match of the person's own, under the hold of all of them; raises MatchNotFound."""
    hold_matches(actor.pk)
    rows = Match.objects.select_related("traveler", "algorithm")
    row = rows.filter(user_id=actor.pk, uid=match).first()
    if row is None or not can_decide_on(actor, row):
        raise MatchNotFound
    return row


def _passed_over(row: Match) -> list[Match]:
    """The other offers among the first of the list, above this one and below.

    Those above alone would say that the list was wrong whatever people do: weights would learn nothing else.
    """
    offers = Match.objects.select_related("algorithm").filter(user_id=row.user_id, state=State.OFFERED)
    return list(offers.filter(rank__lte=LOOKED_AT).exclude(pk=row.pk).order_by("rank"))


def _decide(row: Match, state: State, reason: str) -> None:
    row.state, row.reason, row.decided_at = state, reason, now()
    if state == State.DECLINED:
        row.rank = None
    row.save(update_fields=["state", "reason", "decided_at", "rank", "updated_at"])
    log.info("match_decided", match=str(row.uid), state=row.state, reason=reason)
