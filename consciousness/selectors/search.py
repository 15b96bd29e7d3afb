"""Finding what was said in one's own sessions, by words."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from accounts.models import Profile, User
from consciousness.searching import BEGINS, ENDS, Snippet, read_marked, read_typed, stemmer_of
from timetravelers.kit.errors import FieldError, Invalid

# So many of the newest finds are compared by how well they fit.
MOST_COMPARED = 1_000
_SHORT = 240
_MARKS = f"StartSel={BEGINS},StopSel={ENDS}"
_HEADLINES = {"all": f"{_MARKS},HighlightAll=true", "some": f"{_MARKS},MaxWords=40,MinWords=20"}

# `plain` is what was typed; `owned` asks for the same words as the index has them. Without any word in it nothing is
# to be found. What is only to be missing would be missing from others' messages too, hence the owner beside it.
_READ_QUERY = r"""
    WITH typed AS (
        SELECT websearch_to_tsquery('simple', %(whole)s) || websearch_to_tsquery(%(stemmer)s::regconfig, %(whole)s)
               || CASE WHEN %(beginning)s = '' THEN ''::tsquery
                  ELSE websearch_to_tsquery('simple', %(before)s) && to_tsquery('simple', %(beginning)s || ':*') END
               AS plain)
    SELECT plain::text, regexp_replace(plain::text, '''((?:[^'']|'''')+)''', '''' || %(owner)s || '.\1''', 'g'),
           numnode(plain)
      FROM typed
"""
_FIND = """
    WITH said AS MATERIALIZED (
        SELECT 'message' AS kind, message.id, message.id AS message, session.id AS session,
               ts_rank(message.words, %(owned)s::tsquery, 1)::float8 AS rank
          FROM consciousness_message message
          JOIN consciousness_session session ON session.id = message.session_id AND session.user_id = %(user)s
         WHERE message.words @@ (%(owned)s::tsquery && %(owner)s::tsquery) AND message.superseded_at IS NULL),
    called AS MATERIALIZED (
        SELECT 'session' AS kind, session.id, NULL::bigint AS message, session.id AS session,
               ts_rank(read.words, %(plain)s::tsquery, 1)::float8 AS rank
          FROM consciousness_session session
         CROSS JOIN LATERAL (
               SELECT setweight(to_tsvector('simple', title) || to_tsvector(%(stemmer)s::regconfig, title), 'A')
                   || setweight(to_tsvector('simple', goal) || to_tsvector(%(stemmer)s::regconfig, goal), 'B')
                   AS words) read
         WHERE session.user_id = %(user)s AND (title <> '' OR goal <> '') AND read.words @@ %(plain)s::tsquery),
    found AS (
        (SELECT * FROM said ORDER BY id DESC LIMIT %(most)s) UNION ALL
        (SELECT * FROM called ORDER BY id DESC LIMIT %(most)s)),
    page AS (
        SELECT * FROM found
         WHERE %(rank)s::float8 IS NULL OR (rank, kind, id) < (%(rank)s::float8, %(kind)s, %(id)s)
         ORDER BY rank DESC, kind DESC, id DESC LIMIT %(limit)s)
    SELECT page.kind, page.id, page.rank, session.uid, session.title, session.archived_at IS NOT NULL,
           version.profile ->> 'name', message.uid, turn.uid, message.author,
           coalesce(message.created_at, session.created_at),
           ts_headline(%(stemmer)s::regconfig, shown.text, %(plain)s::tsquery,
                       CASE WHEN char_length(shown.text) <= %(short)s THEN %(all)s ELSE %(some)s END)
      FROM page
      JOIN consciousness_session session ON session.id = page.session
      JOIN mentors_travelerversion version ON version.id = session.version_id
      LEFT JOIN consciousness_message message ON message.id = page.message
      LEFT JOIN consciousness_turn turn ON turn.id = message.turn_id
     CROSS JOIN LATERAL (
           SELECT translate(
                  coalesce(message.text, concat_ws(' — ', nullif(session.title, ''), nullif(session.goal, ''))),
                  chr(2) || chr(3), '') AS text) shown
     ORDER BY page.rank DESC, page.kind DESC, page.id DESC
"""


@dataclass(frozen=True, slots=True)
class Find:
    """A message, or a session by its title or goal, in which something was found; `rank` says how well it fits."""

    kind: str
    rank: float
    session: UUID
    title: str
    archived: bool
    traveler: str
    message: UUID | None
    turn: UUID | None
    author: str | None
    created_at: datetime
    snippet: Snippet


@dataclass(frozen=True, slots=True)
class Finds:
    """A page of them, the best first, and where the next one begins."""

    results: list[Find]
    next_cursor: str | None


class Place(msgspec.Struct, frozen=True, array_like=True):
    """Where a page ends."""

    rank: float
    kind: str
    id: int


def read_cursor(cursor: str) -> Place:
    """The place that a cursor names; raises Invalid for one that is none of ours."""
    try:
        return msgspec.json.decode(urlsafe_b64decode(cursor.encode("ascii")), type=Place)
    except (ValueError, msgspec.MsgspecError):
        raise Invalid(errors=(FieldError("/cursor", "invalid", "Ask again from the beginning."),)) from None


def finds_of(actor: User, text: str, *, after: Place | None = None, limit: int) -> Finds:
    """What of the actor's own sessions fits the words: messages that stand, on every branch, and titles and goals.

    Words as people type them into search engines: "a phrase", -without, or; the last one may be unfinished. Of very
    many finds the newest are compared. A message is found some seconds after it was said. Three queries.
    """
    asked = _asked(actor, text)
    if asked is None:
        return Finds([], None)
    place = {"rank": None, "kind": "", "id": 0} if after is None else msgspec.structs.asdict(after)
    rows = _rows(_FIND, {**asked, **place, "most": MOST_COMPARED, "limit": limit + 1, "short": _SHORT, **_HEADLINES})
    shown = rows[:limit]
    more = len(rows) > limit
    return Finds([_find(row) for row in shown], _cursor(shown[-1]) if more else None)


def _asked(actor: User, text: str) -> dict[str, Any] | None:
    languages = Profile.objects.filter(user_id=actor.pk).values_list("languages", flat=True).first()
    typed, owner, stemmer = read_typed(text), f"u{actor.pk}", stemmer_of(languages or [])
    facts = {"whole": typed.whole, "before": typed.before, "beginning": typed.beginning}
    ((plain, owned, words),) = _rows(_READ_QUERY, {**facts, "owner": owner, "stemmer": stemmer})
    if not words:
        return None
    return {"plain": plain, "owned": owned, "owner": owner, "stemmer": stemmer, "user": actor.pk}


def _rows(statement: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


def _find(row: tuple[Any, ...]) -> Find:
    kind, _, rank, session, title, archived, traveler, message, turn, author, created_at, marked = row
    where = (session, title, archived, traveler, message, turn)
    return Find(kind, rank, *where, author, created_at, read_marked(marked))


def _cursor(row: tuple[Any, ...]) -> str:
    kind, key, rank = row[:3]
    return urlsafe_b64encode(msgspec.json.encode(Place(rank, kind, key))).decode("ascii")
