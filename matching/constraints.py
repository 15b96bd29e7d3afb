"""What a breach of this room's constraints means to people."""

from matching.errors import MatchWrongState
from timetravelers.kit.constraints import internal_constraints, map_constraints


def register() -> None:
    """Called when the app is ready."""
    map_constraints({"match_decided_has_time": MatchWrongState})
    internal_constraints(
        "Whoever refreshes a person's matches holds the row that says how fresh they are.",
        "freshness_computed_has_time",
        "match_contributions_object",
        "match_input_hashed",
        "match_once",
        "match_origin_known",
        "match_rank_from_one",
        "match_rank_once",
        "match_reason_known",
        "match_score_in_interval",
        "match_weights_hashed",
        "person_snapshot_hashed",
        "person_snapshot_object",
        "person_snapshot_once",
        "traveler_snapshot_hashed",
        "traveler_snapshot_object",
        "traveler_snapshot_once",
        "traveler_snapshot_version_from_one",
    )
    internal_constraints(
        "Weights are read before they are stored, and numbered and published behind a lock.",
        "algorithm_code_given",
        "algorithm_figures_object",
        "algorithm_number_from_one",
        "algorithm_number_once",
        "algorithm_one_published",
        "algorithm_preview_object",
        "algorithm_source_known",
        "algorithm_state_has_times",
        "algorithm_weights_hashed",
        "algorithm_weights_object",
    )
    internal_constraints(
        "A verdict takes the place of an earlier one, and its figures are the house's own.",
        "match_feedback_beside_list",
        "match_feedback_declined_has_reason",
        "match_feedback_fits_object",
        "match_feedback_kind_known",
        "match_feedback_once",
        "match_feedback_reason_known",
        "match_feedback_value_range",
    )
    internal_constraints("To block a Traveler twice is to block it once.", "block_once")
