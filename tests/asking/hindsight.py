"""What a person who asks has from sessions that were looked back on."""

from uuid import UUID

from accounts.models import User
from consciousness.models import Message, Turn
from tests.factories.insights import make_hindsight, make_insight, make_proposal
from tests.factories.sessions import make_session
from timetravelers.kit.clock import now


def look_back(user: User, size: int) -> dict[str, UUID]:
    """An ended session with `size` insights, the last of which is an action item that was confirmed."""
    moment = now()
    session = make_session(user, state="ended", ended_at=moment, ended_reason="user")
    turn = Turn.objects.create(session=session, due_at=moment, ended_at=moment, state="completed")
    said = Message.objects.create(session=session, turn=turn, author="user", text="I will learn SQL.", seq=1)
    insights = [make_insight(said, f"Learn SQL, part {number}.", state="confirmed") for number in range(size)]
    proposals = [make_proposal(insight) for insight in insights]
    make_hindsight(session)
    return {"over": session.uid, "insights": insights[-1].uid, "proposals": proposals[-1].uid}
