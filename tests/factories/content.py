"""The starting content for tests: loaded once by the real loaders, then copied in wherever a test asks for it."""

from collections.abc import Iterable

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Model

from accounts.models import (
    AlternateTitle,
    Field,
    MinorGroup,
    Occupation,
    OccupationSkill,
    OccupationTerm,
    RelatedOccupation,
    SearchWord,
    Skill,
    SkillTerm,
)
from accounts.services import load_taxonomy
from mentors.models import Traveler, TravelerSkill, TravelerVersion
from mentors.services.loading import load_travelers
from missions.models import MissionTemplate
from missions.services.loading import load_missions

# In the order in which rows refer to each other.
MODELS = (
    Field,
    MinorGroup,
    Skill,
    Occupation,
    AlternateTitle,
    OccupationSkill,
    RelatedOccupation,
    Traveler,
    TravelerVersion,
    TravelerSkill,
    MissionTemplate,
    MissionTemplate.skills.through,
)
# Only for tests that search: rolled back as often as the rest, their dead rows would slow down all that come later.
SEARCHED = (OccupationTerm, SkillTerm, SearchWord)
Rows = dict[str, bytes]


def capture_content() -> Rows:
    """What the loaders make of the starting content, by table; the database stays as it was."""
    with transaction.atomic():
        load_taxonomy(folder=settings.CONTENT_DIR)
        load_travelers(folder=settings.CONTENT_DIR)
        load_missions(folder=settings.CONTENT_DIR)
        rows = {model._meta.db_table: _copy_out(model._meta.db_table) for model in (*MODELS, *SEARCHED)}
        transaction.set_rollback(True)
    return rows


@transaction.atomic
def restore_content(rows: Rows, models: Iterable[type[Model]] = MODELS) -> None:
    """Put captured rows into the test's database, with sequences past their ids.

    They are past them already, but where a test of migrations has made a table anew since. The rows are counted, too:
    what the database found after earlier tests, whose rows were undone, is that the tables are empty, and it would
    join thousands of rows by reading a table for each.
    """
    tables = [model._meta.db_table for model in models]
    with connection.cursor() as cursor:
        for table in tables:
            with cursor.copy(f'COPY "{table}" FROM STDIN (FORMAT BINARY)') as copy:
                copy.write(rows[table])
        cursor.execute(f"SELECT {', '.join(map(_past_ids, tables))}")
        cursor.execute(f"ANALYZE {', '.join(map(connection.ops.quote_name, tables))}")


def _past_ids(table: str) -> str:
    """Moves a table's sequence on, never back: others may have taken numbers from it."""
    sequence = f"pg_get_serial_sequence('{table}', 'id')"
    newest = f'SELECT max(id) FROM "{table}"'  # noqa: S608 - our tables
    return f"setval({sequence}, GREATEST(nextval({sequence}), ({newest})))"


def _copy_out(table: str) -> bytes:
    with connection.cursor() as cursor, cursor.copy(f'COPY "{table}" TO STDOUT (FORMAT BINARY)') as copy:
        return b"".join(bytes(block) for block in copy)
