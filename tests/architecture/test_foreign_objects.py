"""What belongs to others answers 404 and stays as it is, on every route that names a thing."""

import hashlib
from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import Education, Experience, Export, Goal, LearningAssessment, SignIn, User, UserSkill
from consciousness.models import File, Insight, Memory, Message, Session, Turn
from matching.models import Match
from missions.models import Mission, MissionProposal
from tests.actors import Api, ApiClient
from tests.architecture.doors import METHODS, routes
from tests.clean import clear_valkey
from tests.factories.accounts import make_user
from tests.factories.everything import make_everything
from timetravelers.kit import personal

pytestmark = pytest.mark.django_db

# The thing that `<uuid:uid>` names, by the route before it.
THINGS: dict[str, Callable[[User], Any]] = {
    "api/v1/me/goals/": lambda owner: Goal.objects.get(user=owner).uid,
    "api/v1/me/experience/": lambda owner: Experience.objects.get(user=owner).uid,
    "api/v1/me/education/": lambda owner: Education.objects.get(user=owner).uid,
    "api/v1/me/skills/": lambda owner: UserSkill.objects.get(user=owner).uid,
    "api/v1/me/learning-assessments/": lambda owner: LearningAssessment.objects.get(user=owner).uid,
    "api/v1/me/sign-ins/": lambda owner: SignIn.objects.filter(user=owner)[0].uid,
    "api/v1/files/": lambda owner: File.objects.get(user=owner).uid,
    "api/v1/me/exports/": lambda owner: Export.objects.get(user=owner).uid,
    "api/v1/insights/": lambda owner: Insight.objects.get(user=owner).uid,
    "api/v1/memories/": lambda owner: Memory.objects.get(user=owner).uid,
    "api/v1/missions/proposals/": lambda owner: MissionProposal.objects.get(user=owner).uid,
    "api/v1/matches/": lambda owner: Match.objects.get(user=owner).uid,
    "api/v1/missions/": lambda owner: Mission.objects.get(user=owner).uid,
    "api/v1/sessions/": lambda owner: Session.objects.get(user=owner).uid,
}
SHARED = ("api/v1/travelers/",)
NAMED = [route for route in routes() if "<uuid:uid>" in route and not route.startswith(SHARED)]
BODIES: list[Any] = [
    None,
    {},
    {"text": "mine now", "client_id": "x"},
    {"status": "dropped"},
    {"state": "dismissed"},
    {"seq": 1},
    {"reason": "other"},
    {"stars": 3},
    {"client_id": "x"},
    {"starts_at": "2030-01-01T00:00:00Z"},
    {"kind": "text", "content": "mine now"},
    {"answers": [{"item": "item", "value": 3}]},
]


def fingerprint(owner: User) -> str:
    """The same as long as no row of the person's has changed."""
    seen = hashlib.sha256()
    for rule in personal.rules():
        for row in rule.rows(owner.pk).order_by("pk").values():
            seen.update(repr((rule.label, rule.path, sorted(row.items()))).encode())
    return seen.hexdigest()


def address(route: str, owner: User) -> str:
    turn = str(Turn.objects.get(session__user=owner).uid)
    named = {
        "<uuid:uid>": str(THINGS[route.partition("<uuid:uid>")[0]](owner)),
        "<uuid:turn>": turn,
        "<uuid:message>": str(Message.objects.get(session__user=owner).uid),
        "<slug:kind>": "turn",
        "<uuid:target>": turn,
    }
    for place, name in named.items():
        route = route.replace(place, name)
    assert "<" not in route
    return f"/{route}"


def send(stranger: ApiClient, method: str, path: str, body: Any) -> Any:
    clear_valkey()
    return stranger.send(method, path, body)


def test_every_thing_that_has_an_address_is_looked_at() -> None:
    assert {route.partition("<uuid:uid>")[0] for route in NAMED} == set(THINGS)


@pytest.mark.parametrize("route", NAMED)
def test_what_is_anothers_is_404_and_untouched(route: str, api: Api) -> None:
    owner = make_everything("owner")
    stranger = api(make_user("stranger@example.org"))
    path, before = address(route, owner), fingerprint(owner)
    answers = [send(stranger, method, path, body) for method in METHODS for body in BODIES]
    offered = [answer for answer in answers if answer.status_code != 405]
    assert offered
    for answer in offered:
        # A body that no thing takes may be refused before anybody looks for the thing.
        assert answer.status_code in (404, 422), (answer.request["REQUEST_METHOD"], answer.content)
    assert any(answer.status_code == 404 for answer in offered)
    assert fingerprint(owner) == before


def test_the_fingerprint_notices_a_change() -> None:
    owner = make_everything("owner")
    before = fingerprint(owner)
    Goal.objects.filter(user=owner).update(motivation="changed")
    assert fingerprint(owner) != before
