"""A person with at least one row in every table that can hold something about them."""

from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from accounts.models import (
    AxisScore,
    CareerStageCorrection,
    Export,
    LearningAnswer,
    LearningAssessment,
    RoleChange,
    SecurityEvent,
    User,
)
from accounts.picture_files import store_picture
from accounts.services.exports import export_file
from consciousness.models import (
    ContextMark,
    FileCopy,
    Memory,
    MemorySource,
    Message,
    Passage,
    Rating,
    Reading,
    Reminder,
    Session,
    SessionEvent,
    SummaryLine,
    SummaryPart,
    Turn,
)
from consciousness.services.remembering import fingerprint_of
from mentors.models import CreditBudget, CreditEntry, EgressRecord, FairShare, ManusAccount, ProviderCall
from mentors.services.versions import newest_version
from missions.models import Evidence, Mission, Reward
from tests.factories.accounts import (
    give_consent,
    give_skill,
    make_education,
    make_experience,
    make_goal,
    make_profile,
    make_sign_in,
    make_user,
)
from tests.factories.files import make_file
from tests.factories.insights import make_hindsight, make_insight, make_proposal
from tests.factories.matching import make_algorithm, make_block, make_feedback, make_freshness, make_match
from tests.factories.mentors import make_account, make_traveler
from tests.factories.missions import make_mission
from timetravelers.kit.clock import now
from timetravelers.kit.ids import uuid7
from timetravelers.kit.models import IdempotentAnswer


def make_everything(word: str) -> User:
    """The person `word@example.org`, whose every text holds `word`."""
    user = make_user(f"{word}@example.org")
    for make in (_profile, _learning, _access, _frame, _sessions, _provider, _missions, _matching):
        make(user, word)
    return user


def _profile(user: User, word: str) -> None:
    picture = store_picture({64: word.encode(), 256: word.encode(), 1024: word.encode()})
    make_profile(user, display_name=word, goal=f"become {word}", headline=word, bio=word, picture=picture)
    give_skill(user)
    make_goal(user, motivation=word)
    make_experience(user, employer=word, description=word)
    make_education(user, institution=word, field_of_study=word)


def _learning(user: User, word: str) -> None:
    moment = now()
    assessment = LearningAssessment.objects.create(
        user=user, bank_version=1, started_at=moment, finished_at=moment, attention_passed=True
    )
    LearningAnswer.objects.create(assessment=assessment, item="item", value=3)
    AxisScore.objects.create(assessment=assessment, axis="visual_verbal", value=0.5, confidence=0.5, answered=6)
    CareerStageCorrection.objects.create(user=user, stage="exploration", recycling=False, stated_at=moment)


def _access(user: User, word: str) -> None:
    give_consent(user)
    make_sign_in(user, device=word, user_agent=word, session_key=_session_of(user, word))
    SecurityEvent.objects.create(user=user, kind="tokens_revoked", reason="test", happened_at=now())
    somebody = make_user(f"somebody.of.{len(word)}@example.org")
    for person, actor in ((user, somebody), (somebody, user)):
        RoleChange.objects.create(
            user=person, actor=actor, kind="role", before="user", after="mentor", changed_at=now()
        )
    export = Export.objects.create(
        user=user, state="ready", due_at=now(), bytes=3, ready_at=now(), expires_at=now() + timedelta(days=7)
    )
    storages["exports"].save(export_file(export.uid), ContentFile(word.encode()))
    user.user_permissions.add(Permission.objects.filter(content_type__app_label="accounts")[0])


def _session_of(user: User, word: str) -> str:
    store = SessionStore()
    store["_auth_user_id"] = str(user.pk)
    store["account_authentication_methods"] = [{"method": "password", "email": f"{word}@example.org"}]
    store.create()
    pending = SessionStore()
    pending["account_login"] = {"user_pk": str(user.pk), "email": f"{word}@example.org"}
    pending.create()
    return str(store.session_key)


def _frame(user: User, word: str) -> None:
    IdempotentAnswer.objects.create(
        user=user, route="POST Somewhere", key=word, fingerprint=b"0", status=201, body=f'"{word}"'.encode()
    )
    address = EmailAddress.objects.get(user=user)
    EmailConfirmation.objects.create(email_address=address, key=f"key-{word}")
    Authenticator.objects.create(user=user, type="totp", data={"secret": word})
    account = SocialAccount.objects.create(user=user, provider="google", uid=word, extra_data={"email": word})
    SocialToken.objects.create(account=account, token=word)
    _admin_entry(make_user(f"staff.of.{len(word)}@example.org"), address, word)
    _admin_entry(user, make_user(f"watched.by.{len(word)}@example.org"), "somebody")


