"""What recall looks through: of each turn and each kept memory, its words as numbers and its meaning as a point."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from consciousness.models.memories import Memory
from consciousness.models.turns import Turn


class Passage(models.Model):
    """Worked out of the words of one turn or one memory, and gone with it; it holds nothing that could be read.

    `code` is empty until a worker has come by, and so is `model`, which made it. `written_at` is when the row was
    last written; whoever has seen a person's passages up to some moment asks for those that were written since.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    turn = models.OneToOneField(Turn, null=True, blank=True, on_delete=models.CASCADE, related_name="passage")
    memory = models.OneToOneField(Memory, null=True, blank=True, on_delete=models.CASCADE, related_name="passage")
    terms = models.BinaryField(help_text="Numbers of stems, four bytes each.")
    code = models.BinaryField(null=True, help_text="A byte a dimension.")
    model = models.CharField(max_length=60, blank=True, default="")
    written_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(turn__isnull=True) ^ Q(memory__isnull=True), name="passage_of_turn_or_memory"
            ),
            models.CheckConstraint(condition=Q(code__isnull=True) ^ ~Q(model=""), name="passage_code_has_model"),
        ]
        indexes = [
            models.Index(fields=["user", "written_at"], name="passage_news"),
            models.Index(fields=["id"], condition=Q(code__isnull=True), name="passage_without_code"),
        ]

    def __str__(self) -> str:
        return f"passage {self.pk}"
