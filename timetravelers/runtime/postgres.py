"""An embedded PostgreSQL on one folder: made, healed, started, asked whether it lives, stopped."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psycopg

from timetravelers.runtime.accounts import Account, reachable_home, server_account
from timetravelers.runtime.errors import NO_SPACE, StartError, last_complaint
from timetravelers.runtime.files import PRIVATE_FOLDER, kept_secret, open_log
from timetravelers.runtime.orphans import stop_servers_in
from timetravelers.runtime.ports import free_port
from timetravelers.runtime.programs import postgres_bin
from timetravelers.runtime.spawn import spawn, stop

NAME = "timetravelers"  # of the database and of its owner
_MAJOR = "18"
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",  # a deep checkout would pass the 107 bytes of a socket's path
    "max_connections": "200",
    "jit": "off",  # costs more than it gains on queries as small as ours
}
_FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
_PATIENCE = 60.0  # seconds; recovery after a crash replays the log first
_FAST, _AT_ONCE = signal.SIGINT, signal.SIGQUIT  # PostgreSQL's words for these signals


class Postgres:
    """One server on `home`, which the caller has locked. Loopback only, and never without the password.

    `durable=False` trades crash safety for speed; it is for data that nobody will miss.
    """

    name = "PostgreSQL"

    def __init__(self, home: Path, *, durable: bool) -> None:
        self._asked_home = home
        self._durable = durable
        self._port = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._home = home
        self._account: Account | None = None
        self._password = ""
        self._log_start = 0

    @property
    def url(self) -> str:
        """Where and as whom to connect; holds the password."""
        return self._url(NAME)

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def begin(self) -> None:
        """Make the cluster if there is none, stop a predecessor's server, start ours; does not wait for it.

        Keeps the port of an earlier start. Raises StartError or OSError.
        """
        self.stop()
        self._home = self._asked_home.resolve()
        self._account = server_account(self._asked_home / "cluster")
        self._home = reachable_home(self._home, self._account)
        stop_servers_in(self._cluster, "postgres", _FAST)
        if not (self._cluster / "PG_VERSION").is_file():
            self._make_cluster()
        self._check_cluster()
        # Nobody works in the folder now, so the number in this file is somebody else's or nobody's.
        (self._cluster / "postmaster.pid").unlink(missing_ok=True)
        self._port = self._port or free_port()
        self._launch()

    def wait(self) -> None:
        """Return once the server answers and has our database. Raises StartError with the server's reason."""
        deadline = time.monotonic() + _PATIENCE
        while not self._answers():
            if not self.is_alive():
                self._retry_or_raise()
            elif time.monotonic() > deadline:
                raise self._failure(f"no answer after {_PATIENCE:.0f} s")
            time.sleep(0.02)

    def is_alive(self) -> bool:
        """Whether the server's process runs."""
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """Stop cleanly: connections are cut, everything committed is kept. Harmless if it does not run."""
        if self._process is not None:
            stop(self._process, (_FAST, 20.0), (_AT_ONCE, 5.0))
            self._process = None

    def complaint(self) -> str:
        """What the server last complained about since its start; empty if it did not."""
        with contextlib.suppress(OSError), self._log.open("rb") as log:
            log.seek(self._log_start)
            return last_complaint(log.read().decode(errors="replace"))
        return ""

    @property
    def _cluster(self) -> Path:
        return self._home / "cluster"

    @property
    def _log(self) -> Path:
        return self._asked_home / "server.log"

    def _url(self, database: str) -> str:
        return f"postgres://{NAME}:{self._password}@127.0.0.1:{self._port}/{database}"

    def _make_cluster(self) -> None:
        """Run initdb beside the final place and rename, so that a killed one leaves nothing half-made."""
        draft = self._home / "cluster.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=PRIVATE_FOLDER)
        password_file = self._home / "password.new"
        password_file.unlink(missing_ok=True)
        kept_secret(password_file)
        self._hand_over(draft, password_file)
        try:
            self._initdb(draft, password_file)
            password_file.replace(self._password_file)
            draft.rename(self._cluster)
        finally:
            shutil.rmtree(draft, ignore_errors=True)

    def _hand_over(self, *paths: Path) -> None:
        if self._account is not None:
            for path in paths:
                os.chown(path, self._account.uid, self._account.gid)

    def _initdb(self, draft: Path, password_file: Path) -> None:
        options = ["--username", NAME, "--auth", "scram-sha-256", "--encoding", "UTF8", "--no-instructions"]
        options += ["--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--locale", "C"]
        options += ["--set", "timezone=UTC", "--set", "log_timezone=UTC"]
        options += [] if self._durable else ["--no-sync"]
        done = subprocess.run(  # noqa: S603 - our own program with our own arguments
            [postgres_bin(self._account) / "initdb", "-D", draft, "--pwfile", password_file, *options],
            env=_environment(),
            cwd="/",
            user=self._account.uid if self._account else None,
            group=self._account.gid if self._account else None,
            extra_groups=[] if self._account else None,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            start_new_session=True,
        )
        if done.returncode != 0:
            raise self._failure(done.stderr if NO_SPACE in done.stderr else last_complaint(done.stderr))

    @property
    def _password_file(self) -> Path:
        return self._home / "password"

    def _check_cluster(self) -> None:
        major = (self._cluster / "PG_VERSION").read_text(encoding="ascii").strip()
        if major != _MAJOR:
            raise StartError(f"{self._cluster} was made by PostgreSQL {major}, this is {_MAJOR}; dump and load it.")
        if not self._password_file.is_file():
            raise StartError(f"{self._password_file} is missing, so nobody can log in to the data beside it.")
        self._password = self._password_file.read_text(encoding="utf-8").strip()

    def _launch(self) -> None:
        settings = {**_SETTINGS, "port": str(self._port), **({} if self._durable else _FORGETFUL)}
        arguments = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        log = open_log(self._log)
        self._log_start = os.fstat(log).st_size
        try:
            self._process = spawn(
                [postgres_bin(self._account) / "postgres", "-D", self._cluster, *arguments],
                env=_environment(),
                output=log,
                on_parent_death=_FAST,
                account=self._account,
                cwd=Path("/"),
            )
        finally:
            os.close(log)

    def _answers(self) -> bool:
        try:
            # An option set here shields us from PGOPTIONS in the shell.
            with psycopg.connect(self._url("postgres"), connect_timeout=5, autocommit=True, options="") as connection:
                known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone()
                if known is None:
                    connection.execute(f"CREATE DATABASE {NAME}")
        except psycopg.errors.DiskFull as problem:
            raise self._failure(str(problem)) from problem
        except psycopg.OperationalError:
            return False
        return True

    def _retry_or_raise(self) -> None:
        """Another program may have taken the port between our look and the server's: take the next one."""
        complaint = self.complaint()
        if "could not create any TCP/IP sockets" not in complaint:
            raise self._failure(complaint)
        self._port = free_port()
        self._launch()

    def _failure(self, reason: str) -> StartError:
        if NO_SPACE in reason:
            return StartError(f"No space is left on the disk that holds {self._home}; free some and start again.")
        return StartError(f"PostgreSQL does not start: {reason or 'no reason given'} (log: {self._log})")


def _environment() -> dict[str, str]:
    """A bare environment: the shell's PG* and LC_* variables would change what the server does."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
