"""What Manus costs: budgets, and the ledger that they are sums of."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from mentors.models.accounts import ManusAccount


class CreditBudget(models.Model):
    """What is held and spent of one budget: of a day, of a user's day, or of a session."""

    class Scope(models.TextChoices):
        DAY = "day"
        USER = "user"
        SESSION = "session"

    scope = models.CharField(max_length=10, choices=Scope)
    key = models.CharField(max_length=60, unique=True)
    day = models.DateField(null=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    session_ref = models.UUIDField(null=True)
    held = models.IntegerField(default=0)
    spent = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(scope="day", day__isnull=False, owner__isnull=True, session_ref__isnull=True)
                | Q(scope="user", day__isnull=False, owner__isnull=False, session_ref__isnull=True)
                | Q(scope="session", day__isnull=True, session_ref__isnull=False),
                name="credit_budget_scope_shape",
            ),
            models.CheckConstraint(condition=Q(held__gte=0), name="credit_budget_held_not_negative"),
        ]
        indexes = [models.Index(fields=["-day", "scope"], name="credit_budget_days")]

    def __str__(self) -> str:
        return f"{self.scope} {self.day or self.session_ref}"


class CreditEntry(models.Model):
    """An entry of the append-only ledger: credits put by, given back, spent, or corrected."""

    class Kind(models.TextChoices):
        HOLD = "hold"
        RELEASE = "release"
        SPEND = "spend"
        CORRECTION = "correction"  # the provider's own ledger says otherwise

    kind = models.CharField(max_length=12, choices=Kind)
    amount = models.IntegerField()
    day = models.DateField(help_text="The UTC day whose budgets it counts in.")
    subject = models.UUIDField(null=True)
    attempt = models.PositiveSmallIntegerField(default=0)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    session_ref = models.UUIDField(null=True)
    account = models.ForeignKey(ManusAccount, on_delete=models.PROTECT, related_name="+")
    task = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "attempt", "kind"],
                condition=~Q(kind="correction"),
                name="credit_entry_once",
            ),
            models.CheckConstraint(
                condition=Q(kind="hold", amount__gte=0)
                | Q(kind="release", amount__lte=0)
                | Q(kind="spend", amount__gte=0)
                | (Q(kind="correction") & ~Q(amount=0)),
                name="credit_entry_sign",
            ),
            models.CheckConstraint(
                condition=Q(kind="correction") | Q(subject__isnull=False), name="credit_entry_has_subject"
            ),
        ]
        indexes = [
            models.Index(fields=["account", "task"], condition=~Q(task=""), name="credit_entry_task"),
            models.Index(fields=["owner", "day"], name="credit_entry_owner"),
            models.Index(fields=["created_at"], name="credit_entry_created"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"
