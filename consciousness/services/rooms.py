"""What a batch of sayings has to know of its sessions, and how they grow with it."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from mentors.manus.tokens import MESSAGE_TOKEN_LIMIT, tokens_of
from timetravelers.kit.statements import ask

# All the words of a turn go out in one call. A briefing takes at most half of what a call holds, and something is
# kept for separators and for what the estimate is off by.
MAX_TURN_TOKENS = MESSAGE_TOKEN_LIMIT // 2 - 100
SEPARATOR = "\n\n"

_WAIT_FOR_LOCKS = """
    SELECT id FROM consciousness_session
     WHERE uid = ANY(%s::uuid[]) AND user_id = ANY(%s) ORDER BY id FOR NO KEY UPDATE
"""
_LOCK_WHAT_IS_FREE = """
    SELECT id FROM consciousness_session
     WHERE uid = ANY(%s::uuid[]) AND user_id = ANY(%s) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
"""
# A statement after the lock, so that it sees what was committed until then. More can be said into the newest turn
# if it waits and was never sent: otherwise its words might have been heard. How much it holds was counted by whoever
# said something last; only where that was another turn it is counted here.
_ROOMS = """
    SELECT session.id, session.uid, session.user_id, session.state, session.last_seq, session.engine_chain,
           session.provider_task, session.provider_account_id,
           coalesce(unfinished.number, 0), coalesce(unfinished.queued, 0), coalesce(unfinished.provisional, false),
           head.id, head.uid, coalesce(head.depth + 1, 0),
           coalesce(head.state = 'queued' AND head.sent_at IS NULL, false),
           CASE WHEN session.counted[1] = head.id THEN session.counted[2:4]
                ELSE ARRAY[held.number, held.plain, held.wide] END
      FROM consciousness_session session
      LEFT JOIN consciousness_turn head ON head.id = session.head_id
     CROSS JOIN LATERAL (
           SELECT count(*) AS number, count(*) FILTER (WHERE state = 'queued') AS queued,
                  bool_or(answered_at IS NOT NULL) AS provisional
             FROM consciousness_turn
            WHERE session_id = session.id AND state IN ('queued', 'sent', 'running')) unfinished
     CROSS JOIN LATERAL (
           SELECT count(*) AS number, coalesce(sum(char_length(text) - wide.characters), 0)::bigint AS plain,
                  coalesce(sum(wide.characters), 0)::bigint AS wide
             FROM consciousness_message
            CROSS JOIN LATERAL (
                  SELECT CASE WHEN octet_length(text) = char_length(text) THEN 0
                         ELSE char_length(regexp_replace(text, '[\\x01-\\x7f]+', '', 'g')) END AS characters) wide
            WHERE turn_id = head.id AND author = 'user'
              AND head.state = 'queued' AND session.counted[1] IS DISTINCT FROM head.id) held
     WHERE session.uid = ANY(%s::uuid[]) AND session.user_id = ANY(%s)
"""
# One look into the index for each, whatever the planner believes: a statement that was prepared while the table was
# small would go on reading all of it.
_EARLIER = """
    SELECT session.id, asked.client_id, message.uid, turn.uid, message.seq, message.text
      FROM unnest(%s::uuid[], %s::bigint[], %s::text[]) AS asked(session, owner, client_id)
      JOIN consciousness_session session ON session.uid = asked.session AND session.user_id = asked.owner
     CROSS JOIN LATERAL (
           SELECT uid, turn_id, seq, text FROM consciousness_message
            WHERE session_id = session.id AND client_id = asked.client_id
            LIMIT 1) message
      JOIN consciousness_turn turn ON turn.id = message.turn_id
"""


class Earlier(NamedTuple):
    """A message that was stored under a client id."""

    message: UUID
    turn: UUID
    seq: int
    text: str


@dataclass(slots=True)
class Words:
    """How much one call would carry: messages, ASCII characters and others."""

    messages: int = 0
    plain: int = 0
    wide: int = 0

    def with_text(self, text: str) -> "Words":
        """The same and one more message."""
        plain = len(text.encode("ascii", "ignore"))
        return Words(self.messages + 1, self.plain + plain, self.wide + len(text) - plain)

    @property
    def fit(self) -> bool:
        """Whether one call carries them."""
        between = len(SEPARATOR) * (self.messages - 1)
        return tokens_of(self.plain + between, self.wide) <= MAX_TURN_TOKENS


@dataclass(slots=True)
class Room:
    """A session as it is, and as it becomes with what is said in this batch."""

    pk: int
    uid: UUID
    owner: int
    state: str
    last_seq: int
    engine_chain: list[str]
    provider_task: str
    provider_account: int | None
    unfinished: int
    queued: int
    is_provisional: bool  # a stand-in has replied, and the real reply may still come
    head: int | None  # None while there is none, or it is only made with this batch
    head_uid: UUID | None
    depth: int  # of the turn that comes next
    takes_more: bool  # the head does
    words: Words = field(kw_only=True)
    is_locked: bool = field(kw_only=True)
    is_left: bool = field(
        default=False, kw_only=True
    )  # something in it was left for later, and so is what comes after that

    def next_seq(self) -> int:
        """The number of the event that is reported next."""
        self.last_seq += 1
        return self.last_seq


def ask_rooms(
    sessions: Collection[UUID], owners: Collection[int], *, wait: bool
) -> Callable[[], dict[tuple[UUID, int], Room]]:
    """Lock the sessions there are, in order; those in other hands not, unless told to wait.

    What is returned reads the answer: the rooms, by session and owner.
    """
    wanted = [list(sessions), list(owners)]
    locks = ask(_WAIT_FOR_LOCKS if wait else _LOCK_WHAT_IS_FREE, wanted)
    rooms = ask(_ROOMS, wanted)

    def read() -> dict[tuple[UUID, int], Room]:
        locked = {pk for (pk,) in locks()}
        found = [Room(*row[:-1], words=Words(*row[-1]), is_locked=row[0] in locked) for row in rooms()]
        return {(room.uid, room.owner): room for room in found}

    return read


def ask_earlier(asked: Sequence[tuple[UUID, int, str]]) -> Callable[[], dict[tuple[int, str], Earlier]]:
    """What was stored by session, owner and client id; read as what was found, by session (its key) and client id."""
    rows = ask(_EARLIER, [[one[column] for one in asked] for column in range(3)])
    return lambda: {(session, client_id): Earlier(*facts) for session, client_id, *facts in rows()}
