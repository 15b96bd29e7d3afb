"""What a breach of this room's constraints means to people."""

from missions.errors import EvidenceInvalid, MissionWrongState
from timetravelers.kit.constraints import internal_constraints, map_constraints, refusing


def register() -> None:
    """Called when the app is ready."""
    map_constraints(
        {
            "mission_accepted_has_time": MissionWrongState,
            "mission_ended_has_time": MissionWrongState,
            "evidence_kind_known": refusing(EvidenceInvalid, "/kind", "invalid_choice", "Send a text or a link."),
            "evidence_content_given": refusing(EvidenceInvalid, "/content", "required", "There is nothing in it."),
        }
    )
    internal_constraints(
        "Whoever is second to offer the same mission finds it there, and lets it be.",
        "mission_once_per_origin",
        "mission_open_once",
    )
    internal_constraints(
        "Proposals are made of insights, which have words, and are moved by one table of moves.",
        "mission_proposal_ended_has_time",
        "mission_proposal_once_per_origin",
        "mission_proposal_state_known",
        "mission_proposal_text_given",
    )
    internal_constraints("Nothing writes the ledger of rewards but by adding to it.", "reward_fixed")
    internal_constraints("The points are those of the template, which are more than none.", "reward_points_from_one")
    internal_constraints(
        "Only the loader writes templates; it checks its files first, and refuses with the file's name.",
        "mission_template_difficulty_range",
        "mission_template_evidence_known",
        "mission_template_has_steps",
        "mission_template_kind_known",
        "mission_template_minutes_from_one",
        "mission_template_one_current",
        "mission_template_points_range",
        "mission_template_texts_given",
        "mission_template_version_from_one",
        "mission_template_version_once",
    )
