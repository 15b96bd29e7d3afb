"""Reads of the accounts room, a module a subject."""

from accounts.selectors.attribution import taxonomy_sources
from accounts.selectors.career_stage import career_stage_of, career_stages_of
from accounts.selectors.completion import completion_of
from accounts.selectors.consents import (
    ConsentState,
    consent_state,
    consent_states,
    consented_purposes,
    consenting,
    live_consent,
)
from accounts.selectors.experience import months_of_experience, years_of_each, years_of_experience
from accounts.selectors.learning import assessment_state, assessments, learning_preferences_of
from accounts.selectors.profile import own_profile
from accounts.selectors.records import record_of, records_of
from accounts.selectors.sign_ins import sign_ins_of
from accounts.selectors.taxonomy import fields, occupations, skills

__all__ = [
    "ConsentState",
    "assessment_state",
    "assessments",
    "career_stage_of",
    "career_stages_of",
    "completion_of",
    "consent_state",
    "consent_states",
    "consented_purposes",
    "consenting",
    "fields",
    "learning_preferences_of",
    "live_consent",
    "months_of_experience",
    "occupations",
    "own_profile",
    "record_of",
    "records_of",
    "sign_ins_of",
    "skills",
    "taxonomy_sources",
    "years_of_each",
    "years_of_experience",
]
