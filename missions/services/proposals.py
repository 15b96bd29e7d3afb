"""What people said they would do: proposed to them as tasks of their own, without a reward."""

from collections.abc import Callable, Collection
from uuid import UUID

from django.db import transaction

from accounts.models import User
from missions.errors import MissionProposalNotFound, MissionProposalWrongState
from missions.models import MissionProposal
from timetravelers.kit.clock import now

State = MissionProposal.State
OPEN = (State.PROPOSED, State.TAKEN)
# Whatever is not in here is not possible.
MOVES = {
    State.PROPOSED: frozenset({State.TAKEN, State.DONE, State.DISMISSED}),
    State.TAKEN: frozenset({State.DONE, State.DISMISSED}),
}


def propose_mission(*, user_id: int, traveler_id: int, origin: UUID, session: UUID, text: str) -> MissionProposal:
    """Put it on the person's board, once an origin; what is there and not over gets these words. In a transaction."""
    found, is_new = MissionProposal.objects.select_for_update().get_or_create(
        origin=origin, defaults={"user_id": user_id, "traveler_id": traveler_id, "session": session, "text": text}
    )
    if not is_new and found.state in OPEN and found.text != text:
        found.text = text
        found.save(update_fields=["text", "updated_at"])
    return found


def withdraw_proposals(origins: Collection[UUID]) -> None:
    """What they came out of is gone, or was rejected: so are they, whatever became of them. In a transaction."""
    MissionProposal.objects.filter(origin__in=origins).delete()


def withdraw_proposals_that(repeat: Callable[[str], bool], *, user_id: int) -> None:
    """The same for a person's that repeat what is to be gone, wherever they came from. In a transaction."""
    texts = MissionProposal.objects.filter(user=user_id).values_list("pk", "text")
    MissionProposal.objects.filter(pk__in=[pk for pk, text in texts if repeat(text)]).delete()


@transaction.atomic
def move_proposal(*, proposal: UUID, actor: User, state: str) -> MissionProposal:
    """Take it, finish it or dismiss it. Locks it. Raises MissionProposalNotFound and MissionProposalWrongState."""
    found = MissionProposal.objects.select_for_update().filter(user_id=actor.pk, uid=proposal).first()
    if found is None:
        raise MissionProposalNotFound
    wanted = State(state)
    if wanted == found.state:
        return found
    if wanted not in MOVES.get(State(found.state), ()):
        raise MissionProposalWrongState
    found.state, found.ended_at = wanted, None if wanted in OPEN else now()
    found.save(update_fields=["state", "ended_at", "updated_at"])
    return found
