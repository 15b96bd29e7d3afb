"""What a house of some age holds: rows by table, spread over people and time as use spreads them."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session as BrowserSession
from django.db.models import Max, Min

from accounts.models import (
    AxisScore,
    Consent,
    Deletion,
    Education,
    ErasureDuty,
    Experience,
    Export,
    Goal,
    LearningAnswer,
    LearningAssessment,
    Occupation,
    Profile,
    RoleChange,
    SecurityEvent,
    SignIn,
    Skill,
    User,
    UserSkill,
)
from consciousness.models import Message, Reminder, Session, SessionEvent, Turn
from matching.models import Algorithm, Block, Freshness, Match, MatchFeedback, PersonSnapshot, TravelerSnapshot
from mentors.models import (
    CreditBudget,
    CreditEntry,
    EgressRecord,
    ManusAccount,
    ProviderCall,
    Traveler,
    TravelerVersion,
    WebhookDelivery,
)
from missions.models import Evidence, Mission, MissionTemplate, Reward
from tests.plans.filling import MOMENT, Filling
from timetravelers.kit.models import IdempotentAnswer

DIGEST = "sha256(i::text::bytea)"
HASH = "repeat('0', 64)"
HEX = f"encode({DIGEST}, 'hex')"
# Of this many rows one is still under way; the rest is history.
LIVELY = 500


@dataclass(frozen=True)
class Sizes:
    """Rows of the two largest tables, and of the others that grow with use."""

    largest: int = 1_000_000
    others: int = 50_000


def fillings(sizes: Sizes, account: ManusAccount) -> list[list[Filling]]:
    """What to put in, one batch after the other: each refers to rows of those before it."""
    return [
        [_people(sizes)],
        _of_people(sizes),
        _talk(sizes, account),
        _traffic(sizes, account),
        _compared(sizes),
        _matched(sizes),
    ]


def first(model: type) -> int:
    """The key of a table's first row."""
    found = model._default_manager.aggregate(first=Min("pk"))["first"]  # type: ignore[attr-defined]  # every model has one
    return int(found or 1)


def one_of(model: type, step: str = "i") -> str:
    """A row of a small table whose keys are without gaps."""
    ends = model._default_manager.aggregate(first=Min("pk"), last=Max("pk"))  # type: ignore[attr-defined]  # every model has one
    return f"{ends['first']} + {step} % {ends['last'] - ends['first'] + 1}"


def _people(sizes: Sizes) -> Filling:
    return Filling(
        User,
        sizes.others,
        {"email": "'person' || i || '@many.example.org'", "password": "'!'", "role": "'user'", "is_active": "true"},
    )


def somebody(sizes: Sizes) -> str:
    """Whoever a row belongs to: a few rows each, and not beside each other."""
    return f"{first(User)} + (i * 7919::bigint) % {sizes.others}"


def _of_people(sizes: Sizes) -> list[Filling]:
    n, each = sizes.others, f"{first(User)} + i - 1"
    user, occupation = somebody(sizes), one_of(Occupation)
    return [
        Filling(Profile, n, {"user_id": each, "target_occupation_id": occupation, "availability": "'[]'::jsonb"}),
        Filling(
            EmailAddress, n, {"user_id": each, "email": "'person' || i || '@many.example.org'", "verified": "true"}
        ),
        Filling(Consent, n, {"user_id": each, "purpose": "'ai_provider'", "version": "1"}),
        Filling(Goal, n, {"user_id": user, "occupation_id": occupation, "status": "'active'"}),
        Filling(
            Experience,
            n,
            {"user_id": user, "occupation_id": occupation, "title": "'Analyst'", "started": "'2020-01-01'"},
        ),
        Filling(Education, n, {"user_id": user, "institution": "'School'", "level": "'bachelor'"}),
        Filling(UserSkill, n, {"user_id": each, "skill_id": one_of(Skill), "level": "3", "uid": "gen_random_uuid()"}),
        Filling(
            LearningAssessment,
            n,
            {
                "user_id": user,
                "bank_version": "1",
                "finished_at": MOMENT.replace("300", "299"),
                "attention_passed": "true",
            },
        ),
        Filling(
            Export,
            n,
            {
                "user_id": user,
                "state": f"CASE WHEN i % {LIVELY} = 0 THEN 'ready' ELSE 'expired' END",
                "bytes": "1000",
                "ready_at": "now() + ((i % 7) - 8) * interval '1 day'",
                "expires_at": "now() + ((i % 7) - 1) * interval '1 day'",
            },
        ),
        *_ways_in(sizes, user),
    ]


