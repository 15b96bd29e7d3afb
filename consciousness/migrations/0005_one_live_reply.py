"""One reply of a turn is live, and a task belongs to one session of its account: built beside the writing."""

from django.db import migrations, models

ONE_REPLY = "ON consciousness_message (turn_id) WHERE author = 'traveler'"
ONE_LIVE_REPLY = f"{ONE_REPLY} AND superseded_at IS NULL"
ONE_TASK = "ON consciousness_session (provider_task) WHERE NOT (provider_task = '')"
ONE_TASK_OF_ACCOUNT = (
    "ON consciousness_session (provider_account_id, provider_task) NULLS NOT DISTINCT WHERE NOT (provider_task = '')"
)


def built(name, definition):
    """One statement at a time, since each is a transaction; one that broke off is begun anew."""
    return [f"DROP INDEX CONCURRENTLY IF EXISTS {name}", f"CREATE UNIQUE INDEX CONCURRENTLY {name} {definition}"]


def in_place_of(name, definition):
    """The old index keeps the rule until the new one does."""
    return [
        *built(f"{name}_new", definition),
        f"DROP INDEX CONCURRENTLY IF EXISTS {name}",
        f"ALTER INDEX {name}_new RENAME TO {name}",
    ]


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("consciousness", "0004_engines")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    [
                        *built("message_one_live_reply_a_turn", ONE_LIVE_REPLY),
                        "DROP INDEX CONCURRENTLY IF EXISTS message_one_reply_a_turn",
                    ],
                    # What stood in and was superseded is a reply too many for the former rule.
                    [
                        "DELETE FROM consciousness_message WHERE superseded_at IS NOT NULL",
                        *built("message_one_reply_a_turn", ONE_REPLY),
                        "DROP INDEX CONCURRENTLY IF EXISTS message_one_live_reply_a_turn",
                    ],
                ),
                migrations.RunSQL(
                    in_place_of("session_provider_task_once", ONE_TASK_OF_ACCOUNT),
                    in_place_of("session_provider_task_once", ONE_TASK),
                ),
            ],
            state_operations=[
                migrations.RemoveConstraint("message", "message_one_reply_a_turn"),
                migrations.AddConstraint(
                    "message",
                    models.UniqueConstraint(
                        fields=("turn",),
                        condition=models.Q(author="traveler", superseded_at__isnull=True),
                        name="message_one_live_reply_a_turn",
                    ),
                ),
                migrations.RemoveConstraint("session", "session_provider_task_once"),
                migrations.AddConstraint(
                    "session",
                    models.UniqueConstraint(
                        fields=("provider_account", "provider_task"),
                        condition=~models.Q(provider_task=""),
                        nulls_distinct=False,
                        name="session_provider_task_once",
                    ),
                ),
            ],
        ),
    ]
