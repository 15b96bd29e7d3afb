"""`python -m timetravelers.runtime exec -- COMMAND`: run a command on temporary engines."""

import argparse
import contextlib
import os
import subprocess
import sys
from collections.abc import Sequence

from timetravelers.runtime.errors import StartError
from timetravelers.runtime.interrupts import Interrupted, Interrupts
from timetravelers.runtime.temporary import temporary_engines

_CANNOT_RUN = 127
_GRACE = 30.0  # seconds


def main(arguments: Sequence[str]) -> int:
    """Return the command's exit code as a shell would; 127 if it cannot be run, 1 without engines."""
    parser = argparse.ArgumentParser(prog="python -m timetravelers.runtime", description=__doc__)
    parser.add_argument("action", choices=["exec"])
    parser.add_argument("command", nargs=argparse.REMAINDER, help="-- and the command with its arguments")
    command = [word for i, word in enumerate(parser.parse_args(arguments).command) if (i, word) != (0, "--")]
    if not command:
        parser.error("no command given")
    with Interrupts() as interrupts:
        try:
            with temporary_engines(os.environ) as engines:
                return _run(command, {**os.environ, **engines.environment}, interrupts)
        except StartError as problem:
            sys.stderr.write(f"error: {problem}\n")
            return 1
        except Interrupted as interrupted:
            return 128 + interrupted.signum


def _run(command: list[str], environment: dict[str, str], interrupts: Interrupts) -> int:
    try:
        process = subprocess.Popen(command, env=environment)  # noqa: S603 - what our caller asked for
    except OSError as problem:
        sys.stderr.write(f"error: cannot run {command[0]}: {problem.strerror}\n")
        return _CANNOT_RUN
    try:
        code = process.wait()
        return code if code >= 0 else 128 - code
    finally:
        interrupts.settle()
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """After an interrupt: the terminal has told the command as well; a SIGTERM is for us to pass on."""
    if process.poll() is None:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=_GRACE)
        process.kill()
        process.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
