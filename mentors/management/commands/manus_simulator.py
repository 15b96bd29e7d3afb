"""`manage.py manus_simulator`: the Manus simulator as a process of its own; it never touches the database."""

from __future__ import annotations

import os
import signal
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mentors.manus.keys import UnreadableKeys, read_keys
from mentors.manus.simulator.clock import FASTEST, Clock
from mentors.manus.simulator.journal import JournalInUse
from mentors.manus.simulator.keys import named, unnamed
from mentors.manus.simulator.scripts import BadScript
from mentors.manus.simulator.server import Settings, SimulatorServer

LONGEST_THOUGHT_SECONDS = 3600
LARGEST_FACTOR = 1000


class Command(BaseCommand):
    help = "Run the project's own Manus v2 server, for rehearsal and tests."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8765, help="0 takes a free port (default 8765)")
        parser.add_argument(
            "--api-key",
            action="append",
            help="key to accept; each is an account of its own (default: MANUS_API_KEY from the environment)",
        )
        parser.add_argument(
            "--account",
            action="append",
            type=_account,
            metavar="NAME=KEY",
            help="an account with a name of its own; several keys of one name share its limits",
        )
        parser.add_argument(
            "--data",
            type=Path,
            default=os.environ.get("SIMULATOR_DATA") or None,
            help="folder to remember tasks and the signing key in (default: SIMULATOR_DATA)",
        )
        parser.add_argument(
            "--think-seconds",
            type=_not_negative,
            default=os.environ.get("SIMULATOR_THINK_SECONDS", "1.5"),
            help="how long a reply takes (default: SIMULATOR_THINK_SECONDS or 1.5)",
        )
        parser.add_argument(
            "--rate-limits",
            type=_factor,
            default=os.environ.get("SIMULATOR_RATE_LIMITS", "on"),
            help="on, off, or a factor on the documented limits (default: SIMULATOR_RATE_LIMITS or on)",
        )
        parser.add_argument("--seed", type=int, help="makes ids and replies reproducible")
        parser.add_argument("--credits", type=int, default=100_000, help="credits of a new account")
        parser.add_argument(
            "--faults",
            action="append",
            default=[],
            metavar="SCRIPT",
            help="fault script to begin with: the name of one that comes along, or a YAML file",
        )
        parser.add_argument(
            "--speed", type=_speed, default=1.0, help="how fast its time runs; 0 stands still until it is moved"
        )
        parser.add_argument("--int64-strings", action="store_true", help="write 64-bit integers as strings")
        parser.add_argument("--public-url", help="where clients find it, if not by the address it listens on")

    def handle(self, *args: Any, **options: Any) -> None:
        settings = Settings(
            accounts=_accounts(options),
            host=options["host"],
            port=options["port"],
            think_seconds=options["think_seconds"],
            rate_factor=options["rate_limits"],
            seed=options["seed"],
            data=options["data"],
            credits=options["credits"],
            loose_numbers=options["int64_strings"],
            public_url=options["public_url"],
        )
        server = _started(settings, options["speed"], options["faults"])
        stopped = Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stopped.set())
        self.stdout.write(f"Manus simulator on {server.url}")
        self.stdout.flush()
        try:
            stopped.wait()
        finally:
            server.stop()


def _started(settings: Settings, speed: float, scripts: list[str]) -> SimulatorServer:
    try:
        server = SimulatorServer(settings, clock=Clock(speed=speed))
        for script in scripts:
            server.load(script)
        return server.start()
    except BadScript as error:
        raise CommandError(f"The fault script is not usable: {error}") from None
    except JournalInUse:
        raise CommandError(f"Another simulator is using {settings.data}.") from None
    except ValueError as error:
        raise CommandError(f"The simulator cannot use these keys: {error}.") from None
    except (OSError, OverflowError) as error:
        raise CommandError(f"The simulator cannot start on {settings.host}:{settings.port} ({error}).") from None


def _accounts(options: dict[str, Any]) -> list[tuple[str, str]]:
    given = [*map(unnamed, options["api_key"] or ()), *(options["account"] or ())]
    try:
        found = given or list(read_keys(os.environ.get("MANUS_API_KEY", "")).items())
    except UnreadableKeys as error:
        raise CommandError(f"The simulator cannot use these keys: {error}.") from None
    if not found or not all(key for _, key in found):
        raise CommandError("The simulator needs a key to accept: set MANUS_API_KEY or give --api-key.")
    return found


def _account(text: str) -> tuple[str, str]:
    try:
        return named(text)
    except ValueError as error:
        # What is wrong is told without the text, which holds a key.
        raise ArgumentTypeError(str(error)) from None


def _not_negative(text: str) -> float:
    value = float(text)
    if not 0 <= value <= LONGEST_THOUGHT_SECONDS:
        raise ArgumentTypeError("between 0 and 3600 seconds")
    return value


def _factor(text: str) -> float:
    if text in ("on", "off"):
        return 1.0 if text == "on" else 0.0
    value = float(text)
    if not 0 < value <= LARGEST_FACTOR:
        raise ArgumentTypeError("on, off, or a factor above 0")
    return value


def _speed(text: str) -> float:
    value = float(text)
    if not 0 <= value <= FASTEST:
        raise ArgumentTypeError(f"between 0 and {FASTEST:g}")
    return value
