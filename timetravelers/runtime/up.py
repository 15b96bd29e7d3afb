"""The whole of `manage.py up`, from the lock to the last stop; needs neither Django nor a database."""

import contextlib
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from timetravelers.runtime.announcement import announcement
from timetravelers.runtime.console import Console
from timetravelers.runtime.engines import Engines, start_engines
from timetravelers.runtime.errors import StartError, explain
from timetravelers.runtime.files import make_folder
from timetravelers.runtime.interrupts import Interrupted, Interrupts
from timetravelers.runtime.locks import FolderLock
from timetravelers.runtime.orphans import stop_recorded
from timetravelers.runtime.plan import Plan, UpOptions, make_plan, manage
from timetravelers.runtime.ports import authority, free_port, is_free
from timetravelers.runtime.probes import check_database, check_redis
from timetravelers.runtime.state import (
    LOCK_FILE,
    RuntimeState,
    clear_state,
    read_state,
    recorded_state,
    write_state,
)
from timetravelers.runtime.steps import run_step
from timetravelers.runtime.watch import Watch

Planner = Callable[[UpOptions, Mapping[str, str]], Plan]
Steps = Sequence[tuple[str, str, tuple[str, ...]]]  # name, what it is doing, arguments of manage.py
STEPS: Steps = (
    ("migrate", "bringing the database up to date", ("migrate", "--no-input", "--verbosity", "0")),
    ("content", "loading the starting content", ("load_content",)),
    ("admin", "looking for an administrator", ("ensure_first_admin",)),
)


@dataclass(frozen=True, slots=True)
class _House:
    options: UpOptions
    console: Console
    planner: Planner
    steps: Steps


def up(options: UpOptions, console: Console, *, planner: Planner = make_plan, steps: Steps = STEPS) -> int:
    """Run the house until somebody asks it to stop; returns the exit code. Says in one line why it cannot.

    Guarantees that nothing it started runs on afterwards. Call it from the main thread.
    """
    with Interrupts() as interrupts:
        try:
            with contextlib.ExitStack() as undo:
                try:
                    _run(_House(options, console, planner, steps), interrupts, undo)
                finally:
                    interrupts.settle()
        except Interrupted:
            console.say("Stopped. The data is kept; start again to find it.")
            return 0
        except StartError as problem:
            console.say(f"error: {problem}")
            return 1
        except OSError as problem:
            console.say(f"error: {explain(problem, options.data_dir)}")
            return 1
    return 0


def _run(house: _House, interrupts: Interrupts, undo: contextlib.ExitStack) -> None:
    _claim(house.options, undo)
    options, console = _with_port(house.options), house.console
    console.say(f"starting; the data is in {options.data_dir}")
    engines = _engines(options, undo)
    plan = house.planner(options, engines.environment)
    state = RuntimeState(
        supervisor=os.getpid(),
        web_url=options.web_url,
        simulator_url=plan.simulator_url,
        environment=dict(plan.generated),
    )
    undo.callback(clear_state, options.data_dir)
    write_state(options.data_dir, state)
    login = _prepare(replace(house, options=options), plan)
    watch = Watch(options, plan, engines, console, state)
    undo.callback(watch.stop, lambda: interrupts.impatient)
    watch.until_ready()
    for line in announcement(options, plan, login):
        console.say(line)
    watch.forever()


def _claim(options: UpOptions, undo: contextlib.ExitStack) -> None:
    """Make the folder ours alone, and end what a killed predecessor left running."""
    make_folder(options.data_dir, passable=os.geteuid() == 0)
    lock = FolderLock(options.data_dir / LOCK_FILE)
    if not lock.acquire():
        other = read_state(options.data_dir)
        who = f" (process {other.supervisor}, {other.web_url})" if other else ""
        raise StartError(f"TimeTravelers already runs on {options.data_dir}{who}; stop it, or use another --data.")
    undo.callback(lock.release)
    left = recorded_state(options.data_dir)
    if left is not None:
        stop_recorded(left.processes.values())
        clear_state(options.data_dir)


def _with_port(options: UpOptions) -> UpOptions:
    where = authority(options.host, options.port)
    try:
        if options.port == 0:
            return replace(options, port=free_port(options.host))
        if is_free(options.host, options.port):
            return options
    except (OSError, OverflowError) as problem:
        reason = os.strerror(problem.errno) if isinstance(problem, OSError) and problem.errno else str(problem)
        raise StartError(f"Cannot listen on {where}: {reason}.") from problem
    raise StartError(f"Another program already listens on {where}; stop it, or choose another port with --port.")


def _engines(options: UpOptions, undo: contextlib.ExitStack) -> Engines:
    configured = options.configured
    if configured.get("DATABASE_URL"):
        check_database(configured["DATABASE_URL"])
    if configured.get("REDIS_URL"):
        check_redis(configured["REDIS_URL"])
    engines = start_engines(options.data_dir, durable=True, configured=configured)
    undo.callback(engines.stop)
    return engines


def _prepare(house: _House, plan: Plan) -> list[str]:
    """Run every step; returns what the last one, which knows the administrator's login, said."""
    said: list[str] = []
    project, console = house.options.project, house.console
    for name, doing, arguments in house.steps:
        console.say(doing)
        argv = manage(house.options, *arguments)
        said = run_step(name, argv, env=plan.environment, cwd=project, console=console)
    return said