def _ways_in(sizes: Sizes, user: str) -> list[Filling]:
    n = sizes.others
    over = f"CASE WHEN i % 2 = 0 THEN {MOMENT} END"
    return [
        Filling(
            SignIn,
            n,
            {"user_id": user, "session_key": "CASE WHEN i % 2 = 0 THEN '' ELSE 'key' || i END", "ended_at": over},
        ),
        Filling(
            BrowserSession,
            n,
            {"session_key": "'key' || i", "session_data": "'x'", "expire_date": f"{MOMENT} + interval '14 days'"},
        ),
        Filling(SecurityEvent, n, {"user_id": user, "kind": "'tokens_revoked'", "reason": "'password'"}),
        Filling(RoleChange, n, {"user_id": user, "kind": "'role'", "before": "'user'", "after": "'mentor'"}),
        Filling(Deletion, n, {"receipt": HEX, "state": "'completed'", "erased_at": MOMENT, "completed_at": MOMENT}),
        Filling(
            IdempotentAnswer,
            n,
            {
                "user_id": user,
                "route": "'POST SessionsView'",
                "key": "'key' || i",
                "status": "201",
                "created_at": "now() - (i % 24) * interval '1 hour'",
            },
        ),
        Filling(
            LogEntry,
            n,
            {"user_id": user, "content_type_id": "1", "object_id": "i::text", "object_repr": "'x'", "action_flag": "2"},
        ),
    ]


