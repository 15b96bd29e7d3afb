"""The process that looks into files: bounded, alone, and unable to reach anything."""

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from consciousness.vetting import landlock, running
from consciousness.vetting.running import ROOT, look_into
from consciousness.vetting.verdicts import Reason, Unacceptable
from tests.consciousness.files.bad import BAD
from tests.consciousness.files.good import GOOD
from tests.factories.documents import pdf


def confined(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a script as if it were the code of a parser that somebody had taken over."""
    code = "from pathlib import Path\nfrom consciousness.vetting.confinement import confine\n"
    code += f"confine(Path({str(folder)!r}))\n{textwrap.dedent(script)}"
    return python(code)


def python(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-B", "-c", textwrap.dedent(code)],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    "script",
    [
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import socket; socket.getaddrinfo('example.org', 443)",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.system('true')",
        "import os; os.fork()",
        "import os; os.execv('/bin/true', ['true'])",
        "import ctypes; ctypes.CDLL(None)",
        "open('/tmp/somewhere-else', 'w')",
        "open(folder + '/../../somewhere-else', 'w')",
        "open(folder + '-beside', 'w')",
        "import os; os.open('/etc/hostname', os.O_RDONLY | os.O_TRUNC)",
        "import os; os.remove(outside)",
        "import os; os.rename(outside, folder + '/here')",
        "import os; os.truncate(outside, 0)",
        "import os; os.symlink('/etc/passwd', folder + '/clean')",
        "import os; os.link(outside, folder + '/clean')",
        "import os; os.mkdir('/tmp/somewhere-else')",
        "import shutil; shutil.rmtree(outside)",
        "open('/etc/passwd')",
        "open('/proc/self/environ')",
        "open('.env')",
        "open(outside)",
    ],
)
def test_it_can_reach_nothing(script: str, tmp_path: Path) -> None:
    folder, outside = tmp_path / "folder", tmp_path / "outside"
    folder.mkdir()
    outside.write_text("somebody else's")
    ended = confined(f"folder, outside = {str(folder)!r}, {str(outside)!r}\n{script}", folder)
    assert ended.returncode != 0
    assert "Confined" in ended.stderr
    assert outside.read_text() == "somebody else's"


@pytest.mark.skipif(not landlock.version(), reason="this kernel has no Landlock; Python's own guard has to do")
@pytest.mark.parametrize(
    ("act", "error"),
    [
        ("open('/etc/passwd')", "PermissionError"),
        ("open('.env.example')", "PermissionError"),
        ("open(outside, 'a')", "PermissionError"),
        ("os.remove(outside)", "PermissionError"),
        ("os.truncate(outside, 0)", "PermissionError"),
        ("os.symlink(outside, folder + '/link')", "PermissionError"),
        ("os.mkdir(folder + '/more')", "PermissionError"),
        ("os.execv('/bin/true', ['true'])", "PermissionError"),
        ("socket.create_connection(('127.0.0.1', 9))", "PermissionError"),
        ("open(folder + '/x', 'w').write('x'); os.remove(folder + '/x'); import zoneinfo; print('done')", ""),
    ],
)
def test_the_kernel_holds_it_without_python(act: str, error: str, tmp_path: Path) -> None:
    """As if the code that had been taken over were no Python, and no hook saw what it does."""
    folder, outside = tmp_path / "folder", tmp_path / "outside"
    folder.mkdir()
    outside.write_text("somebody else's")
    script = f"""
        import os, socket
        from pathlib import Path
        from consciousness.vetting.confinement import CODE
        from consciousness.vetting.landlock import fence
        folder, outside = {str(folder)!r}, {str(outside)!r}
        assert fence(reading=CODE, writing=Path(folder))
        {act}
    """
    ended = python(script)
    assert error in ended.stderr if error else ended.stdout == "done\n", ended.stderr
    assert outside.read_text() == "somebody else's"


def test_it_may_write_where_it_was_told(tmp_path: Path) -> None:
    ended = confined(f"open({str(tmp_path / 'here')!r}, 'w').write('x'); print('done')", tmp_path)
    assert ended.stdout.strip() == "done"


def test_it_has_so_much_memory_and_no_more(tmp_path: Path) -> None:
    assert "MemoryError" in confined("x = b'0' * 3_000_000_000", tmp_path).stderr


def test_it_writes_so_much_and_no_more(tmp_path: Path) -> None:
    script = f"""
        import signal
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        with open({str(tmp_path / "large")!r}, 'wb') as file:
            for _ in range(400):
                file.write(b'0' * 1_000_000)
    """
    assert "File too large" in confined(script, tmp_path).stderr
    assert (tmp_path / "large").stat().st_size <= 120_000_000


def test_a_file_is_looked_into_by_it(tmp_path: Path) -> None:
    name, body, text = GOOD["a CV"]
    (tmp_path / "body").write_bytes(body())
    found = look_into(tmp_path / "body", name, tmp_path)
    assert (found.media_type, found.pages, text in found.text) == ("application/pdf", 2, True)


def test_a_refusal_comes_back_out_of_it(tmp_path: Path) -> None:
    name, body, reason = BAD["a picture of too many pixels"]
    (tmp_path / "body").write_bytes(body())
    with pytest.raises(Unacceptable) as refused:
        look_into(tmp_path / "body", name, tmp_path)
    assert refused.value.reason.code == reason


def test_one_that_does_not_end_is_stopped_and_the_file_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "WALL_SECONDS", 1.0)
    fifo = tmp_path / "body"
    os.mkfifo(fifo)  # whoever opens it waits for a writer
    with pytest.raises(Unacceptable) as refused:
        look_into(fifo, "cv.pdf", tmp_path)
    assert refused.value.reason is Reason.TOO_COMPLEX


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "{",
        "[]",
        '{"refused": "made up"}',
        '{"found": {"media_type": "text/html"}}',
        '{"found": {"media_type": "image/png"}}',
        '{"found": {"media_type": "text/plain", "text": 7}}',
        '{"found": {"media_type": "text/plain", "is_remade": true}}',
        '{"found": {"media_type": "text/plain", "has_thumbnail": true}}',
    ],
)
def test_an_answer_that_makes_no_sense_is_not_believed(answer: str, tmp_path: Path) -> None:
    (tmp_path / "answer.json").write_text(answer)
    with pytest.raises(Unacceptable):
        running._answer(tmp_path, "text/plain")


@pytest.mark.parametrize("what", ["answer.json", "clean", "thumbnail"])
@pytest.mark.parametrize("link", [Path.symlink_to, Path.hardlink_to])
def test_what_it_made_is_no_way_to_something_else(what: str, link: Callable[..., None], tmp_path: Path) -> None:
    """Or a parser that somebody has taken over could have the house keep, and hand out, what lies elsewhere."""
    outside, folder = tmp_path / "outside", tmp_path / "folder"
    folder.mkdir()
    told = '{"found": {"media_type": "image/png", "is_remade": true, "has_thumbnail": true}}'
    for name, body in (("answer.json", told), ("clean", "x"), ("thumbnail", "y")):
        (folder / name).write_text(body)
    assert running._answer(folder, "image/png").is_remade
    (folder / what).rename(outside)
    link(folder / what, outside)
    with pytest.raises(Unacceptable):
        running._answer(folder, "image/png")


def test_it_knows_nothing_of_the_house(tmp_path: Path) -> None:
    (tmp_path / "body").write_bytes(pdf("x"))
    script = """
        import os, sys
        import consciousness.vetting.__main__
        print(sorted(name for name in sys.modules if name.startswith(("django", "timetravelers", "celery"))))
        print([name for name in os.environ if "SECRET" in name or "DATABASE" in name])
    """
    assert confined(script, tmp_path).stdout.split("\n")[:2] == ["[]", "[]"]
