"""A stored match is computed again, bit for bit, from what was kept of it."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import OccupationSkill, User
from matching.models import DeclineReason, Match, PersonSnapshot, TravelerSnapshot
from matching.selectors.replaying import replay_of
from matching.services.deciding import decline_match
from matching.services.proposing import proposals_for
from matching.weights import DEFAULT
from mentors.models import Traveler
from tests.matching.people import make_dana, make_staff, make_three, publish_letters


def stored(user: User) -> list[Match]:
    rows = Match.objects.filter(user=user).select_related("person", "traveler_as", "algorithm")
    return list(rows.order_by("rank"))


def test_everything_comes_out_the_same(dana: User, three: list[Traveler]) -> None:
    proposals_for(user_id=dana.pk)
    rows = stored(dana)
    assert len(rows) == 3
    for row in rows:
        replay = replay_of(row)
        assert replay.is_same, replay.differences
        assert (replay.again.score, replay.again.low, replay.again.high) == (row.score, row.low, row.high)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_people_told(db: None, data: st.DataObject) -> None:
    axis = st.none() | st.floats(-1, 1)
    told: dict[str, Any] = {
        "weekly_hours": data.draw(st.none() | st.integers(1, 80)),
        "goal_horizon_months": data.draw(st.none() | st.integers(1, 240)),
        "years_experience": data.draw(st.none() | st.integers(0, 70)),
        "visual_verbal": data.draw(axis),
        "sequential_global": data.draw(axis),
    }
    if not Traveler.objects.exists():
        make_three()
    user = make_dana(**told)
    proposals_for(user_id=user.pk)
    assert all(replay_of(row).is_same for row in stored(user))


def test_long_after_everything_else_has_changed(dana: User, three: list[Traveler]) -> None:
    first = proposals_for(user_id=dana.pk).results[0].match
    assert first is not None
    decline_match(match=first.uid, actor=dana, reason=DeclineReason.OTHER)
    publish_letters(make_staff(), time=40, expertise=40, learning_style=0, longitude=20)
    OccupationSkill.objects.update(importance=1.5)
    dana.profile.weekly_hours = 50
    dana.profile.save()
    proposals_for(user_id=dana.pk)
    old = Match.objects.get(pk=first.pk)
    assert (old.state, old.algorithm.weights_hash) == ("declined", DEFAULT.hash)
    assert old.score == first.score
    assert replay_of(old).is_same
    assert PersonSnapshot.objects.filter(user=dana).count() == 2


@pytest.mark.parametrize("what", ["score", "person", "Traveler", "weights", "scoring"])
def test_what_was_tampered_with_shows(dana: User, three: list[Traveler], what: str) -> None:
    proposals_for(user_id=dana.pk)
    row = stored(dana)[0]
    match what:
        case "score":
            Match.objects.filter(pk=row.pk).update(score=row.score - 0.001, low=0)
        case "person":
            PersonSnapshot.objects.update(features={**row.person.features, "weekly_hours": 79})
        case "Traveler":
            TravelerSnapshot.objects.update(features={**row.traveler_as.features, "era": 59.0})
        case "weights":
            Match.objects.filter(pk=row.pk).update(weights_hash="1" * 64)
        case _:
            type(row.algorithm).objects.update(code="tell-1")
    assert what in replay_of(stored(dana)[0]).differences
