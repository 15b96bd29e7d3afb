"""Not wanting to be matched with a Traveler, and wanting to again."""

from uuid import UUID

from django.db import transaction

from accounts.models import User
from matching.models import Block, Match
from matching.services.holding import hold_matches
from mentors.errors import TravelerNotFound
from mentors.models import Traveler
from timetravelers.kit.clock import now


@transaction.atomic
def block_traveler(*, traveler: UUID, actor: User) -> Block:
    """Leave a Traveler out of the person's matches from now on; again changes nothing.

    What was offered of it goes; what the person decided on stays. Holds the person's matches. Raises
    TravelerNotFound for one that people do not know.
    """
    hold_matches(actor.pk)
    known = Traveler.objects.met().filter(uid=traveler).first()
    if known is None:
        raise TravelerNotFound
    Match.objects.filter(user_id=actor.pk, traveler=known, state=Match.State.OFFERED).delete()
    block, _ = Block.objects.get_or_create(user_id=actor.pk, traveler=known, defaults={"created_at": now()})
    return block


@transaction.atomic
def unblock_traveler(*, traveler: UUID, actor: User) -> None:
    """Let it be matched again; what was not blocked stays so.

    Holds the person's matches. Raises TravelerNotFound for one that is not blocked and that people do not know.
    """
    hold_matches(actor.pk)
    unblocked, _ = Block.objects.filter(user_id=actor.pk, traveler__uid=traveler).delete()
    if not unblocked and not Traveler.objects.met().filter(uid=traveler).exists():
        raise TravelerNotFound
