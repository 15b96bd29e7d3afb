"""How a person learns, and how far they are: answers, scores and corrections in the catalogue."""

from collections.abc import Iterator

from accounts import models as own
from timetravelers.kit.catalogue import Fate, Link, Table
from timetravelers.kit.retention import WITH_ACCOUNT
from timetravelers.kit.tags import Category, Purpose, stamped, tag, technical


def learning_tables() -> Iterator[Table]:
    """Assessments with their answers and scores, and the person's word on their career stage."""
    yield _assessment()
    yield _answer()
    yield _score()
    yield _career_stage()


def _assessment() -> Table:
    return Table(
        model=own.LearningAssessment,
        title="Your answers about learning: when",
        links=[Link("user", Fate.DELETE, "what the person told us")],
        retention=[WITH_ACCOUNT],
        columns=[
            *stamped("uid", "bank_version", "started_at", "finished_at"),
            tag("attention_passed", Category.LEARNING, Purpose.MATCHING),
            *technical("id", "user"),
        ],
    )


def _answer() -> Table:
    return Table(
        model=own.LearningAnswer,
        title="Your answers about learning",
        links=[Link("assessment__user", Fate.DELETE, "what the person told us")],
        retention=[WITH_ACCOUNT],
        columns=[
            *stamped(assessment="assessment__uid"),
            tag("item", Category.LEARNING, Purpose.MATCHING),
            tag("value", Category.LEARNING, Purpose.MATCHING),
            *technical("id"),
        ],
    )


def _score() -> Table:
    return Table(
        model=own.AxisScore,
        title="What your answers about learning came to",
        links=[Link("assessment__user", Fate.DELETE, "worked out from what the person told us")],
        retention=[WITH_ACCOUNT],
        columns=[
            *stamped(assessment="assessment__uid"),
            tag("axis", Category.DERIVED, Purpose.MATCHING),
            tag("value", Category.DERIVED, Purpose.MATCHING),
            tag("confidence", Category.DERIVED, Purpose.MATCHING),
            tag("answered", Category.DERIVED, Purpose.MATCHING),
            *technical("id"),
        ],
    )


def _career_stage() -> Table:
    return Table(
        model=own.CareerStageCorrection,
        title="Your word on your career stage",
        links=[Link("user", Fate.DELETE, "what the person told us")],
        retention=[WITH_ACCOUNT],
        columns=[
            tag("stage", Category.CAREER, Purpose.MATCHING),
            tag("recycling", Category.CAREER, Purpose.MATCHING),
            *stamped("stated_at"),
            *technical("user"),
        ],
    )
