"""Answering the questions about learning preferences as a phone does, for the tests beside it."""

from typing import Any

from accounts.item_bank import Item, item_bank
from accounts.models import AXES
from tests.actors import ApiClient

PATH = "/me/learning-assessments/"
BANK = item_bank(1)
CHECK = BANK.attention
KEY = BANK.items[0].key


def begin(phone: ApiClient) -> str:
    """The path of a new or open assessment."""
    return f"{PATH}{phone.post(PATH).json()['uid']}/"


def leaning(item: Item, strength: int = 2) -> int:
    """The answer of somebody who leans to every second pole."""
    return 3 + item.sign * strength


def sheet(strength: int = 2, *, check: int = CHECK.expected, axes: tuple[str, ...] = AXES) -> dict[str, Any]:
    """A body with answers that lean to the second pole of the axes."""
    answers = [{"item": item.key, "value": leaning(item, strength)} for item in BANK.items if item.axis in axes]
    return {"answers": [*answers, {"item": CHECK.key, "value": check}]}


def finish(phone: ApiClient, body: dict[str, Any]) -> Any:
    """A whole assessment with these answers, as it is shown at the end."""
    path = begin(phone)
    phone.put(f"{path}answers/", body)
    return phone.post(f"{path}finish/").json()


def preferences(phone: ApiClient) -> Any:
    """What stands on each axis."""
    return phone.get("/me/learning-preferences/").json()
