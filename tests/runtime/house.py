"""A tiny house for tests of `up`: the real supervisor and engines, children of a few lines.

    python -m tests.runtime.house SCENARIO.json

The scenario names the data folder, the port, and the children with their Python source.
"""

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from timetravelers.runtime.console import Console
from timetravelers.runtime.plan import Plan, UpOptions
from timetravelers.runtime.processes import Command
from timetravelers.runtime.up import up

WEB = """
import http.server, signal, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
    def log_message(self, *words): pass
def leave(*_):
    print("web leaves", flush=True)
    sys.exit(0)
signal.signal(signal.SIGTERM, leave)
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""
WORKER = """
import signal, sys, time
def leave(*_):
    print("worker leaves", flush=True)
    sys.exit(0)
signal.signal(signal.SIGTERM, leave)
print("worker works", flush=True)
while True: time.sleep(0.1)
"""
DEAF = "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nprint('deaf', flush=True)\ntime.sleep(600)"
BROKEN = "raise SystemExit('the worker cannot find its tools')"


def main(scenario: Mapping[str, object]) -> int:
    """Run `up` on the scenario's children; its steps are names of scripts that stand in for manage.py."""
    configured = {**os.environ, **_strings(scenario["configured"])}
    children = _strings(scenario["children"])

    def planner(options: UpOptions, engines: Mapping[str, str]) -> Plan:
        environment = {**options.configured, **engines}
        commands = tuple(
            Command(name, (sys.executable, "-c", code, str(options.port)), environment, stop_rank=rank, grace=30)
            for rank, (name, code) in enumerate(children.items())
        )
        return Plan(commands, dict(engines), environment, "")

    options = UpOptions(
        host="127.0.0.1",
        port=int(str(scenario["port"])),
        data_dir=Path(str(scenario["data"])),
        project=Path(str(scenario["project"])),
        configured=configured,
    )
    steps = [(name, f"running {name}", (name,)) for name in _strings(scenario["steps"])]
    return up(options, Console(sys.stdout), planner=planner, steps=steps)


def _strings(value: object) -> dict[str, str]:
    assert isinstance(value, dict)
    return {str(name): str(text) for name, text in value.items()}


if __name__ == "__main__":
    sys.exit(main(json.loads(Path(sys.argv[1]).read_text())))
