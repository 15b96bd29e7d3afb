"""What `up` decides before it starts anything: environment, commands, addresses, words."""

import errno
import io
import os
import socket
from pathlib import Path

import pytest

from timetravelers.runtime.announcement import announcement
from timetravelers.runtime.console import Console
from timetravelers.runtime.errors import explain, last_complaint
from timetravelers.runtime.plan import Plan, UpOptions, make_plan
from timetravelers.runtime.ports import authority, free_port, is_free, reachable_host

ENGINES = {"DATABASE_URL": "postgres://x", "REDIS_URL": "redis://x"}
EVERYWHERE = "0.0.0.0"  # noqa: S104 - never bound here


def planned(data: Path, *, host: str = "127.0.0.1", **configured: str) -> tuple[UpOptions, Plan]:
    options = UpOptions(host=host, port=8123, data_dir=data, project=Path("/project"), configured=configured)
    return options, make_plan(options, ENGINES)


def test_without_a_key_the_simulator_stands_in(tmp_path: Path) -> None:
    _, plan = planned(tmp_path, MANUS_BASE_URL="https://elsewhere.example")
    assert [command.name for command in plan.commands] == ["simulator", "web", "worker", "beat"]
    assert plan.environment["MANUS_BASE_URL"] == plan.simulator_url
    assert plan.environment["MANUS_SIMULATED"] == "true"
    assert plan.environment["MANUS_API_KEY"]
    argv = plan.commands[0].argv
    assert argv[1:3] == ("/project/manage.py", "manus_simulator")
    assert argv[argv.index("--port") + 1] == plan.simulator_url.rsplit(":", 1)[1]


def test_with_a_key_there_is_no_simulator(tmp_path: Path) -> None:
    _, plan = planned(tmp_path, MANUS_API_KEY="real", MANUS_BASE_URL="https://manus.example")
    assert [command.name for command in plan.commands] == ["web", "worker", "beat"]
    assert "MANUS_SIMULATED" not in plan.environment
    assert plan.environment["MANUS_BASE_URL"] == "https://manus.example"
    assert "MANUS_API_KEY" not in plan.generated  # what was given is not written down


def test_what_is_configured_wins(tmp_path: Path) -> None:
    given = {"DJANGO_SECRET_KEY": "mine", "PUBLIC_BASE_URL": "https://tt.example", "DEVELOPMENT": "false"}
    _, plan = planned(tmp_path, **given)
    assert given.items() <= plan.environment.items()
    assert not given.keys() & plan.generated.keys()


def test_made_up_secrets_are_long_private_and_stay(tmp_path: Path) -> None:
    _, first = planned(tmp_path)
    _, second = planned(tmp_path)
    for name in ("DJANGO_SECRET_KEY", "MANUS_API_KEY"):
        assert first.environment[name] == second.environment[name]
        assert len(first.environment[name]) >= 50
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in (tmp_path / "secrets").iterdir())


def test_every_child_gets_engines_and_data_folder(tmp_path: Path) -> None:
    _, plan = planned(tmp_path)
    for command in plan.commands:
        assert {**ENGINES, "DATA_DIR": str(tmp_path)}.items() <= command.env.items()


def test_web_stops_first_and_the_simulator_last(tmp_path: Path) -> None:
    _, plan = planned(tmp_path)
    assert {command.name: command.stop_rank for command in plan.commands} == {
        "web": 0, "worker": 1, "beat": 1, "simulator": 2,
    }  # fmt: skip


def test_no_secret_is_on_a_command_line_or_in_a_repr(tmp_path: Path) -> None:
    _, plan = planned(tmp_path)
    secrets = [plan.environment[name] for name in ("DJANGO_SECRET_KEY", "MANUS_API_KEY", "DATABASE_URL")]
    for command in plan.commands:
        assert not any(secret in f"{command.argv}{command!r}" for secret in secrets)


