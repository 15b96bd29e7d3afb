"""The accounts at Manus as staff see them: keys go in and never come out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from accounts.errors import StepUpRequired
from accounts.staff import require_fresh_staff
from mentors.manus import accounts
from mentors.manus.breaker import State
from mentors.manus.transport import KeyAuth
from mentors.manus.windows import DOCUMENTED
from mentors.models import CreditEntry, ManusAccount, ManusUse
from mentors.services.accounts import add_account, check_account, close_breaker, rotate_key, set_active, set_limits
from timetravelers.kit.admin import ReadMostlyAdmin, ReadOnlyInline
from timetravelers.kit.clock import now

HIGHEST_LIMIT = 100_000
SHOWN = timedelta(days=7)
COSTS = (CreditEntry.Kind.SPEND, CreditEntry.Kind.CORRECTION)

if TYPE_CHECKING:
    _Form = forms.ModelForm[ManusAccount]
else:  # Django's own class takes no parameters at run time
    _Form = forms.ModelForm


class ManusAccountForm(_Form):
    """`new_key` is only ever written: the page never holds a key, not even one that was just refused."""

    request: HttpRequest  # the class is made for each request
    new_key = forms.CharField(
        label="New key",
        max_length=500,
        strip=True,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=False),
        help_text="Takes the place of the present one in every process within five seconds. It is not shown again.",
    )

    class Meta:
        model = ManusAccount
        fields = ("name", "is_active", "limits")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_key"].required = self.instance.pk is None

    def clean_new_key(self) -> str:
        key = str(self.cleaned_data["new_key"])
        if not key:
            return ""
        try:
            KeyAuth(key)
            # Whoever sets the key decides where people's words go.
            require_fresh_staff(self.request)
        except ValueError:
            raise forms.ValidationError("A key is one word of printable ASCII characters.") from None
        except StepUpRequired as refusal:
            raise forms.ValidationError(refusal.detail or refusal.title) from None
        return key

    def clean_limits(self) -> dict[str, int]:
        limits = self.cleaned_data["limits"] or {}
        is_table = isinstance(limits, dict) and all(
            name in DOCUMENTED and type(figure) is int and 0 <= figure <= HIGHEST_LIMIT
            for name, figure in limits.items()
        )
        if not is_table:
            raise forms.ValidationError(f"Calls a minute by endpoint, of: {', '.join(sorted(DOCUMENTED))}.")
        return dict(limits)


class ManusUses(ReadOnlyInline):
    """What the account did in the last days."""

    model = ManusUse
    fields = ("day", "endpoint", "outcome", "calls", "milliseconds")
    verbose_name_plural = f"Calls of the last {SHOWN.days} days"

    def get_queryset(self, request: HttpRequest) -> QuerySet[ManusUse]:
        return super().get_queryset(request).filter(day__gt=_today() - SHOWN)


def _action(name: str, description: str, work: Callable[[ManusAccount], object]) -> Callable[..., None]:
    @admin.action(permissions=["change"], description=description)
    def act(_desk: Any, request: HttpRequest, rows: QuerySet[ManusAccount]) -> None:
        done = [str(work(row) or "") for row in rows.order_by("pk")]
        told = ", ".join(filter(None, done))
        messages.info(request, f"Done for {len(done)}{f': {told}' if told else ''}.")

    act.__name__ = name
    return act


def _switch(*, on: bool) -> Callable[[ManusAccount], object]:
    def work(row: ManusAccount) -> None:
        set_active(account=row.uid, active=on)

    return work


@admin.register(ManusAccount)
class ManusAccountAdmin(ReadMostlyAdmin):
    """Added here with a key, or taken over from MANUS_API_KEY; never deleted, for conversations belong to them."""

    form = ManusAccountForm
    exclude = ("sealed_key",)
    editable = ("is_active", "limits")
    list_display = (
        "name", "is_active", "key_mark", "health", "breaker", "last_error", "checked_at", "credits",
        "calls_today", "credits_today",
    )  # fmt: skip
    list_filter = ("is_active", "health")
    search_fields = ("name",)
    inlines = (ManusUses,)
    actions = (
        _action("activate", "Activate: let them be called", _switch(on=True)),
        _action("deactivate", "Deactivate: begin nothing new there", _switch(on=False)),
        _action("check_now", "Check key and credits now", lambda row: check_account(row.pk)),
        _action("close_breakers", "Call again at once after failures", lambda row: close_breaker(account=row.uid)),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("mentors.add_manusaccount"))

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, *args, **kwargs)
        form.request = request
        return form

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        today = {"account": OuterRef("pk"), "day": _today()}
        uses = ManusUse.objects.filter(**today).order_by().values("account")
        spent = CreditEntry.objects.filter(kind__in=COSTS, **today).order_by().values("account")
        rows: QuerySet[Any] = (
            super()
            .get_queryset(request)
            .annotate(
                used=Coalesce(Subquery(uses.annotate(n=Sum("calls")).values("n")), 0),
                spent=Coalesce(Subquery(spent.annotate(n=Sum("amount")).values("n")), 0),
            )
        )
        return rows

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        if obj is None:
            return ["name", "new_key", "limits"]
        shown = [name for name in self.get_readonly_fields(request, obj) if name not in {"id", "sealed_key"}]
        return ["new_key", *self.editable, *shown]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        if obj is None:
            return []
        return [*super().get_readonly_fields(request, obj), "breaker", "calls_today", "credits_today"]

    def save_model(self, request: HttpRequest, obj: ManusAccount, form: Any, change: Any) -> None:
        """By services only; the row that the form holds is brought up to what they made of it."""
        key, limits = form.cleaned_data["new_key"], form.cleaned_data["limits"]
        if not change:
            made = add_account(name=obj.name, key=key)
            obj.pk, obj.uid = made.pk, made.uid
        elif key:
            rotate_key(account=obj.uid, key=key)
        if "is_active" in form.changed_data:
            set_active(account=obj.uid, active=obj.is_active)
        if "limits" in form.changed_data:
            set_limits(account=obj.uid, limits=limits)

    @admin.display(description="breaker")
    def breaker(self, row: ManusAccount) -> str:
        return str(accounts.states().get(row.pk, State.CLOSED))

    @admin.display(description="calls today", ordering="used")
    def calls_today(self, row: Any) -> int:
        return int(row.used)

    @admin.display(description="credits today", ordering="spent")
    def credits_today(self, row: Any) -> int:
        return int(row.spent)


def _today() -> Any:
    return now().astimezone(UTC).date()