def _admin_entry(staff: User, thing: Any, name: str) -> None:
    LogEntry.objects.create(
        user=staff,
        content_type=ContentType.objects.get_for_model(thing),
        object_id=str(thing.pk),
        object_repr=name,
        action_flag=CHANGE,
        change_message=name,
    )


def _sessions(user: User, word: str) -> None:
    traveler, account = make_traveler(author=user), make_account(f"account-{user.pk}")
    session = Session.objects.create(
        user=user,
        traveler=traveler,
        version=newest_version(traveler),
        consent_version=1,
        goal=word,
        title=word,
        provider_account=account,
        provider_task=f"task-of-{word}",
        former_tasks=[f"{account.pk}/former-task-of-{word}"],
        last_seq=1,
    )
    turn = Turn.objects.create(session=session, due_at=now(), ended_at=now(), state="completed")
    Message.objects.create(session=session, turn=turn, author="user", text=f"I am {word}.", client_id=word)
    _remembered(user, session, turn, word)
    _looked_back_on(turn, word)
    SessionEvent.objects.create(session=session, seq=1, type="message.created", data={"message": {"text": word}})
    Reminder.objects.create(session=session, kind="soon", due_at=now())
    Reading.objects.create(session=session, user=user, seq=1, updated_at=now())
    Passage.objects.create(user=user, turn=turn, terms=word.encode(), code=word.encode(), model="a model")
    Rating.objects.create(session=session, user=user, stars=2, feedback=word)
    _files(user, account, word)


def _remembered(user: User, session: Session, turn: Turn, word: str) -> None:
    message, text = turn.messages.get(), f"Is {word}."
    memory = Memory.objects.create(
        user=user, session=session, kind="fact", text=text, fingerprint=fingerprint_of(text), confidence=1,
        state="kept", decided_at=now(),
    )  # fmt: skip
    MemorySource.objects.create(memory=memory, message=message)
    part = SummaryPart.objects.create(session=session, first=turn, last=turn)
    SummaryLine.objects.create(part=part, message=message, place=0, weight=1, text=word)
    ContextMark.objects.create(session=session, turn=turn, mark="pinned")


def _looked_back_on(turn: Turn, word: str) -> None:
    make_proposal(make_insight(turn.messages.get(), f"Does {word}."))
    make_hindsight(turn.session)


def _files(user: User, account: ManusAccount, word: str) -> None:
    message = Message.objects.get(session__user=user)
    sent = make_file(user, word.encode(), text=word, name=f"{word}.txt", message=message)
    FileCopy.objects.create(file=sent, account=account)


def _provider(user: User, word: str) -> None:
    turn = Turn.objects.get(session__user=user)
    session, moment, account = turn.session.uid, now(), ManusAccount.objects.get(name=f"account-{user.pk}")
    EgressRecord.objects.create(
        user=user,
        session_ref=session,
        engine="manus",
        recipient="Manus",
        account=account,
        endpoint="task.create",
        categories=["conversation"],
        consent_version=1,
        size=100,
        at=moment,
    )
    facts = {"owner": user, "session_ref": session}
    call = {"kind": "create", "lane": "live", "pool": "create", "flow": user.pk}
    ProviderCall.objects.create(
        subject=turn.uid, state="done", enqueued_at=moment, ended_at=moment, task=f"task-of-{word}", **call, **facts
    )
    ProviderCall.objects.create(subject=uuid7(), state="queued", enqueued_at=moment, **call, **facts)
    FairShare.objects.create(owner=user, pool="create", lane="live", flow=user.pk, place=1)
    CreditBudget.objects.create(scope="user", key=f"user {user.pk}", owner=user, day=moment.date())
    CreditEntry.objects.create(kind="spend", amount=5, day=moment.date(), subject=turn.uid, account=account, **facts)


def _missions(user: User, word: str) -> None:
    mission = make_mission(user, state=Mission.State.COMPLETED, reason=word)
    Evidence.objects.create(mission=mission, kind="text", content=f"{word} did it")
    Reward.objects.create(user=user, mission=mission, points=40, earned_at=now())


def _matching(user: User, word: str) -> None:
    make_algorithm(author=user, reviewed_by=user)
    match = make_match(user)
    make_match(make_user(f"matched.by.{len(word)}@example.org"), match.traveler, proposed_by=user, origin="hand")
    make_feedback(user, match.traveler, origin=match.uid, kind="judged", comment=word)
    make_block(user)
    make_freshness(user)
