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
            "turn_ended_has_time": TurnWrongState,
            "turn_one_in_flight": TurnWrongState,
        }
    )
    internal_constraints(
        "Replies, events and leases are written by the turn's worker under the session's lock.",
        "message_author_known",
        "message_client_id_is_users",
        "message_one_live_reply_a_turn",
        "message_superseded_is_stand_in",
        "session_consent_from_one",
        "session_event_seq_from_one",
        "session_event_seq_once",
        "session_event_type_given",
        "session_provider_task_once",
        "turn_lease_whole",
        "turn_state_known",
    )
