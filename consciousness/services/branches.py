"""The tree of a session's turns: going another way from an earlier message, and looking at another branch.

Nothing is ever lost: what is left behind stays beside what is looked at. The engines hear of one branch only, so
the provider's task, which knows another one, is left, and the next call begins a new one with a recap.
"""

from uuid import UUID

from django.db import transaction

from accounts.models import User
from consciousness.announcements import BranchOpened, BranchSwitched
from consciousness.errors import ClientIdReused
from consciousness.models import Message, Session, Turn
from consciousness.services.endings import leave_task
from consciousness.services.log import append, lock_session, require_open
from consciousness.services.moves import Move, lock_turn, require_legal, require_quiet
from consciousness.services.saying import Said, Saying, store
from consciousness.services.summing import drop_left_branch
from mentors.services.scheduling import free_slots
from timetravelers.kit.statements import fetch_all

# Children are younger than their parents, so the youngest of all below a turn is the end of a branch.
_NEWEST_BELOW = """
    WITH RECURSIVE below AS (
        SELECT id FROM consciousness_turn WHERE id = %s
         UNION ALL
        SELECT turn.id FROM consciousness_turn turn JOIN below ON turn.parent_id = below.id)
    SELECT max(id) AS newest FROM below
"""
_TURN_TO = """
    WITH RECURSIVE branch AS (
        SELECT id, parent_id FROM consciousness_turn WHERE id = %s
         UNION ALL
        SELECT turn.id, turn.parent_id FROM consciousness_turn turn JOIN branch ON turn.id = branch.parent_id),
    turned AS (
        UPDATE consciousness_turn turn SET on_branch = NOT turn.on_branch
         WHERE turn.session_id = %s AND turn.on_branch <> (turn.id IN (SELECT id FROM branch))
        RETURNING turn.id)
    SELECT count(*) AS number FROM turned
"""


def edit_message(*, session: UUID, turn: UUID, actor: User, text: str, client_id: str) -> Said:
    """Say something else in place of all that was said in a turn: a turn beside it, with a branch of its own.

    Once per client id. Locks session and turn. Raises SessionNotFound, TurnNotFound, ClientIdReused, SessionEnded,
    ConsentRequired, and SessionBusy while anything of the session waits or is on its way.
    """
    # Asked before the transaction: the counters are across the network.
    slots = free_slots()
    with transaction.atomic():
        locked = lock_session(session, actor)
        if (earlier := _edited_before(locked, turn, client_id, text)) is not None:
            return earlier
        require_open(locked)
        require_quiet(locked)
        edited = lock_turn(locked, turn)
        require_legal(locked, edited, Move.EDIT)
        before = edited.parent
        _turn_to(locked, before)
        append(locked, BranchOpened(parent=before.uid if before else None, edited=edited.uid))
        (outcome,) = store([Saying(session, actor.pk, text, client_id)], slots, wait=True).outcomes
        if not isinstance(outcome, Said):
            raise outcome if isinstance(outcome, Exception) else TypeError(outcome)
        return outcome


@transaction.atomic
def switch_branch(*, session: UUID, head: UUID, actor: User) -> UUID:
    """Look at the branch that a turn is on, up to its newest turn; returns that. Locks the session.

    Does nothing if the turn is in view already. Raises SessionNotFound, TurnNotFound, SessionEnded, and SessionBusy
    while anything waits or is on its way.
    """
    locked = lock_session(session, actor)
    chosen = lock_turn(locked, head)
    require_open(locked)
    if chosen.on_branch and locked.head is not None:
        return locked.head.uid
    require_quiet(locked)
    newest = Turn.objects.get(pk=fetch_all(_NEWEST_BELOW, [chosen.pk])[0][0])
    _turn_to(locked, newest)
    append(locked, BranchSwitched(head=newest.uid))
    return newest.uid


def _turn_to(session: Session, head: Turn | None) -> None:
    """Make a turn of a locked session its head; the provider's task has heard something else."""
    session.head = head
    leave_task(session)
    session.save(update_fields=["head", "updated_at"])
    fetch_all(_TURN_TO, [head.pk if head else None, session.pk])
    drop_left_branch(session)


def _edited_before(session: Session, edited: UUID, client_id: str, text: str) -> Said | None:
    earlier = Message.objects.filter(session=session, client_id=client_id).select_related("turn").first()
    if earlier is None:
        return None
    beside = session.turns.filter(uid=edited, parent=earlier.turn.parent_id).exclude(pk=earlier.turn_id)
    if earlier.text != text or not beside.exists():
        raise ClientIdReused
    return Said(earlier.uid, earlier.turn.uid, earlier.seq or 0, is_new=False)
