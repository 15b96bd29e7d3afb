"""What people want their mentor to be told in any case, or never."""

from django.db import models
from django.db.models import Q

from consciousness.models.files import File
from consciousness.models.memories import Memory
from consciousness.models.sessions import Session
from consciousness.models.summaries import SummaryPart
from consciousness.models.turns import Turn
from consciousness.querysets import ContextMarkQuerySet
from timetravelers.kit.rules import one_of

TARGETS = ("turn", "memory", "file", "summary")


def _one_target() -> Q:
    condition = Q()
    for target in TARGETS:
        others = {f"{other}__isnull": other != target for other in TARGETS}
        condition |= Q(**others)
    return condition


class ContextMark(models.Model):
    """One thing that is pinned to the context of a session, or excluded from it.

    A turn that is excluded in the session in which it was said is told in no other one either.
    """

    class Mark(models.TextChoices):
        PINNED = "pinned"
        EXCLUDED = "excluded"

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="marks", db_index=False)
    mark = models.CharField(max_length=8, choices=Mark)
    turn = models.ForeignKey(Turn, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    memory = models.ForeignKey(Memory, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    file = models.ForeignKey(File, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    summary = models.ForeignKey(SummaryPart, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ContextMarkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["session", *TARGETS], nulls_distinct=False, name="context_mark_once_a_target"
            ),
            models.CheckConstraint(condition=_one_target(), name="context_mark_has_one_target"),
            one_of("mark", ("pinned", "excluded"), "context_mark_known"),
        ]

    def __str__(self) -> str:
        return f"{self.mark} {self.turn_id or self.memory_id or self.file_id or self.summary_id}"
