"""What mentors remember, as people see it."""

from uuid import UUID

from django.db.models import Prefetch, QuerySet

from accounts.models import User
from consciousness.errors import MemoryNotFound
from consciousness.models import Memory, MemorySource


def memories_of(actor: User, *, state: str = "", kind: str = "", text: str = "") -> QuerySet[Memory]:
    """The actor's memories with their sources, newest first: of a state and kind, and with a text in them."""
    sources = Prefetch("sources", MemorySource.objects.select_related("message__session").order_by("message"))
    memories = Memory.objects.filter(user_id=actor.pk).select_related("session").prefetch_related(sources)
    if state:
        memories = memories.filter(state=state)
    if kind:
        memories = memories.filter(kind=kind)
    return memories.filter(text__icontains=text) if text else memories


def memory_for(actor: User, uid: UUID) -> Memory:
    """One of them; raises MemoryNotFound."""
    memory = memories_of(actor).filter(uid=uid).first()
    if memory is None:
        raise MemoryNotFound
    return memory
