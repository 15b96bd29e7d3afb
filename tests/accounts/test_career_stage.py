"""Deriving a career stage from evidence: the pure function."""

from dataclasses import fields, replace
from datetime import date
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.career_stage import STAGES, Aim, Employment, StageEvidence, derive_stage, worked_years

TODAY = date(2026, 11, 22)
NURSE = Aim("29-1141.00", "29-0000")
ANALYST = Aim("15-2051.00", "15-0000")
DEVELOPER = Aim("15-1252.00", "15-0000")
MANAGER = Aim("11-3021.00", "11-0000")
UNKNOWN = Aim()
NEAR = frozenset({frozenset({DEVELOPER.occupation, MANAGER.occupation})})


def years_ago(years: float) -> date:
    months = TODAY.year * 12 + TODAY.month - 1 - round(years * 12)
    return date(months // 12, months % 12 + 1, 1)


def role(since: float, until: float | None = None, title: str = "", line: Aim = UNKNOWN) -> Employment:
    end = None if until is None else years_ago(until)
    return Employment(years_ago(since), end, title, line.occupation, line.field)


def stage(*roles: Employment, aims: tuple[Aim, ...] = (), **more: Any) -> tuple[str, bool, str]:
    evidence = replace(StageEvidence(TODAY), roles=roles, aims=aims, **more)
    found = derive_stage(evidence)
    return found.stage, found.recycling, found.reasons[0].code


def test_nothing_told_is_growth_without_confidence() -> None:
    found = derive_stage(StageEvidence(TODAY))
    assert (found.stage, found.recycling, found.confidence) == ("growth", False, 0.0)


def test_a_direction_without_work_is_exploration() -> None:
    assert stage(aims=(ANALYST,)) == ("exploration", False, "aim_only")


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (0, "growth"),
        (1, "exploration"),
        (2, "establishment"),
        (9, "establishment"),
        (10, "maintenance"),
        (40, "maintenance"),
    ],
)
def test_told_years_count_when_no_role_is_dated(told: int, expected: str) -> None:
    assert stage(told_years=told)[:2] == (expected, False)


@pytest.mark.parametrize(
    ("since", "expected"),
    [(0.5, "exploration"), (1.8, "exploration"), (2.5, "establishment"), (9, "establishment"), (10.5, "maintenance")],
)
def test_years_in_one_line_of_work(since: float, expected: str) -> None:
    assert stage(role(since, line=NURSE))[:2] == (expected, False)


def test_dated_roles_outweigh_told_years() -> None:
    assert stage(role(1, line=NURSE), told_years=30)[0] == "exploration"


def test_a_goal_in_another_field_is_exploration_again() -> None:
    assert stage(role(12, line=NURSE), aims=(ANALYST,)) == ("exploration", True, "new_direction")
    assert stage(role(12, line=NURSE), aims=(Aim(field="15-0000"),)) == ("exploration", True, "new_direction")


def test_a_goal_in_ones_own_line_changes_nothing() -> None:
    assert stage(role(12, line=NURSE), aims=(Aim(field="29-0000"),))[:2] == ("maintenance", False)
    both = (ANALYST, Aim(field="29-0000"))
    assert stage(role(12, line=NURSE), aims=both)[:2] == ("maintenance", False)


def test_a_step_to_a_neighbouring_occupation_is_no_change_of_direction() -> None:
    aims = (MANAGER,)
    assert stage(role(12, line=DEVELOPER), aims=aims, related=NEAR)[:2] == ("maintenance", False)
    assert stage(role(12, line=DEVELOPER), aims=aims)[:2] == ("exploration", True)


def test_years_before_a_promotion_count() -> None:
    roles = (role(12, 1, line=DEVELOPER), role(1, line=MANAGER))
    assert stage(*roles, related=NEAR)[:2] == ("maintenance", False)


def test_a_new_line_after_another_is_recycling_until_it_has_been_held_for_long() -> None:
    before = role(20, 11, line=NURSE)
    assert stage(before, role(1, line=ANALYST)) == ("exploration", True, "new_line")
    assert stage(before, role(5, line=ANALYST)) == ("establishment", True, "years_in_line")
    assert stage(before, role(11, line=ANALYST)) == ("maintenance", False, "years_in_line")


def test_a_short_first_attempt_elsewhere_is_no_recycling() -> None:
    assert stage(role(4, 3, line=NURSE), role(2.5, line=ANALYST))[:2] == ("establishment", False)


@pytest.mark.parametrize("title", ["Marketing intern", "Apprentice electrician", "Trainee", "PhD student"])
def test_a_learning_role_is_exploration(title: str) -> None:
    assert stage(role(4, title=title, line=ANALYST))[0] == "exploration"


