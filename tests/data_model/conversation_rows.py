"""A valid row of every table of the sessions' room, and a change that such a row bears."""

from datetime import timedelta
from typing import Any

from django.db import models

from consciousness import models as consciousness
from consciousness.services.remembering import fingerprint_of
from tests.data_model.samples import DAY, Sample, Table, some_account
from tests.factories.accounts import make_user
from tests.factories.files import make_file
from tests.factories.insights import make_insight
from tests.factories.sessions import make_session
from timetravelers.kit.clock import now
from timetravelers.kit.ids import uuid7


def _session() -> consciousness.Session:
    return make_session(make_user(), provider_account=some_account(), provider_task=f"task-{uuid7()}")


def _turn(state: str = "sent", **facts: Any) -> consciousness.Turn:
    session = _session()
    ended = {"state": "completed", "ended_at": now()}
    parent = consciousness.Turn.objects.create(session=session, due_at=now(), **ended)
    leased = {"lease_holder": uuid7(), "lease_until": now(), "parent": parent, "depth": 1, **facts}
    return consciousness.Turn.objects.create(session=session, due_at=now(), state=state, **leased)


def sample_message() -> consciousness.Message:
    """Something that somebody has said in a turn that is under way."""
    turn = _turn()
    return consciousness.Message.objects.create(
        session=turn.session, turn=turn, author="user", text="Hello", client_id="one"
    )


def _rating() -> models.Model:
    said = sample_message()
    return consciousness.Rating.objects.create(session=said.session, message=said, user=said.session.user, stars=4)


def _reading() -> models.Model:
    session = _session()
    return consciousness.Reading.objects.create(session=session, user=session.user, seq=1, updated_at=now())


def _passage() -> models.Model:
    turn = _turn()
    return consciousness.Passage.objects.create(user=turn.session.user, turn=turn, terms=b"\0\0\0\1")


def _insight() -> consciousness.Insight:
    return make_insight(sample_message())


def _insight_source() -> models.Model:
    return _insight().sources.get()


def _reflection() -> models.Model:
    return consciousness.Reflection.objects.create(session=_session(), due_at=now())


def _confidence() -> models.Model:
    return consciousness.Confidence.objects.create(session=_session(), moment="before", value=3)


def _reminder() -> models.Model:
    return consciousness.Reminder.objects.create(session=_session(), kind="soon", due_at=now())


def _event() -> models.Model:
    return consciousness.SessionEvent.objects.create(session=_session(), seq=1, type="message.created", data={})


def _file() -> consciousness.File:
    said = sample_message()
    return make_file(said.session.user, text="", message=said)


def _extract() -> models.Model:
    return consciousness.Extract.objects.create(file=_file(), text="words")


def _copy() -> models.Model:
    until = now() + timedelta(days=2)
    return consciousness.FileCopy.objects.create(
        file=_file(), account=some_account(), reference="file-1", expires_at=until
    )


def _remnant() -> models.Model:
    return consciousness.Remnant.objects.create(kind="stored", reference="kept/ab/abc", due_at=now())


def _memory() -> consciousness.Memory:
    session, text = _session(), "Wants to lead a team."
    return consciousness.Memory.objects.create(
        user=session.user, session=session, kind="goal", text=text, fingerprint=fingerprint_of(text), confidence=0.5
    )


def _memory_source() -> models.Model:
    return consciousness.MemorySource.objects.create(memory=_memory(), message=sample_message())


def _summary() -> consciousness.SummaryPart:
    turn = _turn()
    return consciousness.SummaryPart.objects.create(session=turn.session, first=turn, last=turn)


def _summary_line() -> models.Model:
    return consciousness.SummaryLine.objects.create(
        part=_summary(), message=sample_message(), place=0, weight=1, text="Hello."
    )


def _mark() -> models.Model:
    turn = _turn()
    return consciousness.ContextMark.objects.create(session=turn.session, turn=turn, mark="pinned")


CONVERSATIONS: dict[Table, Sample] = {
    consciousness.Confidence: Sample(_confidence, {"value": 4}),
    consciousness.ContextMark: Sample(_mark, {"mark": "excluded"}),
    consciousness.CrisisTally: Sample(lambda: consciousness.CrisisTally.objects.create(day=DAY, shown=1), {"shown": 2}),
    consciousness.Extract: Sample(_extract, {"text": "other words"}),
    consciousness.File: Sample(_file, {"name": "plans.txt"}),
    consciousness.FileCopy: Sample(_copy, {"is_refused": True}),
    consciousness.Insight: Sample(_insight, {"text": "Learn R."}),
    consciousness.InsightSource: Sample(_insight_source),
    consciousness.Memory: Sample(_memory, {"state": "kept", "decided_at": now()}),
    consciousness.MemorySource: Sample(_memory_source),
    consciousness.Message: Sample(sample_message, {"text": "Hello again"}),
    consciousness.Passage: Sample(_passage, {"terms": b"\0\0\0\2"}),
    consciousness.Rating: Sample(_rating, {"stars": 5}),
    consciousness.Reading: Sample(_reading, {"seq": 2}),
    consciousness.Reflection: Sample(_reflection, {"attempts": 1}),
    consciousness.Reminder: Sample(_reminder, {"attempts": 1}),
    consciousness.Remnant: Sample(_remnant, {"attempts": 1}),
    consciousness.Session: Sample(_session, {"state": "ended", "ended_at": now(), "ended_reason": "user"}),
    consciousness.SessionEvent: Sample(_event),
    consciousness.SummaryLine: Sample(_summary_line, {"weight": 0.5}),
    consciousness.SummaryPart: Sample(_summary, {"level": 1}),
    consciousness.Turn: Sample(_turn, {"attempts": 1}),
}
