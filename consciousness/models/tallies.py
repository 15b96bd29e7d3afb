"""Counts that outlive what they count, and say nothing of anybody."""

from django.db import models

from timetravelers.kit.rules import at_least


class CrisisTally(models.Model):
    """How many crisis cards were shown on a day (UTC): the law asks for the number, and it is nobody's."""

    day = models.DateField(unique=True)
    shown = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [at_least("shown", 1, "crisis_tally_from_one")]

    def __str__(self) -> str:
        return f"{self.shown} on {self.day}"
