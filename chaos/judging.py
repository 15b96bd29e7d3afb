"""The judgement on one run: what the phone heard and said against what is stored, and against the log over REST."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from chaos.phone import Broken, Frame
from chaos.records import Records

ENDED = {"completed", "failed", "cancelled", "waiting"}
ANSWERED = {"completed", "waiting"}


def core(events: Sequence[Frame]) -> list[tuple[int, str, Any]]:
    """What has to be the same wherever an event is read."""
    return [(event["seq"], event["type"], event["data"]) for event in events]


def judge_log(records: Records) -> None:
    """Numbered from one, without a gap, up to the session's counter. Raises Broken."""
    if [event["seq"] for event in records.events] != list(range(1, records.last_seq + 1)):
        raise Broken(f"the log has gaps: {[event['seq'] for event in records.events]} of {records.last_seq}")


def judge_heard(heard: Sequence[Frame], records: Records, where: str) -> None:
    """What was heard is the log. Raises Broken."""
    found, stored = core(heard[: records.last_seq]), core(records.events)
    if found != stored:
        odd = next((pair for pair in zip(found, stored, strict=False) if pair[0] != pair[1]), None)
        raise Broken(f"{where} differs from the log ({len(found)} of {len(stored)} events), first at {odd}")


def judge_sayings(wanted: Mapping[str, str], acknowledged: Mapping[str, Frame], records: Records) -> None:
    """Each message once, with its words, as the message, turn and event that were acknowledged. Raises Broken."""
    counted = Counter(client_id for client_id, *_ in records.sayings)
    if twice := [client_id for client_id, number in counted.items() if number > 1]:
        raise Broken(f"stored more than once: {twice}")
    if set(counted) != set(wanted):
        raise Broken(f"said {sorted(wanted)}, stored {sorted(counted)}")
    for client_id, text, message, turn in records.sayings:
        ack = acknowledged[client_id]
        if (text, message, turn) != (wanted[client_id], ack["message"], ack["turn"]):
            raise Broken(f"{client_id} was acknowledged as {ack} and is stored as {(message, turn, text)}")
        event = records.events[ack["seq"] - 1]
        if event["type"] != "message.created" or event["data"]["message"]["uid"] != message:
            raise Broken(f"{client_id} was acknowledged as event {ack['seq']}, which is {event}")


def judge_order(spoken: Sequence[str], acknowledged: Mapping[str, Frame]) -> None:
    """What was said one after the other stands in this order. Raises Broken."""
    seqs = [acknowledged[client_id]["seq"] for client_id in spoken]
    if seqs != sorted(seqs):
        raise Broken(f"{spoken} stand as events {seqs}")


def has_ended(records: Records) -> bool:
    """Whether every turn is over."""
    return ENDED.issuperset(records.turns.values())


def judge_turns(records: Records) -> None:
    """Every turn has ended; those that were answered have one reply each, the others none that stands alone."""
    if left := {turn: state for turn, state in records.turns.items() if state not in ENDED}:
        raise Broken(f"turns that did not end: {left}")
    replies = Counter(turn for _, turn in records.replies)
    wrong = {turn: replies[turn] for turn, state in records.turns.items() if replies[turn] != (state in ANSWERED)}
    if wrong:
        raise Broken(f"replies by turn: {wrong}; states: {records.turns}")


def judge_picture(heard: Sequence[Frame], records: Records) -> None:
    """What the events add up to is what the tables hold. Raises Broken."""
    created = [event["data"]["message"] for event in heard if event["type"] == "message.created"]
    gone = {event["data"]["message"] for event in heard if event["type"] == "message.superseded"}
    shown = {message["uid"] for message in created} - gone
    stored = {message for _, _, message, _ in records.sayings} | {message for message, _ in records.replies}
    if shown != stored:
        raise Broken(f"events add up to messages {sorted(shown)}, stored are {sorted(stored)}")
