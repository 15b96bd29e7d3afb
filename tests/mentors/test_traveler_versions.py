"""Versions: each edit one more, none ever changed, no edit lost, and sessions keep the one they began with."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import yaml
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from consciousness.models import Session
from consciousness.services.sessions import open_session
from mentors.errors import (
    CurationRefused,
    TravelerEditedMeanwhile,
    TravelerInvalid,
    TravelerNotFound,
    TravelerSlugTaken,
    TravelerStateRefused,
    TravelerUnchanged,
    TravelerVersionNotFound,
)
from mentors.events import TravelerEdited, TravelerVersionPublished
from mentors.models import Traveler, TravelerState, TravelerVersion
from mentors.personas import instructions_hash
from mentors.profiles import Profile
from mentors.selectors import history_of, newest_published_version
from mentors.services.editing import create_traveler, edit_traveler, roll_back
from mentors.services.loading import load_travelers
from mentors.services.publishing import set_state
from mentors.services.versions import newest_version
from tests.actors import Api
from tests.consciousness.telling import briefing_of
from tests.content.library import travelers
from tests.factories.accounts import give_consent, make_user
from tests.threads import at_once
from timetravelers.kit.events import DomainEvent

SLUG = "anneli-rautio"


@pytest.fixture
def anneli(content: None) -> Traveler:
    return Traveler.objects.get(slug=SLUG)


@pytest.fixture
def mentor(db: None) -> User:
    return make_user("mentor@example.org", role="mentor")


def changed(traveler: Traveler, **facts: Any) -> Profile:
    return {**copy.deepcopy(newest_version(Traveler.objects.get(pk=traveler.pk)).profile), **facts}


def edit(actor: User, traveler: Traveler, expected: int = 1, **facts: Any) -> TravelerVersion:
    return edit_traveler(
        actor=actor, traveler=traveler.uid, profile=changed(traveler, **facts), expected_version=expected
    )


# The record ---------------------------------------------------------------------------------------------


def test_the_first_version_holds_what_the_file_says(anneli: Traveler) -> None:
    version = newest_version(anneli)
    assert version.profile == next(one for one in travelers() if one["slug"] == SLUG)
    assert (version.number, version.source, version.author) == (1, "content", None)
    assert version.occupation_title == anneli.occupation.title
    assert version.instructions_hash == instructions_hash(version.instructions)
    assert anneli.occupation.title in version.instructions


def test_every_shipped_traveler_stands_at_a_version(content: None) -> None:
    assert TravelerVersion.objects.newest().count() == Traveler.objects.count() == len(travelers())


@pytest.mark.parametrize(
    "facts", [{"note": "forged"}, {"profile": {}}, {"number": 9}, {"author_id": None, "note": "x"}]
)
def test_a_version_is_never_changed(anneli: Traveler, mentor: User, facts: dict[str, Any]) -> None:
    version = edit(mentor, anneli, name="Anneli R.")
    with pytest.raises(IntegrityError, match="is never changed"), transaction.atomic():
        TravelerVersion.objects.filter(pk=version.pk).update(**facts)
    with pytest.raises(IntegrityError, match="is never changed"), transaction.atomic():
        version.delete()
    with pytest.raises(IntegrityError, match="is never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM mentors_travelerversion")


def test_an_author_who_leaves_is_forgotten_and_the_version_stays(anneli: Traveler, mentor: User) -> None:
    version = edit(mentor, anneli, name="Anneli R.")
    mentor.delete()
    version.refresh_from_db()
    assert (version.author, version.profile["name"]) == (None, "Anneli R.")


def test_a_traveler_stands_at_a_version_that_there_is(anneli: Traveler) -> None:
    Traveler.objects.filter(pk=anneli.pk).update(version=2)
    with pytest.raises(IntegrityError, match="traveler_version_exists"), transaction.atomic():
        connection.check_constraints()
    Traveler.objects.filter(pk=anneli.pk).update(version=1)


def test_a_number_is_given_once(anneli: Traveler) -> None:
    version = newest_version(anneli)
    version.pk, version.uid = None, uuid4()
    with pytest.raises(IntegrityError, match="traveler_version_once"), transaction.atomic():
        version.save(force_insert=True)


# Editing ------------------------------------------------------------------------------------------------


def test_an_edit_is_a_new_version_and_the_old_one_stays(anneli: Traveler, mentor: User) -> None:
    old = newest_version(anneli)
    new = edit(mentor, anneli, name="Anneli  R.\n", skills=[*old.profile["skills"][:3], {"skill": "sql", "level": 2}])
    row = Traveler.objects.get(pk=anneli.pk)
    assert (row.version, row.name) == (2, "Anneli R.")
    assert set(row.skill_links.values_list("skill__key", flat=True)) == {
        *(link["skill"] for link in old.profile["skills"][:3]),
        "sql",
    }
    assert (new.number, new.source, new.author, new.profile["name"]) == (2, "staff", mentor, "Anneli R.")
    assert "Anneli R." in new.instructions
    old.refresh_from_db()
    assert old.profile["name"] == "Anneli Rautio"


@pytest.mark.parametrize(
    ("facts", "pointer"),
    [
        ({"name": "x"}, "/name"),
        ({"greeting": "Hello, I am as human as you are, my friend."}, "/greeting"),
        ({"occupation": "99-9999.00"}, "/occupation"),
        ({"skills": [{"skill": "alchemy", "level": 5}] * 4}, "/skills"),
        ({"career_stages": {"min": "maintenance", "max": "growth"}}, "/career_stages"),
        ({"horizon_months": {"min": 9, "max": 3}}, "/horizon_months"),
        ({"voice": "a bell \x07 rings in every sentence that it says to you"}, "/voice"),
        ({"slug": "somebody-else"}, "/slug"),
        ({"secret": 1}, "/"),
    ],
)
def test_a_profile_is_checked_as_a_file_is(anneli: Traveler, mentor: User, facts: dict[str, Any], pointer: str) -> None:
    with pytest.raises(TravelerInvalid) as refusal:
        edit(mentor, anneli, **facts)
    assert pointer in {error.pointer for error in refusal.value.errors}
    assert TravelerVersion.objects.filter(traveler=anneli).count() == 1


def test_an_edit_of_an_old_version_is_refused(anneli: Traveler, mentor: User, staff: User) -> None:
    edit(staff, anneli, name="Anneli R.")
    with pytest.raises(TravelerEditedMeanwhile, match="version 2 has been saved"):
        edit(mentor, anneli, expected=1, name="A. Rautio")
    assert Traveler.objects.get(pk=anneli.pk).name == "Anneli R."


def test_an_edit_of_nothing_makes_no_version(anneli: Traveler, mentor: User) -> None:
    with pytest.raises(TravelerUnchanged):
        edit(mentor, anneli)


@pytest.mark.parametrize("expected", [0, 1, 2])
def test_people_edit_nothing(anneli: Traveler, alice: User, expected: int) -> None:
    for attempt in (
        lambda: edit(alice, anneli, expected, name="Eve"),
        lambda: roll_back(actor=alice, traveler=anneli.uid, number=1, expected_version=expected),
        lambda: set_state(actor=alice, traveler=anneli.uid, state=TravelerState.RETIRED),
        lambda: create_traveler(actor=alice, profile=changed(anneli)),
    ):
        with pytest.raises(CurationRefused):
            attempt()


def test_nobody_edits_who_is_not_there(content: None, mentor: User) -> None:
    with pytest.raises(TravelerNotFound):
        edit_traveler(actor=mentor, traveler=uuid4(), profile={}, expected_version=1)
    with pytest.raises(TravelerNotFound):
        set_state(actor=mentor, traveler=uuid4(), state=TravelerState.RETIRED)


def test_the_way_back_is_a_version_of_its_own(anneli: Traveler, mentor: User) -> None:
    edit(mentor, anneli, name="Anneli R.", skills=changed(anneli)["skills"][:4])
    back = roll_back(actor=mentor, traveler=anneli.uid, number=1, expected_version=2)
    first = TravelerVersion.objects.get(traveler=anneli, number=1)
    assert (back.number, back.source, back.profile) == (3, "rollback", first.profile)
    assert back.instructions_hash == first.instructions_hash
    row = Traveler.objects.get(pk=anneli.pk)
    assert (row.name, row.skill_links.count()) == ("Anneli Rautio", len(first.profile["skills"]))
    with pytest.raises(TravelerVersionNotFound):
        roll_back(actor=mentor, traveler=anneli.uid, number=9, expected_version=3)
    with pytest.raises(TravelerUnchanged):
        roll_back(actor=mentor, traveler=anneli.uid, number=1, expected_version=3)
    with pytest.raises(TravelerEditedMeanwhile):
        roll_back(actor=mentor, traveler=anneli.uid, number=2, expected_version=2)


def test_history_tells_what_each_version_changed(anneli: Traveler, mentor: User) -> None:
    edit(mentor, anneli, name="Anneli R.", capacity=9)
    newest, first = history_of(anneli)
    assert {change.place: (change.before, change.after) for change in newest.changes} == {
        "/name": ("Anneli Rautio", "Anneli R."),
        "/capacity": (25, 9),
    }
    assert (first.changes, first.new_portrait, newest.version.author) == ((), False, mentor)


def test_a_new_traveler_is_a_draft_until_it_is_published(anneli: Traveler, mentor: User, api: Api, alice: User) -> None:
    version = create_traveler(actor=mentor, profile=changed(anneli, slug="anneli-two", name="Anneli Two"))
    draft = version.traveler
    assert (draft.state, draft.version, draft.is_published) == ("draft", 1, False)
    path = f"/travelers/{draft.uid}/"
    assert api(alice).get(path).status_code == 404
    set_state(actor=mentor, traveler=draft.uid, state=TravelerState.PUBLISHED)
    assert api(alice).get(path).json()["name"] == "Anneli Two"
    with pytest.raises(TravelerSlugTaken):
        create_traveler(actor=mentor, profile=changed(anneli))
    with pytest.raises(TravelerStateRefused):
        set_state(actor=mentor, traveler=draft.uid, state=TravelerState.DRAFT)
    set_state(actor=mentor, traveler=draft.uid, state=TravelerState.RETIRED)
    assert api(alice).get(path).status_code == 404


# Content files ------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The content folder with one Traveler's file of our own to change."""
    (tmp_path / "schemas").symlink_to(settings.CONTENT_DIR / "schemas")
    (tmp_path / "travelers").mkdir()
    write(tmp_path)
    return tmp_path


