"""Bringing rows to a wanted state."""

import pytest
from django.db.models import Model
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Skill
from timetravelers.kit.upserts import Tally, upsert

pytestmark = pytest.mark.django_db

STATES = st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from(["one", "two", "three"]), max_size=8)


def bring(wanted: dict[str, str], *, prune: bool) -> Tally:
    rows = [Skill(key=key, name=name, kind="skill") for key, name in wanted.items()]
    tally = upsert(Skill.objects.all(), rows, key=["key"], values=["name", "kind"], prune=prune)
    assert all(row.pk for row in rows)
    return tally


def present(model: type[Model] = Skill) -> dict[str, str]:
    return dict(model._default_manager.values_list("key", "name"))


@given(before=STATES, wanted=STATES, prune=st.booleans())
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_was_there_the_wanted_state_comes_out(
    before: dict[str, str],
    wanted: dict[str, str],
    prune: bool,  # noqa: FBT001 - hypothesis passes it
) -> None:
    Skill.objects.all().delete()
    bring(before, prune=False)
    ids = dict(Skill.objects.values_list("key", "id"))
    tally = bring(wanted, prune=prune)
    assert present() == (wanted if prune else {**before, **wanted})
    both = before.keys() & wanted.keys()
    assert tally.created == len(wanted.keys() - before.keys())
    assert tally.changed == sum(before[key] != wanted[key] for key in both)
    assert tally.removed == (len(before.keys() - wanted.keys()) if prune else 0)
    assert all(Skill.objects.get(key=key).pk == ids[key] for key in both)
    assert bring(wanted, prune=prune) == Tally(unchanged=len(wanted))


def test_a_tally_says_when_nothing_changed() -> None:
    assert str(Tally(unchanged=3)) == "nothing changed (3 rows)"
    assert str(Tally(1, 2) + Tally(removed=4)) == "1 created, 2 changed, 4 removed, 0 unchanged"
