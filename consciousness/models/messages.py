"""What was said, by whom."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q

from consciousness.models.sessions import Session
from consciousness.models.turns import Turn
from timetravelers.kit.models import PublicId
from timetravelers.kit.rules import given, one_of


class Message(PublicId):
    """Something said.

    Of a reply, `engine` gave it; `simulated` is true when no real provider stood behind it, `stand_in` when it
    only filled in for the engine that should have answered; `is_question`, that the Traveler waits for an answer.
    `superseded_at` says when another reply took its place; it is kept, and may be chosen again.
    """

    class Author(models.TextChoices):
        USER = "user"
        TRAVELER = "traveler"

    class Kind(models.TextChoices):
        """What else it is than something said; empty: nothing else."""

        CRISIS_CARD = "crisis_card"  # fixed words of the house's, with help from people

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="messages", db_index=False)
    turn = models.ForeignKey(Turn, on_delete=models.CASCADE, related_name="messages")
    author = models.CharField(max_length=10, choices=Author)
    text = models.TextField(max_length=40_000)
    client_id = models.CharField(max_length=64, null=True)  # noqa: DJ001 - null, so that only phones' ids are unique
    engine = models.CharField(max_length=20, blank=True)
    simulated = models.BooleanField(default=False)
    stand_in = models.BooleanField(default=False)
    kind = models.CharField(max_length=12, choices=Kind, blank=True, default="", db_default="")
    is_question = models.BooleanField(default=False, db_default=False)
    superseded_at = models.DateTimeField(null=True, blank=True)
    seq = models.PositiveBigIntegerField(null=True, help_text="Of the event that reported it.")
    words = SearchVectorField(null=True, help_text="For searching; empty until a worker has come by.")
    received_at = models.DateTimeField(null=True, help_text="When the house heard it; it was stored at `created_at`.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["session", "client_id"], name="message_client_id_once"),
            models.UniqueConstraint(fields=["session", "seq"], name="message_seq_once"),
            models.UniqueConstraint(
                fields=["turn"],
                condition=Q(author="traveler", superseded_at__isnull=True),
                name="message_one_live_reply_a_turn",
            ),
            models.CheckConstraint(
                condition=Q(superseded_at__isnull=True, is_question=False) | Q(author="traveler"),
                name="message_of_user_stands",
            ),
            one_of("author", ("user", "traveler"), "message_author_known"),
            one_of("kind", ("", "crisis_card"), "message_kind_known"),
            given("text", name="message_text_given"),
            models.CheckConstraint(
                condition=Q(client_id__isnull=True) | Q(author="user"), name="message_client_id_is_users"
            ),
        ]
        indexes = [
            # Without it a page of one transcript may be looked for among the messages of all.
            models.Index(fields=["session", "id"], name="message_transcript"),
            # A message that no worker has read yet costs this index nothing.
            GinIndex(fields=["words"], condition=Q(words__isnull=False), name="message_words"),
            models.Index(fields=["id"], condition=Q(words__isnull=True), name="message_unread_by_search"),
        ]

    def __str__(self) -> str:
        return f"{self.author} {self.uid}"
