"""A person as they come in real life, with several rows in every list of theirs: for counting what requests ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from PIL import Image

from accounts.item_bank import item_bank
from accounts.models import (
    AxisScore,
    Consent,
    Deletion,
    Export,
    LearningAnswer,
    LearningAssessment,
    Occupation,
    Skill,
    User,
)
from accounts.picture_files import store_picture
from accounts.selectors.leaving import digest_of
from accounts.services.exports import export_file
from consciousness.file_store import new_key
from consciousness.models import (
    ContextMark,
    File,
    FileCopy,
    Memory,
    MemorySource,
    Message,
    Reminder,
    Session,
    SessionEvent,
    SummaryLine,
    SummaryPart,
    Turn,
)
from consciousness.services.passages import read_memory
from consciousness.services.remembering import fingerprint_of
from matching.models import DeclineReason
from matching.services.deciding import accept_match, decline_match
from matching.services.judging import judge_match
from matching.services.proposing import proposals_for
from mentors.models import EgressRecord, ManusAccount, ProviderCall, Traveler
from mentors.services.versions import newest_version
from missions.models import Evidence, Mission, MissionTemplate, Reward
from tests.actors import ApiClient
from tests.asking.hindsight import look_back
from tests.asking.trees import grow_tree
from tests.factories.accounts import (
    give_consent,
    make_education,
    make_experience,
    make_goal,
    make_profile,
    make_sign_in,
    make_user,
)
from tests.factories.files import make_file
from tests.factories.matching import make_block
from tests.factories.missions import make_mission
from tests.factories.sessions import make_scheduled
from timetravelers.kit.clock import now
from timetravelers.kit.models import IdempotentAnswer

RECEIPT = "the-receipt-of-somebody-who-left"


@dataclass(frozen=True)
class Person:
    """Who asks, with `size` rows in each list; `things` are the public ids that addresses name."""

    user: User
    phone: ApiClient
    size: int
    things: dict[str, UUID]
    account: ManusAccount


def make_person(email: str, size: int) -> Person:
    """The starting content has to be there."""
    user = make_user(email)
    picture = store_picture({64: b"small", 256: b"middle", 1024: b"large"})
    target = Occupation.objects.order_by("code")[0]
    make_profile(user, display_name="Robin", goal="Lead a team.", target_occupation=target, picture=picture)
    account, _ = ManusAccount.objects.get_or_create(name="asked", defaults={"sealed_key": "sealed"})
    things: dict[str, UUID] = {}
    for make in (_records, _choices, _assessments, _copies, _missions, _matches):
        things |= make(user, size)
    things |= _sessions(user, size, account)
    things |= _remembered(user, size, things["tree"])
    things |= _sent(user, size, account)
    things |= look_back(user, size)
    Deletion.objects.get_or_create(
        receipt=digest_of(RECEIPT), defaults={"state": "erased", "requested_at": now(), "erased_at": now()}
    )
    return Person(user, ApiClient(user), size, things, account)


def _records(user: User, size: int) -> dict[str, UUID]:
    occupations = list(Occupation.objects.order_by("code")[:size])
    skills = list(Skill.objects.order_by("key")[:size])
    goals = [make_goal(user, occupation=one, position=place) for place, one in enumerate(occupations)]
    works = [make_experience(user, occupation=one, position=place) for place, one in enumerate(occupations)]
    schools = [make_education(user, position=place) for place in range(size)]
    known = [user.skills.create(skill=one, level=3, position=place) for place, one in enumerate(skills)]
    return {"goals": goals[0].uid, "experience": works[0].uid, "education": schools[0].uid, "skills": known[0].uid}


def _choices(user: User, size: int) -> dict[str, UUID]:
    give_consent(user)
    # What was allowed and withdrawn before stays as the record of it.
    for age in range(1, size):
        moment = now() - timedelta(days=age)
        Consent.objects.create(
            user=user, purpose="ai_provider", version=1, granted_at=moment, withdrawn_at=moment, app_version="1"
        )
    devices = [make_sign_in(user, device=f"Phone {number}") for number in range(size)]
    for number in range(size):
        IdempotentAnswer.objects.create(
            user=user, route="POST Somewhere", key=f"key {number}", fingerprint=b"0", status=201, body=b"{}"
        )
    return {"sign-ins": devices[0].uid}


def _assessments(user: User, size: int) -> dict[str, UUID]:
    bank, moment = item_bank(1), now()
    for age in range(1, size):
        when = moment - timedelta(days=age)
        over = LearningAssessment.objects.create(
            user=user, bank_version=1, started_at=when, finished_at=when, attention_passed=True
        )
        AxisScore.objects.create(assessment=over, axis="visual_verbal", value=0.5, confidence=0.5, answered=6)
        LearningAnswer.objects.create(assessment=over, item=bank.items[0].key, value=3)
    begun = LearningAssessment.objects.create(user=user, bank_version=1, started_at=moment)
    answers = [LearningAnswer(assessment=begun, item=item.key, value=4) for item in bank.items]
    LearningAnswer.objects.bulk_create(
        [*answers, LearningAnswer(assessment=begun, item=bank.attention.key, value=bank.attention.expected)]
    )
    return {"learning-assessments": begun.uid}


def _copies(user: User, size: int) -> dict[str, UUID]:
    facts: dict[str, Any] = {"state": "ready", "bytes": 4, "ready_at": now(), "expires_at": now() + timedelta(days=7)}
    made = [Export.objects.create(user=user, due_at=now(), **facts) for _ in range(size)]
    storages["exports"].save(export_file(made[0].uid), ContentFile(b"copy"))
    return {"exports": made[0].uid}


def _missions(user: User, size: int) -> dict[str, UUID]:
    templates = list(MissionTemplate.objects.current().order_by("slug")[: 2 * size + 1])
    traveler = Traveler.objects.order_by("slug")[0]
    for template in templates[:size]:
        done = make_mission(user, template=template, traveler=traveler, state=Mission.State.COMPLETED)
        Reward.objects.create(user=user, mission=done, points=40, earned_at=now())
    taken = [
        make_mission(user, template=template, traveler=traveler, state=Mission.State.ACCEPTED)
        for template in templates[size : 2 * size]
    ]
    for number in range(size):
        Evidence.objects.create(mission=taken[0], kind="text", content=f"I did this, and then that. {number} " * 20)
    offered = make_mission(user, template=templates[-1], traveler=traveler)
    return {"missions": taken[0].uid, "offered": offered.uid}


def _matches(user: User, size: int) -> dict[str, UUID]:
    """Matches that were made of what the person says, some decided on, with verdicts and blocks."""
    travelers = list(Traveler.objects.order_by("slug"))
    for traveler in travelers[-size:]:
        make_block(user, traveler)
    matches = [one.match for one in proposals_for(user_id=user.pk).results if one.match is not None]
    for match in matches[1 : size + 1]:
        accept_match(match=match.uid, actor=user)
    for match in matches[size + 1 : 2 * size + 1]:
        decline_match(match=match.uid, actor=user, reason=DeclineReason.OTHER)
    judge_match(match=matches[0].uid, actor=user, stars=4)
    proposals_for(user_id=user.pk)
    return {"matches": matches[0].uid, "blocked": travelers[-1].uid}


def _sessions(user: User, size: int, account: ManusAccount) -> dict[str, UUID]:
    travelers = list(Traveler.objects.order_by("slug")[:size])
    held = [_session(user, traveler, size, account) for traveler in travelers]
    talk = held[0]
    planned = _planned(user, travelers[0])
    failed = Turn.objects.create(session=talk, state="failed", due_at=now(), ended_at=now(), failure="refused")
    Message.objects.create(session=talk, turn=failed, author="user", text="And why?", client_id="failed")
    waiting = Turn.objects.create(session=talk, due_at=now())
    Message.objects.create(session=talk, turn=waiting, author="user", text="And then?", client_id="waits")
    ProviderCall.objects.create(
        subject=waiting.uid,
        kind="create",
        lane="live",
        pool="create",
        owner=user,
        flow=user.pk,
        session_ref=talk.uid,
        enqueued_at=now(),
    )
    return {
        "planned": planned.uid,
        "sessions": talk.uid,
        "failed": failed.uid,
        "waiting": waiting.uid,
        "travelers": travelers[0].uid,
        **grow_tree(held[1]),
    }


def _sent(user: User, size: int, account: ManusAccount) -> dict[str, UUID]:
    """Files with messages, each with its copy at the provider, and one that is coming in."""
    said = Message.objects.filter(session__user=user, author="user").order_by("pk")[:size]
    kept = [make_file(user, message=message) for message in said]
    there: dict[str, Any] = {"account": account, "expires_at": now() + timedelta(days=2)}
    FileCopy.objects.bulk_create(FileCopy(file=file, reference=f"file-{file.uid}", **there) for file in kept)
    coming = File.objects.create(
        user=user, name="a.txt", size=10, sha256="0" * 64, key=new_key(), due_at=now(), expires_at=now()
    )
    return {"files": kept[0].uid, "coming": coming.uid}


def _remembered(user: User, size: int, tree: UUID) -> dict[str, UUID]:
    """Memories with sources, a summary, and marks of what is told."""
    session = user.sessions.get(uid=tree)
    turns = list(session.turns.filter(on_branch=True).order_by("pk"))
    said = [turn.messages.filter(author="user").order_by("pk")[0] for turn in turns]
    kept = []
    for number, message in enumerate(said):
        text = f"Plan number {number} is to lead a team."
        memory = Memory.objects.create(
            user=user, session=session, kind="goal", text=text, fingerprint=fingerprint_of(text), confidence=0.9,
            state="kept", decided_at=now(), last_used_at=now(),
        )  # fmt: skip
        MemorySource.objects.create(memory=memory, message=message)
        read_memory(memory)
        part = SummaryPart.objects.create(session=session, first=turns[number], last=turns[number])
        SummaryLine.objects.create(part=part, message=message, place=0, weight=1, text="How?")
        kept.append(memory)
    ContextMark.objects.create(session=session, memory=kept[0], mark="excluded")
    ContextMark.objects.create(session=session, turn=turns[0], mark="pinned")
    return {"memories": kept[0].uid, "pinned": turns[0].uid, "spoken": said[0].uid}


def _planned(user: User, traveler: Traveler) -> Session:
    """A session that may be opened now, put away, with a reminder."""
    session = make_scheduled(user, now() + timedelta(minutes=10), traveler, archived_at=now())
    Reminder.objects.create(session=session, kind="soon", due_at=now() + timedelta(minutes=5))
    return session


def _session(user: User, traveler: Traveler, size: int, account: ManusAccount) -> Session:
    session = Session.objects.create(
        user=user,
        traveler=traveler,
        version=newest_version(traveler),
        consent_version=1,
        goal="Find my first role.",
        last_seq=size,
    )
    for number in range(size):
        turn = Turn.objects.create(session=session, due_at=now(), ended_at=now(), state="completed")
        said = Message.objects.create(
            session=session, turn=turn, author="user", text="How?", client_id=f"said {number}"
        )
        SessionEvent.objects.create(
            session=session, seq=number + 1, type="message.created", data={"message": {"uid": str(said.uid)}}
        )
        Message.objects.create(session=session, turn=turn, author="traveler", text="So.", engine="manus")
    for _ in range(size):
        EgressRecord.objects.create(
            user=user,
            session_ref=session.uid,
            engine="manus",
            recipient="Manus",
            account=account,
            endpoint="task.create",
            categories=["conversation"],
            consent_version=1,
            size=100,
            at=now(),
        )
    return session


def picture_file() -> bytes:
    """A picture as phones send them."""
    file = BytesIO()
    Image.new("RGB", (80, 60), (10, 120, 90)).save(file, "PNG")
    return file.getvalue()
