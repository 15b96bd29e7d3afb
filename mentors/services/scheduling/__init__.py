"""The fair queue in front of Manus: stand in it, be admitted, call, and say what it cost; a module a use case."""

from mentors.services.scheduling.calling import Admission, NotAdmitted, TaskUsage, admission, finish, sending, sent
from mentors.services.scheduling.pumping import pump
from mentors.services.scheduling.queueing import cancel, cancel_all_of, enqueue, put_back
from mentors.services.scheduling.standings import Standing, standing

__all__ = [
    "Admission",
    "NotAdmitted",
    "Standing",
    "TaskUsage",
    "admission",
    "cancel",
    "cancel_all_of",
    "enqueue",
    "finish",
    "pump",
    "put_back",
    "sending",
    "sent",
    "standing",
]
