"""What recall finds, in memory: laws of its scores, and that each of its ways leads somewhere."""

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consciousness.recall import Mix, Passage, Recall
from tests.consciousness.recall.toys import BEGAN, NOW, ToyEmbedder, passages_of

PLAIN = Mix(neighbours=0.0, hops=0.0, conversation=0.0, time=0.0)
WORDS = ("exam", "spring", "leeds", "nan", "bingo", "job", "fluoride", "trench", "choir", "the", "🙂")
_texts = st.lists(st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join), min_size=1, max_size=10)
_questions = st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join)
_slow = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def found(passages: list[Passage], question: str, limit: int = 5, **how: object) -> list[object]:
    recall = Recall(passages, embedder=ToyEmbedder(), **how)  # type: ignore[arg-type]  # any of its options
    return [each.key for each in recall.search(question, asked_at=NOW, limit=limit)]


# Laws ---------------------------------------------------------------------------------------------------


@_slow
@given(_texts, _questions, st.randoms())
def test_the_order_in_which_passages_are_given_changes_nothing(texts: list[str], question: str, dice: object) -> None:
    passages = passages_of(*texts)
    shuffled = list(passages)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis's random
    one, other = (Recall(each, embedder=ToyEmbedder()) for each in (passages, shuffled))
    assert one.search(question, asked_at=NOW) == other.search(question, asked_at=NOW)


@_slow
@given(_texts, _questions)
def test_the_same_question_has_the_same_answer_and_no_score_is_no_number(texts: list[str], question: str) -> None:
    recall = Recall(passages_of(*texts), embedder=ToyEmbedder())
    first = recall.search(question, asked_at=NOW, limit=100)
    assert first == recall.search(question, asked_at=NOW, limit=100)
    assert [each.score for each in first] == sorted((each.score for each in first), reverse=True)
    for each in first:
        assert np.isfinite(each.score)
        assert all(0 <= reason <= 1 for reason in (each.words, each.meaning, each.time))


@_slow
@given(_texts, st.sampled_from(WORDS[:9]), st.integers(0, 9))
def test_one_more_of_the_words_asked_for_never_ranks_lower(texts: list[str], word: str, place: int) -> None:
    """Of two passages that differ in one filler, which is a word of the question in one of them."""
    texts = [*texts, f"{word} filler", "stuffing filler"]
    recall = Recall(passages_of(*texts), mix=PLAIN)
    order = [each.key for each in recall.search(f"{word} {WORDS[place]}", asked_at=NOW, limit=100)]
    with_it, without = (f"talk.{number}" for number in (len(texts) - 2, len(texts) - 1))
    assert with_it in order
    assert without not in order or order.index(with_it) < order.index(without)


@pytest.mark.parametrize(
    "text", ["", "🙂🙃", "\x00\ud800", "a" * 100_000, "exam " * 30_000, "ﷺ" * 500, "'; DROP TABLE --", "%s {} \\"]
)
def test_hostile_text_is_text(text: str) -> None:
    passages = passages_of(text, "the exam went well", text)
    assert "talk.1" in found(passages, "how was the exam", limit=3)
    Recall(passages, embedder=ToyEmbedder()).search(text, asked_at=NOW)


def test_fewer_are_found_than_asked_for_where_nothing_fits() -> None:
    assert Recall(passages_of("exam", "choir")).search("zzzz", asked_at=NOW) == []
    assert found([], "exam") == []
    assert found(passages_of("exam"), "exam", limit=0) == []


# Ways ---------------------------------------------------------------------------------------------------


def test_rare_words_say_more_than_common_ones() -> None:
    passages = passages_of("work work work", "work and fluoride", "work again", "work", "no words of it")
    assert found(passages, "work fluoride", mix=PLAIN)[0] == "talk.1"


def test_a_turn_is_found_by_what_its_neighbours_say() -> None:
    passages = [
        *passages_of("my exam is on friday", "seventy four per cent", group="a"),
        *passages_of("the weather was fine", "eighty per cent of the rain", group="b", days=1),
    ]
    without = found(passages, "exam per cent", mix=PLAIN, limit=4)
    assert without[:2] == ["a.0", "a.1"]
    assert without[2] == "b.1"
    assert set(found(passages, "exam cent", mix=Mix(hops=0, conversation=0), limit=2)) == {"a.0", "a.1"}
    assert found(passages, "exam cent", mix=PLAIN, limit=2) != found(passages, "exam cent", limit=2)


