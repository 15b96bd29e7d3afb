"""What people think of replies, and of sessions as a whole."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from consciousness.models.messages import Message
from consciousness.models.sessions import Session
from timetravelers.kit.models import Timestamped

FEWEST_STARS, MOST_STARS = 1, 5
MAX_FEEDBACK_CHARACTERS = 2_000


class Rating(Timestamped):
    """Of one reply, or of the whole session if `message` is empty. `feedback` is for the house, and goes nowhere."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="ratings", db_index=False)
    message = models.ForeignKey(Message, null=True, blank=True, on_delete=models.CASCADE, related_name="ratings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    stars = models.PositiveSmallIntegerField()
    feedback = models.CharField(max_length=MAX_FEEDBACK_CHARACTERS, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["session", "message", "user"], nulls_distinct=False, name="rating_once_a_person"
            ),
            models.CheckConstraint(
                condition=Q(stars__gte=FEWEST_STARS, stars__lte=MOST_STARS), name="rating_stars_in_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stars} of {MOST_STARS} for {self.message_id or self.session_id}"
