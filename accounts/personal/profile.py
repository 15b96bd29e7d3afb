"""What a person told us about their career: the part of the catalogue that TELL and the briefing draw on."""

from collections.abc import Iterator

from accounts import models as own
from accounts.personal_files import picture_files
from timetravelers.kit.catalogue import Fate, Link, Table
from timetravelers.kit.retention import WITH_ACCOUNT
from timetravelers.kit.tags import AI_PROVIDER, Category, Purpose, held, stamped, tag, technical

TOLD = Link("user", Fate.DELETE, "what the person told us")
YEARS = "how many years they come to"


def profile_tables() -> Iterator[Table]:
    """The profile and the lists that belong to it."""
    yield _profile()
    yield _skill()
    yield _goal()
    yield _experience()
    yield _education()


def _profile() -> Table:
    axes = [tag(axis, Category.LEARNING, Purpose.MATCHING, leaves=AI_PROVIDER) for axis in own.AXES]
    return Table(
        model=own.Profile,
        title="Your profile",
        links=[TOLD],
        retention=[WITH_ACCOUNT],
        columns=[
            *stamped("created_at", "updated_at", "version"),
            tag("display_name", Category.IDENTITY, Purpose.ACCOUNT, special=True),
            tag(
                "target_occupation",
                Category.CAREER,
                Purpose.MATCHING,
                copy="target_occupation__code",
                leaves=AI_PROVIDER,
            ),
            tag("goal", Category.CAREER, Purpose.MATCHING),
            tag("years_experience", Category.CAREER, Purpose.MATCHING, leaves=AI_PROVIDER),
            tag("goal_horizon_months", Category.CAREER, Purpose.MATCHING, leaves=AI_PROVIDER),
            tag("weekly_hours", Category.PROFILE, Purpose.MATCHING, leaves=AI_PROVIDER),
            tag("headline", Category.PROFILE, Purpose.ACCOUNT),
            tag("bio", Category.PROFILE, Purpose.ACCOUNT),
            tag("time_zone", Category.PROFILE, Purpose.PROGRESS),
            tag("languages", Category.PROFILE, Purpose.MATCHING),
            tag("availability", Category.PROFILE, Purpose.MATCHING),
            # The copy has the picture itself.
            held("picture", Category.IDENTITY, Purpose.ACCOUNT, special=True),
            *axes,
            tag("assessed_axes", Category.LEARNING, Purpose.MATCHING),
            *technical("user"),
        ],
        files=picture_files,
    )


def _skill() -> Table:
    return Table(
        model=own.UserSkill,
        title="Your skills",
        links=[TOLD],
        retention=[WITH_ACCOUNT],
        columns=[
            *stamped("uid", "position"),
            tag("skill", Category.CAREER, Purpose.MATCHING, copy="skill__key", leaves=AI_PROVIDER),
            # In the person's own words, which may say anything about anybody.
            tag("name", Category.CAREER, Purpose.MATCHING),
            tag("level", Category.CAREER, Purpose.MATCHING, leaves=AI_PROVIDER),
            tag("grade", Category.CAREER, Purpose.MATCHING),
            *technical("id", "user"),
        ],
    )


def _goal() -> Table:
    return Table(
        model=own.Goal,
        title="Your goals",
        links=[TOLD],
        retention=[WITH_ACCOUNT],
        columns=[
            *stamped("uid", "position", "created_at"),
            tag("occupation", Category.CAREER, Purpose.MATCHING, copy="occupation__code"),
            tag("field", Category.CAREER, Purpose.MATCHING, copy="field__code"),
            tag("horizon_months", Category.CAREER, Purpose.MATCHING),
            tag("motivation", Category.CAREER, Purpose.MATCHING),
            tag("status", Category.CAREER, Purpose.MATCHING),
            *technical("id", "user", "updated_at"),
        ],
    )


def _experience() -> Table:
    return Table(
        model=own.Experience,
        title="Your work so far",
        links=[TOLD],
        retention=[WITH_ACCOUNT],
        columns=[
            *stamped("uid", "position", "created_at"),
            tag("occupation", Category.CAREER, Purpose.MATCHING, copy="occupation__code"),
            tag("title", Category.CAREER, Purpose.MATCHING),
            tag("employer", Category.CAREER, Purpose.MATCHING),
            tag("started", Category.CAREER, Purpose.MATCHING, leaves=AI_PROVIDER, leaves_as=YEARS),
            tag("ended", Category.CAREER, Purpose.MATCHING, leaves=AI_PROVIDER, leaves_as=YEARS),
            tag("description", Category.CAREER, Purpose.MATCHING),
            *technical("id", "user", "updated_at"),
        ],
    )


def _education() -> Table:
    return Table(
        model=own.Education,
        title="Your education",
        links=[TOLD],
        retention=[WITH_ACCOUNT],
        columns=[
            *stamped("uid", "position", "created_at"),
            tag("institution", Category.CAREER, Purpose.MATCHING),
            tag("level", Category.CAREER, Purpose.MATCHING),
            tag("field_of_study", Category.CAREER, Purpose.MATCHING),
            # Years at school let one guess an age.
            tag("start_year", Category.CAREER, Purpose.ACCOUNT, special=True),
            tag("end_year", Category.CAREER, Purpose.ACCOUNT, special=True),
            *technical("id", "user", "updated_at"),
        ],
    )
