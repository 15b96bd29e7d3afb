"""The starting content through TELL: people meet who they hoped for, and not only one field."""

import pytest

from accounts.models import Occupation, Profile, User
from matching.services.proposing import proposals_for
from mentors.models import Traveler

pytestmark = pytest.mark.usefixtures("content")


def aim(user: User, code: str) -> None:
    Profile.objects.filter(user=user).update(target_occupation=Occupation.objects.get(code=code))


def test_everybody_meets_a_dozen(charlie: User) -> None:
    assert len(proposals_for(user_id=charlie.pk).results) == 12


def test_each_traveler_is_the_best_match_of_somebody_who_aims_where_it_comes_from(alice: User) -> None:
    missed = []
    for code in set(Traveler.objects.values_list("occupation__code", flat=True)):
        aim(alice, code)
        best = proposals_for(user_id=alice.pk, limit=1).results[0].traveler
        if best.occupation.code != code:
            missed.append((code, best.slug))
    # Another may come first where time or stage of career suit far better; that must stay the exception.
    assert len(missed) <= 3, missed


def test_matches_reach_beyond_the_target_s_field(alice: User) -> None:
    aim(alice, "15-2051.00")
    fields = {match.traveler.occupation.field.code for match in proposals_for(user_id=alice.pk).results}
    assert len(fields) > 1
