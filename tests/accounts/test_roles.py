"""Roles: groups with permissions, who may give them, and what happens to those who are given one."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from accounts.authentication import accounts
from accounts.errors import RoleChangeRefused
from accounts.models import Role, RoleChange, SignIn, User
from accounts.policies import is_admin, is_mentor, is_user
from accounts.services.erasure import request_deletion
from accounts.services.roles import ban, change_role, ensure_roles, readmit
from accounts.staff import SIGNED_IN_AT
from tests.actors import Api
from tests.factories.accounts import make_user
from timetravelers.kit.errors import NotFound
from timetravelers.kit.ids import uuid7

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def chief() -> User:
    """An admin who is no superuser."""
    return make_user("chief@example.org", role="admin", is_staff=True)


@pytest.fixture
def desk(chief: User) -> Client:
    """A browser in which the admin has just signed in."""
    client = Client()
    client.force_login(chief, backend=BACKEND)
    return client


def act(desk: Client, name: str, *people: User) -> Any:
    data = {"action": name, "_selected_action": [person.pk for person in people]}
    return desk.post("/admin/accounts/user/", data, follow=True)


def role_groups(user: User) -> list[str]:
    return sorted(user.groups.filter(name__in=Role.values).values_list("name", flat=True))


def test_a_fresh_house_has_the_roles() -> None:
    assert set(Group.objects.values_list("name", flat=True)) == {"user", "mentor", "admin"}
    assert Group.objects.get(name="user").permissions.count() == 0
    mentor = Group.objects.get(name="mentor").permissions
    assert set(mentor.values_list("codename", flat=True)) == {
        "view_traveler",
        "add_traveler",
        "change_traveler",
        "view_travelerversion",
        "view_travelerproject",
        "view_missiontemplate",
        "add_missiontemplate",
        "change_missiontemplate",
        "view_evidence",
    }
    apps = set(Group.objects.get(name="admin").permissions.values_list("content_type__app_label", flat=True))
    assert apps == {"accounts", "mentors", "matching", "missions", "consciousness"}


def test_making_the_roles_again_changes_nothing_but_mends() -> None:
    before = {group.name: group.permissions.count() for group in Group.objects.all()}
    Group.objects.get(name="mentor").permissions.clear()
    Group.objects.get(name="user").delete()
    ensure_roles()
    assert {group.name: group.permissions.count() for group in Group.objects.all()} == before


@pytest.mark.parametrize(
    ("role", "verdicts"),
    [("user", (True, False, False)), ("mentor", (True, True, False)), ("admin", (True, True, True))],
)
def test_everybody_is_in_the_group_of_their_role(role: str, verdicts: tuple[bool, ...]) -> None:
    person = make_user(role=role, is_staff=role == "admin")
    assert role_groups(person) == [role]
    assert (is_user(person), is_mentor(person), is_admin(person)) == verdicts
    person.is_active = False
    assert not any(holds(person) for holds in (is_user, is_mentor, is_admin))


def test_a_role_change_is_recorded_and_signs_out(chief: User, alice: User, api: Api) -> None:
    phone = api(alice)
    changed = change_role(actor=chief, user=alice.uid, role=Role.MENTOR)
    assert (changed.role, changed.is_staff, role_groups(changed)) == ("mentor", False, ["mentor"])
    assert changed.has_perm("missions.add_missiontemplate")
    accounts.clear()
    assert phone.get("/me/").status_code == 401
    assert not SignIn.objects.live().filter(user=alice).exists()
    record = RoleChange.objects.get()
    assert (record.user, record.actor, record.before, record.after) == (alice, chief, "user", "mentor")


def test_an_admin_is_staff_and_a_former_one_is_not(chief: User, alice: User) -> None:
    assert change_role(actor=chief, user=alice.uid, role=Role.ADMIN).is_staff
    former = change_role(actor=chief, user=alice.uid, role=Role.USER)
    assert (former.is_staff, role_groups(former)) == (False, ["user"])


def test_the_same_role_again_changes_nothing(chief: User, alice: User) -> None:
    change_role(actor=chief, user=alice.uid, role=Role.USER)
    assert not RoleChange.objects.exists()
    assert User.objects.get(pk=alice.pk).epoch == 0


@pytest.mark.parametrize("role", list(Role))
def test_only_admins_give_roles_and_not_to_themselves(chief: User, alice: User, staff: User, role: Role) -> None:
    mentor, desk_clerk = make_user(role="mentor"), make_user(is_staff=True)
    for actor, person in ((alice, mentor), (mentor, alice), (desk_clerk, alice), (chief, chief), (chief, staff)):
        for change in (lambda a, p: change_role(actor=a, user=p.uid, role=role), _ban, _readmit):
            with pytest.raises(RoleChangeRefused):
                change(actor, person)
    assert not RoleChange.objects.exists()


def _ban(actor: User, person: User) -> User:
    return ban(actor=actor, user=person.uid)


def _readmit(actor: User, person: User) -> User:
    return readmit(actor=actor, user=person.uid)


def test_a_person_nobody_knows_is_not_found(chief: User) -> None:
    with pytest.raises(NotFound):
        ban(actor=chief, user=uuid7())


def test_shutting_out_and_letting_in_are_recorded(chief: User, alice: User) -> None:
    ban(actor=chief, user=alice.uid)
    ban(actor=chief, user=alice.uid)
    readmit(actor=chief, user=alice.uid)
    assert list(RoleChange.objects.order_by("id").values_list("kind", flat=True)) == ["banned", "readmitted"]
    assert User.objects.get(pk=alice.pk).epoch == 1


def test_nobody_is_let_in_again_while_their_account_is_deleted(chief: User, alice: User) -> None:
    request_deletion(user=alice)
    with pytest.raises(RoleChangeRefused):
        readmit(actor=chief, user=alice.uid)
    assert not User.objects.get(pk=alice.pk).is_active


def test_roles_are_given_at_the_desk(desk: Client, alice: User, bob: User) -> None:
    assert "Done for 2." in act(desk, "make_mentor", alice, bob).content.decode()
    assert set(User.objects.filter(pk__in=[alice.pk, bob.pk]).values_list("role", flat=True)) == {"mentor"}
    act(desk, "ban", alice)
    assert not User.objects.get(pk=alice.pk).is_active
    act(desk, "readmit", alice)
    assert User.objects.get(pk=alice.pk).is_active


def test_at_the_desk_too_a_role_wants_a_fresh_sign_in(desk: Client, alice: User) -> None:
    session = desk.session
    session[SIGNED_IN_AT] -= 301
    session.save()
    assert "Sign out and in again" in act(desk, "make_admin", alice).content.decode()
    assert User.objects.get(pk=alice.pk).role == "user"


def test_the_desk_says_what_it_refuses(desk: Client, chief: User, staff: User) -> None:
    for person in (chief, staff):
        assert "You may not change this role" in act(desk, "make_user", person).content.decode()
    assert not RoleChange.objects.exists()
