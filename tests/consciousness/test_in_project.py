"""Where a project at Manus holds the Traveler's instructions, a conversation opens in it and leaves them out."""

import pytest

from consciousness.models import Session
from mentors.manus.accounts import usable
from mentors.manus.simulator.records import TaskRecord
from mentors.manus.simulator.server import SimulatorServer
from mentors.models import TravelerProject
from tests.consciousness.driving import State, carried_out, drive, manus_client, says
from tests.factories.mentors import make_project


@pytest.fixture
def project(session: Session, manus: SimulatorServer) -> TravelerProject:
    made = manus_client().create_project("A Traveler", session.version.instructions).project
    return make_project(session.traveler, usable()[0], project_id=made.id)


def newest_task(manus: SimulatorServer) -> TaskRecord:
    (account,) = manus.world.memory.accounts.values()
    return list(account.tasks.values())[-1]


def told(task: TaskRecord) -> str:
    return str(next(event["user_message"]["content"] for event in task.events if "user_message" in event))


def test_the_instructions_are_not_said_again(
    session: Session, manus: SimulatorServer, project: TravelerProject
) -> None:
    assert drive(says(session).turn).state == State.COMPLETED
    task = newest_task(manus)
    assert task.project_id == project.project_id
    assert session.version.instructions not in told(task)
    assert session.goal in told(task)


def test_without_a_project_they_are(session: Session, manus: SimulatorServer) -> None:
    drive(says(session).turn)
    task = newest_task(manus)
    assert task.project_id is None
    assert session.version.instructions in told(task)


def test_a_project_that_is_gone_is_done_without(
    session: Session, manus: SimulatorServer, project: TravelerProject
) -> None:
    TravelerProject.objects.update(project_id="gone")
    assert drive(says(session).turn).state == State.COMPLETED
    assert session.version.instructions in told(newest_task(manus))
    assert carried_out(manus, "task.create") == 1


def test_a_project_of_other_instructions_is_not_used(
    session: Session, manus: SimulatorServer, project: TravelerProject
) -> None:
    TravelerProject.objects.update(instructions_hash="0" * 64)
    drive(says(session).turn)
    assert newest_task(manus).project_id is None
