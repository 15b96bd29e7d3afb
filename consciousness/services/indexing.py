"""Making messages findable: behind the scenes, so that saying something does not wait for it."""

import msgspec
from django.db import transaction

from consciousness.searching import STEMMERS, UNKNOWN_LANGUAGE
from timetravelers.kit.statements import fetch_all

BATCH = 500
MOST_BATCHES = 40
# The longest word PostgreSQL takes has 2,046 bytes, the person's number among them.
LONGEST_WORD = 1_000

# Each word gets the number of its person before it, and each message that number by itself.
_READ = """
    WITH fresh AS MATERIALIZED (
        SELECT id FROM consciousness_message
         WHERE words IS NULL ORDER BY id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED),
    heard AS (
        SELECT message.id, message.text, 'u' || session.user_id AS owner,
               coalesce(%s::jsonb ->> split_part(lower(profile.languages[1]), '-', 1), %s)::regconfig AS stemmer
          FROM fresh JOIN consciousness_message message ON message.id = fresh.id
          JOIN consciousness_session session ON session.id = message.session_id
          LEFT JOIN accounts_profile profile ON profile.user_id = session.user_id),
    read AS (
        SELECT heard.id, heard.owner,
               string_agg(
                   '''' || heard.owner || '.' || replace(replace(word.lexeme, '\\', '\\\\'), '''', '''''') || ''':'
                   || array_to_string(word.positions, ','), ' ') AS words
          FROM heard
          LEFT JOIN LATERAL unnest(to_tsvector('simple', heard.text) || to_tsvector(heard.stemmer, heard.text)) word
               ON octet_length(word.lexeme) <= %s
         GROUP BY heard.id, heard.owner)
    UPDATE consciousness_message message
       SET words = coalesce(read.words, '')::tsvector || read.owner::tsvector
      FROM read WHERE message.id = read.id
    RETURNING message.id
"""


def index_new_messages() -> int:
    """Read the messages that search has not seen; how many it were. Several workers do not get in each other's way."""
    seen = 0
    for _ in range(MOST_BATCHES):
        found = _index_some()
        seen += found
        if found < BATCH:
            break
    return seen


@transaction.atomic
def _index_some() -> int:
    stemmers = msgspec.json.encode(STEMMERS).decode()
    return len(fetch_all(_READ, [BATCH, stemmers, UNKNOWN_LANGUAGE, LONGEST_WORD]))