def _talk(sizes: Sizes, account: ManusAccount) -> list[Filling]:
    """Ten messages and as many events a session, a few messages a turn."""
    user, template, traveler = somebody(sizes), one_of(MissionTemplate), one_of(Traveler)
    sessions = max(sizes.others, sizes.largest // 10)
    turns = max(sizes.others, sizes.largest // 5)
    begun = MOMENT.format(rows=turns)
    planned = f"(i % {LIVELY} = 1)"
    # Whose they are does not matter: nobody is found by another's number.
    owner = "'u' || i / 10"
    return [
        Filling(
            Session,
            sessions,
            {
                "user_id": user,
                "traveler_id": traveler,
                "version_id": one_of(TravelerVersion),
                "consent_version": "1",
                "last_seq": "10",
                "state": f"CASE WHEN {planned} THEN 'scheduled' WHEN i % 5 = 0 THEN 'open' ELSE 'ended' END",
                "ended_at": f"CASE WHEN i % 5 <> 0 AND NOT {planned} THEN {MOMENT} END",
                "ended_reason": f"CASE WHEN i % 5 <> 0 AND NOT {planned} THEN 'idle' ELSE '' END",
                "starts_at": f"CASE WHEN {planned} THEN now() + interval '3 days' END",
                "opened_at": f"CASE WHEN NOT {planned} THEN {MOMENT} END",
                "idle_check_at": "now() + interval '1 hour'",
                "provider_account_id": str(account.pk),
                "provider_task": "'task' || i",
            },
        ),
        Filling(
            Turn,
            turns,
            {
                "session_id": f"{first(Session)} + (i - 1)::bigint * {sessions} / {turns}",
                "state": f"CASE WHEN i % {10 * LIVELY} = 0 THEN 'queued' ELSE 'completed' END",
                "ended_at": f"CASE WHEN i % {10 * LIVELY} <> 0 THEN {begun} END",
                "due_at": "now() + interval '1 hour'",
                "is_passage_due": f"i % {10 * LIVELY} = 5",
            },
        ),
        Filling(
            Message,
            sizes.largest,
            {
                "session_id": f"{first(Session)} + (i - 1)::bigint * {sessions} / {sizes.largest}",
                "turn_id": f"{first(Turn)} + (i - 1)::bigint * {turns} / {sizes.largest}",
                "author": "CASE WHEN i % 5 = 0 THEN 'traveler' ELSE 'user' END",
                "text": "'What would you do in my place, with two years behind me?'",
                "client_id": "CASE WHEN i % 5 <> 0 THEN 'said ' || i END",
                "words": f"({owner} || '.place:6 ' || {owner} || '.year:10 ' || {owner})::tsvector",
            },
        ),
        Filling(
            Reminder,
            sizes.others,
            {
                "session_id": f"{first(Session)} + (i - 1) % {sessions}",
                "kind": f"CASE WHEN (i - 1) / {sessions} % 2 = 0 THEN 'soon' ELSE 'day_before' END",
                "outcome": f"CASE WHEN i % {LIVELY} = 1 THEN '' ELSE 'sent' END",
                "settled_at": f"CASE WHEN i % {LIVELY} <> 1 THEN {MOMENT} END",
            },
        ),
        Filling(
            SessionEvent,
            sizes.largest,
            {
                "session_id": f"{first(Session)} + (i - 1) % {sessions}",
                "seq": f"1 + (i - 1) / {sessions}",
                "type": "'message.created'",
                "data": '\'{"message": {"text": "What would you do in my place?"}}\'',
            },
        ),
        Filling(
            Mission,
            sizes.others,
            {
                "user_id": user,
                "template_id": template,
                "traveler_id": traveler,
                "state": "'completed'",
                "reason": "'It takes an hour.'",
                "accepted_at": MOMENT,
                "ended_at": MOMENT,
            },
        ),
    ]


def _traffic(sizes: Sizes, account: ManusAccount) -> list[Filling]:
    n, user = sizes.others, somebody(sizes)
    lively = f"i % {LIVELY} = 0"
    return [
        Filling(Evidence, n, {"mission_id": f"{first(Mission)} + i - 1", "kind": "'text'", "content": "'I did it.'"}),
        Filling(Reward, n, {"user_id": user, "mission_id": f"{first(Mission)} + i - 1", "points": "40"}),
        Filling(
            LearningAnswer,
            n,
            {"assessment_id": f"{first(LearningAssessment)} + i - 1", "item": "'item'", "value": "3"},
        ),
        Filling(
            AxisScore,
            n,
            {"assessment_id": f"{first(LearningAssessment)} + i - 1", "axis": "'visual_verbal'", "answered": "6"},
        ),
        Filling(
            EgressRecord,
            n,
            {
                "user_id": user,
                "session_ref": "gen_random_uuid()",
                "engine": "'manus'",
                "recipient": "'Manus'",
                "account_id": str(account.pk),
                "endpoint": "'task.create'",
                "categories": "'{conversation}'",
                "consent_version": "1",
                "size": "100",
                "at": "now() - (1 - i::float8 / {rows}) * interval '1200 days'",
            },
        ),
        Filling(
            ProviderCall,
            n,
            {
                "subject": "gen_random_uuid()",
                "kind": "CASE WHEN i % 5 = 0 THEN 'create' ELSE 'send' END",
                "lane": "'live'",
                "pool": f"CASE WHEN i % 5 = 0 THEN 'create' ELSE 'send:{account.pk}' END",
                "owner_id": user,
                "flow": user,
                "account_id": str(account.pk),
                "state": f"CASE WHEN {lively} THEN 'queued' WHEN i % {LIVELY} = 1 THEN 'admitted' ELSE 'done' END",
                "admitted_at": f"CASE WHEN NOT {lively} THEN {MOMENT} END",
                "started_at": f"CASE WHEN NOT {lively} THEN {MOMENT} END",
                "ended_at": f"CASE WHEN i % {LIVELY} > 1 THEN {MOMENT} END",
                "held_on": "current_date",
                "credits": f"CASE WHEN i % {LIVELY} > 1 THEN 5 END",
                "slot": "'slot'",
                "task": f"CASE WHEN {lively} THEN '' ELSE 'task' || i / 5 END",
            },
        ),
        Filling(CreditBudget, n, {"scope": "'session'", "key": "'session ' || i", "session_ref": "gen_random_uuid()"}),
        Filling(
            CreditEntry,
            n,
            {
                "kind": "'spend'",
                "amount": "5",
                "subject": "gen_random_uuid()",
                "owner_id": user,
                "account_id": str(account.pk),
                "task": "'task' || i / 5",
            },
        ),
        Filling(
            WebhookDelivery,
            n,
            {
                "account_id": str(account.pk),
                "digest": DIGEST,
                "event_type": "'task_stopped'",
                "task_id": "'task' || i / 5",
                "verified_at": MOMENT,
                "handled_at": f"CASE WHEN NOT {lively} THEN {MOMENT} END",
                "received_at": "now() - (1 - i::float8 / {rows}) * interval '30 days'",
            },
        ),
        Filling(
            ErasureDuty,
            n,
            {
                "deletion_id": f"{first(Deletion)} + i - 1",
                "kind": "'provider_task'",
                "digest": HEX,
                "state": f"CASE WHEN {lively} THEN 'queued' ELSE 'done' END",
            },
        ),
    ]


def _compared(sizes: Sizes) -> list[Filling]:
    """What matches rest on: weights of former times, a snapshot of each person, and one of each Traveler."""
    former = {"state": "'retired'", "published_at": MOMENT, "retired_at": MOMENT}
    weights = {"number": "i", "code": "'tell-2'", "source": "'house'", "weights_hash": HASH}
    return [
        Filling(Algorithm, 1, {**former, **weights}),
        Filling(PersonSnapshot, sizes.others, {"user_id": f"{first(User)} + i - 1", "hash": HASH}),
        Filling(TravelerSnapshot, 1, {"traveler_id": one_of(Traveler), "hash": HASH, "version": "1"}),
    ]


def _matched(sizes: Sizes) -> list[Filling]:
    """A match, a verdict and a block a person, and lists that the world has left behind."""
    n, each, algorithm = sizes.others, f"{first(User)} + i - 1", str(first(Algorithm))
    pair = {"user_id": each, "traveler_id": one_of(Traveler)}
    figures = {"rank": "1", "score": "50", "high": "100", "weights_hash": HASH, "input_hash": HASH}
    kept = {"person_id": f"{first(PersonSnapshot)} + i - 1", "traveler_as_id": str(first(TravelerSnapshot))}
    offered = {"origin": "'tell'", "state": "'offered'", "algorithm_id": algorithm, **figures, **kept}
    verdict = {"kind": "'session-rated'", "beside": "'[]'::jsonb", "algorithm_id": algorithm}
    made = {"inputs_hash": HASH, "world": "''", "refreshed_at": MOMENT, "algorithm_id": algorithm, "computed": "1"}
    return [
        Filling(Match, n, {**pair, **offered}),
        Filling(MatchFeedback, n, {**pair, **verdict}),
        Filling(Block, n, pair),
        Filling(Freshness, n, {"user_id": each, **made}),
    ]
