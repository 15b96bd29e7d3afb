"""What a phone builds out of events is what a fresh look at the tables shows, after anything that can happen."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from accounts.models import User
from consciousness.models import Message, Session, Turn
from consciousness.services.sessions import end_session
from consciousness.services.turns import cancel_turn, retry_turn
from mentors.manus.simulator.server import SimulatorServer
from tests.consciousness.driving import age, all_is_well, drive, events_of, says, step_now
from tests.factories.accounts import give_consent
from tests.factories.sessions import make_session
from timetravelers.kit.errors import DomainError

FAULTS = (("task.create", "401"), ("task.create", "429"), ("task.sendMessage", "401"), ("task.reply", "ask"))
Picture = dict[str, Any]
STATES = {
    "turn.queued": "queued",
    "turn.started": "running",
    "turn.waiting": "waiting",
    "turn.completed": "completed",
    "turn.failed": "failed",
    "turn.cancelled": "cancelled",
}


def empty() -> Picture:
    return {"state": "open", "messages": [], "turns": {}}


def take_in(picture: Picture, event: dict[str, Any]) -> None:
    """What a phone does with an event."""
    data = event["data"]
    if event["type"] == "message.created":
        picture["messages"].append((data["message"]["uid"], data["message"]["author"], data["message"]["text"]))
    elif event["type"] == "message.superseded":
        picture["messages"] = [one for one in picture["messages"] if one[0] != data["message"]]
    elif event["type"] == "session.ended":
        picture["state"] = "ended"
    elif event["type"] in STATES:
        picture["turns"][data["turn"]] = STATES[event["type"]]


def fresh_look(session: Session) -> Picture:
    messages = Message.objects.filter(session=session, superseded_at__isnull=True).order_by("id")
    turns = Turn.objects.filter(session=session)
    return {
        "state": Session.objects.get(pk=session.pk).state,
        "messages": [(str(message.uid), message.author, message.text) for message in messages],
        "turns": {str(turn.uid): turn.seen_state for turn in turns},
    }


class Play:
    """A conversation in which anything happens, and a phone that has seen a part of the log."""

    def __init__(self, session: Session, manus: SimulatorServer) -> None:
        self.session = session
        self.manus = manus
        self.picture = empty()
        self.seen = 0

    def act(self, action: str, number: int) -> None:
        turns = [*Turn.objects.filter(session=self.session).order_by("id").values_list("uid", flat=True)]
        turn = turns[number % len(turns)] if turns else uuid4()
        try:
            self._do(action, number, turn)
        except (DomainError, Turn.DoesNotExist):
            return  # refused, or there is no turn yet

    def _do(self, action: str, number: int, turn: UUID) -> None:
        session, actor = self.session.uid, self.session.user
        match action:
            case "say":
                says(self.session, f"Thought {number}.", f"c-{number}")
            case "step":
                step_now(turn)
            case "drive":
                if Turn.objects.filter(session=self.session).unfinished().count() == 1:
                    drive(turn, until=tuple(Turn.State))
            case "cancel":
                cancel_turn(turn=turn, session=session, actor=actor)
            case "retry":
                retry_turn(turn=turn, session=session, actor=actor)
            case "fault":
                self.manus.arm(*FAULTS[number % len(FAULTS)])
            case "mend":
                all_is_well(self.manus)
            case "wait":
                age(turn, 130)
            case _:
                end_session(session=session, actor=actor)

    def catch_up(self) -> None:
        """Resume after what was seen, as a phone does that had lost its connection."""
        for event in events_of(self.session)[self.seen :]:
            take_in(self.picture, event)
            self.seen = event["seq"]


@pytest.fixture
def house(settings: Settings) -> Settings:
    """Django's settings, under a name that is free."""
    return settings


ACTIONS = st.sampled_from(["say", "say", "step", "step", "step", "drive", "cancel", "retry", "fault", "mend", "wait"])
MOVES = st.lists(st.tuples(ACTIONS | st.just("end"), st.integers(0, 5), st.booleans()), min_size=4, max_size=20)


@pytest.mark.django_db
@hypothesis_settings(
    max_examples=25,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # shrinking would take minutes, and the moves are few
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(moves=MOVES)
def test_state_and_events_are_a_fresh_look(alice: User, manus: SimulatorServer, house: Settings, moves: Any) -> None:
    house.ENGINE_CHAIN = ["manus", "rehearsal"]
    all_is_well(manus)
    if not alice.consents.exists():
        give_consent(alice)
    play = Play(make_session(alice), manus)
    for action, number, reconnects in moves:
        play.act(action, number)
        if reconnects:
            play.catch_up()
            assert play.picture == fresh_look(play.session)
    play.catch_up()
    assert play.picture == fresh_look(play.session)
