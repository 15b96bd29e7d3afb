"""The tree of a session over the socket: each move of one device is seen by the other, and repeating it is harmless."""

from typing import Any

import pytest

from demo.line import Line
from demo.phone import Failed, Phone
from tests.live.talk import assert_log_is_whole, how_it_ended, new_session, open_line


def said_in_view(phone: Phone, session: str) -> list[str]:
    """What the person said on the branch in view."""
    shown = phone.get(f"/sessions/{session}/messages/")["results"]
    return [one["text"] for one in shown if one["author"] == "user"]


def replies_of(phone: Phone, session: str, **query: Any) -> list[str]:
    """The uids of what the Traveler said."""
    shown = phone.get(f"/sessions/{session}/messages/", **query)["results"]
    return [one["uid"] for one in shown if one["author"] == "traveler"]


def test_editing_and_switching(phone: Phone, line: Line) -> None:
    first = line.say("I like apples.", "c-1")["turn"]
    how_it_ended(line, first)
    with open_line(phone, line.session) as tablet:
        edit = {"turn": first, "client_id": "e-1", "text": "  I like plums. "}
        edited = line.ask("message.edit", edit)["data"]
        assert edited["is_new"]
        assert how_it_ended(tablet, edited["turn"])["type"] == "turn.completed"
        again = tablet.ask("message.edit", edit)["data"]
        assert (again["turn"], again["is_new"]) == (edited["turn"], False)
        assert said_in_view(phone, line.session) == ["I like plums."]
        assert tablet.ask("branch.switch", {"head": first})["data"] == {"head": first}
        assert line.wait_for("branch.switched", seconds=10)["data"] == {"head": first}
        assert said_in_view(phone, line.session) == ["I like apples."]
        assert_log_is_whole(phone, tablet)


def test_another_reply_and_back(phone: Phone, line: Line) -> None:
    turn = line.say("I like apples.", "c-1")["turn"]
    how_it_ended(line, turn)
    (old,) = replies_of(phone, line.session)
    asked = {"turn": turn, "client_id": "r-1"}
    assert line.ask("turn.regenerate", asked)["data"] == {"turn": turn}
    assert line.ask("turn.regenerate", asked)["data"] == {"turn": turn}
    line.wait_for("turn.completed", seconds=40, where=lambda data: data["message"] != old)
    (new,) = replies_of(phone, line.session)
    assert replies_of(phone, line.session, branch="all") == [old, new]
    assert line.ask("reply.choose", {"message": old})["data"] == {"message": old}
    assert line.wait_for("reply.chosen", seconds=10)["data"] == {"turn": turn, "message": old}
    assert replies_of(phone, line.session) == [old]
    assert_log_is_whole(phone, line)


@pytest.mark.parametrize(
    ("kind", "data", "code"),
    [
        ("message.edit", {"turn": "x", "client_id": "e", "text": "Hm."}, "malformed"),
        ("message.edit", {"turn": "01a2059c-9d63-7d84-8a36-7c1b4bd1f8fd", "client_id": "e", "text": " "}, "invalid"),
        ("turn.regenerate", {"turn": "01a2059c-9d63-7d84-8a36-7c1b4bd1f8fd"}, "malformed"),
        ("branch.switch", {"head": "01a2059c-9d63-7d84-8a36-7c1b4bd1f8fd"}, "turn_not_found"),
        ("reply.choose", {"message": "01a2059c-9d63-7d84-8a36-7c1b4bd1f8fd"}, "message_not_found"),
        ("reply.choose", {"message": None}, "malformed"),
    ],
)
def test_what_cannot_be_is_refused(kind: str, data: dict[str, Any], code: str, line: Line) -> None:
    with pytest.raises(Failed, match=code):
        line.ask(kind, data)


def test_a_tree_of_somebody_else_is_not_there(phone: Phone, other_phone: Phone, line: Line) -> None:
    turn = line.say("I like apples.", "c-1")["turn"]
    how_it_ended(line, turn)
    with open_line(other_phone, new_session(other_phone)) as foreign, pytest.raises(Failed, match="turn_not_found"):
        foreign.ask("branch.switch", {"head": turn})
    assert said_in_view(phone, line.session) == ["I like apples."]
