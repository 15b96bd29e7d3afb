"""The fair queue in front of Manus: stand in it, be admitted, call, and say what it cost; a module a use case."""

from mentors.services.scheduling.calling import Admission, NotAdmitted, TaskUsage, admission, finish, sending, sent
from mentors.services.scheduling.pumping import pump
from mentors.services.scheduling.queueing import Wanted, cancel, cancel_all_of, enqueue, enqueue_new, put_back
from mentors.services.scheduling.standings import FreeSlots, Standing, free_slots, idle_share, standing, standings_of

__all__ = [
    "Admission",
    "FreeSlots",
    "NotAdmitted",
    "Standing",
    "TaskUsage",
    "Wanted",
    "admission",
    "cancel",
    "cancel_all_of",
    "enqueue",
    "enqueue_new",
    "finish",
    "free_slots",
    "idle_share",
    "pump",
    "put_back",
    "sending",
    "sent",
    "standing",
    "standings_of",
]
