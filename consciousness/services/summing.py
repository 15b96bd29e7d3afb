"""The rolling summary: stretches of turns are summed up, and old ones merged, so that it never gets long."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from consciousness.models import ContextMark, Message, Session, SummaryLine, SummaryPart, Turn
from consciousness.summing import Line, Said, sum_up, weightiest

# The newest turns are told word for word; behind them so many make a part, and so many parts one of the next level.
UNTOUCHED, STRETCH, FAN = 16, 16, 4
MOST_LINES = 10
MOST_STRETCHES = 4
ENDED = (Turn.State.COMPLETED, Turn.State.WAITING)


@transaction.atomic
def advance_summary(session: UUID) -> bool:
    """Sum up what is far enough back on the branch in view, a few stretches at a time; whether there is more to do.

    Does nothing while somebody else is at the session. What was said stays here: rules of our own choose sentences.
    Done twice it is done once. Locks the session.
    """
    locked = Session.objects.select_for_update(of=("self",), skip_locked=True, no_key=True).filter(uid=session).first()
    if locked is None:
        return False
    keys = _waiting(locked)
    ready = max(0, len(keys) - UNTOUCHED) // STRETCH
    for number in range(min(ready, MOST_STRETCHES)):
        _sum_up(locked, keys[number * STRETCH : (number + 1) * STRETCH])
        _merge(locked)
    return ready > MOST_STRETCHES


def drop_left_branch(session: Session) -> None:
    """Drop what sums up turns that are no longer on the branch in view of a locked session."""
    left = Q(first__on_branch=False) | Q(last__on_branch=False)
    SummaryPart.objects.filter(left, session=session).delete()


def _waiting(session: Session) -> list[int]:
    """The turns after the newest part, as many as are looked at in one go."""
    newest = SummaryPart.objects.filter(session=session).order_by("-last").values_list("last", flat=True).first()
    turns = session.turns.filter(on_branch=True, state__in=ENDED, pk__gt=newest or 0).order_by("pk")
    return list(turns.values_list("pk", flat=True)[: UNTOUCHED + (MOST_STRETCHES + 1) * STRETCH])


def _sum_up(session: Session, turns: Sequence[int]) -> None:
    standing = Message.objects.filter(turn__in=turns, turn__withheld=False, superseded_at__isnull=True).order_by("pk")
    standing = standing.exclude(turn__in=ContextMark.objects.turns_kept_out(session.pk))
    said = [Said(key, author == Message.Author.USER, text) for key, author, text in
            standing.values_list("pk", "author", "text")]  # fmt: skip
    part = SummaryPart.objects.create(session=session, first_id=turns[0], last_id=turns[-1])
    SummaryLine.objects.bulk_create(_row(part, line) for line in sum_up(said, MOST_LINES))


def _merge(session: Session) -> None:
    """Merge the newest parts of one level into one of the next, as often as there are enough; marked ones stay."""
    marked = set(ContextMark.objects.filter(session=session, summary__isnull=False).values_list("summary", flat=True))
    while True:
        parts = list(SummaryPart.objects.filter(session=session).order_by("-first")[:FAN])
        level = parts[0].level
        if len(parts) < FAN or any(part.level != level or part.pk in marked for part in parts):
            return
        _merge_into(parts[-1], parts[:-1])


def _merge_into(oldest: SummaryPart, others: Sequence[SummaryPart]) -> None:
    rows = list(SummaryLine.objects.filter(part__in=[oldest, *others]))
    lines = {Line(row.message_id, row.place, row.weight, row.text): row.pk for row in rows}
    kept = [lines[line] for line in weightiest(list(lines), MOST_LINES)]
    SummaryLine.objects.filter(part=oldest).exclude(pk__in=kept).delete()
    SummaryLine.objects.filter(pk__in=kept).update(part=oldest)
    oldest.last, oldest.level = others[0].last, oldest.level + 1
    SummaryPart.objects.filter(pk__in=[part.pk for part in others]).delete()
    oldest.save(update_fields=["last", "level"])


def _row(part: SummaryPart, line: Line) -> SummaryLine:
    return SummaryLine(part=part, message_id=line.message, place=line.place, weight=line.weight, text=line.text)
