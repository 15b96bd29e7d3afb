"""Working out what passages mean: behind the scenes, a few at a time, so that nobody waits for it."""

from time import monotonic

from django.db import transaction

from consciousness.models import Memory, Passage
from consciousness.recall import Passage as Text
from consciousness.recall import codes_of
from consciousness.recall.embedding import MODEL, Embedder, default_embedder
from consciousness.selectors.passages import spoken_in
from timetravelers.kit.statements import fetch_all

BATCH = 16
# Less than from one round to the next, so that a backlog keeps one thread of one worker busy and no more.
MOST_SECONDS = 4.0

_WRITE = """
    UPDATE consciousness_passage passage
       SET code = made.code, model = %s, written_at = clock_timestamp()
      FROM unnest(%s::bigint[], %s::bytea[]) AS made (id, code)
     WHERE passage.id = made.id
    RETURNING passage.id
"""


def embed_passages(*, embedder: Embedder | None = None, seconds: float = MOST_SECONDS) -> int:
    """Give passages their points for up to so many seconds; how many it were. Several workers share them out.

    A passage is locked while the model works on it, a fraction of a second: what is being forgotten waits for that,
    and is gone then; nothing is read, or written, of what is gone already.
    """
    until, made = monotonic() + seconds, 0
    while True:
        found = _embed_some(embedder or default_embedder())
        made += found
        if found < BATCH or monotonic() > until:
            return made


@transaction.atomic
def _embed_some(embedder: Embedder) -> int:
    waiting = Passage.objects.filter(code__isnull=True).order_by("pk")
    locked = waiting.select_for_update(skip_locked=True, no_key=True, of=("self",))[:BATCH]
    turns: dict[int, int | None] = dict(locked.values_list("pk", "turn_id"))
    texts = _texts_of(turns)
    codes = codes_of(list(texts.values()), embedder)
    # Of what has no words any more there is nothing to work out, now or later.
    Passage.objects.filter(pk__in=turns.keys() - texts.keys()).delete()
    if texts:
        fetch_all(_WRITE, [MODEL, list(texts), [code.tobytes() for code in codes]])
    return len(turns)


def _texts_of(passages: dict[int, int | None]) -> dict[int, Text]:
    spoken = spoken_in([turn for turn in passages.values() if turn is not None])
    memories = Memory.objects.filter(passage__in=[key for key, turn in passages.items() if turn is None])
    texts = {key: spoken[turn].passage for key, turn in passages.items() if turn in spoken}
    for key, text, at in memories.values_list("passage__pk", "text", "created_at"):
        texts[key] = Text(key, at, text)
    return texts
