"""What people do to the tree of a session, and what it has to look like whatever they did."""

from uuid import UUID, uuid4

from consciousness.models import Message, Session, Turn
from consciousness.selectors.branches import messages_in
from consciousness.services.branches import edit_message, switch_branch
from consciousness.services.replies import choose_reply, regenerate_turn
from consciousness.services.saying import Said
from tests.consciousness.driving import drive, says


def told(session: Session, text: str) -> UUID:
    """Something is said and answered; its turn."""
    return drive(says(session, text).turn).uid


def edits(session: Session, turn: UUID, text: str, client_id: str = "") -> Said:
    """The owner says something else in place of a turn."""
    name = client_id or uuid4().hex
    return edit_message(session=session.uid, turn=turn, actor=session.user, text=text, client_id=name)


def retold(session: Session, turn: UUID, text: str) -> UUID:
    """The same, and it is answered; its turn."""
    return drive(edits(session, turn, text).turn).uid


def asks_again(session: Session, turn: UUID, client_id: str = "") -> Turn:
    """The owner wants another reply."""
    return regenerate_turn(session=session.uid, turn=turn, actor=session.user, client_id=client_id or uuid4().hex)


def replied_again(session: Session, turn: UUID) -> Turn:
    """The same, and there is one."""
    asks_again(session, turn)
    return drive(turn)


def chooses(session: Session, message: UUID) -> Message:
    return choose_reply(session=session.uid, message=message, actor=session.user)


def turns_to(session: Session, turn: UUID) -> UUID:
    """The owner looks at the branch of a turn."""
    return switch_branch(session=session.uid, head=turn, actor=session.user)


def replies_of(turn: UUID) -> list[Message]:
    """All replies of a turn, oldest first."""
    return list(Message.objects.filter(turn__uid=turn, author="traveler").order_by("pk"))


def words_in_view(session: Session) -> list[str]:
    """What the owner said on the branch that they look at."""
    return [one.text for one in messages_in(session, session.user) if one.author == "user"]


def assert_sound(session: Session) -> None:
    """The branch in view is the head and what came before it, and each turn has at most one reply that stands."""
    session.refresh_from_db()
    turns = {turn.pk: turn for turn in session.turns.all()}
    branch, turn = set(), turns.get(session.head_id or 0)
    while turn is not None:
        branch.add(turn.pk)
        turn = turns.get(turn.parent_id or 0)
    assert {pk for pk, turn in turns.items() if turn.on_branch} == branch
    for turn in turns.values():
        parent = turns.get(turn.parent_id or 0)
        assert turn.depth == (parent.depth + 1 if parent else 0)
        standing = [one for one in replies_of(turn.uid) if one.superseded_at is None]
        assert len(standing) <= 1
        if turn.seen_state in (Turn.State.COMPLETED, Turn.State.WAITING):
            assert len(standing) == 1
