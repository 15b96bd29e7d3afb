"""How a session went, in figures."""

from dataclasses import dataclass
from typing import Any, LiteralString

from consciousness.models import Session
from mentors.models import CreditBudget
from timetravelers.kit.statements import fetch_one

# Of a turn's states, those that phones see: one that a stand-in has answered is over, one that is being sent waits.
_FIGURES: LiteralString = """
    WITH said AS MATERIALIZED (
        SELECT turn_id, author, engine, stand_in, superseded_at, received_at, created_at
          FROM consciousness_message WHERE session_id = %s),
    replied AS (
        SELECT extract(epoch FROM min(created_at) FILTER (WHERE author = 'traveler')
                                - min(created_at) FILTER (WHERE author = 'user'))::float8 AS seconds
          FROM said GROUP BY turn_id),
    states AS (
        SELECT CASE WHEN answered_at IS NOT NULL AND state IN ('queued', 'sent', 'running') THEN 'completed'
                    WHEN state = 'sent' THEN 'queued' ELSE state END AS state, count(*) AS number
          FROM consciousness_turn WHERE session_id = %s GROUP BY 1),
    engines AS (
        SELECT engine, count(*) AS number FROM said
         WHERE author = 'traveler' AND superseded_at IS NULL GROUP BY engine)
    SELECT (SELECT count(*) FROM said WHERE author = 'user') AS users,
           (SELECT count(*) FROM said WHERE author = 'traveler' AND superseded_at IS NULL) AS travelers,
           (SELECT count(*) FROM said WHERE stand_in AND superseded_at IS NULL) AS stand_ins,
           (SELECT max(created_at) FROM said) AS newest,
           (SELECT coalesce(jsonb_object_agg(state, number), '{}') FROM states) AS states,
           (SELECT coalesce(jsonb_object_agg(engine, number), '{}') FROM engines) AS engines,
           (SELECT percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (
                   ORDER BY extract(epoch FROM created_at - received_at)::float8)
              FROM said WHERE received_at IS NOT NULL) AS acknowledged,
           (SELECT percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY seconds)
              FROM replied WHERE seconds IS NOT NULL) AS replied
"""


@dataclass(frozen=True, slots=True)
class Latency:
    """Seconds; None where nothing was measured."""

    median_s: float | None
    p95_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionMetrics:
    """How a session went.

    `length_s` is from its opening to its end, or to the newest message while it is open. `to_acknowledgement` is
    from hearing a message to storing it; `to_reply` from a turn's first message to the first reply, a stand-in's
    included. Replies that gave way to better ones do not count, nor does what was never measured.
    """

    length_s: float | None
    messages: dict[str, int]
    stand_in_replies: int
    turns: dict[str, int]
    engines: dict[str, int]
    to_acknowledgement: Latency
    to_reply: Latency
    credits_spent: int
    credits_held: int


def metrics_of(session: Session) -> SessionMetrics:
    """The figures of a session, from its rows, in two queries."""
    row = fetch_one(_FIGURES, [session.pk, session.pk])
    users, travelers, stand_ins, newest, states, engines, acknowledged, replied = row or (
        0,
        0,
        0,
        None,
        {},
        {},
        None,
        None,
    )
    purse = CreditBudget.objects.filter(key=f"session:{session.uid}").values_list("spent", "held").first()
    spent, held = purse or (0, 0)
    return SessionMetrics(
        length_s=_length(session, newest),
        messages={"user": users, "traveler": travelers},
        stand_in_replies=stand_ins,
        turns=states,
        engines=engines,
        to_acknowledgement=_latency(acknowledged),
        to_reply=_latency(replied),
        credits_spent=spent,
        credits_held=held,
    )


def _length(session: Session, newest: Any) -> float | None:
    if session.opened_at is None:
        return None
    until = session.ended_at or newest or session.opened_at
    return float(max(0.0, (until - session.opened_at).total_seconds()))


def _latency(found: list[float] | None) -> Latency:
    return Latency(None, None) if found is None else Latency(round(found[0], 6), round(found[1], 6))
