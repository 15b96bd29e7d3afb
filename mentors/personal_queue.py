"""The queue in front of Manus and what its calls cost, in the data catalogue."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q

from mentors.models import CreditBudget, CreditEntry, FairShare, ProviderCall
from timetravelers.kit.catalogue import Fate, Link, Table
from timetravelers.kit.retention import WITH_ACCOUNT, Lasting, Settled, after
from timetravelers.kit.tags import Category, Purpose, held, stamped, tag, technical

KEEP_CALLS = timedelta(days=30)
KEEP_DAYS = timedelta(days=400)


def queue_tables() -> Iterator[Table]:
    """Calls, places in the round, budgets and the ledger."""
    yield _calls()
    yield _shares()
    yield _budgets()
    yield _entries()


def _calls() -> Table:
    return Table(
        model=ProviderCall,
        title="When the AI was asked for you",
        links=[Link("owner", Fate.DELETE, "when and how often the AI was asked for the person")],
        retention=[after(KEEP_CALLS, "ended_at", since="the call was over")],
        columns=[
            *stamped("kind", "lane", "state", "enqueued_at", "admitted_at", "started_at", "ended_at"),
            tag("credits", Category.USAGE, Purpose.FAIR_USE),
            tag("refusal", Category.USAGE, Purpose.FAIR_USE),
            tag("session_ref", Category.USAGE, Purpose.FAIR_USE),
            held("task", Category.USAGE, Purpose.FAIR_USE),
            *technical("id", "subject", "owner", "flow", "account", "pool", "attempts", "slot", "estimate", "held_on"),
            *technical("looked_at", "told_position", "told_due", "told_at"),
        ],
    )


def _shares() -> Table:
    waiting = ProviderCall.objects.filter(
        state="queued", pool=OuterRef("pool"), lane=OuterRef("lane"), flow=OuterRef("flow")
    )
    return Table(
        model=FairShare,
        title="Your place in the queue for the AI",
        links=[Link("owner", Fate.DELETE, "the person's place in the round")],
        retention=[Settled(words="while something of yours waits for the AI", done=Q(~Exists(waiting)))],
        columns=technical("id", "pool", "lane", "owner", "flow", "place", "deficit"),
    )


def _budgets() -> Table:
    days = Q(scope__in=[CreditBudget.Scope.DAY, CreditBudget.Scope.USER])
    return Table(
        model=CreditBudget,
        title="What the AI's answers to you cost, by day and session",
        links=[Link("owner", Fate.DELETE, "sums of what the person used")],
        retention=[after(KEEP_DAYS, "day", since="that day", only=days), WITH_ACCOUNT],
        columns=[
            tag("scope", Category.USAGE, Purpose.FAIR_USE),
            tag("day", Category.USAGE, Purpose.FAIR_USE),
            tag("session_ref", Category.USAGE, Purpose.FAIR_USE),
            tag("held", Category.USAGE, Purpose.FAIR_USE),
            tag("spent", Category.USAGE, Purpose.FAIR_USE),
            *technical("id", "key", "owner"),
        ],
    )


def _entries() -> Table:
    return Table(
        model=CreditEntry,
        title="The ledger of what the AI's answers to you cost",
        links=[
            Link(
                "owner",
                Fate.ANONYMISE,
                "what the house paid stays in its books; for whom it was is not kept",
                blank={"owner": None, "session_ref": None},
            )
        ],
        retention=[Lasting(words="for as long as the house keeps books; without your name once your account is gone")],
        columns=[
            tag("kind", Category.USAGE, Purpose.FAIR_USE),
            tag("amount", Category.USAGE, Purpose.FAIR_USE),
            tag("day", Category.USAGE, Purpose.FAIR_USE),
            tag("session_ref", Category.USAGE, Purpose.FAIR_USE),
            tag("created_at", Category.USAGE, Purpose.FAIR_USE),
            held("task", Category.USAGE, Purpose.FAIR_USE),
            *technical("id", "subject", "attempt", "owner", "account"),
        ],
    )
