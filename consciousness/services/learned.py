"""What was learned from messages, and what of it stands when one of them goes."""

from dataclasses import dataclass

from django.db.models import QuerySet, Subquery

from consciousness.models import Insight, Memory, Message
from consciousness.runs import Runs
from consciousness.services.grounds import are_grounds
from consciousness.services.remembering import forget
from missions.services.proposals import withdraw_proposals, withdraw_proposals_that


@dataclass(frozen=True, slots=True)
class Lessons:
    """By key: the memories and insights of which a message is a source."""

    memories: tuple[int, ...]
    insights: tuple[int, ...]


def lessons_from(messages: QuerySet[Message]) -> Lessons:
    """What was learned from messages that are still there, all of one person."""
    # By whose they are: their few memories are looked through, and not the sources of everybody's.
    theirs = {"user": Subquery(messages.values("session__user")[:1]), "sources__message__in": messages}
    memories = Memory.objects.filter(**theirs).distinct().values_list("pk", flat=True)
    insights = Insight.objects.filter(**theirs).distinct().values_list("pk", flat=True)
    return Lessons(tuple(memories), tuple(insights))


def forget_lessons(user_id: int, lessons: Lessons, runs: Runs) -> None:
    """Once the message is gone: forget what it alone carried, and what repeats it.

    A memory or an insight stays if what is left of its sources carries it by itself, and an insight that the person
    has put in their own words if it has another source at all. What the person said again in a message that stays is
    no repetition.
    """
    memories = Memory.objects.filter(user=user_id).prefetch_related("sources__message")
    forget([one for one in memories if _repeats(one, runs) or (one.pk in lessons.memories and not _is_carried(one))])
    insights = Insight.objects.filter(user=user_id).prefetch_related("sources__message")
    bare = {one.pk for one in insights if one.pk in lessons.insights and not _is_borne_out(one)}
    doomed = [one.pk for one in insights if one.pk in bare or _repeats(one, runs)]
    withdraw_proposals([one.uid for one in insights if one.pk in doomed])
    withdraw_proposals_that(runs.are_in, user_id=user_id)
    Insight.objects.filter(pk__in=doomed).delete()


def _repeats(one: Memory | Insight, runs: Runs) -> bool:
    """Whether it repeats what is gone, and no message that it rests on does."""
    return runs.are_in(one.text) and not any(runs.are_in(source.message.text) for source in one.sources.all())


def _is_borne_out(insight: Insight) -> bool:
    left = [source.message.text for source in insight.sources.all()]
    # The name of a skill is the catalogue's, and nobody's words.
    is_free = insight.edited or insight.skill_id is not None
    return bool(left) and (is_free or are_grounds(insight.text, left))


def _is_carried(memory: Memory) -> bool:
    return are_grounds(memory.text, [source.message.text for source in memory.sources.all()])
