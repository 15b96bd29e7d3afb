"""Conversations over the socket: nothing is lost, nothing comes twice, whatever the connection does."""

import random

import pytest

from demo.line import Line
from demo.phone import Failed, Phone, Refused
from tests.live.talk import assert_log_is_whole, how_it_ended, new_session, open_line, replies


def test_two_devices_see_the_same(phone: Phone, line: Line) -> None:
    with open_line(phone, line.session) as tablet:
        turn = line.say("What does a first year look like?", "c-1")["turn"]
        how_it_ended(line, turn)
        how_it_ended(tablet, turn)
        turn = tablet.say("And the second?", "c-2")["turn"]
        how_it_ended(tablet, turn)
        how_it_ended(line, turn)
        shorter = min(len(line.heard), len(tablet.heard))
        assert line.heard[:shorter] == tablet.heard[:shorter]
        assert_log_is_whole(phone, tablet)
    assert len(replies(line)) == 2


def test_saying_it_again_changes_nothing(phone: Phone, line: Line) -> None:
    first = line.say("I would like to change careers.", "once")
    again = [line.say("I would like to change careers.", "once") for _ in range(5)]
    over_rest = phone.post(
        f"/sessions/{line.session}/messages/", {"client_id": "once", "text": "I would like to change careers."}
    )
    how_it_ended(line, first["turn"])
    assert {answer["message"] for answer in (*again, over_rest)} == {first["message"]}
    assert {answer["seq"] for answer in (*again, over_rest)} == {first["seq"]}
    assert not any(answer["is_new"] for answer in (*again, over_rest))
    transcript = phone.get(f"/sessions/{line.session}/messages/")["results"]
    assert [message["author"] for message in transcript] == ["user", "traveler"]


def test_what_is_said_meanwhile_is_answered_together(phone: Phone, line: Line) -> None:
    first = line.say("I want to learn statistics.", "c-1")["turn"]
    line.wait_for("turn.started", seconds=10)
    meanwhile = {line.say(f"Here is thought number {number}.", f"m-{number}")["turn"] for number in range(3)}
    assert len(meanwhile) == 1
    assert meanwhile != {first}
    assert how_it_ended(line, first)["type"] == "turn.completed"
    assert how_it_ended(line, meanwhile.pop())["type"] == "turn.completed"
    assert len(replies(line)) == 2
    assert_log_is_whole(phone, line)


def test_a_phone_that_keeps_dropping_hears_everything_once(phone: Phone, session: str) -> None:
    chance = random.Random(7)  # noqa: S311 - the same drops in every run
    line = Line(phone, session)
    try:
        for number in range(4):
            line.open()
            turn = line.say(f"Question number {number}: what should I practise?", f"c-{number}")["turn"]
            for _ in range(chance.randint(0, 3)):
                line.drop()
                line.open()
            if chance.random() < 0.5:
                line.drop()
                line.open()
            assert how_it_ended(line, turn)["type"] == "turn.completed"
            line.drop()
        line.open()
        assert_log_is_whole(phone, line)
        assert len(replies(line)) == 4
    finally:
        line.hang_up()


def test_a_phone_from_the_future_misses_nothing_new(phone: Phone, session: str) -> None:
    line = Line(phone, session)
    line.open()
    ready = line.ask("session.resume", {"after_seq": 2**53})["data"]
    assert ready["seq"] == 0
    turn = line.say("Is anybody there?", "c")["turn"]
    assert how_it_ended(line, turn)["type"] == "turn.completed"
    line.hang_up()
    assert_log_is_whole(phone, line)


def test_nothing_is_pushed_before_the_phone_has_resumed(phone: Phone, session: str) -> None:
    with open_line(phone, session) as line:
        how_it_ended(line, line.say("First words.", "c")["turn"])
        line.heard.clear()
        again = line.ask("session.resume", {"after_seq": 0})
        assert again["data"]["seq"] >= 5
        line.wait_for("turn.completed", seconds=5)
        assert_log_is_whole(phone, line)


def test_words_taken_back_get_no_reply_and_the_next_ones_do(phone: Phone, line: Line) -> None:
    first = line.say("I was going to say something long about my plans.", "c-1")["turn"]
    line.wait_for("turn.started", seconds=10)
    assert line.ask("turn.cancel", {"turn": first})["data"]["turn"] == first
    assert how_it_ended(line, first)["type"] == "turn.cancelled"
    second = line.say("Never mind: how do I ask for a raise?", "c-2")["turn"]
    assert how_it_ended(line, second)["type"] == "turn.completed"
    assert len(replies(line)) == 1
    created = [event["data"]["message"] for event in line.heard if event["type"] == "message.created"]
    assert [message["turn"] for message in created if message["author"] == "traveler"] == [second]
    with pytest.raises(Failed, match="turn_wrong_state"):
        line.ask("turn.cancel", {"turn": first})
    assert_log_is_whole(phone, line)


def test_an_ended_session_says_so_and_takes_nothing_more(phone: Phone, line: Line) -> None:
    turn = line.say("One last thing.", "c-1")["turn"]
    line.wait_for("turn.started", seconds=10)
    phone.post(f"/sessions/{line.session}/end/")
    assert how_it_ended(line, turn)["type"] == "turn.cancelled"
    line.wait_for("session.ended", seconds=5)
    with pytest.raises(Failed, match="session_ended"):
        line.say("And another.", "c-2")
    assert line.say("One last thing.", "c-1")["is_new"] is False
    with pytest.raises(Refused, match="session_ended"):
        phone.post(f"/sessions/{line.session}/end/")


def test_sessions_do_not_mix(phone: Phone, other_phone: Phone, line: Line) -> None:
    with open_line(phone, new_session(phone)) as second, open_line(other_phone, new_session(other_phone)) as foreign:
        lines = (line, second, foreign)
        turns = [one.say(f"I speak on line {number}.", "same-id")["turn"] for number, one in enumerate(lines)]
        for one, turn in zip(lines, turns, strict=True):
            assert how_it_ended(one, turn)["type"] == "turn.completed"
            assert {event["data"]["turn"] for event in one.heard if "turn" in event["data"]} == {turn}


def test_without_consent_nothing_is_said(phone: Phone, line: Line) -> None:
    phone.post("/consents/ai_provider/withdraw/")
    try:
        with pytest.raises(Failed, match="consent_required"):
            line.say("May I still speak?", "c")
    finally:
        phone.post("/consents/", {"purpose": "ai_provider", "version": 1})
    assert how_it_ended(line, line.say("May I still speak?", "c")["turn"])["type"] == "turn.completed"
