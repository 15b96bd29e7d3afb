"""A valid row of every table, and a change that such a row bears."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import models

from accounts import models as accounts
from matching import models as matching
from mentors import models as mentors
from missions import models as missions
from tests.data_model.conversation_rows import CONVERSATIONS, sample_message
from tests.data_model.samples import DAY, Sample, Table, some_account
from tests.factories.accounts import (
    give_consent,
    give_skill,
    make_education,
    make_experience,
    make_field,
    make_goal,
    make_group,
    make_occupation,
    make_profile,
    make_sign_in,
    make_skill,
    make_user,
)
from tests.factories.insights import make_insight, make_proposal
from tests.factories.matching import (
    make_algorithm,
    make_block,
    make_feedback,
    make_freshness,
    make_match,
    make_occupancy,
    make_person_snapshot,
    make_traveler_snapshot,
)
from tests.factories.mentors import make_project, make_traveler
from tests.factories.missions import make_mission, make_reward, make_template
from timetravelers.kit.clock import now
from timetravelers.kit.ids import uuid7
from timetravelers.kit.models import IdempotentAnswer

MOMENT = datetime(2026, 5, 1, tzinfo=UTC)


def _title() -> models.Model:
    return accounts.AlternateTitle.objects.create(occupation=make_occupation(), title="Number Cruncher")


def _assessment(**facts: Any) -> accounts.LearningAssessment:
    begun = {"started_at": now(), **facts}
    return accounts.LearningAssessment.objects.create(user=make_user(), bank_version=1, **begun)


def _score() -> models.Model:
    moment = now()
    done = _assessment(started_at=moment, finished_at=moment, attention_passed=True)
    return accounts.AxisScore.objects.create(
        assessment=done, axis="visual_verbal", value=0.5, confidence=0.5, answered=6
    )


def _correction() -> models.Model:
    return accounts.CareerStageCorrection.objects.create(
        user=make_user(), stage="growth", recycling=False, stated_at=now()
    )


def _deletion() -> accounts.Deletion:
    return accounts.Deletion.objects.create(user=make_user(), receipt=uuid7().hex, requested_at=now())


def _duty() -> models.Model:
    return accounts.ErasureDuty.objects.create(
        deletion=_deletion(), kind="apple", reference="sealed", digest="d", due_at=now()
    )


def _export() -> models.Model:
    moment = now()
    return accounts.Export.objects.create(
        user=make_user(),
        state="ready",
        due_at=moment,
        bytes=3,
        ready_at=moment,
        expires_at=moment + timedelta(days=7),
    )


def _interest() -> models.Model:
    return accounts.OccupationInterest.objects.create(
        occupation=make_occupation(), area="social", score=5, high_point=1
    )


def _occupation_skill() -> models.Model:
    return accounts.OccupationSkill.objects.create(
        occupation=make_occupation(), skill=make_skill(), importance=4, level=5
    )


def _task() -> models.Model:
    return accounts.OccupationTask.objects.create(
        occupation=make_occupation(), onet_id=1, statement="Counts.", kind="core"
    )


def _technology() -> models.Model:
    return accounts.OccupationTechnology.objects.create(
        occupation=make_occupation(), skill=make_skill(), in_demand=True
    )


def _occupation_term() -> models.Model:
    return accounts.OccupationTerm.objects.create(occupation=make_occupation(), text=" data", compact="data", weight=20)


def _skill_term() -> models.Model:
    return accounts.SkillTerm.objects.create(skill=make_skill(), text=" python", compact="python", weight=20)


def _style() -> accounts.WorkStyle:
    return accounts.WorkStyle.objects.create(onet_id="1.C.5.b", name="Attention to Detail")


def _occupation_style() -> models.Model:
    return accounts.OccupationWorkStyle.objects.create(occupation=make_occupation(), style=_style(), importance=4)


def _related() -> models.Model:
    other = make_occupation("15-2041.00", "Statisticians")
    return accounts.RelatedOccupation.objects.create(occupation=make_occupation(), related=other, tier="primary-short")


def _role_change() -> models.Model:
    return accounts.RoleChange.objects.create(
        user=make_user(), actor=make_user(), kind="role", before="user", after="mentor", changed_at=now()
    )


def _security_event() -> models.Model:
    return accounts.SecurityEvent.objects.create(user=make_user(), kind="tokens_revoked", happened_at=now())


def _group_of_user() -> models.Model:
    through: Any = accounts.User.groups.through
    row: models.Model = through.objects.create(user=make_user(), group=Group.objects.create(name="readers"))
    return row


def _permission_of_user() -> models.Model:
    through: Any = accounts.User.user_permissions.through
    row: models.Model = through.objects.create(user=make_user(), permission=Permission.objects.order_by("pk")[0])
    return row


def _skill_of_template() -> models.Model:
    through: Any = missions.MissionTemplate.skills.through
    row: models.Model = through.objects.get(missiontemplate=make_template(skills=["python"]))
    return row


def _budget() -> models.Model:
    user = make_user()
    return mentors.CreditBudget.objects.create(scope="user", key=f"user {user.pk}", owner=user, day=DAY, held=1)


def _entry() -> models.Model:
    return mentors.CreditEntry.objects.create(
        kind="spend", amount=5, day=DAY, subject=uuid7(), account=some_account(), owner=make_user()
    )


def _egress() -> models.Model:
    return mentors.EgressRecord.objects.create(
        user=make_user(),
        engine="manus",
        recipient="Manus",
        account=some_account(),
        endpoint="task.create",
        categories=["conversation"],
        consent_version=1,
        size=9,
        at=now(),
    )


def _call() -> models.Model:
    user, moment = make_user(), now()
    return mentors.ProviderCall.objects.create(
        subject=uuid7(),
        kind="send",
        lane="live",
        pool="send",
        owner=user,
        flow=user.pk,
        account=some_account(),
        state="admitted",
        enqueued_at=moment,
        admitted_at=moment,
        held_on=moment.date(),
    )


def _share() -> models.Model:
    user = make_user()
    return mentors.FairShare.objects.create(owner=user, pool="create", lane="live", flow=user.pk, place=1)


def _use() -> models.Model:
    return mentors.ManusUse.objects.create(account=some_account(), day=DAY, endpoint="task.create", outcome="ok")


def _delivery() -> models.Model:
    return mentors.WebhookDelivery.objects.create(
        account=some_account(), digest=uuid7().bytes, event_type="task_stopped", verified_at=now(), handled_at=now()
    )


def _version() -> models.Model:
    return make_traveler(author=make_user()).versions.get()


def _traveler_skill() -> models.Model:
    return make_traveler(skills={"python": 4}).skill_links.get()


def _evidence() -> models.Model:
    return missions.Evidence.objects.create(mission=make_mission(make_user()), kind="text", content="I did it.")


def _proposal() -> models.Model:
    return make_proposal(make_insight(sample_message()))


def _answer() -> models.Model:
    return IdempotentAnswer.objects.create(
        user=make_user(), route="POST Somewhere", key="one", fingerprint=b"0" * 32, status=201, body=b"{}"
    )


SAMPLES: dict[Table, Sample] = {
    accounts.AlternateTitle: Sample(_title, {"title": "Bean Counter"}),
    accounts.AxisScore: Sample(_score, {"value": -0.25}),
    accounts.CareerStageCorrection: Sample(_correction, {"stage": "maintenance"}),
    accounts.Consent: Sample(lambda: give_consent(make_user()), {"version": 2}),
    accounts.Deletion: Sample(_deletion, {"files_deleted": 3}),
    accounts.Education: Sample(
        lambda: make_education(make_user(), start_year=1999, end_year=2003), {"institution": "Day School"}
    ),
    accounts.ErasureDuty: Sample(_duty, {"state": "done", "reference": ""}),
    accounts.Experience: Sample(lambda: make_experience(make_user(), occupation=make_occupation()), {"title": "Boss"}),
    accounts.Export: Sample(_export, {"state": "expired"}),
    accounts.Field: Sample(make_field, {"name": "Numbers"}),
    accounts.Goal: Sample(lambda: make_goal(make_user()), {"status": "achieved"}),
    accounts.LearningAnswer: Sample(
        lambda: accounts.LearningAnswer.objects.create(assessment=_assessment(), item="one", value=3), {"value": 5}
    ),
    accounts.LearningAssessment: Sample(_assessment, {"bank_version": 2}),
    accounts.MinorGroup: Sample(make_group, {"name": "Counting"}),
    accounts.Occupation: Sample(make_occupation, {"job_zone": 5}),
    accounts.OccupationInterest: Sample(_interest, {"high_point": 3}),
    accounts.OccupationSkill: Sample(_occupation_skill, {"level": None}),
    accounts.OccupationTask: Sample(_task, {"kind": ""}),
    accounts.OccupationTechnology: Sample(_technology, {"in_demand": False}),
    accounts.OccupationTerm: Sample(_occupation_term, {"weight": 8}),
    accounts.OccupationWorkStyle: Sample(_occupation_style, {"importance": 1.5}),
    accounts.Profile: Sample(
        lambda: make_profile(make_user(), target_occupation=make_occupation()), {"weekly_hours": 80}
    ),
    accounts.RelatedOccupation: Sample(_related, {"rank": 2}),
    accounts.RoleChange: Sample(_role_change),
    accounts.SearchWord: Sample(lambda: accounts.SearchWord.objects.create(word="data"), {"word": "date"}),
    accounts.SecurityEvent: Sample(_security_event, {"reason": "test"}),
    accounts.SignIn: Sample(lambda: make_sign_in(make_user()), {"ended_at": now(), "session_key": ""}),
    accounts.Skill: Sample(lambda: make_skill(onet_id="2.A.1.b", hot=True), {"name": "Pythons"}),
    accounts.SkillTerm: Sample(_skill_term, {"weight": 0}),
    accounts.TaxonomyRelease: Sample(
        lambda: accounts.TaxonomyRelease.objects.create(version="29.3", imported_at=now()), {"counts": {"x": 1}}
    ),
    accounts.User: Sample(lambda: accounts.User.objects.create(email="somebody@example.org"), {"role": "mentor"}),
    accounts.User.groups.through: Sample(_group_of_user),
    accounts.User.user_permissions.through: Sample(_permission_of_user),
    accounts.UserSkill: Sample(lambda: give_skill(make_user()), {"level": 5}),
    accounts.WorkStyle: Sample(_style, {"description": "Be careful."}),
    matching.Algorithm: Sample(lambda: make_algorithm("published", author=make_user()), {"note": "Better."}),
    matching.Block: Sample(lambda: make_block(make_user()), {"created_at": MOMENT}),
    matching.Freshness: Sample(lambda: make_freshness(make_user()), {"computed": 2}),
    matching.Match: Sample(lambda: make_match(make_user(), proposed_by=make_user()), {"score": 51.0}),
    matching.MatchFeedback: Sample(lambda: make_feedback(make_user()), {"value": -1.0}),
    matching.Occupancy: Sample(make_occupancy, {"people": 3}),
    matching.PersonSnapshot: Sample(lambda: make_person_snapshot(make_user()), {"taken_at": MOMENT}),
    matching.TravelerSnapshot: Sample(make_traveler_snapshot, {"version": 2}),
    mentors.CreditBudget: Sample(_budget, {"spent": 7}),
    mentors.CreditEntry: Sample(_entry),
    mentors.EgressRecord: Sample(_egress),
    mentors.FairShare: Sample(_share, {"deficit": 2}),
    mentors.LaneShare: Sample(
        lambda: mentors.LaneShare.objects.create(pool="create", lane="live", passed=0), {"passed": 3}
    ),
    mentors.ManusAccount: Sample(some_account, {"health": "well"}),
    mentors.ManusUse: Sample(_use, {"calls": 2}),
    mentors.ProviderCall: Sample(_call, {"state": "done", "ended_at": now()}),
    mentors.Traveler: Sample(make_traveler, {"capacity": 7}),
    mentors.TravelerProject: Sample(lambda: make_project(make_traveler(), some_account()), {"attempts": 2}),
    mentors.TravelerSkill: Sample(_traveler_skill, {"level": 5}),
    mentors.TravelerVersion: Sample(_version),
    mentors.WebhookDelivery: Sample(_delivery, {"handled_at": None}),
    missions.Evidence: Sample(_evidence, {"kind": "link"}),
    missions.Mission: Sample(
        lambda: make_mission(make_user(), traveler=make_traveler(), origin=uuid7()), {"reason": "Because."}
    ),
    missions.MissionTemplate: Sample(make_template, {"minutes": 5}),
    missions.MissionTemplate.skills.through: Sample(_skill_of_template),
    missions.Reward: Sample(lambda: make_reward(make_user())),
    missions.MissionProposal: Sample(_proposal, {"text": "Learn R."}),
    **CONVERSATIONS,
    IdempotentAnswer: Sample(_answer, {"status": 409}),
}


def columns_of(row: models.Model) -> dict[str, Any]:
    """What the row holds, by column."""
    return {column.attname: getattr(row, column.attname) for column in row._meta.concrete_fields}


def insert_copy(row: models.Model, **change: Any) -> models.Model:
    """Store the same row once more with another key and these changes; the database has the only say."""
    values = columns_of(row) | ({"uid": uuid7()} if hasattr(row, "uid") else {})
    if isinstance(row._meta.pk, models.BigAutoField):
        values.pop(row._meta.pk.attname)
    copy = type(row)(**values)
    for name, value in change.items():
        setattr(copy, name, value)
    copy.save_base(raw=True, force_insert=True)
    return copy
