"""What Manus told us, as staff see it."""

from django.contrib import admin

from mentors.models import WebhookDelivery
from timetravelers.kit.admin import ReadOnlyAdmin


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(ReadOnlyAdmin):
    """What the provider told us, as received."""

    exclude = ("digest", "signature")
    list_display = ("received_at", "account", "event_type", "task_id", "verified_at", "handled_at")
    list_filter = ("account",)
    list_select_related = ("account",)
    search_fields = ("=task_id",)
    ordering = ("-id",)
