"""The embedded engines: started, found again, healed after a kill, closed to strangers."""

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from tests.runtime.conftest import PROJECT, eventually, gone
from timetravelers.runtime.accounts import SHARED
from timetravelers.runtime.engines import Engines, start_engines
from timetravelers.runtime.errors import StartError
from timetravelers.runtime.postgres import Postgres
from timetravelers.runtime.valkey import Valkey

SETTING = "SELECT setting FROM pg_settings WHERE name = %s"


def ask(url: str, question: str, *values: str) -> str:
    with psycopg.connect(url) as connection:
        row = connection.execute(question.encode(), values).fetchone()
    assert row is not None
    return str(row[0])


@pytest.fixture
def postgres(folder: Path) -> Iterator[Postgres]:
    server = Postgres(folder / "postgres", durable=True)
    server.begin()
    server.wait()
    yield server
    server.stop()


@pytest.fixture
def valkey(folder: Path) -> Iterator[Valkey]:
    server = Valkey(folder / "valkey", durable=True)
    server.begin()
    server.wait()
    yield server
    server.stop()


def restarted(server: Postgres | Valkey) -> None:
    server.begin()
    server.wait()


def test_both_start_and_the_second_start_finds_the_data(folder: Path) -> None:
    first = start_engines(folder, durable=True, configured={})
    with psycopg.connect(first.database_url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    with redis.Redis.from_url(first.redis_url) as client:
        client.set("kept", "yes")
    first.stop()
    second = start_engines(folder, durable=True, configured={})
    try:
        assert ask(second.database_url, "SELECT answer FROM kept") == "42"
        with redis.Redis.from_url(second.redis_url) as client:
            assert client.get("kept") == b"yes"
    finally:
        second.stop()


def test_configured_addresses_are_used_and_nothing_is_started(folder: Path) -> None:
    configured = {"DATABASE_URL": "postgres://there/db", "REDIS_URL": "redis://there/0"}
    engines = start_engines(folder / "unused", durable=True, configured=configured)
    assert engines.environment == configured
    assert engines.owned == ()
    assert not (folder / "unused").exists()
    assert engines.heal() is None


def test_only_the_missing_one_is_started(folder: Path) -> None:
    engines = start_engines(folder, durable=False, configured={"DATABASE_URL": "postgres://there/db"})
    try:
        assert [type(engine) for engine in engines.owned] == [Valkey]
        assert not (folder / "postgres").exists()
    finally:
        engines.stop()


def test_data_for_keeps_is_written_through_and_other_data_is_not(postgres: Postgres, folder: Path) -> None:
    assert ask(postgres.url, SETTING, "fsync") == "on"
    engines = start_engines(folder / "other", durable=False, configured={"REDIS_URL": "redis://there/0"})
    try:
        assert ask(engines.database_url, SETTING, "fsync") == "off"
    finally:
        engines.stop()


def test_the_database_is_utf8_in_utc_whatever_the_shell_says(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"LC_ALL": "xx_XX", "PGPORT": "1", "PGOPTIONS": "-c nonsense=1", "TZ": "Asia/Tokyo"}.items():
        monkeypatch.setenv(name, value)
    server = Postgres(folder / "postgres", durable=False)
    server.begin()
    try:
        server.wait()
        monkeypatch.undo()
        assert ask(server.url, SETTING, "server_encoding") == "UTF8"
        assert ask(server.url, SETTING, "TimeZone") == "UTC"
        assert ask(server.url, "SELECT upper('é' COLLATE pg_c_utf8)") == "É"
    finally:
        server.stop()


def test_nobody_enters_without_the_password(postgres: Postgres, valkey: Valkey) -> None:
    password = postgres.url.split(":")[2].split("@")[0]
    for wrong in ("", "wrong"):
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(postgres.url.replace(password, wrong))
    port = valkey.url.rsplit(":", 1)[1]
    with (
        redis.Redis.from_url(f"redis://127.0.0.1:{port}") as client,
        pytest.raises(redis.AuthenticationError),
    ):
        client.ping()


def test_both_listen_on_loopback_only(postgres: Postgres, valkey: Valkey) -> None:
    for server in (postgres, valkey):
        assert server.pid is not None
        listening = [c.laddr.ip for c in psutil.Process(server.pid).net_connections() if c.status == "LISTEN"]
        assert listening == ["127.0.0.1"]


def test_secrets_are_for_the_owner_only(postgres: Postgres, valkey: Valkey, folder: Path) -> None:
    del postgres, valkey
    assert (folder / "valkey").stat().st_mode & 0o777 == 0o700
    for path in ("postgres/password", "postgres/server.log", "valkey/password", "valkey/valkey.conf"):
        assert (folder / path).stat().st_mode & 0o777 == 0o600, path


def test_addresses_are_not_shown_by_repr() -> None:
    assert "secret" not in repr(Engines("postgres://u:secret@h/d", "redis://:secret@h"))


def test_a_server_starts_again_at_its_address_whatever_it_went_through(postgres: Postgres) -> None:
    before = postgres.url
    with psycopg.connect(before) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS seven")
    for how in (signal.SIGKILL, signal.SIGQUIT, None):
        if how is not None and postgres.pid is not None:
            os.kill(postgres.pid, how)
            eventually(lambda: not postgres.is_alive())
        restarted(postgres)
        assert postgres.url == before
        assert ask(before, "SELECT seven FROM kept") == "7"


def test_a_stale_or_broken_pid_file_is_healed(postgres: Postgres, folder: Path) -> None:
    """Even one that names a living stranger, who is left in peace."""
    cluster = folder / "postgres" / "cluster"
    owner = cluster.stat().st_uid if os.geteuid() == 0 else None
    stranger = subprocess.Popen(["sleep", "600"], cwd="/", user=owner)
    named = f"{stranger.pid}\n{cluster}\n1\n5432\n\n127.0.0.1\n\nready\n".encode()
    try:
        for content in (named, b"", b"\x00\xff", b"not a number\n"):
            postgres.stop()
            (cluster / "postmaster.pid").write_bytes(content)
            restarted(postgres)
            assert ask(postgres.url, "SELECT 1") == "1"
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_half_made_cluster_is_made_anew(folder: Path) -> None:
    draft = folder / "postgres" / "cluster.new"
    draft.mkdir(parents=True)
    (draft / "PG_VERSION").write_text("18\n")
    server = Postgres(folder / "postgres", durable=False)
    restarted(server)
    try:
        assert ask(server.url, "SELECT 1") == "1"
        assert not draft.exists()
    finally:
        server.stop()


def test_a_cluster_that_cannot_be_used_is_said(postgres: Postgres, folder: Path) -> None:
    postgres.stop()
    home = folder / "postgres"
    (home / "cluster" / "postgresql.conf").write_text("no such setting\n")
    postgres.begin()
    with pytest.raises(StartError, match=r"PostgreSQL does not start: FATAL:.*configuration file"):
        postgres.wait()
    (home / "password").unlink()
    with pytest.raises(StartError, match="password is missing"):
        postgres.begin()
    (home / "cluster" / "PG_VERSION").write_text("17\n")
    with pytest.raises(StartError, match="made by PostgreSQL 17, this is 18"):
        postgres.begin()


def test_a_broken_append_only_file_is_said(valkey: Valkey, folder: Path) -> None:
    valkey.stop()
    for part in (folder / "valkey" / "appendonlydir").glob("*.base.rdb"):
        part.write_bytes(b"garbage")
    valkey.begin()
    with pytest.raises(StartError, match="Valkey does not start"):
        valkey.wait()


def test_a_cut_off_append_only_file_is_healed(valkey: Valkey, folder: Path) -> None:
    with redis.Redis.from_url(valkey.url) as client:
        client.set("whole", "1")
    valkey.stop()
    (part,) = (folder / "valkey" / "appendonlydir").glob("*.incr.aof")
    with part.open("ab") as file:
        file.write(b"*3\r\n$3\r\nSET\r\n$4\r\nha")
    restarted(valkey)
    with redis.Redis.from_url(valkey.url) as client:
        assert client.keys() == [b"whole"]


def test_orphans_of_a_killed_predecessor_are_stopped(folder: Path) -> None:
    """Without the kernel's help (as on other systems) the servers outlive their starter; the next start ends them."""
    script = textwrap.dedent(
        """
        import os, sys
        from pathlib import Path
        from timetravelers.runtime import spawn
        spawn._LIBC = None
        from timetravelers.runtime.engines import start_engines
        engines = start_engines(Path(sys.argv[1]), durable=True, configured={})
        print(*(engine.pid for engine in engines.owned), flush=True)
        os.kill(os.getpid(), 9)
        """
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(folder)], cwd=PROJECT, stdout=subprocess.PIPE, text=True, check=False
    )
    orphans = [psutil.Process(int(pid)) for pid in done.stdout.split()]
    assert len(orphans) == 2
    assert not gone(orphans)
    engines = start_engines(folder, durable=True, configured={})
    try:
        assert gone(orphans)
        assert ask(engines.database_url, "SELECT 1") == "1"
    finally:
        engines.stop()


