"""Manus as a conversation partner: the five things a turn needs of it."""

from contextlib import suppress
from dataclasses import dataclass
from functools import cache

from django.conf import settings

from mentors.manus.client import ManusClient
from mentors.manus.conversation import Outcome, judge
from mentors.manus.errors import InvalidRequest, Precondition

CONNECT_SECONDS = 5.0
LOOK_BACK_PAGES = 3
PAGE = 100


@dataclass(frozen=True, slots=True)
class Look:
    """What has become of a turn, and whether our simulator said so."""

    outcome: Outcome
    simulated: bool


@cache
def client() -> ManusClient:
    """This process's client for the configured account."""
    return ManusClient(
        settings.MANUS_BASE_URL,
        settings.MANUS_API_KEY,
        connect_timeout=CONNECT_SECONDS,
        read_timeout=settings.MANUS_READ_TIMEOUT,
    )


def start(*, reference: str, briefing: str, text: str) -> str:
    """Create the task of a conversation under a title that `find` can find; returns its id."""
    parts = [{"type": "text", "text": briefing}, {"type": "text", "text": text}]
    # Hidden tasks might be hidden from task.list too, which is how a lost create is found again.
    return client().create_task(parts, title=reference, hide_in_task_list=False).task_id


def find(reference: str) -> str | None:
    """The task that a create with this reference made, if it did."""
    cursor = None
    for _ in range(LOOK_BACK_PAGES):
        page = client().list_tasks(cursor=cursor, limit=PAGE)
        for task in page.data:
            if task.title == reference:
                return task.id
        cursor = page.next_cursor
        if not page.has_more or not cursor:
            return None
    return None


def newest_event(task: str) -> str:
    """The id of the newest event of a task: the boundary of what is said next."""
    page = client().list_messages(task, limit=1)
    return page.messages[0].id if page.messages else ""


def say(task: str, text: str) -> None:
    """Send the next message of a conversation."""
    client().send_message(task, text)


def heard(task: str, after: str) -> bool:
    """Whether a message of ours arrived after the event `after`."""
    events = client().events_after(task, after or None).events
    return any(event.type == "user_message" for event in events)


def look(task: str, after: str) -> Look:
    """Judge the turn that began after the event `after`."""
    found = client().events_after(task, after or None)
    return Look(judge(found.events, after or None), found.simulated)


def stop(task: str) -> None:
    """Ask Manus to stop working on a task."""
    client().stop_task(task)


def delete(task: str) -> None:
    """Have Manus delete a task for good, stopping it first if it runs; raises ManusError."""
    with suppress(Precondition, InvalidRequest):  # there is nothing to stop
        stop(task)
    client().delete_task(task)
