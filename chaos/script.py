"""What happens to one conversation: a list of acts, all of it out of one seed."""

from dataclasses import dataclass
from random import Random

WORDS = (
    "My first month in the new team is nearly over.",
    "Nobody asked me what I think of the plan.",
    "How would you begin with somebody who does not trust me yet?",
    "I could take the other offer.",
    "What did you regret most?",
    "Say that again, please, for somebody who is slow today. Ich bin müde. 疲れた。",
)


@dataclass(frozen=True, slots=True)
class Say:
    """Say something, `copies` times at once under one client id, and perhaps wait for the reply."""

    client_id: str
    text: str
    copies: int
    waits: bool


@dataclass(frozen=True, slots=True)
class Drop:
    """Lose the connection without a word, in so many seconds from now, whatever happens then."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Pause:
    """Do nothing."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Move:
    """Go on over the other transport."""


@dataclass(frozen=True, slots=True)
class Forget:
    """The app is installed anew: hear everything from the beginning."""


@dataclass(frozen=True, slots=True)
class Cancel:
    """Never mind the newest turn."""


@dataclass(frozen=True, slots=True)
class Retry:
    """Try the newest failed turn again."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Say something else in place of an earlier turn: the `number`-th, counted round and round."""

    client_id: str
    text: str
    number: int
    copies: int


@dataclass(frozen=True, slots=True)
class Regenerate:
    """Want another reply to what was said last."""

    client_id: str


Act = Say | Drop | Pause | Move | Forget | Cancel | Retry | Edit | Regenerate


@dataclass(frozen=True, slots=True)
class Script:
    """Of one run. With a `second` device somebody listens beside, and loses its connections too."""

    seed: int
    acts: tuple[Act, ...]
    polls: bool
    second: bool


def script_of(seed: int) -> Script:
    """The same seed, the same script."""
    random = Random(seed)
    acts: list[Act] = []
    for number in range(random.choices((1, 2, 3, 4), (4, 3, 2, 1))[0]):
        acts += _mishaps(random)
        acts.append(_saying(random, number))
        if random.random() < 0.1:
            acts.append(Cancel())
    acts += _mishaps(random)
    if random.random() < 0.5:
        acts.append(Retry())
    if random.random() < 0.1:
        acts += [Edit("e-0", f"Rather: {random.choice(WORDS)}", random.randrange(4), random.choice((1, 1, 2)))]
        acts += _mishaps(random)
    if random.random() < 0.1:
        acts += [Regenerate("r-0"), *_mishaps(random)]
    return Script(seed, tuple(acts), polls=random.random() < 0.25, second=random.random() < 0.25)


def _saying(random: Random, number: int) -> Say:
    copies = random.choices((1, 2, 3), (7, 2, 1))[0]
    return Say(f"s-{number}", f"{number}. {random.choice(WORDS)}", copies, waits=random.random() < 0.5)


def _mishaps(random: Random) -> list[Act]:
    found: list[Act] = []
    if random.random() < 0.4:
        found.append(Drop(random.uniform(0.0, 0.8)))
    if random.random() < 0.15:
        found.append(Move())
    if random.random() < 0.05:
        found.append(Forget())
    if random.random() < 0.3:
        found.append(Pause(random.uniform(0.0, 0.6)))
    return found
