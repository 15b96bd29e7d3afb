"""The order of tasks: total, deterministic, and on the side of beginners."""

import random

from hypothesis import given
from hypothesis import strategies as st

from missions.ranking import EASY, Task, Wish, explain, rank, suits

SKILLS = ["python", "sql", "writing", "networking"]
FIELDS = ["15-0000", "29-0000"]

tasks = st.lists(
    st.builds(
        Task,
        id=st.integers(1, 10**6),
        slug=st.from_regex(r"[a-z]{1,8}", fullmatch=True),
        fields=st.frozensets(st.sampled_from(FIELDS)),
        skills=st.frozensets(st.sampled_from(SKILLS)),
        difficulty=st.integers(1, 5),
        minutes=st.integers(10, 600),
    ),
    max_size=12,
    unique_by=lambda task: task.slug,
)
wishes = st.builds(
    Wish,
    field=st.none() | st.sampled_from(FIELDS),
    skills=st.frozensets(st.sampled_from(SKILLS)),
    is_beginner=st.booleans(),
)


@given(tasks, wishes, st.randoms())
def test_the_order_they_come_in_does_not_matter(given_tasks: list[Task], wish: Wish, dice: random.Random) -> None:
    shuffled = dice.sample(given_tasks, len(given_tasks))
    assert rank(shuffled, wish) == rank(given_tasks, wish)


@given(tasks, wishes)
def test_all_that_suits_is_there_once(given_tasks: list[Task], wish: Wish) -> None:
    ranked = rank(given_tasks, wish)
    assert sorted(task.slug for task in ranked) == sorted(t.slug for t in given_tasks if suits(t, wish))


@given(tasks, wishes)
def test_a_beginner_never_sees_hard_before_easy(given_tasks: list[Task], wish: Wish) -> None:
    if wish.is_beginner:
        hard = [task.difficulty > EASY for task in rank(given_tasks, wish)]
        assert hard == sorted(hard)


@given(tasks, wishes)
def test_training_one_more_wished_skill_never_moves_a_task_back(given_tasks: list[Task], wish: Wish) -> None:
    ranked = rank(given_tasks, wish)
    for place, task in enumerate(ranked):
        better = Task(task.id, task.slug, task.fields, task.skills | wish.skills, task.difficulty, task.minutes)
        again = rank([better if other is task else other for other in given_tasks], wish)
        assert again.index(better) <= place


@given(tasks, wishes)
def test_the_reason_is_one_sentence_that_fits(given_tasks: list[Task], wish: Wish) -> None:
    names = {key: key.title() * 8 for key in SKILLS}
    for task in given_tasks:
        sentence = explain(task, wish, names)
        assert sentence.startswith("It ")
        assert sentence.endswith(f"takes about {task.minutes} minutes.")
        assert len(sentence) <= 300
