"""Counterfactual fairness: somebody else with the same career gets the same list and the same mentor.

Name, gender, age, nationality and photo have no fields of their own; people write them into free text, places and
pictures. Each is swapped through the public door, alone and all together, and neither a score nor the order nor what
the AI provider is told may change.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

import pytest
from PIL import Image

from accounts.models import AXES, Education, Experience, OccupationSkill, Profile, RelatedOccupation, User
from consciousness.models import Session
from tests.actors import Api, ApiClient
from tests.consciousness.telling import briefing_of
from tests.factories.accounts import (
    give_consent,
    give_skill,
    make_education,
    make_experience,
    make_occupation,
    make_profile,
    make_skill,
    make_user,
)
from tests.factories.mentors import make_traveler
from tests.factories.pictures import encode
from tests.factories.sessions import make_session

pytestmark = pytest.mark.django_db

PROFILES = range(8)
SKILLS = ("python", "statistics", "writing", "nursing", "drawing")
CODES = {"15-2051.00": "Data Scientists", "15-2041.00": "Statisticians", "29-1141.00": "Registered Nurses"}


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is, beside their career."""

    name: str
    gender: str
    age: int
    nationality: str
    time_zone: str
    photo: tuple[int, int, int]


ONE = Identity("Amina Okonkwo", "woman", 24, "Nigerian", "Africa/Lagos", (60, 40, 30))
OTHER = Identity("Bjarne Lindqvist", "man", 61, "Swedish", "Europe/Stockholm", (240, 220, 200))


def texts_of(who: Identity) -> dict[str, Any]:
    """What such a person writes into a profile."""
    about = f"{who.name}, a {who.age} year old {who.nationality} {who.gender}."
    return {
        "display_name": who.name,
        "headline": f"{who.nationality} {who.gender}, {who.age}",
        "bio": about,
        "goal": f"As a {who.gender} of {who.age}, find good work in a country that is not mine.",
        "time_zone": who.time_zone,
    }


SWAPS = {
    "name": Identity(OTHER.name, ONE.gender, ONE.age, ONE.nationality, ONE.time_zone, ONE.photo),
    "gender": Identity(ONE.name, OTHER.gender, ONE.age, ONE.nationality, ONE.time_zone, ONE.photo),
    "age": Identity(ONE.name, ONE.gender, OTHER.age, ONE.nationality, ONE.time_zone, ONE.photo),
    "nationality": Identity(ONE.name, ONE.gender, ONE.age, OTHER.nationality, OTHER.time_zone, ONE.photo),
    "photo": Identity(ONE.name, ONE.gender, ONE.age, ONE.nationality, ONE.time_zone, OTHER.photo),
    "everything": OTHER,
}


def become(user: User, phone: ApiClient, who: Identity) -> None:
    """The person edits all that says who they are: the profile and the picture by phone, the rest in rows."""
    assert phone.patch("/me/", texts_of(who), If_Match="*").status_code == 200
    picture = encode(Image.new("RGB", (96, 96), who.photo), "PNG")
    assert phone.put("/me/picture/", raw=picture, Content_Type="image/png").status_code == 200
    born = 2026 - who.age
    Education.objects.filter(user=user).update(institution=f"School of {who.nationality} Letters", end_year=born + 22)
    Experience.objects.filter(user=user).update(employer=f"{who.nationality} Works", description=texts_of(who)["bio"])
    local, given = who.name.split()
    User.objects.filter(pk=user.pk).update(email=f"{local}.{given}.{user.pk}@example.org".lower())


def listed(phone: ApiClient) -> list[dict[str, Any]]:
    """The list as a phone gets it, but for what belongs to a stored row."""
    answer = phone.get("/matches/")
    assert answer.status_code == 200, answer.content
    kept = ("score", "contributions", "reasons", "interval", "algorithm")
    return [
        {"traveler": match["traveler"]["slug"], **{name: match[name] for name in kept}}
        for match in answer.json()["results"]
    ]


def dice(seed: int) -> Random:
    """The same throws each time."""
    return Random(seed)  # noqa: S311 - invented people, no secrets


def career(user: User, chance: Random) -> None:
    """Career facts, as chance has it."""
    occupations = [make_occupation(code, title) for code, title in CODES.items()]
    target = chance.choice(occupations)
    make_profile(
        user,
        target_occupation=chance.choice((target, target, None)),
        years_experience=chance.choice((None, chance.randint(0, 30))),
        goal_horizon_months=chance.choice((None, chance.randint(1, 60))),
        weekly_hours=chance.choice((None, chance.randint(1, 20))),
        languages=chance.choice((["en"], [])),
        **{axis: chance.choice((None, chance.randint(-10, 10) / 10)) for axis in AXES},
    )
    for key in chance.sample(SKILLS, 2):
        give_skill(user, key, chance.randint(1, 5))
    make_education(user)
    if chance.random() < 0.5:
        make_experience(user, f"{chance.randint(2005, 2020)}-01-01", None, occupation=chance.choice(occupations))


def travelers(chance: Random) -> None:
    """A taxonomy and some Travelers."""
    data, statistics, _ = (make_occupation(code, title) for code, title in CODES.items())
    RelatedOccupation.objects.create(occupation=data, related=statistics, tier="primary-short")
    for key in SKILLS[:3]:
        OccupationSkill.objects.create(occupation=data, skill=make_skill(key), importance=chance.randint(2, 5), level=5)
    for _ in range(6):
        code = chance.choice(list(CODES))
        skills = {key: chance.randint(1, 5) for key in chance.sample(SKILLS, 2)}
        make_traveler(occupation=make_occupation(code, CODES[code]), era_years=chance.randint(3, 30), skills=skills)


@pytest.mark.parametrize("seed", PROFILES)
def test_somebody_else_with_the_same_career_gets_the_same(seed: int, api: Api) -> None:
    chance = dice(seed)
    travelers(chance)
    user = make_user()
    career(user, chance)
    give_consent(user)
    session = make_session(user, goal="Find my way.")
    phone = api(user)
    become(user, phone, ONE)
    matches, told = listed(phone), briefing_of(Session.objects.get(pk=session.pk))
    assert matches
    for swapped, who in SWAPS.items():
        become(user, phone, who)
        assert listed(phone) == matches, swapped
        assert briefing_of(Session.objects.get(pk=session.pk)) == told, swapped


@pytest.mark.parametrize("who", [ONE, OTHER], ids=["one", "other"])
def test_the_provider_is_told_nothing_of_who_somebody_is(who: Identity, api: Api) -> None:
    travelers(dice(0))
    user = make_user()
    career(user, dice(0))
    give_consent(user)
    become(user, api(user), who)
    told = briefing_of(make_session(user, goal="Find my way."))
    assert not [fact for fact in (who.name, who.nationality, who.time_zone, str(who.age), user.email) if fact in told]


def test_a_career_fact_does_change_the_list(api: Api) -> None:
    """What the tests above would show if they looked at nothing."""
    travelers(dice(3))
    user = make_user()
    career(user, dice(3))
    phone = api(user)
    before = listed(phone)
    Profile.objects.filter(user=user).update(weekly_hours=40, goal_horizon_months=200)
    assert listed(phone) != before
