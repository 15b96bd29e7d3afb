"""`manage.py up`: the whole house under one supervisor."""

import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from timetravelers.runtime.console import Console
from timetravelers.runtime.plan import UpOptions
from timetravelers.runtime.up import up
from timetravelers.variables import read_file

PROJECT = Path(__file__).resolve().parents[4]


class Command(BaseCommand):
    """Starts engines, web, worker, beat and simulator, and stops them on Ctrl-C; exit code 1 if it cannot."""

    help = "Run everything: PostgreSQL, Valkey, web, worker, beat and the Manus simulator."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
        parser.add_argument("--port", type=int, default=8000, help="port, 0 for any free one (default: %(default)s)")
        parser.add_argument("--data", type=Path, help="folder that keeps all data (default: DATA_DIR or .data)")

    def handle(self, *_args: Any, **options: Any) -> None:
        configured = _configured()
        data_dir = options["data"] or Path(configured.get("DATA_DIR") or PROJECT / ".data")
        wanted = UpOptions(
            host=options["host"],
            port=options["port"],
            data_dir=data_dir.absolute(),
            project=PROJECT,
            configured=configured,
        )
        sys.exit(up(wanted, Console(sys.stdout)))


def _configured() -> dict[str, str]:
    """The process environment over the project's `.env`, but not what another `up` recorded."""
    return {**read_file(PROJECT / ".env"), **os.environ}
