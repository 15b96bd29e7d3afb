"""Weights are drafted, previewed, published by a person and rolled back; one version is live at a time."""

from typing import Any

import pytest

from accounts.models import User
from matching.errors import AlgorithmNotFound, AlgorithmWrongState, MatchingStaffOnly, WeightsInvalid
from matching.events import WeightsPublished
from matching.models import Algorithm, Freshness, Match
from matching.selectors.weights import live_weights
from matching.services.previewing import preview_weights
from matching.services.proposing import proposals_for
from matching.services.weights import draft_weights, publish_weights, roll_back_weights, settled_weights
from matching.weights import DEFAULT, VERSION
from mentors.models import Traveler
from tests.factories.accounts import make_user
from tests.factories.matching import make_algorithm
from tests.matching.people import draft_letters, make_dana, make_staff, publish_letters
from timetravelers.kit.events import subscribe

OTHER = {"time": 40, "expertise": 40, "learning_style": 0, "longitude": 20}


def live() -> Algorithm:
    return Algorithm.objects.get(state="published")


def test_the_house_s_own_are_live_until_somebody_says_otherwise(dana: User, three: list[Traveler]) -> None:
    assert live_weights().algorithm_id is None
    proposals_for(user_id=dana.pk)
    own = live()
    assert (own.number, own.source, own.code, own.reviewed_by) == (1, "house", VERSION, None)
    assert own.weights_hash == DEFAULT.hash == live_weights().weights.hash
    settled_weights()
    assert Algorithm.objects.count() == 1


@pytest.mark.django_db
def test_what_is_stored_is_read_to_the_bit() -> None:
    staff = make_staff()
    for letters in (OTHER, {"time": 1.1, "expertise": 3.3, "learning_style": 0.3, "longitude": 1.7}):
        row = publish_letters(staff, **letters)
        assert live_weights().weights.hash == row.weights_hash


@pytest.mark.django_db
def test_a_draft_matches_nobody() -> None:
    staff = make_staff()
    settled_weights()
    draft = draft_letters(staff, **OTHER)
    assert (draft.state, draft.number, draft.author) == ("draft", 2, staff)
    assert live().number == 1


@pytest.mark.django_db
def test_mistakes_are_refused_with_their_place() -> None:
    with pytest.raises(WeightsInvalid) as refused:
        draft_weights(actor=make_staff(), weights={"letters": {"time": "much"}, "odd": 1})
    assert {"/letters/time", "/odd"} <= {one.pointer for one in refused.value.errors}
    assert not Algorithm.objects.exists()


def test_a_preview_says_what_would_change_and_changes_nothing(dana: User, three: list[Traveler]) -> None:
    before = [(one.traveler.slug, one.score) for one in proposals_for(user_id=dana.pk).results]
    staff = make_staff()
    draft = preview_weights(actor=staff, algorithm=draft_letters(staff, **OTHER).uid)
    seen = draft.preview
    assert (seen["people"], seen["overlap"]) == (1, 1.0)
    assert seen["score_shift"] != 0
    assert [(one.traveler.slug, one.score) for one in proposals_for(user_id=dana.pk).results] == before
    publish_weights(actor=staff, algorithm=draft.uid)
    after = [one.score for one in proposals_for(user_id=dana.pk).results]
    shift = (sum(after) - sum(score for _, score in before)) / len(after)
    assert seen["score_shift"] == pytest.approx(shift)


def test_a_preview_of_the_same_changes_nothing(dana: User, three: list[Traveler]) -> None:
    proposals_for(user_id=dana.pk)
    staff = make_staff()
    same = draft_letters(staff, **DEFAULT.letters)
    seen = preview_weights(actor=staff, algorithm=same.uid).preview
    assert seen == {
        "people": 1,
        "overlap": 1.0,
        "rank_change": 0.0,
        "score_shift": 0.0,
        "untouched": 1.0,
        "first_changes": 0.0,
    }


@pytest.mark.django_db
def test_a_preview_without_people() -> None:
    staff = make_staff()
    draft = draft_letters(staff, **OTHER)
    assert preview_weights(actor=staff, algorithm=draft.uid).preview["people"] == 0
    assert publish_weights(actor=staff, algorithm=draft.uid).state == "published"


@pytest.mark.django_db
def test_publishing_retires_what_was_live_and_tells() -> None:
    heard: list[WeightsPublished] = []
    subscribe(WeightsPublished, heard.append, in_transaction=True)
    staff = make_staff()
    settled_weights()
    row = publish_letters(staff, **OTHER)
    assert (row.state, row.reviewed_by) == ("published", staff)
    assert [one.number for one in heard] == [1, 2]
    states = dict(Algorithm.objects.values_list("number", "state"))
    assert states == {1: "retired", 2: "published"}
    assert publish_weights(actor=staff, algorithm=row.uid).pk == row.pk
    assert len(heard) == 2


@pytest.mark.django_db
def test_what_nobody_looked_at_is_not_published() -> None:
    staff = make_staff()
    draft = draft_letters(staff, **OTHER)
    with pytest.raises(AlgorithmWrongState):
        publish_weights(actor=staff, algorithm=draft.uid)


def test_rolling_back_gives_the_former_lists_again(dana: User, three: list[Traveler]) -> None:
    staff = make_staff()
    before = [one.score for one in proposals_for(user_id=dana.pk).results]
    publish_letters(staff, **OTHER)
    assert [one.score for one in proposals_for(user_id=dana.pk).results] != before
    assert roll_back_weights(actor=staff).number == 1
    assert [one.score for one in proposals_for(user_id=dana.pk).results] == before
    assert Freshness.objects.get(user=dana).computed == 3
    assert set(Match.objects.filter(user=dana).values_list("algorithm__number", flat=True)) == {1}
    assert roll_back_weights(actor=staff).number == 2


@pytest.mark.django_db
def test_there_is_nothing_before_the_first() -> None:
    settled_weights()
    with pytest.raises(AlgorithmNotFound):
        roll_back_weights(actor=make_staff())


@pytest.mark.django_db
def test_weights_of_another_scoring_neither_count_nor_come_back() -> None:
    staff = make_staff()
    old = make_algorithm("published", code="tell-1")
    assert live_weights().algorithm_id is None
    assert settled_weights().number == old.number + 1
    old.refresh_from_db()
    assert old.state == "retired"
    for attempt in (publish_weights, preview_weights):
        with pytest.raises(AlgorithmWrongState):
            attempt(actor=staff, algorithm=old.uid)
    with pytest.raises(AlgorithmNotFound):
        roll_back_weights(actor=staff)


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["user", "mentor"])
def test_only_admins(role: str) -> None:
    somebody, draft = make_user(role=role), make_algorithm()
    attempts: list[Any] = [
        lambda: draft_weights(actor=somebody, weights={"letters": OTHER}),
        lambda: preview_weights(actor=somebody, algorithm=draft.uid),
        lambda: publish_weights(actor=somebody, algorithm=draft.uid),
        lambda: roll_back_weights(actor=somebody),
    ]
    for attempt in attempts:
        with pytest.raises(MatchingStaffOnly):
            attempt()


def test_many_people_are_previewed(db: None, three: list[Traveler]) -> None:
    people = [make_dana(weekly_hours=hours) for hours in (1, 5, 20)]
    for person in people:
        proposals_for(user_id=person.pk)
    staff = make_staff()
    seen = preview_weights(actor=staff, algorithm=draft_letters(staff, **OTHER).uid).preview
    assert seen["people"] == 3