@pytest.mark.parametrize("title", ["Student advisor", "Internship coordinator", "Head of apprentice programs"])
def test_who_works_with_learners_is_not_one(title: str) -> None:
    assert stage(role(4, title=title, line=ANALYST))[0] == "establishment"


@pytest.mark.parametrize("statement", ["Retired nurse", "semi-retired and gardening", "Professor emerita"])
def test_who_says_they_stepped_back_is_in_disengagement(statement: str) -> None:
    assert stage(role(30, 1, line=NURSE), statement=statement) == ("disengagement", False, "leaving")
    assert stage(role(30, title=statement, line=NURSE))[0] == "disengagement"
    assert stage(statement=statement)[0] == "disengagement"


def test_who_stepped_back_and_has_a_goal_explores_again() -> None:
    assert stage(role(30, 1, line=NURSE), statement="Retired", aims=(NURSE,))[:2] == ("exploration", True)


def test_who_retired_from_one_job_and_has_another_is_at_work() -> None:
    roles = (role(30, 6, line=NURSE), role(5, line=ANALYST))
    assert stage(*roles, statement="Retired nurse, now an analyst")[:2] == ("establishment", True)


def test_a_retirement_planner_is_not_retired() -> None:
    assert stage(role(5, title="Retirement planner", line=ANALYST), statement="I advise retired people")[:2] == (
        "establishment",
        False,
    )


def test_years_alone_never_mean_disengagement() -> None:
    assert stage(role(60, line=NURSE))[0] == "maintenance"
    assert stage(told_years=70)[0] == "maintenance"


def test_a_career_break_is_not_disengagement() -> None:
    assert stage(role(12, 8, line=NURSE))[:2] == ("establishment", False)


def test_roles_in_the_future_do_not_count_yet() -> None:
    assert stage(Employment(date(2027, 5, 1), None, "", NURSE.occupation, NURSE.field))[0] == "growth"


def test_work_without_codes_goes_by_its_title() -> None:
    assert stage(role(6, 3, title="Goat herder"), role(3, title="goat herder"))[:2] == ("establishment", False)
    assert stage(role(6, 1, title="Goat herder"), role(1, title="Beekeeper"))[:2] == ("exploration", True)


def test_an_aim_says_nothing_about_a_line_that_is_not_known() -> None:
    assert stage(role(5, title="Goat herder"), aims=(ANALYST,))[:2] == ("establishment", False)


def test_parallel_roles_count_their_time_once() -> None:
    assert worked_years([role(2, 1), role(2, 1)], TODAY) == pytest.approx(13 / 12)
    assert worked_years([role(3), role(2, 1)], TODAY) == pytest.approx(37 / 12)


days = st.dates(date(1950, 1, 1), date(2040, 1, 1))
lines = st.sampled_from([NURSE, ANALYST, DEVELOPER, MANAGER, Aim(field="29-0000"), UNKNOWN])
titles = st.sampled_from(["", "Nurse", "Retired", "Data intern"])
roles = st.builds(
    lambda start, end, title, line: Employment(start, end and max(start, end), title, line.occupation, line.field),
    *(days, st.none() | days, titles, lines),
)
evidences = st.builds(
    lambda some, aims, told, statement: StageEvidence(TODAY, tuple(some), tuple(aims), told, statement, NEAR),
    st.lists(roles, max_size=6),
    st.lists(lines, max_size=3),
    st.none() | st.integers(0, 70),
    titles,
)


@given(evidences)
def test_any_evidence_has_a_stage_a_reason_and_a_confidence(evidence: StageEvidence) -> None:
    found = derive_stage(evidence)
    assert found.stage in STAGES
    assert found.reasons
    assert all(reason.code and reason.detail.endswith(".") for reason in found.reasons)
    assert 0 <= found.confidence <= 1


@given(evidences, st.randoms(use_true_random=False))
def test_the_order_of_evidence_changes_nothing(evidence: StageEvidence, chance: Random) -> None:
    some, aims = list(evidence.roles), list(evidence.aims)
    chance.shuffle(some)
    chance.shuffle(aims)
    assert derive_stage(replace(evidence, roles=tuple(some), aims=tuple(aims))) == derive_stage(evidence)


@given(evidences)
def test_only_words_make_disengagement(evidence: StageEvidence) -> None:
    """However long somebody has worked, time does not push them out."""
    spoken = replace(evidence, statement="", roles=tuple(replace(each, title="Nurse") for each in evidence.roles))
    assert derive_stage(spoken).stage != "disengagement"


def test_evidence_has_no_place_for_age() -> None:
    names = {field.name for kind in (StageEvidence, Employment, Aim) for field in fields(kind)}
    assert names == {
        "today",
        "roles",
        "aims",
        "told_years",
        "statement",
        "related",
        "start",
        "end",
        "title",
        "occupation",
        "field",
    }
