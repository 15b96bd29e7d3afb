"""What a breach of this room's constraints means to people."""

from accounts.models import AXES
from mentors.errors import ManusAccountInvalid, TravelerEditedMeanwhile, TravelerInvalid, TravelerVersionFixed
from timetravelers.kit.constraints import internal_constraints, map_constraints, refusing

_STYLE = "A preference goes from -1 to 1."
TRAVELER = {
    "traveler_era_range": ("/era_years", "out_of_range", "A Traveler is 1 to 60 years ahead."),
    "traveler_pace_hours_ordered": ("/pace_hours_per_week", "order", "The first figure is above the second."),
    "traveler_horizon_months_ordered": ("/horizon_months", "order", "The first figure is above the second."),
    "traveler_experience_years_ordered": (
        "/suits_years_experience",
        "order",
        "The first figure is above the second.",
    ),
    "traveler_career_stage_ordered": ("/career_stages", "order", "The first stage comes after the second."),
    **{f"traveler_{axis}_range": (f"/teaching_style/{axis}", "out_of_range", _STYLE) for axis in AXES},
    "traveler_capacity_from_one": ("/capacity", "out_of_range", "There is room for one session at least."),
    "traveler_texts_given": ("/", "required", "Slug, name, story, voice and greeting are not empty."),
    "traveler_speaks": ("/languages", "required", "A Traveler speaks a language at least."),
    "traveler_skill_level_range": ("/skills", "out_of_range", "Levels go from 1 to 5."),
    "traveler_skill_once": ("/skills", "twice", "This skill is in the list already."),
}


def register() -> None:
    """Called when the app is ready."""
    map_constraints({name: refusing(TravelerInvalid, *said) for name, said in TRAVELER.items()})
    map_constraints(
        {
            "traveler_version_fixed": TravelerVersionFixed,
            "traveler_version_once": TravelerEditedMeanwhile,
            "manus_account_limits_object": refusing(
                ManusAccountInvalid, "/limits", "form", "Limits are figures by endpoint."
            ),
            "manus_account_name_given": refusing(ManusAccountInvalid, "/name", "required", "An account has a name."),
        }
    )
    _travelers()
    _provider()
    _queue()


def _travelers() -> None:
    internal_constraints(
        "Versions and what follows from them are written by the services that compile profiles, behind a lock.",
        "traveler_boundaries_list",
        "traveler_state_known",
        "traveler_version_exists",
        "traveler_version_from_first",
        "traveler_version_from_one",
        "traveler_version_hashed",
        "traveler_version_instructions_given",
        "traveler_version_profile_object",
        "traveler_version_source_known",
    )
    internal_constraints(
        "Projects are made and advanced by workers alone.",
        "traveler_project_difference_object",
        "traveler_project_hashed",
        "traveler_project_id_once",
        "traveler_project_one_live",
        "traveler_project_synced_has_id",
        "traveler_project_version_from_one",
    )


def _provider() -> None:
    internal_constraints(
        "What we know of the provider is written by workers, which add to the row that is there.",
        "manus_account_health_known",
        "manus_account_key_from_one",
        "manus_use_once",
        "webhook_delivery_handled_was_verified",
    )
    internal_constraints(
        "Budgets, the ledger and the receipts are written by the scheduler as it makes a call.",
        "credit_budget_held_not_negative",
        "credit_budget_scope_shape",
        "credit_entry_has_subject",
        "credit_entry_once",
        "credit_entry_sign",
        "egress_record_consent_from_one",
        "egress_record_has_categories",
        "egress_record_has_recipient",
        "egress_record_says_how",
    )


def _queue() -> None:
    internal_constraints("Nothing writes the ledger of credits but by adding to it.", "credit_entry_fixed")
    internal_constraints(
        "The queue is the scheduler's own; nobody else writes it.",
        "fair_share_flow_is_owner",
        "fair_share_lane_known",
        "fair_share_once",
        "lane_share_lane_known",
        "lane_share_once",
        "provider_call_admitted_is_held",
        "provider_call_ended_has_time",
        "provider_call_flow_is_owner",
        "provider_call_lane_known",
        "provider_call_pool_given",
        "provider_call_send_has_account",
        "provider_call_state_known",
    )
