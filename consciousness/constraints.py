"""What a breach of this room's constraints means to people."""

from consciousness.errors import ClientIdReused, SessionEnded, TurnWrongState
from timetravelers.kit.constraints import internal_constraints, map_constraints, refusing
from timetravelers.kit.errors import Invalid


def register() -> None:
    """Called when the app is ready."""
    map_constraints(
        {
            "message_client_id_once": ClientIdReused,
            "message_text_given": refusing(Invalid, "/text", "required", "Say something."),
            "session_ended_has_time": SessionEnded,
            "session_scheduled_has_start": refusing(Invalid, "/starts_at", "required", "Say when it starts."),
            "rating_stars_in_range": refusing(Invalid, "/stars", "out_of_range", "One to five."),
            "turn_ended_has_time": TurnWrongState,
            "turn_one_in_flight": TurnWrongState,
        }
    )
    internal_constraints(
        "Replies, events and leases are written by the turn's worker under the session's lock.",
        "message_author_known",
        "message_client_id_is_users",
        "message_one_live_reply_a_turn",
        "message_of_user_stands",
        "rating_once_a_person",
        "reading_once_a_person",
        "turn_depth_fits_parent",
        "turn_parent_is_earlier",
        "session_consent_from_one",
        "session_event_seq_from_one",
        "session_event_seq_once",
        "session_event_type_given",
        "session_provider_task_once",
        "message_seq_once",
        "reminder_kind_known",
        "reminder_once",
        "reminder_outcome_known",
        "reminder_settled_has_outcome",
        "session_ended_has_reason",
        "session_match_is_kept",
        "session_origin_known",
        "session_reason_known",
        "session_revision_from_one",
        "session_state_known",
        "session_unopened_has_no_opening",
        "turn_lease_whole",
        "turn_state_known",
    )
