"""Pages of a list with opaque cursors that survive what is added meanwhile."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import TypeVar

from mentors.manus.simulator.records import Json
from mentors.manus.simulator.refusals import Refusal

ItemT = TypeVar("ItemT")


def page_of(
    items: Sequence[ItemT], *, key: Callable[[ItemT], str], limit: int, cursor: str | None
) -> tuple[list[ItemT], Json]:
    """The page after the item that the cursor names, and the fields that tell of the next page.

    Raises Refusal for a cursor that we never gave out; one whose item is gone begins anew.
    """
    start = 0
    if cursor is not None:
        last = _opened(cursor)
        start = next((index + 1 for index, item in enumerate(items) if key(item) == last), 0)
    page = list(items[start : start + limit])
    more = start + limit < len(items)
    following: Json = {"has_more": more}
    if more:
        following["next_cursor"] = base64.urlsafe_b64encode(f"after:{key(page[-1])}".encode()).decode()
    return page, following


def _opened(cursor: str) -> str:
    try:
        text = base64.b64decode(cursor.encode(), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        text = ""
    if not text.startswith("after:"):
        raise Refusal("invalid_argument", "bad cursor")
    return text.removeprefix("after:")
