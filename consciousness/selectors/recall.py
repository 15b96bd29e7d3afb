"""What of all that somebody ever said fits a question."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import numpy as np

from accounts.models import Profile
from consciousness.appointments import zone_of
from consciousness.models import Memory, Passage, Session
from consciousness.recall import Found, Mix, asked_of, best_of
from consciousness.recall.embedding import default_embedder
from consciousness.recall.index import Index
from consciousness.recall.scoring import Asked, scored
from consciousness.searching import stemmer_of
from consciousness.selectors.passages import spoken_in
from consciousness.selectors.shelves import Shelf, forget_shelf, shelf_of

# Of what is found, some may stand on other branches than those in view.
SPARE = 2
# Somebody may delete while we look; nobody does so all the time.
ROUNDS = 4


@dataclass(frozen=True, slots=True)
class Recalled:
    """A turn that fits, and how well; `words`, `meaning` and `time`, each from 0 to 1, say why."""

    turn: UUID
    session: UUID
    at: datetime
    score: float
    said: str
    answered: str
    messages: tuple[UUID, ...]
    words: float = 0.0
    meaning: float = 0.0
    time: float = 0.0


def recalled_turns(
    *, user: int, question: str, asked_at: datetime, limit: int, not_of: UUID | None = None
) -> list[Recalled]:
    """Turns of the person's that fit the question, the best first, at most `limit`, without those of one session.

    Only what stands on the branch in view is found, and never what was deleted before the call. A turn is found by
    its words some seconds after it is over, by its meaning when a worker has come by. At most five queries, however
    much was said; more only when something was deleted since this process looked last.
    """
    session = Session.objects.filter(uid=not_of).values_list("pk", flat=True).first() if not_of else None
    found = _searched(_Ask(user, question, asked_at, limit * SPARE), lambda shelf: shelf.turns, without=session)
    spoken = spoken_in([turn for _, turn in found.values() if turn is not None])
    standing = [(each, spoken[turn]) for each, turn in found.values() if turn in spoken]
    return [
        Recalled(
            turn=said.turn,
            session=said.session,
            at=said.at,
            score=each.score,
            said=said.said,
            answered=said.answered,
            messages=said.messages,
            words=each.words,
            meaning=each.meaning,
            time=each.time,
        )
        for each, said in standing[:limit]
    ]


def recalled_memories(*, user: int, question: str, asked_at: datetime, limit: int) -> list[tuple[int, float]]:
    """Kept memories that fit, by key, each with how well, the best first; under the same conditions."""
    found = _searched(_Ask(user, question, asked_at, limit), lambda shelf: shelf.memories)
    kept = dict(Memory.objects.filter(passage__in=found, state=Memory.State.KEPT).values_list("passage__pk", "pk"))
    return [(kept[key], each.score) for key, (each, _) in found.items() if key in kept]


@dataclass(frozen=True, slots=True)
class _Ask:
    user: int
    question: str
    asked_at: datetime
    limit: int


def _searched(
    ask: _Ask, part: Callable[[Shelf], Index], without: int | None = None
) -> dict[int, tuple[Found, int | None]]:
    """Finds by the key of their passage, the best first, each with its turn if that stands on the branch in view.

    Nothing that is gone had a say in them.
    """
    asked: Asked | None = None
    for _ in range(ROUNDS):
        index = part(shelf_of(ask.user))
        if ask.limit < 1 or not index.standing.any():
            return {}
        asked = asked or _read(ask, by_meaning=bool(index.known.any()))
        result = scored(index, asked, Mix())
        if without is not None:
            result.total[index.of_group(without)] = -np.inf
        found = {int(index.keys[place]): each for place, each in best_of(index, result, ask.limit)}
        keys = {*found, *index.keys[result.leads].tolist()}
        turns = _turns_of(keys)
        if len(turns) == len(keys):
            return {key: (each, turns[key]) for key, each in found.items()}
        forget_shelf(ask.user)
    return {}


def _read(ask: _Ask, *, by_meaning: bool) -> Asked:
    lives = Profile.objects.filter(user_id=ask.user).values_list("languages", "time_zone").first()
    languages, zone = lives or ([], "")
    embedder = default_embedder() if by_meaning else None
    return asked_of(
        ask.question, ask.asked_at, embedder, language=stemmer_of(languages), zone=zone_of(zone) if zone else None
    )


def _turns_of(passages: Collection[int]) -> dict[int, int | None]:
    """Of those that still stand: their turn, if they have one on the branch in view."""
    rows = Passage.objects.filter(pk__in=passages).values_list("pk", "turn_id", "turn__on_branch")
    return {key: turn if on_branch else None for key, turn, on_branch in rows}
