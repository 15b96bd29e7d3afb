"""What a breach of this room's constraints means to people."""

from accounts.errors import EmailTaken, ProfileOutOfRange, RecordInconsistent, SkillListedTwice
from accounts.models import AXES
from timetravelers.kit.constraints import Meaning, internal_constraints, map_constraints, refusing
from timetravelers.kit.errors import Invalid

PROFILE_RANGES = {
    "years_experience": "Years of experience go from 0 to 70.",
    "goal_horizon_months": "A horizon is 1 to 240 months.",
    "weekly_hours": "Hours a week go from 1 to 80.",
    **dict.fromkeys(AXES, "A preference goes from -1 to 1."),
}
RECORDS = {
    "goal_one_target": ("/occupation", "one_target", "Name an occupation or a field, and not both."),
    "goal_horizon_range": ("/horizon_months", "out_of_range", "A horizon is 1 to 240 months."),
    "goal_status_known": ("/status", "invalid_choice", "A goal is active, achieved or dropped."),
    "experience_says_what": ("/title", "required", "Name an occupation or a title."),
    "experience_ends_after_start": ("/ended", "before_start", "This is before the start."),
    "experience_whole_months": ("/started", "whole_months", "Months are given by their first day."),
    "experience_start_range": ("/started", "out_of_range", "This is too long ago."),
    "education_names_institution": ("/institution", "required", "Name the institution."),
    "education_level_known": ("/level", "invalid_choice", "This is no level of education that we know."),
    "education_start_range": ("/start_year", "out_of_range", "Years go from 1900 to 2100."),
    "education_end_range": ("/end_year", "out_of_range", "Years go from 1900 to 2100."),
    "education_ends_after_start": ("/end_year", "before_start", "This is before the start."),
    "user_skill_one_name": (
        "/name",
        "one_name",
        "Name a skill by its key or in words of your own, and not both.",
    ),
    "user_skill_level_range": ("/level", "out_of_range", "Levels go from 1 to 5."),
}


def register() -> None:
    """Called when the app is ready."""
    map_constraints({"user_skill_once": SkillListedTwice, "user_skill_name_once": SkillListedTwice})
    map_constraints({"user_email_once": EmailTaken})
    map_constraints({name: refusing(RecordInconsistent, *said) for name, said in RECORDS.items()})
    map_constraints(dict(_profile()))
    map_constraints(
        {
            "learning_answer_value_range": refusing(Invalid, "/value", "out_of_range", "Answers go from 1 to 5."),
            "career_stage_correction_stage_known": refusing(
                Invalid, "/stage", "invalid_choice", "This is no stage that we know."
            ),
        }
    )
    _behind_locks()
    _taxonomy()
    _our_own_words()


def _profile() -> list[tuple[str, Meaning]]:
    ranges = [
        (f"profile_{field}_range", refusing(ProfileOutOfRange, f"/{field}", "out_of_range", said))
        for field, said in PROFILE_RANGES.items()
    ]
    few = refusing(ProfileOutOfRange, "/languages", "too_many", "Name at most ten languages.")
    return [*ranges, ("profile_languages_few", few)]


def _behind_locks() -> None:
    internal_constraints("Nothing writes the record of roles but by adding to it.", "role_change_fixed")
    internal_constraints(
        "The service locks the person's row and looks first, so the second of two requests finds what is there.",
        "consent_one_live",
        "export_one_queued",
        "learning_assessment_one_open",
        "learning_answer_once",
        "axis_score_once",
    )
    internal_constraints(
        "The service never takes a moment that is before the one stored, even if a clock was set back.",
        "consent_withdrawn_after_granted",
        "learning_assessment_finished_after_started",
        "export_expires_after_ready",
    )
    internal_constraints("Duties are queued by workers, which leave out those that are there.", "erasure_duty_once")


def _taxonomy() -> None:
    internal_constraints(
        "Only the loaders write the taxonomy; they check their files first, and refuse with file and line.",
        "alternate_title_given",
        "alternate_title_once",
        "alternate_title_source_known",
        "field_code_form",
        "field_name_given",
        "minor_group_code_form",
        "minor_group_code_once",
        "minor_group_name_given",
        "occupation_code_form",
        "occupation_interest_area_known",
        "occupation_interest_high_point_once",
        "occupation_interest_high_point_range",
        "occupation_interest_once",
        "occupation_interest_score_range",
        "occupation_job_zone_range",
        "occupation_skill_importance_range",
        "occupation_skill_level_range",
        "occupation_skill_once",
        "occupation_source_known",
        "occupation_task_kind_known",
        "occupation_task_onet_id_once",
        "occupation_task_statement_given",
        "occupation_technology_once",
        "occupation_title_given",
        "occupation_work_style_once",
        "occupation_work_style_range",
        "related_occupation_not_itself",
        "related_occupation_once",
        "related_occupation_rank_from_one",
        "related_occupation_tier_known",
        "skill_hot_is_technology",
        "skill_kind_known",
        "skill_named",
        "skill_onet_id_once",
        "skill_source_known",
        "taxonomy_release_version_once",
        "work_style_named",
        "work_style_onet_id_once",
    )
    internal_constraints(
        "Search terms are derived from titles and names by the services that write those.",
        "occupation_term_given",
        "occupation_term_once",
        "occupation_term_weight_known",
        "search_word_given",
        "search_word_once",
        "skill_term_given",
        "skill_term_once",
        "skill_term_weight_known",
    )


def _our_own_words() -> None:
    internal_constraints(
        "The services write these words, numbers and moments themselves; nobody sends them.",
        "axis_score_axis_known",
        "axis_score_confidence_range",
        "axis_score_value_range",
        "consent_purpose_known",
        "deletion_completed_has_time",
        "deletion_erased_names_nobody",
        "deletion_state_known",
        "erasure_duty_kind_given",
        "erasure_duty_settled_is_empty",
        "erasure_duty_state_known",
        "export_ready_has_file",
        "export_state_known",
        "learning_answer_item_given",
        "learning_assessment_bank_from_one",
        "learning_assessment_judged_when_finished",
        "profile_assessed_axes_known",
        "profile_availability_list",
        "profile_version_from_one",
        "role_change_after_known",
        "role_change_before_known",
        "role_change_kind_known",
        "security_event_kind_known",
        "sign_in_ended_keeps_no_session",
        "user_email_given",
        "user_role_known",
        "user_skill_grade_known",
    )
