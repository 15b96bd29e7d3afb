"""What a breach of this room's constraints means to people."""

from consciousness.errors import ClientIdReused, MemoryKnown, SessionEnded, TurnWrongState
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
            "confidence_in_range": refusing(Invalid, "/value", "out_of_range", "One to ten."),
            "insight_texts_given": refusing(Invalid, "/text", "required", "Say something."),
            "rating_stars_in_range": refusing(Invalid, "/stars", "out_of_range", "One to five."),
            "turn_ended_has_time": TurnWrongState,
            "memory_once_a_person": MemoryKnown,
            "memory_text_given": refusing(Invalid, "/text", "required", "Say what is to be remembered."),
            "turn_one_in_flight": TurnWrongState,
        }
    )
    _files()
    _lessons()
    _passages()
    _turns()


def _files() -> None:
    internal_constraints(
        "Files and what belongs to them are written by services that have looked first.",
        "extract_text_given",
        "file_claimed_when_ready",
        "file_copy_once_an_account",
        "file_copy_there_expires",
        "file_named",
        "file_origin_known",
        "file_ready_is_known",
        "file_refused_has_reason",
        "file_state_known",
        "file_unclaimed_expires",
        "remnant_kind_known",
        "remnant_says_what",
    )


def _passages() -> None:
    internal_constraints(
        "What recall looks through is worked out by the house.", "passage_code_has_model", "passage_of_turn_or_memory"
    )


def _lessons() -> None:
    internal_constraints(
        "What is learned from sessions is written by services under their locks.",
        "confidence_moment_known",
        "confidence_once_a_moment",
        "context_mark_has_one_target",
        "context_mark_known",
        "context_mark_once_a_target",
        "crisis_tally_from_one",
        "insight_decided_has_time",
        "insight_fingerprint_is_sha256",
        "insight_kind_known",
        "insight_once_a_session",
        "insight_revision_from_one",
        "insight_skill_is_of_skills",
        "insight_source_once",
        "insight_state_known",
        "memory_confidence_in_range",
        "memory_decided_has_time",
        "memory_fingerprint_is_sha256",
        "memory_kind_known",
        "memory_revision_from_one",
        "memory_source_once",
        "memory_state_known",
        "reflection_ended_has_time",
        "reflection_failed_has_reason",
        "reflection_lease_whole",
        "reflection_state_known",
        "reflection_task_has_account",
        "summary_line_once",
        "summary_line_text_given",
        "summary_part_ends_after_start",
        "summary_part_once",
    )


def _turns() -> None:
    internal_constraints(
        "Replies, events and leases are written by the turn's worker under the session's lock.",
        "message_author_known",
        "message_client_id_is_users",
        "message_one_live_reply_a_turn",
        "message_of_user_stands",
        "message_kind_known",
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
        "session_title_source_known",
        "session_unopened_has_no_opening",
        "turn_lease_whole",
        "turn_state_known",
    )
