"""Projects: each account holds each Traveler's instructions once, whatever dies on the way, and drift is seen."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import DjangoCaptureOnCommitCallbacks, Settings

from accounts.models import User
from mentors import tasks
from mentors.manus import accounts
from mentors.manus.simulator.faults import Fault
from mentors.manus.simulator.server import Settings as SimulatorSettings
from mentors.manus.simulator.server import SimulatorServer
from mentors.models import ManusAccount, Traveler, TravelerProject, TravelerState
from mentors.selectors import project_for
from mentors.services.editing import edit_traveler
from mentors.services.projects import VISIBLE_AFTER, check_projects, plan_projects, press_projects, sync_projects
from mentors.services.publishing import set_state
from mentors.services.versions import Origin, Source, add_version, newest_version, references_of
from tests.factories.accounts import make_user
from tests.factories.mentors import make_traveler
from tests.mentors.scheduling.clock import FakeClock
from tests.threads import at_once
from timetravelers.kit.health import metrics

State = TravelerProject.State
KEYS = {"one": "key-number-one-000000", "two": "key-number-two-000000"}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> FakeClock:
    """What rows go by."""
    fake = FakeClock()
    monkeypatch.setattr(timezone, "now", fake.moment)
    return fake


@pytest.fixture
def manus(settings: Settings, db: None) -> Iterator[SimulatorServer]:
    """Manus over HTTP, with one account configured."""
    with SimulatorServer(SimulatorSettings(api_keys=list(KEYS.values()), rate_factor=0.0, seed=5)) as server:
        settings.MANUS_BASE_URL, settings.MANUS_READ_TIMEOUT = server.url, 1.0
        configure(settings, "one")
        yield server
    accounts.forget()


@pytest.fixture
def desk(client: Client, staff: User) -> Client:
    client.force_login(staff, "allauth.account.auth_backends.AuthenticationBackend")
    return client


def configure(settings: Settings, *names: str) -> None:
    settings.MANUS_API_KEY = ",".join(f"{name}={KEYS[name]}" for name in names)
    accounts.forget()
    accounts.ensure_configured()


def account(name: str = "one") -> ManusAccount:
    return ManusAccount.objects.get(name=name)


def held(server: SimulatorServer, name: str = "one") -> dict[str, Any]:
    """The projects that an account has at Manus, by id."""
    listed = accounts.client_of(account(name).pk).list_projects(fresh=True).data
    return {one.id: one for one in listed}


def edited(traveler: Traveler, **facts: Any) -> Traveler:
    """The Traveler after an edit that a content file might have made."""
    row = Traveler.objects.get(pk=traveler.pk)
    profile = {**newest_version(row).profile, **facts}
    add_version(row, profile, references_of([profile]), Origin(Source.CONTENT), portrait="")
    return row


def states() -> list[str]:
    return sorted(TravelerProject.objects.values_list("state", flat=True))


def made(server: SimulatorServer) -> int:
    """How many projects Manus was asked to make and made."""
    return int(server.calls.summary().get("project.create", {}).get("executed", 0))


# Making them --------------------------------------------------------------------------------------------


def test_each_published_traveler_gets_a_project_with_its_instructions(manus: SimulatorServer) -> None:
    ada, bo = make_traveler("ada"), make_traveler("bo")
    make_traveler("hidden", state="retired")
    make_traveler("unborn", state="draft")
    sync_projects()
    projects = held(manus)
    assert len(projects) == 2
    for traveler in (ada, bo):
        version = newest_version(traveler)
        project = projects[project_for(version, account().pk) or ""]
        assert project.instruction == version.instructions
        assert traveler.slug in project.name
    sync_projects()
    assert (made(manus), states()) == (2, ["synced", "synced"])


def test_other_words_are_another_project_and_the_old_one_stays(manus: SimulatorServer) -> None:
    ada = make_traveler("ada")
    old = newest_version(ada)
    sync_projects()
    first = project_for(old, account().pk)
    new = newest_version(edited(ada, voice="Loud."))
    assert project_for(new, account().pk) is None
    sync_projects()
    assert project_for(old, account().pk) == first
    assert project_for(new, account().pk) not in (first, None)
    # What the provider is not told needs no project of its own.
    third = newest_version(edited(Traveler.objects.get(pk=ada.pk), capacity=3))
    sync_projects()
    assert project_for(third, account().pk) == project_for(new, account().pk)
    assert made(manus) == 2


def test_each_account_has_its_own(manus: SimulatorServer, settings: Settings) -> None:
    version = newest_version(make_traveler("ada"))
    sync_projects()
    configure(settings, "one", "two")
    assert project_for(version, account("two").pk) is None
    sync_projects()
    found = [project_for(version, account(name).pk) for name in ("one", "two")]
    assert None not in found
    assert [list(held(manus, name)) for name in ("one", "two")] == [[one] for one in found]


def test_without_an_account_nothing_is_planned(settings: Settings, db: None) -> None:
    settings.MANUS_API_KEY = ""
    accounts.forget()
    make_traveler()
    assert sync_projects() == 0


def test_publishing_wakes_one_task_however_many_are_published(
    manus: SimulatorServer,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    woken: list[Any] = []
    monkeypatch.setattr(tasks.sync_traveler_projects, "apply_async", lambda **options: woken.append(options))
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(5):
            make_traveler()
    assert len(woken) == 1
    tasks.sync_traveler_projects()
    assert states() == ["synced"] * 5


def test_a_draft_that_is_published_gets_one(manus: SimulatorServer) -> None:
    draft = make_traveler(state="draft")
    sync_projects()
    assert states() == []
    mentor = make_user("mentor@example.org", role="mentor")
    set_state(actor=mentor, traveler=draft.uid, state=TravelerState.PUBLISHED)
    sync_projects()
    assert states() == ["synced"]


@pytest.mark.django_db(transaction=True)
def test_many_at_once_make_one_each(manus: SimulatorServer) -> None:
    travelers = [make_traveler() for _ in range(3)]
    at_once(4, lambda _: sync_projects())
    at_once(4, lambda _: plan_projects())
    assert (states(), made(manus)) == (["synced"] * 3, 3)
    assert all(project_for(newest_version(traveler), account().pk) for traveler in travelers)


# Dying on the way ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["hang_after", "cut_after", "500_after"])
def test_a_lost_answer_is_looked_for_and_not_paid_twice(manus: SimulatorServer, clock: FakeClock, fault: str) -> None:
    version = newest_version(make_traveler("ada"))
    manus.faults.arm(Fault(endpoint="project.create", fault=fault))
    sync_projects()
    assert states() == ["pending"]
    sync_projects()
    assert made(manus) == 1
    clock.advance(VISIBLE_AFTER.total_seconds() + 1)
    sync_projects()
    assert (states(), made(manus)) == (["synced"], 1)
    assert project_for(version, account().pk) in held(manus)


def die(project: TravelerProject, clock: FakeClock, *, after_call: bool) -> None:
    """Leave the row as a worker does that was killed around its call."""
    if after_call:
        version = newest_version(project.traveler)
        accounts.client_of(project.account_id).create_project(project.name, version.instructions)
    lease = clock.moment() + timedelta(minutes=2)
    TravelerProject.objects.filter(pk=project.pk).update(called_at=clock.moment(), due_at=lease, attempts=1)


@pytest.mark.parametrize("after_call", [True, False])
def test_killed_between_intent_and_answer(manus: SimulatorServer, clock: FakeClock, *, after_call: bool) -> None:
    make_traveler("ada")
    plan_projects()
    die(TravelerProject.objects.get(), clock, after_call=after_call)
    assert sync_projects() == 0  # somebody may still be at it
    clock.advance(180)
    sync_projects()
    assert (states(), len(held(manus)), made(manus)) == (["synced"], 1, 1)


def test_a_list_that_fails_says_nothing_about_the_create_before(manus: SimulatorServer, clock: FakeClock) -> None:
    make_traveler("ada")
    plan_projects()
    die(TravelerProject.objects.get(), clock, after_call=True)
    manus.faults.arm(Fault(endpoint="project.list", fault="403", times=None))
    clock.advance(180)
    sync_projects()
    assert states() == ["failed"]
    manus.faults.clear()
    clock.advance(3601)
    sync_projects()
    assert (states(), made(manus)) == (["synced"], 1)


# Refusals -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "state", "wait"), [("403", "failed", 3601), ("429", "pending", 3601), ("503", "pending", 3601)]
)
def test_a_refusal_is_noted_and_tried_again_later(
    manus: SimulatorServer, clock: FakeClock, fault: str, state: str, wait: int
) -> None:
    make_traveler("ada")
    manus.faults.arm(Fault(endpoint="project.create", fault=fault, times=None))
    sync_projects()
    project = TravelerProject.objects.get()
    assert (project.state, project.called_at if fault != "503" else None) == (state, None)
    assert project.problem
    assert project.due_at > clock.moment()
    received = manus.calls.summary()["project.create"]["received"]
    sync_projects()
    assert manus.calls.summary()["project.create"]["received"] == received
    manus.faults.clear()
    clock.advance(wait)
    sync_projects()
    assert (states(), made(manus)) == (["synced"], 1)
    assert TravelerProject.objects.get().problem == ""


def test_pauses_grow_and_end(manus: SimulatorServer, clock: FakeClock) -> None:
    make_traveler("ada")
    manus.faults.arm(Fault(endpoint="project.create", fault="429", times=None))
    pauses = []
    for _ in range(12):
        sync_projects()
        due = TravelerProject.objects.get().due_at
        pauses.append((due - clock.moment()).total_seconds())
        clock.advance(pauses[-1] + 1)
    assert pauses[0] <= 60
    assert max(pauses) <= 3600


def test_staff_press_what_was_refused(manus: SimulatorServer, clock: FakeClock, desk: Client) -> None:
    make_traveler("ada")
    manus.faults.arm(Fault(endpoint="project.create", fault="403"))
    sync_projects()
    page = desk.get("/admin/mentors/travelerproject/", {"state__exact": "failed"}).content.decode()
    assert "PermissionDenied" in page
    project = TravelerProject.objects.get()
    chosen = {"action": "try_again", "_selected_action": [project.pk]}
    answer = desk.post("/admin/mentors/travelerproject/", chosen, follow=True)
    assert "1 will be tried again now" in answer.content.decode()
    sync_projects()
    assert states() == ["synced"]
    assert press_projects([project.pk]) == 0


# Drift --------------------------------------------------------------------------------------------------


def settle(clock: FakeClock) -> None:
    """Let what was made show in the list for sure."""
    sync_projects()
    clock.advance(VISIBLE_AFTER.total_seconds() + 1)


def test_what_stands_as_we_made_it_is_seen(manus: SimulatorServer, clock: FakeClock) -> None:
    make_traveler("ada")
    settle(clock)
    assert check_projects() == 0
    project = TravelerProject.objects.get()
    assert (project.state, project.last_seen_at) == ("synced", clock.moment())


@pytest.mark.parametrize(("fault", "differs"), [("drift", "instruction"), ("removed", "gone")])
def test_drift_is_found_shown_and_repaired(
    manus: SimulatorServer, clock: FakeClock, desk: Client, *, fault: str, differs: str
) -> None:
    version = newest_version(make_traveler("ada"))
    settle(clock)
    first = project_for(version, account().pk)
    manus.faults.arm(Fault(endpoint="project.list", fault=fault))
    assert check_projects() == 1
    drifted = TravelerProject.objects.get()
    assert (drifted.state, list(drifted.difference)) == ("drifted", [differs])
    assert project_for(version, account().pk) is None
    listed = desk.get("/admin/mentors/travelerproject/", {"state__exact": "drifted"}).content.decode()
    assert "1 traveler project" in listed
    assert differs in desk.get(f"/admin/mentors/travelerproject/{drifted.pk}/change/").content.decode()
    settle(clock)
    assert states() == ["drifted", "synced"]
    repaired = project_for(version, account().pk)
    assert repaired != first
    assert held(manus)[repaired or ""].instruction == version.instructions
    assert check_projects() == 0


def test_another_name_is_drift_too(manus: SimulatorServer, clock: FakeClock) -> None:
    make_traveler("ada")
    settle(clock)
    TravelerProject.objects.update(name="TimeTravelers as we called it")
    assert check_projects() == 1
    assert list(TravelerProject.objects.get().difference) == ["name"]


def test_what_was_made_just_now_may_not_show_yet(manus: SimulatorServer, clock: FakeClock) -> None:
    make_traveler("ada")
    sync_projects()
    manus.faults.arm(Fault(endpoint="project.list", fault="removed"))
    assert check_projects() == 0
    assert states() == ["synced"]


def test_an_account_that_does_not_answer_says_nothing(manus: SimulatorServer, clock: FakeClock) -> None:
    make_traveler("ada")
    settle(clock)
    manus.faults.arm(Fault(endpoint="project.list", fault="403", times=None))
    assert check_projects() == 0
    assert states() == ["synced"]


def test_figures_count_projects_by_state(manus: SimulatorServer, rf: Any, settings: Settings) -> None:
    settings.METRICS_TOKEN = ""
    make_traveler()
    make_traveler()
    sync_projects()
    assert b'tt_traveler_projects{account="one",state="synced"} 2.0' in metrics(rf.get("/metrics")).content


def test_an_edit_by_staff_reaches_the_provider(manus: SimulatorServer, content: None) -> None:
    anneli = Traveler.objects.get(slug="anneli-rautio")
    Traveler.objects.exclude(pk=anneli.pk).update(state="retired")
    mentor = make_user("mentor@example.org", role="mentor")
    profile = {**newest_version(anneli).profile, "voice": "Warm, slow and full of questions about your last week."}
    version = edit_traveler(actor=mentor, traveler=anneli.uid, profile=profile, expected_version=1)
    sync_projects()
    (project,) = held(manus).values()
    assert project.instruction == version.instructions
    assert "full of questions" in project.instruction
