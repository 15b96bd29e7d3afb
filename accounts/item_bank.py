"""The questions about learning preferences, out of reviewed content files, one file a version."""

from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from django.conf import settings

from timetravelers.kit.content import ContentError, read_document

FOLDER = "learning/items"


@dataclass(frozen=True, slots=True)
class Item:
    """A line to agree with; `sign` is 1 when agreeing speaks for the axis's second pole, -1 for the first."""

    key: str
    axis: str
    sign: int
    text: str


@dataclass(frozen=True, slots=True)
class AttentionCheck:
    """A line that asks for a certain answer, and what people are told when it got another."""

    key: str
    text: str
    expected: int
    failed: str


@dataclass(frozen=True)
class ItemBank:
    """One version of the questions; `scale` names the answers from 1 up."""

    version: int
    intro: str
    scale: tuple[str, ...]
    attention: AttentionCheck
    items: tuple[Item, ...]

    @cached_property
    def lines(self) -> tuple[tuple[str, str], ...]:
        """Key and text of all that is shown, in order, the attention check in the middle."""
        shown = [(item.key, item.text) for item in self.items]
        middle = len(shown) // 2
        return (*shown[:middle], (self.attention.key, self.attention.text), *shown[middle:])

    @cached_property
    def keys(self) -> frozenset[str]:
        """Keys of all that may be answered."""
        return frozenset(key for key, _ in self.lines)


@cache
def item_bank(version: int) -> ItemBank:
    """A published version; older ones stay readable for good. Raises ContentError when it is missing or bad."""
    file = f"{FOLDER}/{version}.yaml"
    data = read_document(settings.CONTENT_DIR, file, "items").data
    if data["version"] != version:
        raise ContentError(file, "/version", f"the file's name says {version}")
    return _bank(data)


@cache
def current_version() -> int:
    """The newest version there is; raises ContentError when there is none."""
    versions = [int(path.stem) for path in (settings.CONTENT_DIR / FOLDER).glob("*.yaml") if path.stem.isdecimal()]
    if not versions:
        raise ContentError(FOLDER, "/", "there is no version of the questions")
    return max(versions)


def _bank(data: dict[str, Any]) -> ItemBank:
    return ItemBank(
        version=data["version"],
        intro=data["intro"],
        scale=tuple(data["scale"]),
        attention=AttentionCheck(**data["attention"]),
        items=tuple(_item(entry) for entry in data["items"]),
    )


def _item(entry: dict[str, Any]) -> Item:
    sign = 1 if entry["toward"] == "second" else -1
    return Item(key=entry["key"], axis=entry["axis"], sign=sign, text=entry["text"])