def write(folder: Path, **facts: Any) -> None:
    document = {**next(one for one in travelers() if one["slug"] == SLUG), **facts}
    (folder / "travelers" / f"{SLUG}.yaml").write_text(yaml.safe_dump(document, allow_unicode=True))


def stands(traveler: Traveler) -> tuple[int, str, int]:
    version = newest_version(Traveler.objects.get(pk=traveler.pk))
    return version.number, version.source, version.profile["capacity"]


def test_a_file_that_did_not_change_overrides_no_edit(anneli: Traveler, mentor: User, folder: Path) -> None:
    edit(mentor, anneli, capacity=9)
    assert load_travelers(folder=folder).changed == 0
    assert stands(anneli) == (2, "staff", 9)


def test_the_newest_wins_and_both_are_kept(anneli: Traveler, mentor: User, folder: Path) -> None:
    edit(mentor, anneli, capacity=9)
    write(folder, capacity=7)
    assert load_travelers(folder=folder).changed == 1
    assert stands(anneli) == (3, "content", 7)
    assert TravelerVersion.objects.get(traveler=anneli, number=2).profile["capacity"] == 9
    edit(mentor, anneli, expected=3, capacity=11)
    assert load_travelers(folder=folder).changed == 0
    assert stands(anneli) == (4, "staff", 11)


