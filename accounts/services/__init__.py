"""Writes of the accounts room, a module a use case."""

from accounts.services.admins import ensure_first_admin
from accounts.services.career_stage import correct_career_stage, take_back_career_stage
from accounts.services.consents import consent_required, grant_consent, require_consent, withdraw_consent
from accounts.services.duties import NothingToDo, NotYet, add_duties, add_duty, performs
from accounts.services.learning import answer_items, finish_assessment, open_assessment
from accounts.services.loading import load_taxonomy
from accounts.services.profile import ProfileChanges, update_profile
from accounts.services.refreshing import refresh_tokens
from accounts.services.revocation import revoke_tokens
from accounts.services.sign_ins import Device, begin_sign_in, end_other_sign_ins, end_sign_in
from accounts.services.step_up import require_fresh

__all__ = [
    "Device",
    "NotYet",
    "NothingToDo",
    "ProfileChanges",
    "add_duties",
    "add_duty",
    "answer_items",
    "begin_sign_in",
    "consent_required",
    "correct_career_stage",
    "end_other_sign_ins",
    "end_sign_in",
    "ensure_first_admin",
    "finish_assessment",
    "grant_consent",
    "load_taxonomy",
    "open_assessment",
    "performs",
    "refresh_tokens",
    "require_consent",
    "require_fresh",
    "revoke_tokens",
    "take_back_career_stage",
    "update_profile",
    "withdraw_consent",
]