def test_hops_follow_names_from_one_find_to_another() -> None:
    """Who lives in the flat is said elsewhere, in words that the question does not have."""
    passages = [
        *passages_of("the flat with mould is Weaver Court", "yes it is bad", group="a"),
        *(each for day in range(1, 12) for each in passages_of(f"nothing of note on {day}", group=f"n{day}", days=day)),
        *passages_of("Abara has been in Weaver Court since June", group="z", days=30),
    ]
    question = "who lives in the flat with mould"
    assert "z.0" not in found(passages, question, mix=Mix(hops=0.0))
    assert "z.0" in found(passages, question)


def test_times_in_the_question_decide_between_alike_passages() -> None:
    runs = (passages_of("the race took an hour", days=day, group=f"day {day}") for day in (0, 100, 250))
    passages = [passage for run in runs for passage in run]
    assert found(passages, "how did the race go in april", limit=1) == ["day 100.0"]
    assert found(passages, "how did the race go in january", limit=1) == ["day 0.0"]


@pytest.mark.parametrize(("side", "key"), [("before", "early.0"), ("after", "late.0")])
def test_events_in_the_question_are_found_and_give_the_time(side: str, key: str) -> None:
    passages = [
        *passages_of("my sleep was bad", group="early"),
        *passages_of("they hired me at the waterworks", group="event", days=20),
        *passages_of("my sleep was bad", group="late", days=40),
    ]
    sleep = [each for each in found(passages, f"how was my sleep {side} they hired me") if each != "event.0"]
    assert sleep[0] == key


def dialogue(*lines: tuple[str, str]) -> list[Passage]:
    """A line a minute, numbered from 0, each by a speaker."""
    return [
        Passage(number, BEGAN + timedelta(minutes=number), text, speaker=speaker, group=1)
        for number, (speaker, text) in enumerate(lines)
    ]


def test_speakers_with_names_are_told_apart() -> None:
    passages = dialogue(("Caroline", "I went to the lake"), ("Melanie", "I went to the lake"))
    assert found(passages, "where did Melanie go", limit=1) == [1]
    assert found(passages, "where did Caroline go", limit=1) == [0]


def test_a_name_that_half_of_it_has_is_not_what_is_looked_for() -> None:
    """Her name in a greeting says nothing about her boat."""
    passages = dialogue(
        ("Melanie", "good to see you at the party, Caroline dear Caroline"),
        ("Caroline", "the party was fun and the cake was green"),
        ("Caroline", "we sold the boat to a doctor"),
    )
    recall = Recall(passages, mix=PLAIN)
    assert [each.key for each in recall.search("whom has Caroline sold it", limit=1)] == [2]


def test_who_is_called_by_a_role_has_no_name() -> None:
    passages = dialogue(("user", "the new app has a user interface"), ("assistant", "which app is that"))
    assert {each.name for each in passages} == {""}
    assert found(passages, "what did the user think of the interface", limit=1) == [0]


@pytest.mark.parametrize(
    ("text", "share"),
    [("Where? When?", 1.0), ("Yes. Where?", 0.5), ("It rained.", 0.0), ("", 0.0), ('"Which one?"', 1.0)],
)
def test_what_only_asks_is_seen(text: str, share: float) -> None:
    assert Passage(1, BEGAN, text).asking == share
    assert Passage(1, BEGAN, text, "yes").asking == 0.0


def test_what_only_asks_comes_after_what_tells() -> None:
    passages = dialogue(("A", "Did the doctor buy the boat?"), ("B", "The doctor bought the boat for nine thousand"))
    question = "for how much did the doctor buy the boat"
    assert found(passages, question) == [1, 0]
    assert found(passages, question, mix=Mix(asking=0.0)) == [0, 1]


def test_what_says_little_comes_after_what_says_more() -> None:
    passages = dialogue(("A", "The pears!"), ("B", "We made nineteen jars of pears, with vinegar"))
    answers = (Recall(passages, mix=mix).search("how many pears") for mix in (Mix(), Mix(substance=0.0)))
    assert [[each.key for each in answer] for answer in answers] == [[1, 0], [0, 1]]


def test_a_question_without_a_time_is_asked_after_the_last_passage() -> None:
    runs = [each for day in (0, 100, 250) for each in passages_of("the race took an hour", days=day, group=f"{day}")]
    recall = Recall(runs)
    assert [each.key for each in recall.search("how was the race in april", limit=1)] == ["100.0"]
    assert Recall([]).search("how was the race in april") == []


def test_without_an_embedder_words_and_times_are_looked_at() -> None:
    recall = Recall(passages_of("exam", "choir"))
    (only,) = recall.search("exam", asked_at=NOW, limit=1)
    assert (only.key, only.meaning) == ("talk.0", 0.0)
    assert only.words == pytest.approx(1.0, abs=0.1)