@pytest.mark.parametrize(
    ("host", "url", "hosts"),
    [
        ("127.0.0.1", "http://127.0.0.1:8123", "127.0.0.1,localhost,[::1],127.0.0.1"),
        (EVERYWHERE, "http://127.0.0.1:8123", "*"),
        ("::1", "http://[::1]:8123", "127.0.0.1,localhost,[::1],::1"),
        ("::", "http://[::1]:8123", "*"),
    ],
)
def test_addresses_follow_the_host(tmp_path: Path, host: str, url: str, hosts: str) -> None:
    options, plan = planned(tmp_path, host=host)
    assert options.web_url == plan.environment["PUBLIC_BASE_URL"] == url
    assert plan.environment["ALLOWED_HOSTS"] == hosts


def test_the_announcement_names_every_door(tmp_path: Path) -> None:
    options, plan = planned(tmp_path)
    text = "\n".join(announcement(options, plan, ["login: somebody"]))
    for door in ("8123/", "/api/docs/", "/admin/", "/dev/mail/", plan.simulator_url, "login: somebody", str(tmp_path)):
        assert door in text


@pytest.mark.parametrize("configured", [{"EMAIL_URL": "smtp://mail.example"}, {"DEVELOPMENT": "false"}])
def test_the_mailbox_is_for_development_only(tmp_path: Path, configured: dict[str, str]) -> None:
    options, plan = planned(tmp_path, **configured)
    assert "/dev/mail/" not in "\n".join(announcement(options, plan, []))


def test_a_listening_port_is_not_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert not is_free("127.0.0.1", port)
    assert is_free("127.0.0.1", port)
    assert is_free("127.0.0.1", free_port())


def test_an_address_of_another_machine_is_an_error() -> None:
    with pytest.raises(OSError, match="assign"):
        is_free("192.0.2.1", 8000)


def test_hosts_in_urls() -> None:
    assert authority("::1", 80) == "[::1]:80"
    assert authority("127.0.0.1", 80) == "127.0.0.1:80"
    assert [reachable_host(host) for host in (EVERYWHERE, "::", "10.0.0.1")] == ["127.0.0.1", "::1", "10.0.0.1"]


def test_a_full_disk_and_a_closed_folder_are_explained() -> None:
    full = explain(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), Path("/data"))
    assert str(full).startswith("No space is left on the disk that holds /data")
    closed = explain(PermissionError(errno.EACCES, os.strerror(errno.EACCES), "/data/x"), Path("/data"))
    assert "Permission denied: /data/x" in str(closed)
    assert "\n" not in f"{full}{closed}"


@pytest.mark.parametrize(
    ("log", "complaint"),
    [
        ("", ""),
        ("all is well\n", ""),
        ("2026 [1] FATAL:  first\n2026 [1] LOG: shut down\n", "FATAL:  first"),
        ("# Fatal error loading the DB\n", "Fatal error loading the DB"),
        ('*** FATAL CONFIG FILE ERROR ***\n>>> "x"\n', "*** FATAL CONFIG FILE ERROR ***"),
    ],
)
def test_the_last_complaint_of_a_log(log: str, complaint: str) -> None:
    assert last_complaint(log) == complaint


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_lines_carry_names_and_on_a_terminal_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    plain, coloured = io.StringIO(), Terminal()
    for stream in (plain, coloured):
        console = Console(stream)
        console.relay("web", "hello")
        console.relay("worker", "hello")
    assert plain.getvalue() == "web       | hello\nworker    | hello\n"
    assert len({line.split("web")[0].split("worker")[0] for line in coloured.getvalue().splitlines()}) == 2
    monkeypatch.setenv("NO_COLOR", "1")
    quiet = Terminal()
    Console(quiet).relay("web", "hello")
    assert quiet.getvalue() == "web       | hello\n"


def test_a_reader_that_has_gone_away_is_no_failure() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "w", encoding="utf-8") as stream:  # noqa: PTH123 - a descriptor
        console = Console(stream)
        console.say("to nobody")
        console.say("again")
