"""Every committed fault script: it is sound, it says what it rehearses, and it does what it says."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path

import pytest

from mentors.manus.simulator.scripts import SCRIPTS, BadScript, committed_scripts, load_script, script_schema
from tests.mentors.manus.conftest import StartSimulator, Witness
from tests.mentors.manus.inbox import receiving
from tests.mentors.manus.simulator.checks import CHECKS
from tests.mentors.manus.simulator.wire import still


@pytest.mark.parametrize("name", committed_scripts())
def test_a_script_does_what_it_says(name: str, start_simulator: StartSimulator, witness: Witness) -> None:
    witness.loose_numbers = name == "loose-numbers"
    with ExitStack() as stack:
        inbox = stack.enter_context(receiving())
        wire = still(start_simulator)
        assert wire.post("webhook.create", {"url": inbox.url}).status_code == 200
        inbox.letters.clear()
        wire.server.load(name)
        CHECKS[name](wire, inbox)


def test_every_script_has_a_check_and_says_what_it_rehearses() -> None:
    assert set(CHECKS) == set(committed_scripts())
    assert all(load_script(name).rehearses.endswith(".") for name in committed_scripts())


def test_the_schema_beside_the_scripts_is_the_one_they_are_checked_by() -> None:
    assert json.loads((SCRIPTS / "schema.json").read_text()) == json.loads(json.dumps(script_schema()))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "rehearses: x",
        "rehearses: x\nfaults: []",
        "rehearses: ' '\nfaults: [{endpoint: task.create, fault: slow}]",
        "rehearses: x\nfaults: [{endpoint: task.creat, fault: slow}]",
        "rehearses: x\nfaults: [{endpoint: task.create, fault: 500}]",
        "rehearses: x\nfaults: [{endpoint: task.list, fault: unseen}]",
        "rehearses: x\nfaults: [{endpoint: task.create, fault: slow, typo: 1}]",
        "rehearses: x\nfaults: [{endpoint: task.create, fault: slow}]\nmore: 1",
        "rehearses: [x\n",
        "rehearses: !!python/object:os.system x",
        "a: &a [*a, *a]\nrehearses: x",
        "\x00",
    ],
)
def test_a_script_that_makes_no_sense_is_refused_in_one_line(text: str, tmp_path: Path) -> None:
    path = tmp_path / "script.yaml"
    path.write_text(text)
    with pytest.raises(BadScript, match=r"script\.yaml"):
        load_script(path)


def test_a_script_that_is_not_there_or_too_large_is_refused(tmp_path: Path) -> None:
    for path in ("nothing", tmp_path, tmp_path / "no.yaml"):
        with pytest.raises(BadScript):
            load_script(path)
    (tmp_path / "large.yaml").write_text("#" * 300_000)
    with pytest.raises(BadScript, match="too large"):
        load_script(tmp_path / "large.yaml")
