"""Files that people send into sessions and that Travelers send back, what can be read in them, and their copies."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from consciousness.models.messages import Message
from mentors.models import ManusAccount
from timetravelers.kit.models import PublicId
from timetravelers.kit.rules import SHA256, given, one_of

MAX_NAME_CHARACTERS = 120


class File(PublicId):
    """One file: of a person, who sends it in pieces, or of a Traveler, from whose engine it is fetched.

    What has come in waits in the storage as `parts` until a worker has checked it; of a `ready` file the storage has
    the clean bytes under `key`. `size` and `sha256` are what was announced while it comes in, and what is kept then.
    A file that no message has claimed goes at `expires_at`. `reason` says why it was refused, as a stable code.
    """

    class State(models.TextChoices):
        UPLOADING = "uploading"
        FETCHING = "fetching"
        CHECKING = "checking"
        READY = "ready"
        REFUSED = "refused"

    class Origin(models.TextChoices):
        USER = "user"
        TRAVELER = "traveler"

    COMING = (State.UPLOADING, State.FETCHING, State.CHECKING)

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="files", db_index=False)
    message = models.ForeignKey(Message, null=True, blank=True, on_delete=models.CASCADE, related_name="files")
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.USER)
    name = models.CharField(max_length=MAX_NAME_CHARACTERS)
    media_type = models.CharField(max_length=80, blank=True, default="")
    size = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True, default="")
    state = models.CharField(max_length=10, choices=State, default=State.UPLOADING)
    reason = models.CharField(max_length=20, blank=True, default="")
    key = models.CharField(max_length=32, unique=True)
    parts = ArrayField(models.CharField(max_length=60), default=list, help_text="Names in the storage, in order.")
    received = models.PositiveIntegerField(default=0, help_text="Bytes in the parts.")
    pages = models.PositiveIntegerField(null=True, blank=True)
    has_thumbnail = models.BooleanField(default=False)
    source = models.TextField(blank=True, default="", help_text="Where a Traveler's file is fetched; sealed.")
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            one_of("state", ("uploading", "fetching", "checking", "ready", "refused"), "file_state_known"),
            one_of("origin", ("user", "traveler"), "file_origin_known"),
            given("name", "key", name="file_named"),
            models.CheckConstraint(condition=Q(state="refused") ^ Q(reason=""), name="file_refused_has_reason"),
            models.CheckConstraint(
                condition=~Q(state="ready") | Q(sha256__regex=SHA256, size__gte=1) & ~Q(media_type=""),
                name="file_ready_is_known",
            ),
            models.CheckConstraint(
                condition=Q(message__isnull=False) | Q(expires_at__isnull=False), name="file_unclaimed_expires"
            ),
            models.CheckConstraint(
                condition=Q(origin="traveler") | Q(message__isnull=True) | Q(state="ready"),
                name="file_claimed_when_ready",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="file_list"),
            models.Index(fields=["due_at"], condition=Q(state__in=["fetching", "checking"]), name="file_due"),
            models.Index(fields=["expires_at"], condition=Q(expires_at__isnull=False), name="file_expires"),
        ]

    def __str__(self) -> str:
        return f"{self.uid} {self.state}"


class Extract(models.Model):
    """What can be read in a file, as far as it was read; it came from outside, and is never to be trusted."""

    file = models.OneToOneField(File, on_delete=models.CASCADE, related_name="extract")
    text = models.TextField()

    class Meta:
        constraints = [given("text", name="extract_text_given")]

    def __str__(self) -> str:
        return f"of {self.file_id}"


class FileCopy(models.Model):
    """A file as an account at the provider has it; without a `reference` it was on its way and may never have come.

    It is good until `expires_at`: the provider keeps what it is sent for two days.
    """

    file = models.ForeignKey(File, on_delete=models.CASCADE, related_name="copies", db_index=False)
    account = models.ForeignKey(ManusAccount, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=120, blank=True, default="")
    is_refused = models.BooleanField(default=False, help_text="The provider does not take it.")
    expires_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "account"], name="file_copy_once_an_account"),
            models.CheckConstraint(
                condition=Q(reference="") ^ Q(expires_at__isnull=False), name="file_copy_there_expires"
            ),
        ]

    def __str__(self) -> str:
        return f"of {self.file_id} at {self.account_id}"


class Remnant(models.Model):
    """Something outside the database that a file has left behind and that is to be deleted: it names nobody.

    `kind` says where `reference` leads: a name in the storage, or `account/file` at the provider.
    """

    class Kind(models.TextChoices):
        STORED = "stored"
        PROVIDER = "provider"

    kind = models.CharField(max_length=10, choices=Kind)
    reference = models.CharField(max_length=160)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(db_index=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            one_of("kind", ("stored", "provider"), "remnant_kind_known"),
            given("reference", name="remnant_says_what"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
