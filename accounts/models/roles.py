"""What somebody may do beyond being a person, and the record of who changed it."""

from django.conf import settings
from django.db import models

from timetravelers.kit.models import PublicId
from timetravelers.kit.rules import one_of


class Role(models.TextChoices):
    """Each is also a Django group of that name, which carries the permissions."""

    USER = "user"
    MENTOR = "mentor"
    ADMIN = "admin"


class RoleChange(PublicId):
    """An entry of the append-only record: `actor` gave `user` another role, shut them out, or let them in."""

    class Kind(models.TextChoices):
        ROLE = "role"
        BANNED = "banned"
        READMITTED = "readmitted"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="role_changes")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    before = models.CharField(max_length=10, choices=Role)
    after = models.CharField(max_length=10, choices=Role)
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["user", "-id"], name="role_change_list")]
        constraints = [
            one_of("kind", ("role", "banned", "readmitted"), "role_change_kind_known"),
            one_of("before", Role.values, "role_change_before_known"),
            one_of("after", Role.values, "role_change_after_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.before} {self.after}"
