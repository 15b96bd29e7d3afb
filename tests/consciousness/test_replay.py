"""What a phone builds out of events is what a fresh look at the tables shows, after anything that can happen."""

import time
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from accounts.models import User
from consciousness.models import Message, Session, Turn
from consciousness.services.branches import edit_message, switch_branch
from consciousness.services.editing import archive_session, rename_session, unarchive_session
from consciousness.services.ends import end_session
from consciousness.services.feedback import rate_reply, rate_session, unrate_reply
from consciousness.services.replies import choose_reply, regenerate_turn
from consciousness.services.turns import cancel_turn, retry_turn
from mentors.manus.simulator.server import SimulatorServer
from tests.actors import Api
from tests.consciousness.driving import age, all_is_well, drive, events_of, says, step_now
from tests.consciousness.picture import Picture, found
from tests.factories.accounts import give_consent
from tests.factories.sessions import make_session
from timetravelers.kit.errors import DomainError

FAULTS = (("task.create", "401"), ("task.create", "429"), ("task.sendMessage", "401"), ("task.reply", "ask"))


class Play:
    """A conversation in which anything happens, and a phone that has seen a part of the log."""

    def __init__(self, session: Session, manus: SimulatorServer) -> None:
        self.session = session
        self.manus = manus
        self.picture = Picture()

    def act(self, action: str, number: int) -> None:
        turns = [*Turn.objects.filter(session=self.session).order_by("id").values_list("uid", flat=True)]
        turn = turns[number % len(turns)] if turns else uuid4()
        try:
            self._do(action, number, turn)
        except (DomainError, Turn.DoesNotExist):
            return  # refused, or there is no turn yet

    def _do(self, action: str, number: int, turn: UUID) -> None:
        match action:
            case "say":
                says(self.session, f"Thought {number}.", f"c-{number}")
            case "step":
                step_now(turn)
            case "drive":
                if Turn.objects.filter(session=self.session).unfinished().count() == 1:
                    drive(turn, until=tuple(Turn.State))
            case "answer":
                self._answer()
            case "fault":
                self.manus.arm(*FAULTS[number % len(FAULTS)])
            case "mend":
                all_is_well(self.manus)
            case "wait":
                age(turn, 130)
            case "rename" | "archive" | "unarchive":
                self._tidy(action, number)
            case _:
                self._change(action, number, turn)

    def _tidy(self, action: str, number: int) -> None:
        session, actor = self.session.uid, self.session.user
        if action == "rename":
            rename_session(session=session, actor=actor, title=f"Title {number}" if number else "")
        elif action == "archive":
            archive_session(session=session, actor=actor)
        else:
            unarchive_session(session=session, actor=actor)

    def _change(self, action: str, number: int, turn: UUID) -> None:
        session, actor = self.session.uid, self.session.user
        match action:
            case "cancel":
                cancel_turn(turn=turn, session=session, actor=actor)
            case "retry":
                retry_turn(turn=turn, session=session, actor=actor)
            case "end":
                end_session(session=session, actor=actor)
            case "edit":
                text, name = f"Thought {number}, again.", f"e-{number}-{turn.hex[-6:]}"
                edit_message(session=session, turn=turn, actor=actor, text=text, client_id=name)
            case "switch":
                switch_branch(session=session, head=turn, actor=actor)
            case "regenerate":
                regenerate_turn(session=session, turn=turn, actor=actor, client_id=uuid4().hex)
            case "choose":
                choose_reply(session=session, message=self._reply(number), actor=actor)
            case "rate":
                rate_reply(session=session, message=self._reply(number), actor=actor, stars=number % 5 + 1)
                rate_session(session=session, actor=actor, stars=number % 5 + 1)
            case _:
                unrate_reply(session=session, message=self._reply(number), actor=actor)

    def _answer(self) -> None:
        """Let what waits be answered, if Manus is well."""
        for _ in range(8):
            for uid in Turn.objects.filter(session=self.session).unfinished().values_list("uid", flat=True):
                step_now(uid)
            time.sleep(0.01)

    def _reply(self, number: int) -> UUID:
        replies = Message.objects.filter(session=self.session, author="traveler").order_by("-id")
        uids = list(replies.values_list("uid", flat=True))
        return uids[number % len(uids)] if uids else uuid4()

    def catch_up(self) -> None:
        """Resume after what was seen, as a phone does that had lost its connection."""
        for event in events_of(self.session)[self.picture.seq :]:
            self.picture.take_in(event)


@pytest.fixture
def house(settings: Settings) -> Settings:
    """Django's settings, under a name that is free."""
    return settings


ACTIONS = st.sampled_from(["say", "say", "step", "step", "step", "drive", "cancel", "retry", "fault", "mend", "wait"])
TALK = st.sampled_from(
    ["say", "answer", "answer", "edit", "edit", "switch", "regenerate", "choose", "rate", "unrate", "cancel"]
)
TIDY = st.sampled_from(["rename", "archive", "unarchive", "end"])
ANYTHING = ACTIONS | TALK | TALK | TIDY
MOVES = st.lists(
    st.tuples(ANYTHING, st.integers(0, 5), st.sampled_from([True, False, False, False])), min_size=4, max_size=24
)
# Nothing can be chosen or edited before there is something.
OPENING = [("say", 0, False), ("answer", 0, False)]


@pytest.mark.timeout(600)
@pytest.mark.django_db
@hypothesis_settings(
    max_examples=25,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # shrinking would take minutes, and the moves are few
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(moves=MOVES)
def test_state_and_events_are_a_fresh_look(
    alice: User, api: Api, manus: SimulatorServer, house: Settings, moves: Any
) -> None:
    house.ENGINE_CHAIN = ["manus", "rehearsal"]
    house.THROTTLE_SCOPES = {scope: {"per_minute": 1_000_000, "local": True} for scope in house.THROTTLE_SCOPES}
    all_is_well(manus)
    if not alice.consents.exists():
        give_consent(alice)
    play = Play(make_session(alice), manus)
    phone = api(alice)
    for action, number, reconnects in [*OPENING, *moves]:
        play.act(action, number)
        if reconnects:
            play.catch_up()
            assert play.picture.shown() == found(phone, play.session)
    play.catch_up()
    assert play.picture.shown() == found(phone, play.session)
