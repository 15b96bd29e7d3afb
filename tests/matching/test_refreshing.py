"""Stored matches are those of this moment, and are made anew only when something differs."""

from typing import Any

import pytest

from accounts.models import OccupationSkill, User
from accounts.services.profile import ProfileChanges, update_profile
from matching.errors import PersonNotFound
from matching.models import Freshness, Match, Occupancy, PersonSnapshot
from matching.services.occupancy import note_occupancy
from matching.services.proposing import proposals_for
from matching.services.refreshing import refresh_matches
from mentors.models import Traveler, TravelerState
from mentors.services.publishing import set_state
from tests.factories.accounts import give_skill, make_occupation, make_skill, make_user
from tests.factories.mentors import make_traveler
from tests.matching.people import make_staff, publish_letters
from timetravelers.kit.clock import now


def slugs(user: User) -> list[str]:
    return [one.traveler.slug for one in proposals_for(user_id=user.pk).results]


def computed(user: User) -> int:
    return Freshness.objects.get(user=user).computed


def test_the_first_request_makes_the_list_and_the_next_reads_it(dana: User, three: list[Traveler]) -> None:
    assert slugs(dana) == slugs(dana) == ["ada", "bo", "cy"]
    assert computed(dana) == 1
    rows = Match.objects.filter(user=dana).order_by("rank")
    assert [(row.rank, row.traveler.slug) for row in rows] == [(1, "ada"), (2, "bo"), (3, "cy")]


def test_what_is_stored_is_what_is_shown(dana: User, three: list[Traveler]) -> None:
    for proposal in proposals_for(user_id=dana.pk).results:
        assert proposal.match is not None
        assert proposal.score == pytest.approx(sum(proposal.contributions.values()), abs=1e-9)
        assert proposal.score == pytest.approx(sum(part["points"] for part in proposal.parts.values()), abs=1e-9)
        assert proposal.interval == (proposal.match.low, proposal.match.high)


def test_a_row_keeps_its_name_when_the_list_is_made_anew(dana: User, three: list[Traveler]) -> None:
    slugs(dana)
    before = {row.traveler_id: row.uid for row in Match.objects.filter(user=dana)}
    give_skill(dana, "statistics", 5)
    slugs(dana)
    assert computed(dana) == 2
    assert {row.traveler_id: row.uid for row in Match.objects.filter(user=dana)} == before


def _edit_profile(dana: User, _three: list[Traveler]) -> None:
    update_profile(user=dana, changes=ProfileChanges(facts={"weekly_hours": 40}))


def _edit_row(dana: User, _three: list[Traveler]) -> None:
    dana.profile.weekly_hours = 40
    dana.profile.save()


def _retire(_dana: User, three: list[Traveler]) -> None:
    three[0].state = TravelerState.RETIRED
    three[0].save()


def _fill(_dana: User, three: list[Traveler]) -> None:
    note_occupancy(people={three[0].pk: three[0].capacity})


def _ask_for_more(_dana: User, _three: list[Traveler]) -> None:
    OccupationSkill.objects.create(occupation=make_occupation(), skill=make_skill("sql"), importance=4, level=5)


def _weigh_otherwise(_dana: User, _three: list[Traveler]) -> None:
    publish_letters(make_staff(), time=40, expertise=40, learning_style=10, longitude=10)


@pytest.mark.parametrize("change", [_edit_profile, _edit_row, _retire, _fill, _ask_for_more, _weigh_otherwise])
def test_a_change_shows_in_the_next_request(dana: User, three: list[Traveler], change: Any) -> None:
    def shown() -> list[Any]:
        return [(one.traveler.slug, one.score, one.interval) for one in proposals_for(user_id=dana.pk).results]

    before = shown()
    change(dana, three)
    assert shown() != before
    assert computed(dana) == 2
    shown()
    assert computed(dana) == 2


def test_what_does_not_bear_on_it_makes_nothing_anew(dana: User, three: list[Traveler]) -> None:
    slugs(dana)
    update_profile(user=dana, changes=ProfileChanges(facts={"bio": "I like dogs."}))
    assert Freshness.objects.get(user=dana).stale_since is not None
    assert slugs(dana) == ["ada", "bo", "cy"]
    fresh = Freshness.objects.get(user=dana)
    assert (fresh.computed, fresh.stale_since) == (1, None)


def test_an_edit_marks_the_list_stale_with_its_commit(dana: User, three: list[Traveler]) -> None:
    slugs(dana)
    moment = now()
    for _ in range(2):
        update_profile(user=dana, changes=ProfileChanges(facts={"weekly_hours": 7}))
    marked = Freshness.objects.get(user=dana).stale_since
    assert marked is not None
    assert moment <= marked < now()


def test_somebody_who_never_asked_is_marked_too(charlie: User) -> None:
    update_profile(user=charlie, changes=ProfileChanges(facts={"weekly_hours": 7}))
    fresh = Freshness.objects.get(user=charlie)
    assert fresh.stale_since is not None
    assert (fresh.computed, fresh.refreshed_at) == (0, None)


def test_who_is_full_is_offered_to_nobody_else(dana: User, bob: User, three: list[Traveler]) -> None:
    slugs(dana)
    Match.objects.filter(user=dana, traveler=three[0]).update(state="accepted", decided_at=now())
    note_occupancy(people={three[0].pk: three[0].capacity})
    assert slugs(bob) == ["bo", "cy"]
    assert sorted(slugs(dana)) == ["ada", "bo", "cy"]
    note_occupancy(people={three[0].pk: three[0].capacity - 1})
    assert "ada" in slugs(bob)


def test_occupancy_is_brought_to_what_was_counted(three: list[Traveler]) -> None:
    note_occupancy(people={three[0].pk: 3, three[1].pk: 1})
    tally = note_occupancy(people={three[1].pk: 2, three[2].pk: 1})
    assert (tally.created, tally.changed, tally.removed) == (1, 1, 1)
    assert dict(Occupancy.objects.values_list("traveler__slug", "people")) == {"bo": 2, "cy": 1}


def test_languages_are_a_hard_rule(db: None) -> None:
    make_traveler("english")
    make_traveler("finnish", languages=["fi"])
    for languages, expected in (([], 2), (["fi-FI"], 1), (["de"], 0), (["de", "en-GB"], 1)):
        assert len(slugs(make_user_speaking(languages))) == expected


def make_user_speaking(languages: list[str]) -> User:
    user = make_user()
    update_profile(user=user, changes=ProfileChanges(facts={"languages": languages}))
    return user


def test_snapshots_that_nothing_needs_go(dana: User, three: list[Traveler]) -> None:
    for hours in (1, 20, 40):
        update_profile(user=dana, changes=ProfileChanges(facts={"weekly_hours": hours}))
        slugs(dana)
    assert PersonSnapshot.objects.filter(user=dana).count() == 1


def test_nobody_has_no_matches(db: None) -> None:
    with pytest.raises(PersonNotFound):
        refresh_matches(user_id=10**9)


def test_no_candidates_one_and_ties(charlie: User, staff: User) -> None:
    assert slugs(charlie) == []
    assert computed(charlie) == 1
    make_traveler("only")
    assert slugs(charlie) == ["only"]
    make_traveler("another")
    found = proposals_for(user_id=charlie.pk).results
    assert [one.traveler.slug for one in found] == ["another", "only"]
    assert found[0].score == found[1].score == 50
    set_state(actor=staff, traveler=found[0].traveler.uid, state=TravelerState.RETIRED)
    assert slugs(charlie) == ["only"]
