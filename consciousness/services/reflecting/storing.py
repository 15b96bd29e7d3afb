"""An answer becomes insights, memories to be confirmed, and a title."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import Q

from consciousness import hindsight
from consciousness.announcements import InsightsReady
from consciousness.gist import Gist, gist_of
from consciousness.hindsight import Findings, findings_in
from consciousness.models import Insight, InsightSource, Message, Reflection, Session
from consciousness.selectors.minutes import Numbers, numbers_of
from consciousness.selectors.skills import skills_named
from consciousness.services.log import append
from consciousness.services.reflecting.ends import move_on
from consciousness.services.reflecting.leases import Lease
from consciousness.services.reflecting.planning import leave_task
from consciousness.services.reflecting.quarantine import strange_words, without_strangers
from consciousness.services.remembering import Proposed, fingerprint_of, propose_memories
from consciousness.services.titles import title_by_reflection
from mentors.engines import Answer, Conversation, EngineError, engine_named
from mentors.services import scheduling
from timetravelers.kit.clock import now


def conclude(lease: Lease, engine: str, answer: Answer) -> None:
    """End the reflection with what of the answer can be believed; another engine is asked if it does not fit."""
    usage, strange = _usage(lease.reflection, engine), strange_words(lease.reflection.session)
    with lease.locked() as (session, reflection):
        numbers = numbers_of(session)
        found = findings_in(answer.value, told=numbers.keys, own=numbers.own)
        if found is not None:
            _store(
                session, without_strangers(found, strange), numbers, Insight(engine=engine, simulated=answer.simulated)
            )
            scheduling.finish(reflection.uid, usage=usage)
            leave_task(session, reflection)
            reflection.state, reflection.ended_at = Reflection.State.DONE, now()
            reflection.lease_holder = reflection.lease_until = None
    if found is None:
        move_on(lease, "misfit")


def _usage(reflection: Reflection, engine: str) -> scheduling.TaskUsage | None:
    """What it has cost, if the provider says so now; else the estimate holds."""
    asked = engine_named(engine)
    if asked is None or not reflection.task:
        return None
    try:
        spent = asked.credits(Conversation(reflection.account_id, reflection.task))
    except EngineError:
        return None
    return None if spent is None else scheduling.TaskUsage(reflection.task, spent)


def _store(session: Session, found: Findings, numbers: Numbers, like: Insight) -> None:
    insights = _store_insights(session, found.insights, numbers, like)
    memories = propose_memories(session, _proposals(found, numbers))
    title_by_reflection(session, found.title)
    if insights or memories:
        kinds = {str(insight.uid): insight.kind for insight in insights}
        append(session, InsightsReady(insights=kinds, memories=len(memories)))


def _store_insights(
    session: Session, found: Sequence[hindsight.Insight], numbers: Numbers, like: Insight
) -> list[Insight]:
    """Those that are new: what the person has rejected, in whichever session, is not proposed again."""
    known = _Known(session)
    skills = skills_named([one.text for one in found if one.kind == Insight.Kind.SKILL])
    made: list[Insight] = []
    sources: list[InsightSource] = []
    for one in found:
        skill = skills.get(one.text) if one.kind == Insight.Kind.SKILL else None
        messages = [numbers.keys[number] for number in one.numbers]
        if known.has(one.kind, one.text, skill, messages):
            continue
        insight = Insight(
            user_id=session.user_id,
            session=session,
            kind=one.kind,
            text=one.text,
            fingerprint=fingerprint_of(one.text),
            engine=like.engine,
            simulated=like.simulated,
            skill_id=skill,
        )
        known.add(insight)
        made.append(insight)
        sources += [InsightSource(insight=insight, message_id=message) for message in messages]
    Insight.objects.bulk_create(made)
    InsightSource.objects.bulk_create(sources)
    return made


class _Known:
    """What came out of the session before, and what the person has rejected in any: the same, in any words, is not new.

    What they have put in their own words stands for whatever rests on the same messages.
    """

    def __init__(self, session: Session) -> None:
        self._fingerprints: set[tuple[str, str]] = set()
        self._skills: set[int] = set()
        self._gists: list[tuple[str, Gist]] = []
        self._edited: set[tuple[str, frozenset[int]]] = set()
        rejected = Q(state=Insight.State.REJECTED)
        rows = Insight.objects.filter(rejected | Q(session=session), user=session.user_id)
        for insight in rows.prefetch_related("sources"):
            self.add(insight)
            if insight.state == Insight.State.REJECTED:
                self._gists.append((insight.kind, gist_of(insight.text)))
            elif insight.edited:
                self._edited.add((insight.kind, frozenset(one.message_id for one in insight.sources.all())))

    def add(self, insight: Insight) -> None:
        self._fingerprints.add((insight.kind, insight.fingerprint))
        if insight.skill_id is not None:
            self._skills.add(insight.skill_id)

    def has(self, kind: str, text: str, skill: int | None, messages: Sequence[int]) -> bool:
        if (kind, fingerprint_of(text)) in self._fingerprints or skill in self._skills:
            return True
        if (kind, frozenset(messages)) in self._edited:
            return True
        gist = gist_of(text)
        return any(kind == other and held.is_like(gist) for other, held in self._gists)


def _proposals(found: Findings, numbers: Numbers) -> list[Proposed]:
    uids = _uids(numbers, [number for one in found.memories for number in one.numbers])
    return [
        Proposed(one.kind, one.text, one.confidence, tuple(uids[number] for number in one.numbers))
        for one in found.memories
    ]


def _uids(numbers: Numbers, wanted: Sequence[int]) -> Mapping[int, UUID]:
    keys = {numbers.keys[number]: number for number in wanted}
    return {keys[key]: uid for key, uid in Message.objects.filter(pk__in=keys).values_list("pk", "uid")}