def test_newer_rules_compile_everything_anew_once(
    anneli: Traveler, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mentors.personas.ANSWERING_RULES", ("Be brief.",))
    load_travelers(folder=folder)
    newest = newest_version(Traveler.objects.get(pk=anneli.pk))
    assert (newest.number, newest.source) == (2, "compiler")
    assert newest.instructions.endswith("- Be brief.\n")
    assert newest.profile == TravelerVersion.objects.get(traveler=anneli, number=1).profile
    load_travelers(folder=folder)
    assert not TravelerVersion.objects.filter(number=3).exists()


# Sessions -----------------------------------------------------------------------------------------------


def test_a_session_keeps_the_version_it_began_with(anneli: Traveler, mentor: User, alice: User, api: Api) -> None:
    give_consent(alice)
    session = open_session(actor=alice, traveler=anneli.uid)
    before = briefing_of(session)
    edit(
        mentor,
        anneli,
        name="Nobody You Know",
        story="I remember nothing of it. " * 20,
        voice="Entirely different from what it was, loud and hasty.",
    )
    again = Session.objects.get(pk=session.pk)
    assert briefing_of(again) == before
    assert "Anneli Rautio" in before
    shown = api(alice).get(f"/sessions/{session.uid}/").json()
    assert (shown["traveler"]["name"], shown["traveler_version"]) == ("Anneli Rautio", 1)
    later = open_session(actor=alice, traveler=anneli.uid)
    assert "Nobody You Know" in briefing_of(later)
    assert later.version == newest_published_version(anneli.uid)


# At once ------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_two_editors_at_once_one_is_told(anneli: Traveler) -> None:
    editors = [make_user(f"mentor{number}@example.org", role="mentor") for number in range(4)]
    done = at_once(4, lambda number: edit(editors[number], anneli, name=f"Anneli {number} Rautio"))
    (won,) = [one for one in done if isinstance(one, TravelerVersion)]
    assert [type(one) for one in done if one is not won] == [TravelerEditedMeanwhile] * 3
    assert Traveler.objects.get(pk=anneli.pk).name == won.profile["name"]
    assert TravelerVersion.objects.filter(traveler=anneli).count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_loader_and_an_editor_at_once_lose_nothing(anneli: Traveler, folder: Path) -> None:
    editor = make_user("mentor@example.org", role="mentor")
    write(folder, capacity=7)
    work: list[Callable[[], Any]] = [
        lambda: load_travelers(folder=folder),
        lambda: edit(editor, anneli, capacity=9),
    ]
    done = at_once(2, lambda number: work[number]())
    numbers = TravelerVersion.objects.filter(traveler=anneli).values_list("number", "profile__capacity")
    if isinstance(done[1], TravelerEditedMeanwhile):
        assert sorted(numbers) == [(1, 25), (2, 7)]
    else:
        assert sorted(numbers) == [(1, 25), (2, 9), (3, 7)]
    assert stands(anneli)[2] == 7


# What others hear ---------------------------------------------------------------------------------------


def test_what_happened_is_published(anneli: Traveler, mentor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    news: list[DomainEvent] = []
    monkeypatch.setattr("mentors.services.versions.publish", news.append)
    edit(mentor, anneli, capacity=9)
    assert news == [
        TravelerEdited(anneli.uid, 2, TravelerVersion.Source.STAFF),
        TravelerVersionPublished(anneli.uid, 2),
    ]
    set_state(actor=mentor, traveler=anneli.uid, state=TravelerState.RETIRED)
    news.clear()
    edit(mentor, anneli, expected=2, capacity=10)
    assert news == [TravelerEdited(anneli.uid, 3, TravelerVersion.Source.STAFF)]
