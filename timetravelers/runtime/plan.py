"""What `manage.py up` runs: the environment of the children, the steps before them, and the children."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from timetravelers.runtime.files import kept_secret, make_folder
from timetravelers.runtime.ports import authority, free_port, reachable_host
from timetravelers.runtime.processes import Command

_ANYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104 - compared, not bound


@dataclass(frozen=True, slots=True)
class UpOptions:
    """What the command line and the surroundings ask for; `configured` is the environment over `.env`."""

    host: str
    port: int
    data_dir: Path
    project: Path
    configured: Mapping[str, str]

    @property
    def web_host(self) -> str:
        """Where this machine itself reaches the web process."""
        return reachable_host(self.host)

    @property
    def web_url(self) -> str:
        return f"http://{authority(self.web_host, self.port)}"


@dataclass(frozen=True, slots=True)
class Plan:
    """The children in the order they start, the environment that was made up for them, and the simulator."""

    commands: tuple[Command, ...]
    generated: Mapping[str, str]
    environment: Mapping[str, str]
    simulator_url: str


def make_plan(options: UpOptions, engines: Mapping[str, str]) -> Plan:
    """Decide everything about the children. Makes secrets on first use. Raises OSError."""
    simulator_port = 0 if options.configured.get("MANUS_API_KEY") else free_port()
    simulator_url = f"http://127.0.0.1:{simulator_port}" if simulator_port else ""
    made_up = _defaults(options) | _simulated(options, simulator_url)
    generated = {name: value for name, value in made_up.items() if not options.configured.get(name)}
    generated |= dict(engines) | {"DATA_DIR": str(options.data_dir)}
    if simulator_url:
        generated["MANUS_BASE_URL"] = simulator_url
    environment = {**options.configured, **generated, "PYTHONUNBUFFERED": "1"}
    commands = [_web(options, environment), _worker(options, environment), _beat(options, environment)]
    if simulator_port:
        commands.insert(0, _simulator(options, environment, simulator_port))
    return Plan(tuple(commands), generated, environment, simulator_url)


def manage(options: UpOptions, *arguments: str) -> tuple[str, ...]:
    """The command line of one of the project's management commands."""
    return (sys.executable, str(options.project / "manage.py"), *arguments)


def _defaults(options: UpOptions) -> dict[str, str]:
    hosts = "*" if options.host in _ANYWHERE else f"127.0.0.1,localhost,[::1],{options.host}"
    return {
        "DEVELOPMENT": "true",
        "LOG_FORMAT": "console",
        "PUBLIC_BASE_URL": options.web_url,
        "ALLOWED_HOSTS": hosts,
        "DJANGO_SECRET_KEY": _secret(options, "django-secret-key"),
    }


def _simulated(options: UpOptions, simulator_url: str) -> dict[str, str]:
    if not simulator_url:
        return {}
    return {
        "MANUS_API_KEY": _secret(options, "manus-simulator-key"),
        "MANUS_SIMULATED": "true",
        # Without a memory the simulator would not know the conversations of the day before.
        "SIMULATOR_DATA": str(options.data_dir / "simulator"),
    }


def _secret(options: UpOptions, name: str) -> str:
    return kept_secret(make_folder(options.data_dir / "secrets") / name)


def _web(options: UpOptions, environment: Mapping[str, str]) -> Command:
    address = ("--host", options.host, "--port", str(options.port))
    websockets = ("--ws", "websockets-sansio", "--ws-per-message-deflate", "false", "--ws-max-size", "262144")
    rest = ("--timeout-keep-alive", "30", "--timeout-graceful-shutdown", "5", "--log-level", "warning")
    quiet = ("--no-access-log", "--no-server-header", "--no-proxy-headers")
    argv = ("-m", "uvicorn", "timetravelers.asgi:application", *address, *websockets, *rest, *quiet)
    return Command("web", (sys.executable, *argv), environment, stop_rank=0, cwd=options.project)


def _worker(options: UpOptions, environment: Mapping[str, str]) -> Command:
    queues = ("-Q", "turns,default,analytics", "--pool", "threads", "--concurrency", "8")
    quiet = ("--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING")
    argv = (*_celery("worker"), *queues, *quiet)
    # Celery's advice against root is for servers; who runs everything on one machine as root knows it.
    hushed = {**environment, "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges"}
    return Command("worker", argv, hushed, stop_rank=1, cwd=options.project)


def _beat(options: UpOptions, environment: Mapping[str, str]) -> Command:
    scheduler = ("--scheduler", "django_celery_beat.schedulers:DatabaseScheduler", "--max-interval", "5")
    # No pid file: a stale one would keep beat from starting, and the folder's lock makes us the only one.
    argv = (*_celery("beat"), *scheduler, "--pidfile=", "--loglevel", "WARNING")
    return Command("beat", argv, environment, stop_rank=1, cwd=options.project)


def _celery(command: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "celery", "-A", "timetravelers", "--quiet", command)


def _simulator(options: UpOptions, environment: Mapping[str, str], port: int) -> Command:
    kept = ("--data", str(options.data_dir / "simulator"))
    argv = manage(options, "manus_simulator", "--host", "127.0.0.1", "--port", str(port), *kept)
    return Command("simulator", argv, environment, stop_rank=2, cwd=options.project)
