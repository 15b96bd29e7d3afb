"""What left the house, as staff see it: kinds of data and sizes, never the data."""

from django.contrib import admin

from mentors.models import EgressRecord
from timetravelers.kit.admin import ReadOnlyAdmin


@admin.register(EgressRecord)
class EgressRecordAdmin(ReadOnlyAdmin):
    """One row a call to a provider."""

    list_display = ("at", "user", "engine", "recipient", "account", "endpoint", "categories", "consent_version", "size")
    list_select_related = ("user", "account")
    search_fields = ("=session_ref", "=user__email")
    ordering = ("-id",)
