"""The record a running `up` leaves for commands beside it, and the lock that says whether it is true."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timetravelers.runtime.files import kept_secret, make_folder, open_log, write_private
from timetravelers.runtime.locks import FolderLock, is_held
from timetravelers.runtime.state import (
    LOCK_FILE,
    STATE_FILE,
    ProcessRecord,
    RuntimeState,
    clear_state,
    read_state,
    recorded_state,
    write_state,
)

STATE = RuntimeState(
    supervisor=1,
    web_url="http://127.0.0.1:8000",
    simulator_url="",
    environment={"DATABASE_URL": "postgres://somewhere"},
    processes={"web": ProcessRecord(pid=2, started=3.5)},
)


def test_it_is_read_only_while_its_writer_holds_the_lock(tmp_path: Path) -> None:
    lock = FolderLock(tmp_path / LOCK_FILE)
    assert lock.acquire()
    write_state(tmp_path, STATE)
    assert read_state(tmp_path) == STATE
    lock.release()
    assert read_state(tmp_path) is None
    assert recorded_state(tmp_path) == STATE


def test_it_is_for_the_owner_only_and_can_be_forgotten(tmp_path: Path) -> None:
    write_state(tmp_path, STATE)
    assert (tmp_path / STATE_FILE).stat().st_mode & 0o777 == 0o600
    clear_state(tmp_path)
    clear_state(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == []


def test_it_knows_addresses_and_ids() -> None:
    assert (STATE.database_url, STATE.redis_url, STATE.pids) == ("postgres://somewhere", "", {"web": 2})


def test_a_missing_folder_has_no_state(tmp_path: Path) -> None:
    assert read_state(tmp_path / "nowhere") is None
    assert recorded_state(tmp_path / "nowhere") is None


@given(rubbish=st.binary() | st.sampled_from([b"{}", b"[]", b'{"supervisor": "x"}', b'{"supervisor": 1}']))
def test_rubbish_is_no_state(tmp_path_factory: pytest.TempPathFactory, rubbish: bytes) -> None:
    folder = tmp_path_factory.mktemp("data")
    (folder / STATE_FILE).write_bytes(rubbish)
    assert recorded_state(folder) is None


def test_one_owner_at_a_time(tmp_path: Path) -> None:
    first, second = FolderLock(tmp_path / "lock"), FolderLock(tmp_path / "lock")
    assert first.acquire()
    assert is_held(tmp_path / "lock")
    assert not second.acquire(patience=0)
    first.release()
    first.release()
    assert not is_held(tmp_path / "lock")
    assert second.acquire(patience=0)
    second.release()


def test_nobody_holds_a_lock_that_is_not_there(tmp_path: Path) -> None:
    assert not is_held(tmp_path / "lock")


def test_a_secret_is_made_once_and_kept_private(tmp_path: Path) -> None:
    made = kept_secret(tmp_path / "secret")
    assert len(made) >= 50
    assert kept_secret(tmp_path / "secret") == made
    assert kept_secret(tmp_path / "other") != made
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600


def test_a_failed_replacement_leaves_the_old_file(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match="folder"):
        write_private(tmp_path / "folder", "text")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_a_folder_is_closed_or_passable(tmp_path: Path) -> None:
    assert make_folder(tmp_path / "a" / "b").stat().st_mode & 0o777 == 0o700
    assert make_folder(tmp_path / "a" / "b", passable=True).stat().st_mode & 0o777 == 0o711


def test_a_log_grows_until_it_is_too_long(tmp_path: Path) -> None:
    for _ in range(3):
        with open(open_log(tmp_path / "log", limit=12), "wb") as log:  # noqa: PTH123 - a descriptor
            log.write(b"12345678")
    assert (tmp_path / "log").read_bytes() == b"12345678"
