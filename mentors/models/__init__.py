"""Travelers, and what the house knows of Manus: a module a subject."""

from mentors.models.accounts import ManusAccount, ManusUse
from mentors.models.credits import CreditBudget, CreditEntry
from mentors.models.egress import EgressRecord
from mentors.models.projects import TravelerProject
from mentors.models.queue import HOUSE, FairShare, Lane, LaneShare, ProviderCall
from mentors.models.travelers import Traveler, TravelerSkill, TravelerState
from mentors.models.versions import TravelerVersion
from mentors.models.webhooks import WebhookDelivery

__all__ = [
    "HOUSE",
    "CreditBudget",
    "CreditEntry",
    "EgressRecord",
    "FairShare",
    "Lane",
    "LaneShare",
    "ManusAccount",
    "ManusUse",
    "ProviderCall",
    "Traveler",
    "TravelerProject",
    "TravelerSkill",
    "TravelerState",
    "TravelerVersion",
    "WebhookDelivery",
]
