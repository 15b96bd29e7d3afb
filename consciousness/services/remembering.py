"""What mentors remember of people: proposed after sessions, and kept, edited, rejected and forgotten by the person."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from accounts.models import User
from consciousness.errors import MemoryKnown, MemoryNotFound
from consciousness.gist import gist_of
from consciousness.models import Memory, MemorySource, Message, Session
from consciousness.models.memories import MAX_MEMORY_CHARACTERS
from consciousness.recall.words import words_of
from consciousness.services.grounds import are_grounds
from consciousness.services.log import lock_sessions_of
from consciousness.services.passages import read_memory
from consciousness.services.stale import make_tasks_stale
from timetravelers.kit.clock import now
from timetravelers.kit.errors import PreconditionFailed
from timetravelers.kit.text import has_control_characters

MOST_PROPOSED = 20
# Of one person, rejected ones among them; who has more is proposed nothing until they forget some.
MOST_REMEMBERED = 2_000


@dataclass(frozen=True, slots=True)
class Proposed:
    """Something to remember, and the messages of the person's that say so."""

    kind: str
    text: str
    confidence: float
    messages: tuple[UUID, ...]


@transaction.atomic
def propose_memories(session: Session, proposals: Sequence[Proposed]) -> list[Memory]:
    """Propose to the session's owner what is new among these, at most MOST_PROPOSED; returns what was proposed.

    Quarantine: a proposal whose words the person's own messages of this session do not carry is dropped, so that
    nothing out of files, the web or replies is ever remembered. What is remembered or proposed already gets more
    sources; what was rejected is not proposed again. Done twice it is done once. Locks the person's memories.
    """
    said = _said_by_owner(session, proposals)
    known = _Known(session.user_id)
    made = []
    for proposal in proposals[:MOST_PROPOSED]:
        sources = [said[uid] for uid in dict.fromkeys(proposal.messages) if uid in said]
        text = " ".join(proposal.text.split())
        if known.is_full or not _is_sound(proposal.kind, text, proposal.confidence, sources):
            continue
        if (earlier := known.like(text)) is not None:
            _add_sources(earlier, sources)
            continue
        memory = _create(session, proposal, text)
        _add_sources(memory, sources)
        known.add(memory)
        made.append(memory)
    return made


@transaction.atomic
def keep_memory(*, memory: UUID, actor: User, expected_revision: int | None = None) -> Memory:
    """Let mentors be told of it from now on; one that was rejected may be kept after all. Locks the memory.

    Raises MemoryNotFound and PreconditionFailed.
    """
    return _decide(_lock(memory, actor, expected_revision), Memory.State.KEPT)


@transaction.atomic
def reject_memory(*, memory: UUID, actor: User, expected_revision: int | None = None) -> Memory:
    """Never use it, and never propose it again; mentors that were told begin anew without it.

    Locks all sessions of the person, in order, then the memory. Raises MemoryNotFound and PreconditionFailed.
    """
    lock_sessions_of(actor.pk)
    found = _lock(memory, actor, expected_revision)
    _untell(found)
    return _decide(found, Memory.State.REJECTED)


@transaction.atomic
def edit_memory(
    *, memory: UUID, actor: User, text: str | None = None, kind: str | None = None, expected_revision: int | None = None
) -> Memory:
    """Put it as the person wants, which also keeps it: these are their own words. Nothing named, nothing done.

    Locks all sessions of the person, in order, then the memory. Raises MemoryNotFound, PreconditionFailed, and
    MemoryKnown if another memory says so in the same words.
    """
    lock_sessions_of(actor.pk)
    found = _lock(memory, actor, expected_revision)
    if text is None and kind is None:
        return found
    if text is not None and text != found.text:
        _untell(found)
        found.text, found.fingerprint = text, fingerprint_of(text)
        _require_new(found)
    found.kind = kind or found.kind
    found.state, found.decided_at = Memory.State.KEPT, found.decided_at or now()
    return _save(found)


