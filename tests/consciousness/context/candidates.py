"""Things that may be told, invented: a Traveler, a person, and a conversation of years."""

from datetime import UTC, datetime, timedelta

from consciousness.context import Candidate, Kind, Origin, blocks
from mentors.briefing import Person, told_goal, told_mission, told_person
from mentors.engines import Exchange

MIA = Person(target_occupation="Data engineer", weekly_hours=6, skills=(("SQL", "solid"),))
PERSONA = "# Who you are\n- Name: Ada Voss\n- Years ahead: 12\n\n# How to answer\n" + "".join(
    f"- Rule {number}: answer plainly, and ask one question at a time.\n" for number in range(40)
)
BEGAN = datetime(2024, 1, 1, tzinfo=UTC)
FRAME = [
    Candidate(Kind.PERSONA, PERSONA, (Origin("traveler_version", "ada-1"),)),
    Candidate(Kind.PERSON, told_person(MIA), (Origin("profile", "mia"),)),
    Candidate(Kind.GOAL, told_goal("Find my first data role."), (Origin("session", "session-1"),)),
    Candidate(Kind.MATCH, blocks.match_text({"time": "Your goal is near."}), (Origin("session", "session-1"),)),
    Candidate(Kind.MISSION, told_mission("Bus data pipeline"), (Origin("mission", "mission-1"),)),
]


def said(number: int, question: str = "", reply: str = "", *, pinned: bool = False) -> Candidate:
    """A turn of late."""
    one = Exchange(question or f"Question {number}: how do I go on?", reply or f"Answer {number}: in one small step.")
    exchange, origins = blocks.clipped(one.said, one.answered), (Origin("turn", f"turn-{number}"),)
    text = blocks.exchange_text(exchange)
    return Candidate(Kind.TURN, text, origins, number, number, number, pinned, exchange=exchange)


def long_ago(number: int, score: float = 0.5, *, pinned: bool = False) -> Candidate:
    """A turn of earlier days that fits the question."""
    text = blocks.recalled_text(BEGAN + timedelta(days=number), f"Question {number}", f"Answer {number}")
    return Candidate(Kind.RECALLED, text, (Origin("turn", f"turn-{number}"),), score, number, number, pinned)


def summed_up(number: int, weight: float = 1.0) -> Candidate:
    """A sentence of a turn that was summed up."""
    origins = (Origin("summary", f"part-{number // 16}"), Origin("message", f"message-{number}"))
    text = blocks.summary_text("user", f"Sentence {number} says that much has changed.")
    return Candidate(Kind.SUMMARY, text, origins, weight, number, number)


def remembered(number: int, *, pinned: bool = False) -> Candidate:
    """A kept memory."""
    text = blocks.memory_text("goal", f"Memory {number}: to build pipelines.")
    return Candidate(Kind.MEMORY, text, (Origin("memory", f"memory-{number}"),), number / 10, number, None, pinned)


def in_file(number: int, text: str = "A line of the file.\n" * 40) -> Candidate:
    """What can be read in a file."""
    origins = (Origin("file", f"file-{number}"), Origin("message", f"message-{number}"))
    told = blocks.file_text(f"notes-{number}.txt", text, 1_500)
    return Candidate(Kind.FILE, told, origins, number, number, trusted=False)


def words(text: str = "What do I do about the interview next week?") -> Candidate:
    """What the person says now."""
    return Candidate(Kind.WORDS, text, (Origin("message", "message-now"),))


def everything() -> list[Candidate]:
    """More of each kind than any budget has room for."""
    return [
        *FRAME,
        *(remembered(number) for number in range(12)),
        *(in_file(number) for number in range(1, 4)),
        *(summed_up(number, weight=number % 7) for number in range(400)),
        *(long_ago(number, score=number / 400) for number in range(0, 400, 40)),
        *(said(number) for number in range(100, 500)),
    ]
