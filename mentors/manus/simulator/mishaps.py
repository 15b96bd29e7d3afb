"""Faults that change the simulator's world: tasks, projects, credits and keys go their way without the client."""

from __future__ import annotations

from mentors.manus.simulator.faults import Fault
from mentors.manus.simulator.records import Account, Json
from mentors.manus.simulator.routes import World

UNSEEN_SECONDS = 20.0
DRIFT = "- Voice: Loud. Somebody changed this in the web app."


def happen_before(world: World, account: Account, fault: Fault, arguments: Json) -> None:
    """What happens just before a call is carried out."""
    if fault.fault == "forgotten":
        with world.memory.lock:
            world.tasks.forget(account, str(arguments.get("task_id", "")))
    elif fault.fault == "drained":
        with world.memory.lock:
            world.ledger.set_balance(account, 0)
    elif fault.fault == "drift":
        change_projects(world, account, fault.kind or DRIFT)
    elif fault.fault == "removed":
        remove_projects(world, account)
    elif fault.fault == "rotate":
        world.signing_key.rotate()


def happen_after(world: World, account: Account, fault: Fault, answer: Json) -> None:
    """What is so once a call has been carried out."""
    if fault.fault == "unseen":
        with world.memory.lock:
            task = account.tasks[answer["task_id"]]
            task.visible_at = world.clock.now() + (UNSEEN_SECONDS if fault.seconds is None else fault.seconds)
            world.memory.note_task(account, task)
    elif fault.fault == "upload_expired":
        with world.memory.lock:
            file = account.files[answer["file"]["id"]]
            answer["upload_expires_at"] = file.upload_expires_at = int(world.clock.now())
            world.memory.note_file(account, file)


def change_projects(world: World, account: Account, instruction: str, project_id: str | None = None) -> None:
    """Somebody adds a line to the instruction of one project, or of all."""
    with world.memory.lock:
        for project in account.projects.values():
            if project_id in (None, project.id):
                project.instruction = f"{project.instruction}\n{instruction}"
                world.memory.note_project(account, project)


def remove_projects(world: World, account: Account, project_id: str | None = None) -> None:
    """Somebody deletes one project, or all."""
    with world.memory.lock:
        for identity in [one for one in account.projects if project_id in (None, one)]:
            del account.projects[identity]
            world.memory.note_forgotten(account, "project", identity)