def test_an_engine_that_keeps_dying_is_given_up(folder: Path) -> None:
    engines = start_engines(folder, durable=False, configured={"DATABASE_URL": "postgres://there/db"})
    (server,) = engines.owned
    try:
        for _ in range(3):
            assert server.pid is not None
            os.kill(server.pid, signal.SIGKILL)
            eventually(lambda: not server.is_alive())
            assert engines.heal() == "Valkey"
        server.stop()
        with pytest.raises(StartError, match="Valkey keeps dying"):
            engines.heal()
    finally:
        engines.stop()


def test_a_deep_folder_with_strange_letters_is_no_obstacle(folder: Path) -> None:
    deep = folder.joinpath(*['a "folder" \\ with é'] * 10)
    engines = start_engines(deep, durable=False, configured={})
    try:
        assert ask(engines.database_url, "SELECT 1") == "1"
    finally:
        engines.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's servers run under another account")
def test_a_folder_closed_to_the_servers_account_stays_closed(folder: Path) -> None:
    closed = folder / "home"
    closed.mkdir(mode=0o700)
    server = Postgres(closed / "postgres", durable=True)
    restarted(server)
    place = Path((closed / "postgres" / "location").read_text().strip())
    try:
        assert place.parent == SHARED
        with psycopg.connect(server.url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1")
        server.stop()
        restarted(server)
        assert ask(server.url, "SELECT * FROM kept") == "1"
        assert closed.stat().st_mode & 0o777 == 0o700
    finally:
        server.stop()
        subprocess.run(["rm", "-rf", str(place)], check=True)
