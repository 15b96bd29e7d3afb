"""Travelers as staff see them: written by form, each save a version, with its history and the way back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from accounts.admin_roles import actor_of
from mentors.admin.traveler_form import TravelerForm
from mentors.models import Traveler, TravelerState, TravelerVersion
from mentors.policies import can_curate_travelers
from mentors.portraits import MEDIA_TYPE
from mentors.selectors import Portrait, history_of, portrait_square
from mentors.services.editing import create_traveler, edit_traveler, roll_back
from mentors.services.publishing import set_state
from timetravelers.kit.admin import ReadMostlyAdmin, ReadOnlyAdmin
from timetravelers.kit.errors import DomainError


def _move_action(name: str, description: str, state: TravelerState) -> Callable[..., None]:
    @admin.action(permissions=["change"], description=description)
    def act(_desk: Any, request: HttpRequest, travelers: QuerySet[Traveler]) -> None:
        done = 0
        for traveler in travelers.order_by("pk"):
            try:
                set_state(actor=actor_of(request), traveler=traveler.uid, state=state)
                done += 1
            except DomainError as refusal:
                messages.error(request, f"{traveler}: {refusal.detail or refusal.title}")
        messages.info(request, f"Done for {done}.")

    act.__name__ = name
    return act


@admin.register(Traveler)
class TravelerAdmin(ReadMostlyAdmin):
    """Whoever curates Travelers edits them here; each save is a new version, and running sessions keep theirs."""

    form = TravelerForm
    actions = (
        _move_action("publish", "Publish: let people meet them", TravelerState.PUBLISHED),
        _move_action("retire", "Retire: let nobody meet them any more", TravelerState.RETIRED),
    )
    list_display = ("name", "slug", "occupation", "era_years", "state", "version", "updated_at")
    list_filter = ("state", "occupation__field")
    list_select_related = ("occupation",)
    search_fields = ("name", "slug", "occupation__title")
    readonly_fields = ("state", "version", "portrait_now", "told_now")

    def get_readonly_fields(self, request: HttpRequest, obj: Traveler | None = None) -> list[str]:
        return [] if obj is None else list(self.readonly_fields)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002 - Django calls it so
        return type("BoundTravelerForm", (TravelerForm,), {"actor": request.user})

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("mentors.add_traveler") and can_curate_travelers(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and can_curate_travelers(request.user)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """All fields in the order of the form; to those who only look, what the columns hold."""
        if obj is not None and not self.has_change_permission(request, obj):
            columns = [field.name for field in self.opts.fields]
            return [(None, {"fields": [*columns, "portrait_now", "told_now"]})]
        return [(None, {"fields": [*TravelerForm.base_fields, *self.get_readonly_fields(request, obj)]})]

    def save_model(self, request: HttpRequest, obj: Traveler, form: Any, change: Any) -> None:
        written: dict[str, Any] = {
            "actor": actor_of(request),
            "profile": form.profile,
            "note": form.cleaned_data["note"],
        }
        if change:
            expected, picture = form.cleaned_data["expected_version"], form.cleaned_data["picture"]
            edit_traveler(traveler=obj.uid, expected_version=expected, picture=picture, **written)
        else:
            version = create_traveler(**written)
            obj.pk, obj.slug, obj.name = version.traveler_id, version.traveler.slug, version.name

    @admin.display(description="Portrait")
    def portrait_now(self, obj: Traveler) -> SafeString:
        return format_html('<img src="{}" width="128" height="128" alt="">', self._address("portrait", obj.pk))

    @admin.display(description="What the AI provider is told")
    def told_now(self, obj: Traveler) -> SafeString:
        version = TravelerVersion.objects.get(traveler=obj, number=obj.version)
        return format_html("<pre style='white-space: pre-wrap'>{}</pre>", version.instructions)

    # History, and the way back ----------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        protect = self.admin_site.admin_view
        own = [
            path("<int:pk>/portrait/", protect(self.portrait_view), name="mentors_traveler_portrait"),
            path(
                "<int:pk>/versions/<int:number>/restore/",
                protect(require_POST(self.restore_view)),
                name="mentors_traveler_restore",
            ),
        ]
        return [*own, *super().get_urls()]

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Every version with what it changed, and a button that goes back to it."""
        traveler = self._seen(request, object_id)
        context = {
            **self.admin_site.each_context(request),
            "title": f"Versions of {traveler}",
            "opts": self.opts,
            "traveler": traveler,
            "entries": history_of(traveler),
            "may_restore": self.has_change_permission(request, traveler),
        }
        return TemplateResponse(request, "admin/mentors/traveler/versions.html", context)

    def restore_view(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """Make a former version the newest one."""
        traveler = self._seen(request, str(pk))
        if not self.has_change_permission(request, traveler):
            raise PermissionDenied
        expected = request.POST.get("expected_version", "")
        try:
            version = roll_back(
                actor=actor_of(request),
                traveler=traveler.uid,
                number=number,
                expected_version=int(expected[:9]) if expected.isdecimal() else 0,
            )
        except DomainError as refusal:
            reasons = [refusal.detail, *(f"{error.pointer}: {error.detail}" for error in refusal.errors)]
            messages.error(request, " ".join([f"{refusal.title}.", *filter(None, reasons)]))
        else:
            self.log_change(request, traveler, f"Went back to version {number}, as version {version.number}.")
            messages.success(request, f"Version {version.number} is what version {number} was.")
        return HttpResponseRedirect(self._address("history", pk))

    def portrait_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The portrait, of drafts too."""
        traveler = self._seen(request, str(pk))
        portrait = Portrait(traveler.slug, traveler.era_years, traveler.portrait)
        headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-cache"}
        return HttpResponse(portrait_square(portrait, 256), content_type=MEDIA_TYPE, headers=headers)

    def _seen(self, request: HttpRequest, object_id: str) -> Traveler:
        traveler: Traveler | None = self.get_object(request, object_id)
        if traveler is None:
            raise Http404
        if not self.has_view_or_change_permission(request, traveler):
            raise PermissionDenied
        return traveler

    def _address(self, view: str, pk: Any) -> str:
        return reverse(f"{self.admin_site.name}:mentors_traveler_{view}", args=(pk,))


@admin.register(TravelerVersion)
class TravelerVersionAdmin(ReadOnlyAdmin):
    """What Travelers were; the record that sessions refer to."""

    list_display = ("traveler", "number", "source", "author", "note", "created_at")
    list_filter = ("source",)
    list_select_related = ("traveler", "author")
    search_fields = ("traveler__name", "traveler__slug", "=instructions_hash")
    ordering = ("-id",)
