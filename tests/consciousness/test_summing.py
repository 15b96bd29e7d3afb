"""The rolling summary: sentences that would be missed, word for word; short however long the session is."""

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from consciousness.models import ContextMark, Message, Session, SummaryLine, SummaryPart, Turn
from consciousness.services.summing import FAN, MOST_LINES, STRETCH, UNTOUCHED, advance_summary
from consciousness.summing import LONGEST, Said, sum_up
from mentors.manus.simulator.server import SimulatorServer
from tests.consciousness.trees import edits
from timetravelers.kit.clock import now

SENTENCES = st.text("abc def. I want 7!\n", max_size=80)


def talk(session: Session, count: int, text: str = "Day {} was as I expected it to be.") -> list[int]:
    """So many turns, each answered; their keys."""
    moment, begun = now(), session.turns.count()
    head = session.turns.order_by("-pk").first()
    keys = []
    for number in range(begun, begun + count):
        head = Turn.objects.create(
            session=session, parent=head, depth=number, due_at=moment, ended_at=moment, state="completed"
        )
        keys.append(head.pk)
        said = {"session": session, "turn": head}
        Message.objects.create(**said, author="user", text=text.format(number), client_id=f"day {head.pk}")
        Message.objects.create(**said, author="traveler", text=f"Your next step is to write page {number}.")
    Session.objects.filter(pk=session.pk).update(head=head)
    return keys


def sum_up_all(session: Session) -> None:
    while advance_summary(session.uid):
        continue


def ranges(session: Session) -> list[tuple[int, int, int]]:
    return list(SummaryPart.objects.filter(session=session).order_by("first").values_list("first", "last", "level"))


# The rules ----------------------------------------------------------------------------------------------


def test_what_would_be_missed_is_kept() -> None:
    said = [
        Said(1, is_own=True, text="Hello there! How are you today? I have decided to leave the bank in March 2027."),
        Said(2, is_own=False, text="That sounds brave indeed. Your next step: write to Mara by Friday."),
        Said(3, is_own=True, text="Well, it rained a bit on the way here. I can't work on weekends because of my son."),
    ]
    kept = [line.text for line in sum_up(said, 3)]
    assert kept == [
        "I have decided to leave the bank in March 2027.",
        "Your next step: write to Mara by Friday.",
        "I can't work on weekends because of my son.",
    ]


def test_nobody_is_quoted_twice_for_the_same() -> None:
    said = [Said(number, is_own=True, text="I want to become a data engineer.") for number in range(5)]
    assert [line.message for line in sum_up(said, 5)] == [0]


@given(st.lists(st.tuples(SENTENCES, st.booleans()), max_size=12), st.integers(0, 6))
def test_every_line_stands_in_its_message(texts: Sequence[tuple[str, bool]], most: int) -> None:
    said = [Said(number, is_own=own, text=text) for number, (text, own) in enumerate(texts)]
    lines = sum_up(said, most)
    assert len(lines) <= most
    assert lines == sorted(lines, key=lambda line: (line.message, line.place)) == sum_up(said, most)
    for line in lines:
        assert line.text in texts[line.message][0]
        assert len(line.text) <= LONGEST


# The rows -----------------------------------------------------------------------------------------------


def test_the_newest_turns_are_left_alone(session: Session) -> None:
    keys = talk(session, UNTOUCHED + STRETCH - 1)
    assert advance_summary(session.uid) is False
    assert ranges(session) == []
    keys += talk(session, 1)
    sum_up_all(session)
    assert ranges(session) == [(keys[0], keys[STRETCH - 1], 0)]
    sum_up_all(session)
    assert len(ranges(session)) == 1


def test_it_stays_short_and_leaves_nothing_out(session: Session) -> None:
    keys = talk(session, 400)
    sum_up_all(session)
    parts = ranges(session)
    assert parts[0][0] == keys[0]
    assert all(one[1] < other[0] for one, other in pairwise(parts))
    summed = sum(keys.index(last) - keys.index(first) + 1 for first, last, _ in parts)
    assert summed == (len(keys) - UNTOUCHED) // STRETCH * STRETCH
    assert [level for *_, level in parts] == sorted((level for *_, level in parts), reverse=True)
    assert len(parts) <= (FAN - 1) * 3
    assert SummaryLine.objects.count() <= len(parts) * MOST_LINES
    assert not SummaryLine.objects.exclude(part__session=session).exists()


def test_a_marked_part_is_not_merged(session: Session) -> None:
    talk(session, UNTOUCHED + STRETCH)
    sum_up_all(session)
    marked = SummaryPart.objects.get()
    ContextMark.objects.create(session=session, summary=marked, mark="pinned")
    talk(session, FAN * STRETCH)
    sum_up_all(session)
    assert [level for *_, level in ranges(session)] == [0, 1]
    assert SummaryPart.objects.filter(pk=marked.pk, level=0).exists()


def test_a_branch_that_is_left_takes_its_parts_along(session: Session, manus: SimulatorServer) -> None:
    keys = talk(session, UNTOUCHED + 2 * STRETCH)
    sum_up_all(session)
    assert len(ranges(session)) == 2
    session.refresh_from_db()
    edits(session, Turn.objects.get(pk=keys[STRETCH + 3]).uid, "No, another way.")
    assert ranges(session) == [(keys[0], keys[STRETCH - 1], 0)]


def test_what_was_withheld_or_superseded_is_not_summed_up(session: Session) -> None:
    keys = talk(session, UNTOUCHED + STRETCH, "I have decided to move to town number {}.")
    Turn.objects.filter(pk=keys[0]).update(withheld=True)
    Message.objects.filter(turn=keys[1], author="traveler").update(superseded_at=now())
    sum_up_all(session)
    lines = SummaryLine.objects.all()
    assert lines.exists()
    assert not lines.filter(message__turn=keys[0]).exists()
    assert not lines.filter(message__superseded_at__isnull=False).exists()


def test_a_session_that_is_gone_needs_no_summary(session: Session) -> None:
    talk(session, UNTOUCHED + STRETCH)
    Session.objects.filter(pk=session.pk).delete()
    assert advance_summary(session.uid) is False
    assert not SummaryPart.objects.exists()
