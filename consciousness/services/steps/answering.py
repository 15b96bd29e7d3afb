"""Engines that answer at once: called in `running`, under a lease that is renewed while the reply comes in."""

import time
from functools import partial

from django.conf import settings

from accounts.models import Consent
from accounts.selectors import live_consent
from consciousness.asking import Parcel, hints_of, parcel_for_reply
from consciousness.events import ReplyGrew
from consciousness.models import Turn
from consciousness.selectors.context import Hints
from consciousness.services import outcomes
from consciousness.services.leases import Lease
from consciousness.services.receipts import note_egress
from consciousness.services.steps.moving import move_on
from consciousness.services.steps.pace import MAX_ATTEMPTS
from mentors.engines import AnswerState, Conversation, Engine
from timetravelers.kit.events import publish

RENEW_SECONDS = 1.0
# Several pieces a second are as good to read as one a token, and spare the wires.
SPEAK_SECONDS = 0.1
ENDPOINT = "chat.completions"


def answer_first(lease: Lease, engine: Engine, consent: Consent) -> None:
    """Call the engine for a queued turn, and end the turn with what it says."""
    hints = hints_of(lease.turn)
    pack = partial(_pack, engine=engine, consent=consent, hints=hints)
    _call(lease, engine, outcomes.begin_answering(lease, engine.name, pack))


def answer_again(lease: Lease, engine: Engine) -> None:
    """The same for one whose last call failed, or died with its worker; what was heard of it is told anew."""
    consent = live_consent(lease.turn.session.user_id, Consent.Purpose.AI_PROVIDER)
    if consent is None:
        outcomes.fail(lease, outcomes.NO_CONSENT)
    elif lease.turn.attempts >= MAX_ATTEMPTS:
        move_on(lease, outcomes.PROVIDER_DOWN, hopeful=True)
    else:
        answer_first(lease, engine, consent)


def _pack(turn: Turn, *, engine: Engine, consent: Consent, hints: Hints) -> Parcel:
    parcel = parcel_for_reply(turn, engine, hints)
    note_egress(turn, engine, consent, parcel, endpoint=ENDPOINT, account=None)
    return parcel


def _call(lease: Lease, engine: Engine, parcel: Parcel) -> None:
    speaker = _Speaker(lease, max(settings.TURN_LEASE_SECONDS, engine.longest_silence))
    answer = engine.begin(parcel.ask, Conversation(), speaker.hear).answer
    speaker.finish()
    if answer is None or answer.state is not AnswerState.REPLIED:
        move_on(lease, outcomes.PROVIDER_FAILED, hopeful=False)
    else:
        outcomes.reply(lease, engine.name, answer)


class _Speaker:
    """Passes a reply on as it comes in, and renews the lease; a turn that was cancelled ends the call."""

    def __init__(self, lease: Lease, seconds: float) -> None:
        self._lease = lease
        self._seconds = seconds
        self._held = ""
        self._offset = 0
        self._renewed = self._spoke = time.monotonic()
        lease.renew(seconds)

    def hear(self, offset: int, text: str) -> None:
        """Raises LeaseLost if nobody waits for this any longer."""
        moment = time.monotonic()
        if moment - self._renewed >= RENEW_SECONDS:
            self._lease.renew(self._seconds)
            self._renewed = moment
        self._held += text
        if moment - self._spoke >= SPEAK_SECONDS:
            self.finish()
            self._spoke = moment

    def finish(self) -> None:
        """Say what is held back."""
        if self._held and self._lease.turn.answered_at is None:
            turn = self._lease.turn
            publish(ReplyGrew(turn.session.uid, turn.uid, self._offset, self._held))
        self._offset += len(self._held)
        self._held = ""
