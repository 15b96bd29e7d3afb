"""Which task to offer next: a pure, deterministic order, no tables."""

from collections.abc import Iterable
from dataclasses import dataclass

EASY = 2  # the hardest difficulty (1-5) that suits a beginner
BEGINNER_DIFFICULTY = 1
USUAL_DIFFICULTY = 3


@dataclass(frozen=True, slots=True)
class Task:
    """A template as far as choosing goes. No fields means any field."""

    id: int
    slug: str
    fields: frozenset[str]
    skills: frozenset[str]
    difficulty: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Wish:
    """What is known of the person and of what came up."""

    field: str | None
    skills: frozenset[str]
    is_beginner: bool


def suits(task: Task, wish: Wish) -> bool:
    """A task of other fields only is not for this person."""
    return not task.fields or wish.field in task.fields


def rank(tasks: Iterable[Task], wish: Wish) -> list[Task]:
    """Suitable tasks, best first, whatever order they come in.

    A beginner sees hard tasks after all others. Then whatever trains more of the wished skills and is made
    for the field (worth two skills) comes first, then the difficulty nearest to the usual one (the easiest
    for a beginner), the shortest, the slug.
    """
    return sorted((task for task in tasks if suits(task, wish)), key=lambda task: _key(task, wish))


def _key(task: Task, wish: Wish) -> tuple[bool, int, int, int, str]:
    wanted = BEGINNER_DIFFICULTY if wish.is_beginner else USUAL_DIFFICULTY
    too_hard = wish.is_beginner and task.difficulty > EASY
    fit = len(task.skills & wish.skills) + 2 * (wish.field in task.fields)
    return too_hard, -fit, abs(task.difficulty - wanted), task.minutes, task.slug


def explain(task: Task, wish: Wish, names: dict[str, str]) -> str:
    """One sentence for the person; `names` maps skill keys to names."""
    trained = [names[key] for key in sorted(task.skills & wish.skills)[:2]]
    parts = [f"trains what came up for you ({' and '.join(trained)})"] if trained else []
    if wish.field in task.fields:
        parts.append("belongs to your field")
    if wish.is_beginner and task.difficulty <= EASY:
        parts.append("is a gentle start")
    parts.append(f"takes about {task.minutes} minutes")
    return f"It {_listed(parts)}."


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
