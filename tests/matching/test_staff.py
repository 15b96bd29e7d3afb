"""Staff in the admin: matching by hand, weights, and computing again."""

from typing import Any

import orjson
import pytest
from django.test import Client

from accounts.models import User
from matching.errors import MatchingStaffOnly, PersonNotFound, TravelerBlocked
from matching.models import Algorithm, DeclineReason, Match
from matching.services.by_hand import match_by_hand
from matching.services.deciding import decline_match
from matching.services.proposing import proposals_for
from matching.weights import DEFAULT
from mentors.errors import TravelerNotFound
from mentors.models import Traveler
from tests.factories.accounts import make_user
from tests.factories.matching import make_algorithm, make_block, make_feedback, make_match
from tests.factories.mentors import make_traveler
from timetravelers.kit.ids import uuid7

PATH = "/admin/matching"


@pytest.fixture
def desk(client: Client, staff: User) -> Client:
    client.force_login(staff, "allauth.account.auth_backends.AuthenticationBackend")
    return client


def listed(user: User) -> list[str]:
    return [one.traveler.slug for one in proposals_for(user_id=user.pk).results]


def act(desk: Client, table: str, action: str, *rows: Any) -> str:
    """What the page says after an action."""
    body = {"action": action, "_selected_action": [row.pk for row in rows]}
    return desk.post(f"{PATH}/{table}/", body, follow=True).content.decode()


# By hand --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["mentor", "admin"])
def test_what_staff_propose_comes_first(dana: User, three: list[Traveler], role: str) -> None:
    actor = make_user(role=role, is_staff=True)
    assert listed(dana) == ["ada", "bo", "cy"]
    made = match_by_hand(actor=actor, person=dana.uid, traveler=three[2].uid)
    assert (made.origin, made.proposed_by, made.state, made.rank) == ("hand", actor, "offered", 3)
    assert listed(dana) == ["cy", "ada", "bo"]


def test_it_stays_whatever_its_rank(dana: User, three: list[Traveler], staff: User) -> None:
    finnish = make_traveler("finnish", languages=["fi"])
    dana.profile.languages = ["en"]
    dana.profile.save()
    made = match_by_hand(actor=staff, person=dana.uid, traveler=finnish.uid)
    assert made.rank is None
    dana.profile.weekly_hours = 30
    dana.profile.save()
    assert listed(dana)[0] == "finnish"
    made.refresh_from_db()
    assert made.rank is None


def test_a_declined_one_is_proposed_again(dana: User, three: list[Traveler], staff: User) -> None:
    first = proposals_for(user_id=dana.pk).results[0].match
    assert first is not None
    decline_match(match=first.uid, actor=dana, reason=DeclineReason.OTHER)
    made = match_by_hand(actor=staff, person=dana.uid, traveler=three[0].uid)
    assert (made.pk, made.state, made.reason, made.decided_at) == (first.pk, "offered", "", None)
    assert listed(dana)[0] == "ada"


def test_who_may_not_and_what_cannot(dana: User, three: list[Traveler], staff: User) -> None:
    hidden, blocked = make_traveler("hidden", state="draft"), three[1]
    make_block(dana, blocked)
    with pytest.raises(MatchingStaffOnly):
        match_by_hand(actor=dana, person=dana.uid, traveler=three[0].uid)
    with pytest.raises(PersonNotFound):
        match_by_hand(actor=staff, person=uuid7(), traveler=three[0].uid)
    with pytest.raises(TravelerNotFound):
        match_by_hand(actor=staff, person=dana.uid, traveler=hidden.uid)
    with pytest.raises(TravelerBlocked):
        match_by_hand(actor=staff, person=dana.uid, traveler=blocked.uid)
    assert not Match.objects.exists()


def test_by_hand_in_the_admin(desk: Client, dana: User, three: list[Traveler], staff: User) -> None:
    page = desk.post(f"{PATH}/match/add/", {"user": dana.pk, "traveler": three[2].pk}, follow=True)
    assert page.status_code == 200
    made = Match.objects.get(user=dana)
    assert (made.origin, made.proposed_by, made.traveler) == ("hand", staff, three[2])


