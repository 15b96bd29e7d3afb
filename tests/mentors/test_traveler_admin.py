"""Travelers in the admin: written by form, every save a version, with a history and a way back."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Occupation, User
from accounts.services.roles import ensure_roles, join_role_group
from mentors.admin.traveler_form import field_at, initial_of, profile_of
from mentors.models import Traveler, TravelerVersion
from mentors.profiles import is_same, tidy
from mentors.services.versions import newest_version
from tests.content.library import travelers
from tests.factories.accounts import make_user
from tests.factories.mentors import make_traveler
from tests.factories.pictures import draw, encode

SLUG = "anneli-rautio"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
LIST = "/admin/mentors/traveler/"


@pytest.fixture
def desk(client: Client, staff: User) -> Client:
    client.force_login(staff, BACKEND)
    return client


@pytest.fixture
def anneli(content: None) -> Traveler:
    return Traveler.objects.get(slug=SLUG)


def place(traveler: Traveler, rest: str = "change/") -> str:
    return f"{LIST}{traveler.pk}/{rest}"


def fields(traveler: Traveler, **changes: Any) -> dict[str, Any]:
    """The form as the browser would send it back."""
    row = Traveler.objects.get(pk=traveler.pk)
    kept = {"occupation": row.occupation_id, "expected_version": row.version, "note": ""}
    shown = {**initial_of(newest_version(row).profile), **kept}
    return {**shown, **changes}


def errors(answer: Any) -> str:
    assert answer.status_code == 200, answer
    return " ".join(re.findall(r'<ul class="errorlist[^"]*"[^>]*>(.*?)</ul>', answer.content.decode(), re.DOTALL))


# Looking ------------------------------------------------------------------------------------------------


def test_staff_find_a_traveler(desk: Client) -> None:
    make_traveler("ada", skills={"python": 5})
    make_traveler("bo")
    page = desk.get(LIST, {"q": "ada"}).content.decode()
    assert "1 traveler" in page
    assert ">Ada<" in page


def test_the_list_does_not_query_per_row(desk: Client, django_assert_max_num_queries: Any) -> None:
    desk.get(LIST)
    for _ in range(10):
        make_traveler()
    with django_assert_max_num_queries(8):
        assert desk.get(LIST).status_code == 200


def test_the_form_shows_everything_and_what_the_provider_is_told(desk: Client, anneli: Traveler) -> None:
    page = desk.get(place(anneli)).content.decode()
    for shown in (
        "My doctorate rested on a peak",
        "chromatography-instruments 5",
        "An accredited laboratory",
        "# Who you are",
    ):
        assert shown in page
    portrait = desk.get(place(anneli, "portrait/"))
    assert (portrait.status_code, portrait.headers["Content-Type"]) == (200, "image/webp")


@pytest.mark.parametrize("profile", travelers(), ids=lambda profile: profile["slug"])
def test_the_form_holds_a_profile_without_loss(profile: dict[str, Any]) -> None:
    cleaned = {**initial_of(profile), "occupation": Occupation(code=profile["occupation"])}
    assert is_same(profile_of(cleaned), profile)


# Saving -------------------------------------------------------------------------------------------------


def test_a_save_is_a_new_version(desk: Client, anneli: Traveler, staff: User) -> None:
    answer = desk.post(place(anneli), fields(anneli, name="Anneli R.", capacity="9", note="Shorter."))
    assert answer.status_code == 302, errors(answer)
    version = newest_version(Traveler.objects.get(pk=anneli.pk))
    assert (version.number, version.author, version.note, version.source) == (2, staff, "Shorter.", "staff")
    assert (version.profile["name"], version.profile["capacity"]) == ("Anneli R.", 9)
    assert version.profile["story"] == TravelerVersion.objects.get(traveler=anneli, number=1).profile["story"]


def test_the_second_of_two_editors_is_told_and_keeps_what_they_wrote(
    desk: Client, anneli: Traveler, staff: User
) -> None:
    mine, theirs = fields(anneli, name="Mine Entirely"), fields(anneli, name="Theirs Entirely")
    assert desk.post(place(anneli), theirs).status_code == 302
    answer = desk.post(place(anneli), mine)
    assert "version 2 has been saved since" in errors(answer)
    assert 'value="Mine Entirely"' in answer.content.decode()
    assert Traveler.objects.get(pk=anneli.pk).name == "Theirs Entirely"
    # Sending the same form again does not get through either.
    assert "version 2 has been saved since" in errors(desk.post(place(anneli), mine))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"name": ""}, "required"),
        ({"name": "x"}, "/name"),
        ({"greeting": "Hello, I am as human as you are, my dear friend."}, "/greeting"),
        ({"skills": "chemistry 5\nalchemy 3\nstatistics 4\nscientific-writing 4"}, "/skills/1/skill"),
        ({"skills": "chemistry five\nlaboratory-technique 3\nstatistics 4\nscientific-writing 4"}, "/skills/0/level"),
        (
            {"skills": f"chemistry {'9' * 5000}\nlaboratory-technique 3\nstatistics 4\nspectrometry 4"},
            "/skills/0/level",
        ),
        ({"boundaries": "To guess at anything at all."}, "/boundaries"),
        ({"languages": "fi sv"}, "/languages"),
        ({"career_stage_min": "disengagement", "career_stage_max": "growth"}, "/career_stages"),
        ({"career_stage_min": "childhood"}, "Select a valid choice"),
        ({"horizon_months_min": "60", "horizon_months_max": "2"}, "/horizon_months"),
        ({"active_reflective": "nan"}, "active_reflective"),
        ({"era_years": "9" * 400}, ""),
        ({"voice": "It rings a bell \x07 in every sentence that it says."}, ""),
        ({"expected_version": ""}, "You began with version 0"),
        ({}, "Nothing was changed"),
    ],
)
def test_a_mistake_is_shown_and_nothing_is_saved(
    desk: Client, anneli: Traveler, changes: dict[str, str], told: str
) -> None:
    answer = desk.post(place(anneli), fields(anneli, **changes))
    assert errors(answer)
    assert told in errors(answer) or f"id_{told}_error" in answer.content.decode()
    assert TravelerVersion.objects.filter(traveler=anneli).count() == 1


def test_a_slug_stays(desk: Client, anneli: Traveler) -> None:
    assert desk.post(place(anneli), fields(anneli, slug="other", capacity=3)).status_code == 302
    assert newest_version(Traveler.objects.get(pk=anneli.pk)).profile["slug"] == SLUG


def test_a_preview_saves_nothing_and_shows_the_words(desk: Client, anneli: Traveler) -> None:
    answer = desk.post(place(anneli), fields(anneli, name="Somebody Else", _preview="1"))
    assert "nothing has been saved" in errors(answer)
    assert "- Name: Somebody Else" in answer.content.decode()
    assert TravelerVersion.objects.filter(traveler=anneli).count() == 1


def test_a_portrait_is_a_new_version(desk: Client, anneli: Traveler) -> None:
    upload = SimpleUploadedFile("me.jpg", encode(draw()), "image/jpeg")
    answer = desk.post(place(anneli), {**fields(anneli), "picture": upload})
    assert answer.status_code == 302, errors(answer)
    row = Traveler.objects.get(pk=anneli.pk)
    assert (row.version, len(row.portrait)) == (2, 32)
    assert "another one" in desk.get(place(anneli, "history/")).content.decode()


@pytest.mark.parametrize("body", [b"", b"<svg onload=alert(1)>", b"\xff\xd8\xff not really", b"GIF89a"])
def test_what_is_no_picture_is_refused(desk: Client, anneli: Traveler, body: bytes) -> None:
    answer = desk.post(place(anneli), {**fields(anneli), "picture": SimpleUploadedFile("me.jpg", body)})
    assert errors(answer)
    assert Traveler.objects.get(pk=anneli.pk).portrait == ""


def test_a_new_one_is_a_draft(desk: Client, anneli: Traveler) -> None:
    assert desk.get(f"{LIST}add/").status_code == 200
    assert "already" in errors(desk.post(f"{LIST}add/", fields(anneli)))
    answer = desk.post(f"{LIST}add/", fields(anneli, slug="anneli-two"))
    assert answer.status_code == 302, errors(answer)
    assert Traveler.objects.get(slug="anneli-two").state == "draft"


# History and states -------------------------------------------------------------------------------------


def test_history_shows_differences_and_the_way_back(desk: Client, anneli: Traveler) -> None:
    desk.post(place(anneli), fields(anneli, name="<b>Bold</b> Name"))
    page = desk.get(place(anneli, "history/")).content.decode()
    assert "<del>Anneli Rautio</del>" in page
    assert "<ins>&lt;b&gt;Bold&lt;/b&gt; Name</ins>" in page
    answer = desk.post(place(anneli, "versions/1/restore/"), {"expected_version": "2"}, follow=True)
    assert "Version 3 is what version 1 was." in answer.content.decode()
    assert Traveler.objects.get(pk=anneli.pk).name == "Anneli Rautio"


@pytest.mark.parametrize(
    ("number", "expected", "told"),
    [("1", "1", "version 2 has been saved since"), ("9", "2", "no such version"), ("2", "2", "Nothing was changed"),
     ("1", "", "You began with version 0"), ("1", "x", "You began with version 0"),
     ("1", "9" * 5000, "You began with version 9")],
)  # fmt: skip
def test_a_way_back_that_is_refused_says_why(
    desk: Client, anneli: Traveler, number: str, expected: str, told: str
) -> None:
    desk.post(place(anneli), fields(anneli, name="Anneli R."))
    answer = desk.post(place(anneli, f"versions/{number}/restore/"), {"expected_version": expected}, follow=True)
    assert told in answer.content.decode()
    assert Traveler.objects.get(pk=anneli.pk).version == 2


def test_looking_restores_nothing(desk: Client, anneli: Traveler) -> None:
    assert desk.get(place(anneli, "versions/1/restore/")).status_code == 405
    assert desk.get(f"{LIST}999999/portrait/").status_code == 404


def test_staff_publish_and_retire(desk: Client) -> None:
    ada, bo = make_traveler("ada", state="draft"), make_traveler("bo")
    chosen = {"_selected_action": [ada.pk, bo.pk]}
    desk.post(LIST, {"action": "publish", **chosen})
    assert set(Traveler.objects.values_list("state", flat=True)) == {"published"}
    desk.post(LIST, {"action": "retire", **chosen})
    assert set(Traveler.objects.values_list("state", flat=True)) == {"retired"}


def test_versions_are_only_looked_at(desk: Client, anneli: Traveler) -> None:
    version = newest_version(anneli)
    path = f"/admin/mentors/travelerversion/{version.pk}/"
    assert "# Who you are" in desk.get(f"{path}change/").content.decode()
    assert desk.post(f"{path}change/", {"note": "forged"}).status_code == 403
    assert desk.post(f"{path}delete/", {"post": "yes"}).status_code == 403
    assert desk.post(place(anneli, "delete/"), {"post": "yes"}).status_code == 403


# Who may ------------------------------------------------------------------------------------------------


def test_a_mentor_who_is_let_into_the_admin_curates(client: Client, anneli: Traveler) -> None:
    mentor = make_user("mentor@example.org", role="mentor", is_staff=True)
    ensure_roles()
    join_role_group(mentor)
    client.force_login(mentor, BACKEND)
    assert client.post(place(anneli), fields(anneli, capacity=9)).status_code == 302
    assert newest_version(Traveler.objects.get(pk=anneli.pk)).author == mentor


def test_staff_without_the_role_only_look(client: Client, anneli: Traveler) -> None:
    guest = make_user("guest@example.org", is_staff=True)
    ensure_roles()
    mentors = make_user("mentor@example.org", role="mentor")
    join_role_group(mentors)
    guest.groups.set(mentors.groups.all())
    client.force_login(guest, BACKEND)
    assert "My doctorate" in client.get(place(anneli)).content.decode()
    assert client.post(place(anneli), fields(anneli, capacity=9)).status_code == 403
    assert client.post(place(anneli, "versions/1/restore/"), {"expected_version": "1"}).status_code == 403
    assert Traveler.objects.get(pk=anneli.pk).version == 1


@pytest.mark.parametrize("rest", ["change/", "history/", "portrait/", "versions/1/restore/"])
def test_people_have_no_business_here(client: Client, alice: User, rest: str) -> None:
    client.force_login(alice, BACKEND)
    traveler = make_traveler()
    for answer in (client.get(place(traveler, rest)), client.post(place(traveler, rest))):
        assert answer.status_code == 302
        assert "/admin/login/" in answer.headers["Location"]


# Fields and places --------------------------------------------------------------------------------------


@given(st.text(max_size=30))
def test_any_place_leads_to_a_field_or_to_none(text: str) -> None:
    found = field_at(f"/{text}")
    assert found is None or isinstance(found, str)


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_lines_can_be_read(skills: str, boundaries: str) -> None:
    profile = travelers()[0]
    cleaned = {**initial_of(profile), "occupation": Occupation(code="x"), "skills": skills, "boundaries": boundaries}
    found = tidy(profile_of(cleaned))
    assert all(set(link) == {"skill", "level"} for link in found["skills"])
    assert all(set(one) == {"refuses", "refers_to"} for one in found["boundaries"])
