"""What we say of each column about a person: what kind of thing it is, why we hold it, and where it may go."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from timetravelers.kit.retention import Retention

# Nobody outside the house is told.
NEVER = ""
# The AI provider is told while the person's consent of this purpose is live.
AI_PROVIDER = "ai_provider"


class _Told(Enum):
    """A member is a key, a title and a sentence for the person."""

    def __init__(self, key: str, title: str, says: str) -> None:
        self.key = key
        self.title = title
        self.says = says


class Category(_Told):
    """What kind of thing something is; also what a record of what was sent out calls it."""

    IDENTITY = "identity", "Who you are", "What your account is known by here."
    CONTACT = "contact", "How to reach you", "Addresses that mail to you goes to."
    PROFILE = "profile", "Your profile", "What you say about yourself and your time."
    CAREER = "career", "Your career", "Where you come from, what you can do, and where you want to get to."
    LEARNING = "learning", "How you learn", "Your answers about learning, and what you prefer."
    CONVERSATION = "conversation", "Your conversations", "What you and your Travelers say to each other."
    PROGRESS = "progress", "Your missions", "What you took on, what you showed for it, and what you earned."
    DERIVED = "derived", "What we worked out", "Figures and suggestions that we made out of what you told us."
    USAGE = "usage", "Your use of the AI", "How many of your messages the AI answered, and what that cost us."
    CHOICES = "choices", "Your choices", "What you allowed us and asked of us, and when."
    SECURITY = "security", "Security", "What keeps others out of your account."
    TECHNICAL = "technical", "Technical", "Keys, states and moments that hold the rest together."


class Purpose(_Told):
    """Why we hold something."""

    ACCOUNT = "account", "Your account", "So that you have an account here, and can sign in to it."
    MATCHING = "matching", "Matching", "To find the Travelers and missions that suit where you want to go."
    MENTORING = "mentoring", "Mentoring", "To hold conversations that know what you told us, and keep them for you."
    PROGRESS = "progress", "Progress", "To keep your missions, what you showed for them, and what you earned."
    FAIR_USE = "fair_use", "Fair use", "To share out among everybody what the AI provider allows us, and to pay for it."
    SECURITY = "security", "Security", "To notice misuse of your account, and to stop it."
    RIGHTS = "rights", "Your rights", "To do what the law gives you a right to, and to be able to show that we did."
    ACCOUNTABILITY = "accountability", "Accountability", "To be able to say which member of staff did what."
    OPERATION = "operation", "Operation", "To run the service: nothing works without it, and it says little about you."


@dataclass(frozen=True, slots=True)
class Tag:
    """One column. `copy` is what the person's copy holds of it: labels, each with the lookup that is read.

    `leaves` is the purpose of the consent under which the AI provider may be told, or NEVER; with `leaves_as`
    only what that names may leave, which is worked out from the column. `special` columns show, or let one
    guess, what nobody may be judged by: neither TELL nor the AI sees them. Without `retention` the table's
    holds; with one, the column becomes `empty` when its time is up, and the row stays.
    """

    name: str
    category: Category
    purpose: Purpose
    copy: tuple[tuple[str, str], ...] = ()
    leaves: str = NEVER
    leaves_as: str = ""
    special: bool = False
    secret: bool = False
    retention: Retention | None = None
    empty: Any = None

    @property
    def copied(self) -> bool:
        return bool(self.copy)


def tag(
    name: str,
    category: Category,
    purpose: Purpose,
    *,
    copy: str | Mapping[str, str] = "",
    leaves: str = NEVER,
    leaves_as: str = "",
    special: bool = False,
) -> Tag:
    """A column that is in the person's copy: under its own name, with the value of the lookup `copy` if given.

    A mapping gives several labels, each with its lookup.
    """
    pairs = {name: copy or name} if isinstance(copy, str) else copy
    return Tag(name, category, purpose, tuple(pairs.items()), leaves, leaves_as, special)


def held(
    name: str,
    category: Category,
    purpose: Purpose,
    *,
    special: bool = False,
    retention: Retention | None = None,
    empty: Any = None,
) -> Tag:
    """A column that is not in the copy, as it would tell the person nothing, or something about others."""
    return Tag(name, category, purpose, special=special, retention=retention, empty=empty)


def secret(name: str, purpose: Purpose = Purpose.SECURITY, *, retention: Retention | None = None) -> Tag:
    """A column that opens something, or is sealed: in no copy, and told to nobody."""
    return Tag(name, Category.SECURITY, purpose, secret=True, retention=retention, empty="")


def technical(*names: str) -> list[Tag]:
    """Keys, counters, locks and moments that matter to the machine alone; not in the copy."""
    return [Tag(name, Category.TECHNICAL, Purpose.OPERATION) for name in names]


def stamped(*names: str, **reads: str) -> list[Tag]:
    """Public ids, states and moments, which the copy holds too; `turn="turn__uid"` names the lookup to read."""
    pairs = {**dict(zip(names, names, strict=True)), **reads}
    return [Tag(name, Category.TECHNICAL, Purpose.OPERATION, ((name, lookup),)) for name, lookup in pairs.items()]
