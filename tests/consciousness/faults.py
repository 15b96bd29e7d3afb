"""A house and a Manus whose time passes together, and the questions that every fault is asked."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import F

from consciousness.models import Session, Turn
from mentors.manus import accounts
from mentors.manus.simulator.records import Json
from mentors.manus.simulator.server import SimulatorServer
from mentors.models import ManusAccount
from tests.consciousness.driving import age, events_of, says, step_now, turn_of

STEP_SECONDS = 5.0
UNHURRIED_SECONDS = 60.0
# Longer than anybody waits for anything.
LONGEST_SECONDS = 4000.0


@dataclass
class World:
    """A session with a Manus that has a fault script, and a phone that watches."""

    session: Session
    manus: SimulatorServer

    def pass_time(self, seconds: float) -> None:
        """Let it be later, for Manus and for the house."""
        past = timedelta(seconds=seconds)
        self.manus.advance(seconds)
        for turn in self.session.turns.all():
            age(turn.uid, seconds)
        ManusAccount.objects.update(checked_at=F("checked_at") - past, credits_at=F("credits_at") - past)
        for account in ManusAccount.objects.all():
            # Its pause is over, or will be by the next call.
            accounts.breaker_of(account).reset()
        accounts.forget()

    def ask(self, words: str) -> Turn:
        """Say something, and let time pass until the turn is over for good."""
        turn = says(self.session, words).turn
        waited = 0.0
        while step_now(turn).state in Turn.UNFINISHED:
            assert waited < LONGEST_SECONDS, f"the turn is still {turn_of(turn).state}"
            pause = UNHURRIED_SECONDS if turn_of(turn).is_provisional else STEP_SECONDS
            self.pass_time(pause)
            waited += pause
        self.session.refresh_from_db()
        return turn_of(turn)

    def seen(self, turn: Turn) -> list[str]:
        """What a phone was told of the turn, in order; replies and ends with the engine behind them."""
        return [told for event in events_of(self.session) if (told := _told(event, turn.uid))]

    def heard(self, words: str) -> int:
        """How often Manus took these words, and so was paid to answer them."""
        return sum(text.endswith(words) for text in self.taken())

    def taken(self) -> list[str]:
        """Everything that Manus took from people, gone tasks left out."""
        tasks = [task for account in self.manus.world.memory.accounts.values() for task in account.tasks.values()]
        return [event["user_message"]["content"] for task in tasks for event in task.events if "user_message" in event]


def _told(event: Json, turn: UUID) -> str:
    data = event["data"]
    kind = event["type"].removeprefix("turn.")
    message = data.get("message")
    if isinstance(message, dict):
        is_reply = message["turn"] == str(turn) and message["author"] == "traveler"
        return f"says {message['engine']}" if is_reply else ""
    if data.get("turn") != str(turn):
        return ""
    if kind == "completed":
        return "completed" if data["final"] else "completed for now"
    return f"failed {data['code']}" if kind == "failed" else kind