def test_a_refusal_is_told_on_the_page(desk: Client, dana: User, three: list[Traveler]) -> None:
    make_block(dana, three[0])
    page = desk.post(f"{PATH}/match/add/", {"user": dana.pk, "traveler": three[0].pk}, follow=True)
    assert "has blocked this Traveler" in page.content.decode()
    assert not Match.objects.exists()


# Weights --------------------------------------------------------------------------------------------------


def test_drafting_previewing_publishing_and_rolling_back(desk: Client, dana: User, three: list[Traveler]) -> None:
    proposals_for(user_id=dana.pk)
    raw = {"letters": {"time": 40, "expertise": 40, "learning_style": 0, "longitude": 20}}
    assert desk.get(f"{PATH}/algorithm/add/").status_code == 200
    desk.post(f"{PATH}/algorithm/add/", {"weights": orjson.dumps(raw).decode(), "note": "Time matters."})
    draft = Algorithm.objects.get(state="draft")
    assert (draft.note, draft.weights["letters"]["time"]) == ("Time matters.", 40)
    assert "Preview these weights first" in act(desk, "algorithm", "publish", draft)
    assert "for 1 people" in act(desk, "algorithm", "preview", draft)
    assert "are live" in act(desk, "algorithm", "publish", draft)
    draft.refresh_from_db()
    assert draft.state == "published"
    assert "are live again" in act(desk, "algorithm", "roll_back", draft)
    draft.refresh_from_db()
    assert draft.state == "retired"


def test_mistakes_in_weights_are_told_with_their_place(desk: Client) -> None:
    page = desk.post(f"{PATH}/algorithm/add/", {"weights": '{"letters": {"time": -1}}', "note": ""})
    assert "/letters/time" in page.content.decode()
    assert not Algorithm.objects.exists()


def test_what_is_stored_is_looked_at_and_not_edited(desk: Client) -> None:
    row = make_algorithm("published")
    change = f"{PATH}/algorithm/{row.pk}/change/"
    assert desk.get(change).status_code == 200
    desk.post(change, {"weights": "{}", "note": "mine now", "state": "draft"})
    row.refresh_from_db()
    assert (row.weights, row.note, row.state) == (DEFAULT.as_json(), "", "published")
    assert desk.post(f"{PATH}/algorithm/{row.pk}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.django_db
def test_mentors_match_by_hand_and_leave_weights_alone(client: Client) -> None:
    mentor = make_user(role="mentor", is_staff=True)
    client.force_login(mentor, "allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(f"{PATH}/algorithm/add/").status_code == 403


# Looking --------------------------------------------------------------------------------------------------


def test_a_match_is_computed_again(desk: Client, dana: User, three: list[Traveler]) -> None:
    proposals_for(user_id=dana.pk)
    row = Match.objects.filter(user=dana)[0]
    assert "comes out the same, to the bit" in act(desk, "match", "replay", row)
    Match.objects.filter(pk=row.pk).update(score=row.score - 0.01, low=0)
    assert "differs in score" in act(desk, "match", "replay", row)


def test_lists_and_pages_open(desk: Client, alice: User) -> None:
    rows = {"match": make_match(alice), "algorithm": make_algorithm(), "matchfeedback": make_feedback(alice)}
    for table, row in rows.items():
        assert desk.get(f"{PATH}/{table}/").status_code == 200
        assert desk.get(f"{PATH}/{table}/", {"q": "alice@example.org"}).status_code == 200
        assert desk.get(f"{PATH}/{table}/{row.pk}/change/").status_code == 200
        assert desk.post(f"{PATH}/{table}/{row.pk}/delete/", {"post": "yes"}).status_code == 403


def test_what_people_wrote_is_not_shown(desk: Client, alice: User) -> None:
    row = make_feedback(alice, comment="between us")
    assert "between us" not in desk.get(f"{PATH}/matchfeedback/{row.pk}/change/").content.decode()


@pytest.mark.parametrize("table", ["match", "algorithm", "matchfeedback"])
def test_lists_do_not_query_per_row(desk: Client, alice: User, table: str, django_assert_max_num_queries: Any) -> None:
    desk.get(f"{PATH}/{table}/")
    for _ in range(10):
        make_match(alice)
        make_feedback(alice)
        make_algorithm()
    with django_assert_max_num_queries(9):
        assert desk.get(f"{PATH}/{table}/").status_code == 200
