"""An embedded Valkey on one folder: healed, started, asked whether it lives, stopped."""

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path

import redis

from timetravelers.runtime.errors import NO_SPACE, StartError, last_complaint
from timetravelers.runtime.files import kept_secret, make_folder, open_log, write_private
from timetravelers.runtime.orphans import stop_servers_in
from timetravelers.runtime.ports import free_port
from timetravelers.runtime.programs import valkey_server
from timetravelers.runtime.spawn import spawn, stop

_PATIENCE = 60.0  # seconds; a long append-only file is read first
_SETTINGS = {
    "bind": "127.0.0.1",
    "daemonize": "no",
    "databases": "64",  # parallel test processes take one each
    "dbfilename": "dump.rdb",
    "logfile": '""',
    "maxmemory-policy": "noeviction",  # queued work must never be dropped to make room
    "protected-mode": "yes",
    "save": '""',
}


class Valkey:
    """One server on `home`, which the caller has locked. Loopback only, and never without the password.

    `durable` keeps an append-only file, so that queued work survives a kill.
    """

    name = "Valkey"

    def __init__(self, home: Path, *, durable: bool) -> None:
        self._home = home
        self._durable = durable
        self._port = 0
        self._password = ""
        self._process: subprocess.Popen[bytes] | None = None
        self._log_start = 0

    @property
    def url(self) -> str:
        """Where to connect; holds the password."""
        return f"redis://:{self._password}@127.0.0.1:{self._port}/0"

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def begin(self) -> None:
        """Stop a predecessor's server and start ours, without waiting. Keeps the port of an earlier start.

        Raises StartError or OSError.
        """
        self.stop()
        self._home = make_folder(self._home).resolve()
        # Valkey itself would let two servers write to one append-only file.
        stop_servers_in(self._home, "valkey-server", signal.SIGTERM)
        self._password = kept_secret(self._home / "password")
        self._port = self._port or free_port()
        self._launch()

    def wait(self) -> None:
        """Return once the server answers. Raises StartError with the server's reason."""
        deadline = time.monotonic() + _PATIENCE
        while not self._answers():
            if not self.is_alive():
                self._retry_or_raise()
            elif time.monotonic() > deadline:
                raise StartError(f"Valkey does not answer after {_PATIENCE:.0f} s; its log is {self._log}.")
            time.sleep(0.02)

    def is_alive(self) -> bool:
        """Whether the server's process runs."""
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """Stop cleanly, with everything written down. Harmless if it does not run."""
        if self._process is not None:
            stop(self._process, (signal.SIGTERM, 10.0))
            self._process = None

    def complaint(self) -> str:
        """What the server last complained about since its start; empty if it did not."""
        with contextlib.suppress(OSError), self._log.open("rb") as log:
            log.seek(self._log_start)
            return last_complaint(log.read().decode(errors="replace"))
        return ""

    @property
    def _log(self) -> Path:
        return self._home / "server.log"

    def _launch(self) -> None:
        settings = _SETTINGS | {
            "port": str(self._port),
            "dir": f'"{_quoted(self._home)}"',
            "requirepass": self._password,
            "appendonly": "yes" if self._durable else "no",
        }
        configuration = self._home / "valkey.conf"  # a file, since everybody may read a command line
        write_private(configuration, "".join(f"{name} {value}\n" for name, value in settings.items()))
        log = open_log(self._log)
        self._log_start = os.fstat(log).st_size
        try:
            self._process = spawn(
                [valkey_server(), configuration],
                env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
                output=log,
                on_parent_death=signal.SIGTERM,
                cwd=self._home,
            )
        finally:
            os.close(log)

    def _answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.url, socket_timeout=5, socket_connect_timeout=1) as client:
                return bool(client.ping())
        except (redis.ConnectionError, redis.TimeoutError):
            return False

    def _retry_or_raise(self) -> None:
        """Another program may have taken the port between our look and the server's: take the next one."""
        complaint = self.complaint()
        if "listening port" not in complaint and "listening on the port" not in complaint:
            raise self._failure(complaint)
        self._port = free_port()
        self._launch()

    def _failure(self, reason: str) -> StartError:
        if NO_SPACE in reason:
            return StartError(f"No space is left on the disk that holds {self._home}; free some and start again.")
        return StartError(f"Valkey does not start: {reason or 'no reason given'} (log: {self._log})")


def _quoted(path: Path) -> str:
    return str(path).replace("\\", "\\\\").replace('"', '\\"')
