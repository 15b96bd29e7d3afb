"""The data catalogue says everything of everybody: an untagged column, or a promise nobody keeps, fails here."""

import ast
import re
from dataclasses import replace
from typing import Any

import pytest
from celery import current_app
from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Consent, Education, Profile, SecurityEvent, User, UserSkill
from missions.models import Evidence, MissionTemplate
from tests.architecture.catalogue_rules import (
    column_problems,
    disclosure_problems,
    link_problems,
    retention_problems,
    table_problems,
)
from tests.architecture.sources import PROJECT
from tests.factories.everything import make_everything
from timetravelers.kit.catalogue import Fate, Link, Table, exemptions, register, table_of, tables
from timetravelers.kit.disclosure import Disclosure, disclosures
from timetravelers.kit.expiry import jobs
from timetravelers.kit.personal import Rule, rules
from timetravelers.kit.retention import WITH_ACCOUNT, GoesWith, Lasting, Retention, Settled, after
from timetravelers.kit.tags import AI_PROVIDER, Category, Purpose, held, secret, tag, technical
from timetravelers.kit.tasks import apply_retention, expire
from timetravelers.management.commands.list_personal_data import catalogue_page

MODELS: list[type[models.Model]] = [
    model for model in apps.get_models(include_auto_created=True) if model._meta.managed
]
TABLES = tables()
every_table = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.label)


def described(model: type[models.Model]) -> Table:
    table = table_of(model)
    assert table is not None
    return table


def with_column(table: Table, changed: Any) -> Table:
    """The table with one of its tags exchanged for another of the same name."""
    return replace(table, columns=[changed if one.name == changed.name else one for one in table.columns])


# The catalogue as it is -----------------------------------------------------------------------------------


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label_lower)
def test_every_table_is_described_or_about_nobody(model: type[models.Model]) -> None:
    assert list(table_problems(model, table_of(model), exemptions())) == []


@every_table
def test_every_column_has_a_tag_that_can_be_kept(table: Table) -> None:
    assert list(column_problems(table)) == []


@every_table
def test_every_retention_has_an_end_and_a_job(table: Table) -> None:
    assert list(retention_problems(table, jobs())) == []


@every_table
def test_every_link_can_be_followed(table: Table) -> None:
    assert list(link_problems(table)) == []
    for link in table.links:
        if link.find is None:
            str(Rule(table, link).rows(0).values(*(lookup for _, lookup in table.copy)).query)


def test_what_is_told_to_the_ai_may_leave() -> None:
    assert len(disclosures()) >= 7
    assert disclosure_problems(disclosures()) == []


def test_the_one_job_is_on_the_schedule() -> None:
    planned = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert apply_retention.name in planned
    assert {apply_retention.name, expire.name} <= set(current_app.tasks)
    assert {"accounts.securityevent", "accounts.securityevent.address_hash", "accounts.export:files"} <= set(jobs())


# One declares what is held of people, by the same words; staff find rows by address in the other.
COMPUTE_NOTHING = {PROJECT / "matching" / name for name in ("personal.py", "admin.py")}


def test_matching_sees_nothing_protected() -> None:
    protected = {column.name for table in TABLES for column in table.columns if column.special}
    assert {"picture", "display_name", "start_year"} <= protected
    for source in {*(PROJECT / "matching").glob("*.py")} - COMPUTE_NOTHING:
        assert not protected & _words_in(source.read_text()), f"{source.name} reads what nobody may be judged by."
    assert protected & _words_in('rows.values("user__start_year")')


