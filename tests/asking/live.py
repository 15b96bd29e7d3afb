"""What a phone on a socket or a long poll has asked: the services and statements behind them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection

from consciousness.admission import admit, still_valid
from consciousness.eventlog import _EVENTS_AFTER, PAGE
from consciousness.services.branches import edit_message, switch_branch
from consciousness.services.messages import say
from consciousness.services.reading import mark_read
from consciousness.services.replies import choose_reply, regenerate_turn
from consciousness.services.turns import cancel_turn, retry_turn
from tests.asking.person import Person


def _admit(person: Person) -> Any:
    return admit(person.things["sessions"], access_token=person.phone.token, ticket=None)


def _news(person: Person) -> None:
    session = person.user.sessions.get(uid=person.things["sessions"])
    with connection.cursor() as cursor:
        cursor.execute(_EVENTS_AFTER, ([session.pk], [1], PAGE))
        cursor.fetchall()


def _long_poll(person: Person) -> None:
    admission = _admit(person)
    _news(person)
    still_valid(admission.claims)


def _resume(person: Person) -> None:
    _admit(person).session.refresh_from_db(fields=["last_seq", "state"])
    _news(person)


def _turn(service: Callable[..., Any], name: str) -> Callable[[Person], Any]:
    return lambda person: service(session=person.things["sessions"], turn=person.things[name], actor=person.user)


def _in_tree(service: Callable[..., Any], **wanted: str) -> Callable[[Person], Any]:
    """A service about the tree; what names a thing of the person's stands for that."""
    return lambda person: service(
        session=person.things["tree"],
        actor=person.user,
        **{name: person.things.get(value, value) for name, value in wanted.items()},
    )


def _say(client_id: str, text: str) -> Callable[[Person], Any]:
    return lambda person: say(session=person.things["sessions"], actor=person.user, text=text, client_id=client_id)


LIVE: dict[str, Callable[[Person], Any]] = {
    "LONG POLL /api/v1/sessions/<uuid:uid>/events/": _long_poll,
    "SOCKET admission": _admit,
    "SOCKET session.resume": _resume,
    "SOCKET message.send": _say("from the socket", "And now?"),
    "SOCKET message.send, again": _say("said 1", "How?"),
    "SOCKET message.read": lambda person: mark_read(session=person.things["tree"], actor=person.user, seq=2),
    "SOCKET message.edit": _in_tree(edit_message, turn="last", text="No, this.", client_id="edited"),
    "SOCKET turn.regenerate": _in_tree(regenerate_turn, turn="last", client_id="again"),
    "SOCKET branch.switch": _in_tree(switch_branch, head="beside"),
    "SOCKET reply.choose": _in_tree(choose_reply, message="former"),
    "SOCKET turn.cancel": _turn(cancel_turn, "waiting"),
    "SOCKET turn.retry": _turn(retry_turn, "failed"),
}
