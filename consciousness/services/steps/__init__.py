"""One step of a turn: what a worker does when a turn is due. A module a state.

    queued  --admitted, intent stored-->  sent  --the engine has it-->  running  --reply-->  completed
       ^                                   |                               |---->  waiting (a question)
       `------------- not there -----------'                               `---->  failed

The call to the engine is made between two transactions. Whoever finds a turn in `sent` cannot know whether
the call happened, so it looks before it sends again; a reply is fetched and stored once, whoever asks for it.
An engine that answers at once is called in `running`, and again if whoever called it died: it keeps nothing to
look for. When an engine cannot answer, the next of the session's chain does (`moving`).
"""

from consciousness.services.steps.stepping import (
    due_turns,
    step,
    stop_abandoned,
    wake_call,
    wake_reference,
    wake_task,
)

__all__ = ["due_turns", "step", "stop_abandoned", "wake_call", "wake_reference", "wake_task"]
