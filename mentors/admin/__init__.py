"""The mentors room as staff see it: a module a subject."""

from mentors.admin.accounts import ManusAccountAdmin
from mentors.admin.credits import CreditBudgetAdmin, CreditEntryAdmin
from mentors.admin.egress import EgressRecordAdmin
from mentors.admin.projects import TravelerProjectAdmin
from mentors.admin.queue import ProviderCallAdmin
from mentors.admin.travelers import TravelerAdmin, TravelerVersionAdmin
from mentors.admin.webhooks import WebhookDeliveryAdmin

__all__ = [
    "CreditBudgetAdmin",
    "CreditEntryAdmin",
    "EgressRecordAdmin",
    "ManusAccountAdmin",
    "ProviderCallAdmin",
    "TravelerAdmin",
    "TravelerProjectAdmin",
    "TravelerVersionAdmin",
    "WebhookDeliveryAdmin",
]
