"""What must hold on the journey; each check raises Failed with a line that says what does not."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from demo.line import Frame
from demo.phone import Failed

Json = dict[str, Any]
_WORD = re.compile(r"[a-z]{4,}")
ENOUGH_WORDS = 2


def require(holds: bool, otherwise: str) -> None:  # noqa: FBT001 - reads as the sentence it is
    """Raise Failed unless it holds."""
    if not holds:
        raise Failed(otherwise)


def require_same_events(heard: Sequence[Frame], logged: Sequence[Frame]) -> None:
    """What came over the socket is what the log says: every event once, in order, with the same content."""
    require([event["seq"] for event in logged] == list(range(1, len(logged) + 1)), "the log has gaps")
    for over_socket, over_rest in zip(heard, logged, strict=True):
        require(over_socket == over_rest, f"event {over_socket['seq']} differs between websocket and REST")


def profile_words(profile: Json) -> set[str]:
    """What a mentor who knows the profile could take up."""
    facts = [profile["target_occupation"]["title"], *(skill["name"] for skill in profile["skills"])]
    figures = {f"{profile['weekly_hours']} hours", f"{profile['goal_horizon_months']} months"}
    return _stems(facts) | figures


def require_taken_up(reply: Json, said: str, profile: set[str], *, first: bool) -> None:
    """A simulated reply says so, takes up what was said, and builds on the profile.

    A real mentor may do so in words of its own, so of a real one only an answer is asked.
    """
    require(bool(reply["text"].strip()), "the reply is empty")
    if not reply["simulated"]:
        return
    text = reply["text"].lower()
    require(not first or "simulat" in text, "the first simulated reply does not say that it is one")
    require(said.lower() not in text, "the reply is an echo")
    shared = _stems([said]) & _stems([text])
    require(len(shared) >= ENOUGH_WORDS, "the reply does not take up what was said")
    known = {words for words in profile if words in text}
    require(bool(known), "the reply does not use the profile")


def _stems(texts: Iterable[str]) -> set[str]:
    """Words of four letters and more, without a plural's s."""
    return {word.removesuffix("s") for text in texts for word in _WORD.findall(text.lower())}