def _words_in(text: str) -> set[str]:
    """Names and strings of a module, in the steps of lookups."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Attribute(attr=word) | ast.Name(id=word) | ast.Constant(value=str(word)):
                found.update(word.split("__"))
    return found


def test_words_for_people_are_sentences() -> None:
    for one in (*Category, *Purpose):
        assert re.fullmatch(r"[A-Z].+\.", one.says), one
    assert all(table.title[0].isupper() and table.title[-1] != "." for table in TABLES)
    assert all(len(reason) > 8 for reason in exemptions().values())


def test_the_page_is_up_to_date() -> None:
    page = (PROJECT / "docs" / "data-catalogue.md").read_text(encoding="utf-8")
    assert page == catalogue_page(), "Run: make catalogue"


def test_rows_go_before_what_they_refer_to() -> None:
    order = [rule.label for rule in rules() if rule.fate is Fate.DELETE]
    for earlier, later in (
        ("missions.reward", "missions.mission"),
        ("missions.evidence", "missions.mission"),
        ("consciousness.message", "consciousness.turn"),
        ("consciousness.turn", "consciousness.session"),
        ("accounts.profile", "accounts.user"),
    ):
        assert order.index(earlier) < order.index(later)


@pytest.mark.django_db
def test_the_test_person_has_a_row_in_every_table() -> None:
    user = make_everything("canary")
    # These come to be when the account is deleted.
    later = {"accounts.deletion", "accounts.erasureduty"}
    assert [rule.label for rule in rules() if rule.label not in later and not rule.rows(user.pk).exists()] == []


# That each of these can fail ------------------------------------------------------------------------------


def test_a_table_that_nobody_described_is_noticed() -> None:
    message = "missions.Evidence: neither in the catalogue nor exempt; describe it as a Table in its room's personal.py"
    assert list(table_problems(Evidence, None, {})) == [message]
    assert "exempt, and yet about people" in next(table_problems(Evidence, None, {Evidence: "a lie"}))
    assert list(table_problems(MissionTemplate, None, {MissionTemplate: "content"})) == []
    changes = next(table for table in TABLES if table.label == "accounts.rolechange")
    but_one = replace(changes, links=[link for link in changes.links if link.path != "actor"])
    assert list(table_problems(changes.model, but_one, {})) == ["accounts.RoleChange.actor: no link"]
    astray = replace(described(Evidence), links=[Link("", Fate.DELETE, "leads nowhere")])
    assert "missions.Evidence: its links follow none of" in next(table_problems(Evidence, astray, {}))


def test_an_untagged_column_is_noticed() -> None:
    profile = described(Profile)
    without = replace(profile, columns=[one for one in profile.columns if one.name != "bio"])
    assert list(column_problems(without)) == ["accounts.profile.bio: untagged"]
    more = replace(profile, columns=[*profile.columns, tag("shoe_size", Category.PROFILE, Purpose.ACCOUNT)])
    assert list(column_problems(more)) == ["accounts.profile.shoe_size: a tag for a column that is gone"]
    assert list(column_problems(replace(profile, columns=[*profile.columns, *technical("bio")]))) == [
        "accounts.profile.bio: tagged twice"
    ]


@pytest.mark.parametrize(
    ("model", "wrong", "problem"),
    [
        (User, tag("password", Category.SECURITY, Purpose.SECURITY), "sealed or secret, and yet in the copy"),
        (User, replace(secret("epoch"), copy=(("epoch", "epoch"),)), "sealed or secret, and yet in the copy"),
        (User, replace(secret("epoch"), leaves=AI_PROVIDER), "secret or protected, and yet it may leave"),
        (
            Profile,
            tag("bio", Category.PROFILE, Purpose.ACCOUNT, leaves=AI_PROVIDER, special=True),
            "secret or protected, and yet it may leave",
        ),
        (
            Profile,
            tag("bio", Category.PROFILE, Purpose.ACCOUNT, leaves="postcards"),
            "may leave by a consent that nobody gives: postcards",
        ),
        (
            Profile,
            tag("bio", Category.PROFILE, Purpose.ACCOUNT, leaves_as="a summary"),
            "says as what it leaves, but not that it does",
        ),
        (
            Profile,
            tag("bio", Category.PROFILE, Purpose.ACCOUNT, copy="headline"),
            "its copy reads headline, which is another column",
        ),
        (
            Profile,
            tag("user", Category.PROFILE, Purpose.ACCOUNT, copy="user__password"),
            "its copy reads the secret accounts.user.password",
        ),
    ],
)
def test_a_tag_that_cannot_be_is_noticed(model: type[models.Model], wrong: Any, problem: str) -> None:
    label = f"{model._meta.label_lower}.{wrong.name}"
    assert f"{label}: {problem}" in list(column_problems(with_column(described(model), wrong)))


@pytest.mark.parametrize(
    ("model", "retention", "problem"),
    [
        (SecurityEvent, WITH_ACCOUNT, "kept with the account, but rows outlive it"),
        (UserSkill, Lasting(words="for ever"), "kept for ever, and yet it names somebody"),
        (UserSkill, GoesWith(words="with it", column="skill"), "does not go with skill"),
        (UserSkill, GoesWith(words="with it", column="name"), "does not go with name"),
    ],
)
def test_an_end_that_never_comes_is_noticed(model: type[models.Model], retention: Retention, problem: str) -> None:
    table = replace(described(model), retention=[retention])
    assert f"{table.label}: {problem}" in list(retention_problems(table, jobs()))


def test_a_retention_that_nobody_carries_out_is_noticed() -> None:
    skill = described(UserSkill)
    assert list(retention_problems(replace(skill, retention=[]), jobs())) == ["accounts.userskill: no retention"]
    forgotten = replace(skill, retention=[after(settings.UNVERIFIED_ACCOUNT_AGE, "level", since="then")])
    assert list(retention_problems(forgotten, jobs())) == [
        "accounts.userskill: ('level',) are no moments",
        "accounts.userskill: a retention without a job",
    ]
    settled = Settled(words="until then", done=Q(level=5))
    for wrong, problem in (
        (held("name", Category.CAREER, Purpose.MATCHING, retention=WITH_ACCOUNT, empty=""), "can only be emptied"),
        (held("level", Category.CAREER, Purpose.MATCHING, retention=settled), "cannot be emptied: it says no"),
        (held("uid", Category.CAREER, Purpose.MATCHING, retention=settled, empty=""), "cannot be emptied twice"),
    ):
        assert any(problem in one for one in retention_problems(with_column(skill, wrong), jobs()))


def test_a_link_that_leaves_the_person_in_is_noticed() -> None:
    table = described(Consent)
    half = Link("user", Fate.ANONYMISE, "a reason of some length", blank={"app_version": ""})
    assert list(link_problems(replace(table, links=[half]))) == ["accounts.consent by user: still leads to the person"]
    wrong = Link("user", Fate.DELETE, "short", blank={"nose": ""})
    assert list(link_problems(replace(table, links=[wrong]))) == [
        "accounts.consent by user: no reason",
        "accounts.consent by user: blank goes with anonymising",
        "accounts.consent by user: blanks ['nose'], which are no columns",
    ]


def test_telling_what_may_not_leave_is_noticed() -> None:
    made = [
        Disclosure(Profile, ("weekly_hours", "bio"), worked_out=False),
        Disclosure(Education, ("start_year",), worked_out=True),
        Disclosure(UserSkill, ("user__email",), worked_out=False),
    ]
    assert [problem.partition(":")[0] for problem in disclosure_problems(made)] == [
        "accounts.profile.bio",
        "accounts.education.start_year",
        "accounts.userskill.user__email",
    ]


def test_only_tables_are_taken_and_each_once() -> None:
    with pytest.raises(TypeError, match="a tag on each column"):
        register((Evidence, "mission__user", Fate.DELETE))  # type: ignore[arg-type]  # which is the point
    with pytest.raises(ValueError, match=r"missions\.evidence is described twice"):
        register(described(Evidence))
