"""What happens in the mentors room."""

from dataclasses import dataclass

from timetravelers.kit.events import DomainEvent


@dataclass(frozen=True, slots=True)
class ManusTaskStopped(DomainEvent):
    """Manus says, signed, that it stopped working on a task: a reason to look, not yet the reply."""

    task: str
