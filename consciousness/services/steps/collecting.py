"""A turn in `running`: the engine has the words, so see what it says."""

from consciousness.asking import conversation_of
from consciousness.chains import engine_of
from consciousness.services import outcomes
from consciousness.services.leases import Lease
from consciousness.services.steps.answering import answer_again
from consciousness.services.steps.moving import is_out_of_time, move_on
from consciousness.services.steps.waiting import keep_waiting
from mentors.engines import Answer, AnswerState


def collect(lease: Lease) -> None:
    """Store what the engine said, if it has ended; an engine that answers at once is asked again."""
    engine = engine_of(lease.turn)
    if engine is None:
        move_on(lease, outcomes.PROVIDER_DOWN, hopeful=False, abandon_task=True)
    elif is_out_of_time(lease.turn):
        outcomes.close(lease)
    elif engine.answers_at_once:
        answer_again(lease, engine)
    else:
        conclude(lease, engine.name, engine.look(conversation_of(lease.turn.session)))


def conclude(lease: Lease, engine: str, answer: Answer) -> None:
    """End the turn as the answer says, or go on waiting."""
    match answer.state:
        case AnswerState.REPLIED:
            outcomes.reply(lease, engine, answer)
        case AnswerState.ASKED:
            outcomes.ask(lease, engine, answer)
        case AnswerState.WANTS_TO_ACT:
            # A mentor talks and does not act: nothing is ever confirmed, and a task that waits for it is stuck.
            move_on(lease, outcomes.ACTION_REFUSED, hopeful=False, abandon_task=True)
        case AnswerState.FAILED:
            # A task that failed takes no more messages.
            move_on(lease, outcomes.PROVIDER_FAILED, hopeful=False, abandon_task=True)
        case AnswerState.MUTE:
            move_on(lease, outcomes.PROVIDER_FAILED, hopeful=False)
        case AnswerState.WORKING:
            keep_waiting(lease)
