"""Budgets and the ledger of credits, as staff see them."""

from __future__ import annotations

from django.conf import settings
from django.contrib import admin

from mentors.models import CreditBudget, CreditEntry
from timetravelers.kit.admin import ReadOnlyAdmin


@admin.register(CreditBudget)
class CreditBudgetAdmin(ReadOnlyAdmin):
    """What is held and spent of each budget, and how much it is of the limit."""

    list_display = ("day", "scope", "owner", "session_ref", "held", "spent", "used")
    list_filter = ("scope", "day")
    list_select_related = ("owner",)
    search_fields = ("=owner__email", "=session_ref")
    ordering = ("-id",)

    @admin.display(description="of the limit")
    def used(self, budget: CreditBudget) -> str:
        """In per cent; a dash where there is no limit."""
        limit = settings.CREDIT_BUDGETS[budget.scope]
        return f"{100 * (budget.held + budget.spent) / limit:.0f} %" if limit else "-"


@admin.register(CreditEntry)
class CreditEntryAdmin(ReadOnlyAdmin):
    """The ledger, entry by entry."""

    list_display = ("created_at", "kind", "amount", "owner", "session_ref", "account", "task")
    list_filter = ("kind", "account", "day")
    list_select_related = ("owner", "account")
    search_fields = ("=owner__email", "=session_ref", "=task", "=subject")
    ordering = ("-id",)
