"""Looking back at a session that has ended: one call in the background, step by step. A module a state.

    waiting  --admitted, intent stored-->  asked  --the engine has it-->  running  --answer fits-->  done
       ^                                     |                              |
       `------------- not there -------------'                              `-->  the next engine, or failed

What is told are the words of the session alone, with a live consent, and with a receipt. The answer becomes insights,
proposals of memories and a title; whatever in it cannot be traced to messages is dropped. Turns of the person's that
are under way come first: these calls stand in the lane for the background.
"""

from consciousness.services.reflecting.planning import drop_reflection, plan_reflection, reflect_again, start_anew
from consciousness.services.reflecting.stepping import (
    due_reflections,
    step,
    wake_call,
    wake_reference,
    wake_task,
)

__all__ = [
    "drop_reflection",
    "due_reflections",
    "plan_reflection",
    "reflect_again",
    "start_anew",
    "step",
    "wake_call",
    "wake_reference",
    "wake_task",
]
