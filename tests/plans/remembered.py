"""What a house of some age remembers: summaries, memories, passages, files, and what came out of sessions."""

from __future__ import annotations

from collections.abc import Iterator

from consciousness.models import (
    Confidence,
    ContextMark,
    Extract,
    File,
    FileCopy,
    Insight,
    InsightSource,
    Memory,
    MemorySource,
    Message,
    Passage,
    Reflection,
    Session,
    SummaryLine,
    SummaryPart,
    Turn,
)
from mentors.models import ManusAccount, Traveler
from missions.models import MissionProposal
from tests.plans.filling import MOMENT, Filling
from tests.plans.rows import HEX, LIVELY, Sizes, first, one_of, somebody

_DECIDED = f"CASE WHEN i % 10 <> 0 THEN {MOMENT} END"


def remembered(sizes: Sizes, account: ManusAccount) -> Iterator[list[Filling]]:
    """What to put in once the sessions are there, one batch after the other."""
    yield [*_memories(sizes), *_files(sizes), *_outcomes(sizes, account)]
    yield [*_passages(sizes), *_sources(sizes), *_of_files(sizes, account)]
    yield [*_summaries(sizes)]


def _memories(sizes: Sizes) -> list[Filling]:
    n = sizes.others
    return [
        Filling(
            Memory,
            n,
            {
                "user_id": somebody(sizes),
                "session_id": f"{first(Session)} + i - 1",
                "kind": "'goal'",
                "text": "'Wants to lead a team.'",
                "fingerprint": HEX,
                "confidence": "0.9",
                "state": "CASE WHEN i % 10 = 0 THEN 'proposed' ELSE 'kept' END",
                "decided_at": _DECIDED,
            },
        ),
        Filling(
            SummaryPart,
            n,
            {
                "session_id": f"{first(Session)} + i - 1",
                "first_id": f"{first(Turn)} + i - 1",
                "last_id": f"{first(Turn)} + i - 1",
            },
        ),
    ]


def _files(sizes: Sizes) -> list[Filling]:
    """One in many has just come in, one was never sent and is to go."""
    claimed = f"i % {LIVELY} > 1"
    return [
        Filling(
            File,
            sizes.others,
            {
                "user_id": somebody(sizes),
                "message_id": f"CASE WHEN {claimed} THEN {first(Message)} + i - 1 END",
                "name": "'notes.txt'",
                "media_type": "'text/plain'",
                "size": "1000",
                "sha256": HEX,
                "state": f"CASE WHEN i % {LIVELY} = 0 THEN 'checking' ELSE 'ready' END",
                "key": "'key' || i",
                "due_at": "now() - interval '1 minute'",
                "expires_at": f"CASE WHEN i % {LIVELY} = 0 THEN now() + interval '1 day'"
                f" WHEN i % {LIVELY} = 1 THEN {MOMENT} END",
            },
        )
    ]


def _outcomes(sizes: Sizes, account: ManusAccount) -> list[Filling]:
    n, session = sizes.others, f"{first(Session)} + i - 1"
    return [
        Filling(
            Reflection,
            n,
            {
                "session_id": session,
                "state": f"CASE WHEN i % {LIVELY} = 0 THEN 'waiting' ELSE 'done' END",
                "ended_at": f"CASE WHEN i % {LIVELY} <> 0 THEN {MOMENT} END",
                "due_at": MOMENT,
                "account_id": str(account.pk),
                "task": "'looked back ' || i",
            },
        ),
        Filling(
            Insight,
            n,
            {
                "user_id": somebody(sizes),
                "session_id": session,
                "kind": "'decision'",
                "text": "'Will ask to lead a team.'",
                "fingerprint": HEX,
                "state": "CASE i % 10 WHEN 0 THEN 'proposed' WHEN 1 THEN 'rejected' ELSE 'confirmed' END",
                "engine": "'manus'",
                "decided_at": _DECIDED,
            },
        ),
        Filling(Confidence, n, {"session_id": session, "moment": "'before'", "value": "5"}),
        Filling(
            MissionProposal,
            n,
            {
                "user_id": somebody(sizes),
                "traveler_id": one_of(Traveler),
                "text": "'Ask to lead a team.'",
                "state": "CASE WHEN i % 10 = 0 THEN 'proposed' ELSE 'done' END",
                "ended_at": _DECIDED,
            },
        ),
    ]


def _passages(sizes: Sizes) -> list[Filling]:
    """Of every turn and every memory; one in many waits to be understood."""
    turns = max(sizes.others, sizes.largest // 5)
    waits = f"i % {10 * LIVELY} = 7"
    read = {
        "user_id": somebody(sizes),
        "terms": "'\\x0100000002000000'::bytea",
        "code": f"CASE WHEN NOT {waits} THEN '\\x01'::bytea END",
        "model": f"CASE WHEN {waits} THEN '' ELSE 'some model' END",
        "written_at": MOMENT,
    }
    return [
        Filling(Passage, turns, {**read, "turn_id": f"{first(Turn)} + i - 1"}),
        Filling(Passage, sizes.others, {**read, "memory_id": f"{first(Memory)} + i - 1"}),
    ]


def _sources(sizes: Sizes) -> list[Filling]:
    n, message = sizes.others, f"{first(Message)} + i - 1"
    return [
        Filling(MemorySource, n, {"memory_id": f"{first(Memory)} + i - 1", "message_id": message}),
        Filling(InsightSource, n, {"insight_id": f"{first(Insight)} + i - 1", "message_id": message}),
    ]


def _of_files(sizes: Sizes, account: ManusAccount) -> list[Filling]:
    n, file = sizes.others, f"{first(File)} + i - 1"
    return [
        Filling(Extract, n, {"file_id": file, "text": "'What is written there.'"}),
        Filling(
            FileCopy,
            n,
            {"file_id": file, "account_id": str(account.pk), "reference": "'copy' || i", "expires_at": MOMENT},
        ),
    ]


def _summaries(sizes: Sizes) -> list[Filling]:
    n = sizes.others
    return [
        Filling(
            SummaryLine,
            n,
            {
                "part_id": f"{first(SummaryPart)} + i - 1",
                "message_id": f"{first(Message)} + i - 1",
                "weight": "1",
                "text": "'What would you do in my place?'",
            },
        ),
        Filling(
            ContextMark,
            n,
            {"session_id": f"{first(Session)} + i - 1", "mark": "'pinned'", "turn_id": f"{first(Turn)} + i - 1"},
        ),
    ]
