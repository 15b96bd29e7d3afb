"""The simulator put together, in this process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

from mentors.manus.simulator.agenda import Agenda
from mentors.manus.simulator.app import App, Observer, Parts
from mentors.manus.simulator.bucket import Bucket
from mentors.manus.simulator.calls import CallLog
from mentors.manus.simulator.clock import Clock
from mentors.manus.simulator.contract import load_contract
from mentors.manus.simulator.control import Control
from mentors.manus.simulator.faults import Fault, FaultScript
from mentors.manus.simulator.files import Files
from mentors.manus.simulator.http import POLL_SECONDS, Handler, HttpServer
from mentors.manus.simulator.ids import IdSource
from mentors.manus.simulator.journal import Journal
from mentors.manus.simulator.keys import KeyRing, unnamed
from mentors.manus.simulator.ledger import Ledger
from mentors.manus.simulator.limits import SlidingWindows
from mentors.manus.simulator.memory import Memory
from mentors.manus.simulator.records import Json
from mentors.manus.simulator.routes import World
from mentors.manus.simulator.scripts import Script, load_script
from mentors.manus.simulator.signing import SigningKey
from mentors.manus.simulator.tasks import Tasks
from mentors.manus.simulator.webhooks import Courier
from mentors.manus.simulator.work import Agent, Pace


@dataclass(frozen=True, slots=True)
class Settings:
    """How a simulator behaves.

    Each of `api_keys` opens an account of its own; `accounts` are pairs of name and key. `rate_factor` scales the
    documented limits, 0 switches them off. `loose_numbers` writes 64-bit integers as strings.
    """

    api_keys: Sequence[str] = ()
    accounts: Sequence[tuple[str, str]] = ()
    host: str = "127.0.0.1"
    port: int = 0
    think_seconds: float = 1.5
    rate_factor: float = 1.0
    seed: int | None = None
    data: Path | None = None
    credits: int = 100_000
    loose_numbers: bool = False
    public_url: str | None = None


class SimulatorServer:
    """A whole simulator in this process; `port` 0 takes a free one; `clock` may be one that a test moves.

    `start` raises OSError when the address is taken and JournalInUse when another simulator uses the data
    folder.
    """

    def __init__(self, settings: Settings, observer: Observer | None = None, clock: Clock | None = None) -> None:
        self.settings = settings
        self.clock = clock or Clock()
        self.faults = FaultScript(self.clock)
        self.calls = CallLog()
        self._keys = KeyRing([*settings.accounts, *map(unnamed, settings.api_keys)])
        self._observer = observer
        self._running: _Running | None = None

    @property
    def url(self) -> str:
        """The base URL for a client; valid while the server runs."""
        return self._here().http.base_url

    @property
    def world(self) -> World:
        """What the endpoints work on; valid while the server runs."""
        return self._here().world

    def arm(
        self,
        endpoint: str,
        fault: str,
        *,
        times: int | None = 1,
        nth: int = 1,
        lasts: float | None = None,
        seconds: float | None = None,
        account: str | None = None,
        task: str | None = None,
        contains: str | None = None,
        kind: str | None = None,
    ) -> None:
        """Add a line to the fault script (see Fault); raises ValueError for a fault that does not exist."""
        fits = {"account": account, "task": task, "contains": contains}
        self.faults.arm(
            Fault(
                endpoint=endpoint, fault=fault, times=times, nth=nth, lasts=lasts, seconds=seconds, kind=kind, **fits
            )
        )  # fmt: skip

    def load(self, script: str | Path) -> Script:
        """Arm a script by its name or path and return it; raises BadScript."""
        found = load_script(script)
        for fault in found.faults:
            self.faults.arm(fault)
        return found

    def advance(self, seconds: float) -> None:
        """Move the simulator's time forward; returns when all that fell due has been done, webhooks included."""
        running = self._here()
        running.agenda.advance(seconds)
        running.world.courier.settle()

    def deliveries(self) -> list[Json]:
        """Webhook deliveries tried so far."""
        return self._running.world.courier.deliveries() if self._running else []

    def start(self) -> SimulatorServer:
        """Listen and serve in background threads; returns itself."""
        settings = self.settings
        http = HttpServer((settings.host, settings.port), Handler)
        try:
            journal = Journal(settings.data) if settings.data else None
        except BaseException:
            http.server_close()
            raise
        http.public_url = settings.public_url
        self._running = self._put_together(http, journal)
        self._running.begin()
        return self

    def stop(self) -> None:
        """Stop serving and let go of everything; what is in the journal is there at the next start."""
        running, self._running = self._running, None
        if running is not None:
            running.end()

    def __enter__(self) -> SimulatorServer:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _put_together(self, http: HttpServer, journal: Journal | None) -> _Running:
        settings, clock = self.settings, self.clock
        agenda = Agenda(clock)
        ids = IdSource(settings.seed)
        memory = Memory(self._keys.accounts, settings.credits, journal)
        key = SigningKey(settings.data)
        courier = Courier(key, self.faults, agenda, clock.wall)
        files = Files(memory, ids, clock, settings.data)
        files.base_url = lambda: http.base_url
        ledger = Ledger(memory, clock)
        agent = Agent(
            memory=memory,
            agenda=agenda,
            courier=courier,
            faults=self.faults,
            files=files,
            ledger=ledger,
            clock=clock,
            pace=Pace(settings.think_seconds, settings.seed or 0),
        )
        tasks = Tasks(memory=memory, agent=agent, files=files, ledger=ledger, ids=ids)
        world = World(memory, tasks, files, ledger, courier, key, ids, clock)
        http.app = self._app(world, agenda)
        http.bucket = Bucket(files, self.faults)
        http.clock = clock
        return _Running(http, agenda, world, agent)

    def _app(self, world: World, agenda: Agenda) -> App:
        contract = load_contract()
        windows = SlidingWindows(
            contract.rate_limits(), factor=self.settings.rate_factor, clock=self.clock.now
        )  # fmt: skip
        parts = Parts(
            world=world,
            contract=contract,
            windows=windows,
            faults=self.faults,
            calls=self.calls,
            keys=self._keys,
            loose_numbers=self.settings.loose_numbers,
            observer=self._observer,
        )
        return App(parts, Control(world, self.faults, self.calls, agenda))

    def _here(self) -> _Running:
        if self._running is None:
            raise RuntimeError("the simulator is not running")
        return self._running


class _Running:
    """What is there while the simulator runs."""

    def __init__(self, http: HttpServer, agenda: Agenda, world: World, agent: Agent) -> None:
        self.http = http
        self.agenda = agenda
        self.world = world
        self._agent = agent
        self._thread = Thread(target=http.serve_forever, args=(POLL_SECONDS,), name="simulator-http", daemon=True)

    def begin(self) -> None:
        self.agenda.start()
        self._agent.resume()
        self._thread.start()

    def end(self) -> None:
        self.http.stopping.set()
        self.http.shutdown()
        self._thread.join(timeout=15)
        self.http.close_connections()
        self.http.server_close()
        self.agenda.stop()
        self.world.courier.stop()
        self.world.memory.close()
        self.world.files.close()