def forget(memories: Sequence[Memory]) -> None:
    """Forget some of a person's memories, in the caller's transaction; mentors that were told them begin anew."""
    told = next((memory for memory in memories if memory.last_used_at is not None), None)
    if told is not None:
        _untell(told)
    Memory.objects.filter(pk__in=[memory.pk for memory in memories]).delete()


def note_use(memories: Sequence[str]) -> None:
    """These, by public id, are told in a call that is about to be made."""
    if memories:
        # Two calls of one person may use the same at once, and nobody waits for the other one over a time.
        free = Memory.objects.select_for_update(skip_locked=True, no_key=True).filter(uid__in=memories)
        Memory.objects.filter(pk__in=list(free.values_list("pk", flat=True))).update(last_used_at=now())


def fingerprint_of(text: str) -> str:
    """The same for texts that differ in case, accents and signs alone."""
    return hashlib.sha256(" ".join(words_of(text)).encode()).hexdigest()


class _Known:
    """What is remembered of a person, or was proposed or rejected."""

    def __init__(self, user_id: int) -> None:
        rows = Memory.objects.select_for_update().filter(user=user_id).order_by("pk")
        self._known = [(memory, gist_of(memory.text)) for memory in rows]

    @property
    def is_full(self) -> bool:
        return len(self._known) >= MOST_REMEMBERED

    def add(self, memory: Memory) -> None:
        self._known.append((memory, gist_of(memory.text)))

    def like(self, text: str) -> Memory | None:
        """The one that says the same, if there is one."""
        fingerprint, gist = fingerprint_of(text), gist_of(text)
        return next((one for one, held in self._known if one.fingerprint == fingerprint or held.is_like(gist)), None)


def _said_by_owner(session: Session, proposals: Sequence[Proposed]) -> dict[UUID, Message]:
    uids = {uid for proposal in proposals for uid in proposal.messages}
    own = session.messages.filter(uid__in=uids, author=Message.Author.USER, turn__withheld=False)
    return {message.uid: message for message in own}


def _is_sound(kind: str, text: str, confidence: float, sources: Sequence[Message]) -> bool:
    if kind not in Memory.Kind.values or not 0 <= confidence <= 1:
        return False
    if not 0 < len(text) <= MAX_MEMORY_CHARACTERS or has_control_characters(text):
        return False
    return are_grounds(text, [message.text for message in sources])


def _create(session: Session, proposal: Proposed, text: str) -> Memory:
    return Memory.objects.create(
        user_id=session.user_id,
        session=session,
        kind=proposal.kind,
        text=text,
        fingerprint=fingerprint_of(text),
        confidence=proposal.confidence,
    )


def _add_sources(memory: Memory, sources: Sequence[Message]) -> None:
    made = [MemorySource(memory=memory, message=message) for message in sources]
    MemorySource.objects.bulk_create(made, ignore_conflicts=True)


def _lock(uid: UUID, actor: User, expected_revision: int | None) -> Memory:
    found = Memory.objects.select_for_update().filter(user_id=actor.pk, uid=uid).first()
    if found is None:
        raise MemoryNotFound
    if expected_revision is not None and expected_revision != found.revision:
        raise PreconditionFailed("Read it again and apply your change to the newest version.")
    return found


def _decide(memory: Memory, state: Memory.State) -> Memory:
    if memory.state == state:
        return memory
    memory.state, memory.decided_at = state, now()
    return _save(memory)


def _save(memory: Memory) -> Memory:
    memory.revision += 1
    memory.save()
    read_memory(memory)
    return memory


def _require_new(memory: Memory) -> None:
    same = Memory.objects.filter(user=memory.user_id, fingerprint=memory.fingerprint).exclude(pk=memory.pk)
    if same.exists():
        raise MemoryKnown


def _untell(memory: Memory) -> None:
    if memory.last_used_at is not None:
        make_tasks_stale(memory.user_id)
