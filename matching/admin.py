"""Matches and weights as staff see them: services do the writing, and people's words are not shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.admin_roles import actor_of
from matching.errors import WeightsInvalid
from matching.models import Algorithm, Match, MatchFeedback
from matching.policies import can_change_weights, can_match_by_hand
from matching.selectors.replaying import replay_of
from matching.services.by_hand import match_by_hand
from matching.services.previewing import preview_weights
from matching.services.weights import draft_weights, publish_weights, roll_back_weights
from matching.weights import DEFAULT, parse_weights
from timetravelers.kit.admin import ReadMostlyAdmin, ReadOnlyAdmin
from timetravelers.kit.constraints import words_of
from timetravelers.kit.errors import DomainError

if TYPE_CHECKING:
    _AlgorithmForm = forms.ModelForm[Algorithm]
    _MatchForm = forms.ModelForm[Match]
else:  # Django's own class takes no parameters at run time
    _AlgorithmForm = _MatchForm = forms.ModelForm


class AlgorithmForm(_AlgorithmForm):
    """A new draft; it begins with what the code says."""

    class Meta:
        model = Algorithm
        fields = ("weights", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "weights" in self.fields:  # which it is not where a row is only looked at
            self.fields["weights"].initial = DEFAULT.as_json()

    def clean_weights(self) -> Any:
        """Every mistake with its place."""
        weights = self.cleaned_data["weights"]
        try:
            parse_weights(weights)
        except WeightsInvalid as refusal:
            raise forms.ValidationError([f"{one.pointer}: {one.detail}" for one in refusal.errors]) from None
        return weights


class MatchForm(_MatchForm):
    """Two that are to be matched; Django's own check of the row would ask for figures that the service makes."""

    class Meta:
        model = Match
        fields = ("user", "traveler")

    def validate_constraints(self) -> None:
        """The service answers for them."""


def _action(name: str, description: str, permission: str, work: Callable[[HttpRequest, Any], str]) -> Any:
    """An action that does each row on its own and says what became of it."""

    @admin.action(permissions=[permission], description=description)
    def act(_desk: Any, request: HttpRequest, rows: QuerySet[Any]) -> None:
        for row in rows.order_by("pk"):
            try:
                messages.info(request, f"{row}: {work(request, row)}")
            except DomainError as refusal:
                messages.error(request, f"{row}: {words_of(refusal)}")

    act.__name__ = name
    return act


def _preview(request: HttpRequest, row: Algorithm) -> str:
    seen = preview_weights(actor=actor_of(request), algorithm=row.uid).preview
    return (
        f"for {seen['people']} people, {seen['overlap']:.0%} of the first ten stay, places change by "
        f"{seen['rank_change']:.1f} and scores by {seen['score_shift']:+.1f}."
    )


def _publish(request: HttpRequest, row: Algorithm) -> str:
    return f"{publish_weights(actor=actor_of(request), algorithm=row.uid)} are live."


def _roll_back(request: HttpRequest, _row: Algorithm) -> str:
    return f"{roll_back_weights(actor=actor_of(request))} are live again."


@admin.register(Algorithm)
class AlgorithmAdmin(ReadMostlyAdmin):
    """Versions of the weights: drafted here or learned, previewed, and live when somebody publishes them."""

    form = AlgorithmForm
    list_display = ("number", "code", "state", "source", "note", "author", "reviewed_by", "published_at")
    list_filter = ("state", "source")
    list_select_related = ("author", "reviewed_by")
    search_fields = ("note", "=weights_hash")
    actions = (
        _action("preview", "Preview on real people", "change", _preview),
        _action("publish", "Publish: match everybody by these", "change", _publish),
        _action("roll_back", "Roll back to the version before the live one", "change", _roll_back),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("matching.add_algorithm") and can_change_weights(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and can_change_weights(request.user)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return ["weights", "note"] if obj is None else list(self.get_readonly_fields(request, obj))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [] if obj is None else super().get_readonly_fields(request, obj)

    def save_model(self, request: HttpRequest, obj: Algorithm, form: Any, change: Any) -> None:
        """A draft by the service; what is there already is never written."""
        if not change:
            made = draft_weights(actor=actor_of(request), **form.cleaned_data)
            obj.pk, obj.uid, obj.number, obj.code = made.pk, made.uid, made.number, made.code


def _replay(_request: HttpRequest, row: Match) -> str:
    again = replay_of(row)
    return "comes out the same, to the bit." if again.is_same else f"differs in {', '.join(again.differences)}."


@admin.register(Match)
class MatchAdmin(ReadMostlyAdmin):
    """What was proposed to whom, and why; one can be made by hand, and computed again."""

    list_display = ("uid", "user", "traveler", "state", "origin", "rank", "score", "computed_at")
    list_filter = ("state", "origin")
    list_select_related = ("user", "traveler")
    search_fields = ("=uid", "=user__email", "=traveler__slug")
    autocomplete_fields = ("user", "traveler")
    ordering = ("-id",)
    actions = (_action("replay", "Compute again from what was kept", "view", _replay),)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("matching.add_match") and can_match_by_hand(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return ["user", "traveler"] if obj is None else list(self.get_readonly_fields(request, obj))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [] if obj is None else super().get_readonly_fields(request, obj)

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return super().get_form(request, *args, **{**kwargs, "form": MatchForm})

    def save_model(self, request: HttpRequest, obj: Match, form: Any, change: Any) -> None:
        """By the service, which may find that there is a match of the two."""
        made = match_by_hand(actor=actor_of(request), person=obj.user.uid, traveler=obj.traveler.uid)
        obj.pk, obj.uid, obj.state = made.pk, made.uid, made.state


@admin.register(MatchFeedback)
class MatchFeedbackAdmin(ReadOnlyAdmin):
    """What weights learn from; what people wrote beside it is not shown."""

    exclude = ("comment",)
    list_display = ("uid", "user", "traveler", "kind", "value", "reason", "created_at")
    list_filter = ("kind", "reason")
    list_select_related = ("user", "traveler")
    search_fields = ("=user__email", "=traveler__slug")
    ordering = ("-id",)
