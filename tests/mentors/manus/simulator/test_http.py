"""The simulator's front door: strictness, bad HTTP, keep-alive, control endpoints."""

from __future__ import annotations

import socket
import time
from typing import Any

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mentors.manus.simulator.contract import load_contract
from mentors.manus.simulator.http import LARGEST_BODY
from mentors.manus.simulator.routes import ROUTES
from mentors.manus.simulator.server import Settings, SimulatorServer
from tests.mentors.manus.conftest import KEY, StartSimulator, eventually

HEADERS = {"x-manus-api-key": KEY}


def post(server: SimulatorServer, path: str, body: object, **headers: str) -> requests.Response:
    return requests.post(f"{server.url}{path}", json=body, headers={**HEADERS, **headers}, timeout=20)


def get(server: SimulatorServer, path: str, **headers: str) -> requests.Response:
    return requests.get(f"{server.url}{path}", headers={**HEADERS, **headers}, timeout=20)


def raw(server: SimulatorServer, data: bytes, *, close: bool = True) -> bytes:
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(data)
        if close:
            connection.shutdown(socket.SHUT_WR)
        received = b""
        while chunk := connection.recv(65536):
            received += chunk
    return received


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        "text",
        None,
        {"message": "hello"},
        {"message": {}},
        {"message": {"content": 5}},
        {"message": {"content": [{"type": "text"}]}},
        {"message": {"content": [{"type": "song", "text": "la"}]}},
        {"message": {"content": [{"type": "file"}]}},
        {"message": {"content": [{"type": "file", "file_id": "a", "file_url": "b"}]}},
        {"message": {"content": "x", "typo": 1}},
        {"message": {"content": "x", "task_references": ["short"]}},
        {"message": {"content": "x"}, "tittle": "typo"},
        {"message": {"content": "x"}, "interactive_mode": "yes"},
        {"message": {"content": "x"}, "share_visibility": "everyone"},
        {"message": {"content": "x"}, "agent_profile": "gpt"},
    ],
)
def test_what_the_contract_does_not_name_is_refused(simulator: SimulatorServer, body: object) -> None:
    response = post(simulator, "/v2/task.create", body)
    assert response.status_code == 400
    assert response.json()["error"]["code"] == "invalid_argument"
    assert simulator.calls.summary()["task.create"]["executed"] == 0


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?task_id=a&task_id=b",
        "?task_id=a&limit=0",
        "?task_id=a&limit=201",
        "?task_id=a&limit=ten",
        "?task_id=a&limit=%D9%A3",
        "?task_id=a&order=sideways",
        "?task_id=a&verbose=1",
        "?task_id=a&color=red",
    ],
)
def test_queries_are_checked_too(simulator: SimulatorServer, query: str) -> None:
    assert get(simulator, f"/v2/task.listMessages{query}").status_code == 400


@pytest.mark.parametrize("cursor", ["x", "YWZ0ZXI6", "////", "%00", "é"])
def test_cursors_we_never_gave_out_do_no_harm(simulator: SimulatorServer, cursor: str) -> None:
    response = requests.get(f"{simulator.url}/v2/task.list", params={"cursor": cursor}, headers=HEADERS, timeout=20)
    assert response.status_code in (200, 400)


@pytest.mark.parametrize("key", [None, "", "wrong", KEY + "x", KEY[:-1]])
def test_the_key_is_checked(simulator: SimulatorServer, key: str | None) -> None:
    headers = {} if key is None else {"x-manus-api-key": key}
    response = requests.get(f"{simulator.url}/v2/task.list", headers=headers, timeout=20)
    assert response.status_code == 401
    assert response.json()["error"]["code"] == "unauthenticated"


@pytest.mark.parametrize(
    "path", ["/", "/v2/", "/v2/task.nothing", "/v1/tasks", "/v2/task.create", "/v2/skill.list", "/../etc/passwd"]
)
def test_unknown_places_are_not_found(simulator: SimulatorServer, path: str) -> None:
    assert get(simulator, path).status_code == 404


def test_every_answer_says_where_it_comes_from(simulator: SimulatorServer) -> None:
    for response in (
        get(simulator, "/v2/task.list"),
        get(simulator, "/nothing"),
        post(simulator, "/v2/task.create", 1),
    ):
        assert response.headers["X-Manus-Simulator"] == "1"


@pytest.mark.parametrize(
    "data",
    [
        b"\r\n\r\n",
        b"nonsense\r\n\r\n",
        b"GET /v2/task.list HTTP/9.9\r\n\r\n",
        b"GET " + b"/" * 70_000 + b" HTTP/1.1\r\n\r\n",
        b"POST /v2/task.create HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
        b"POST /v2/task.create HTTP/1.1\r\nContent-Length: ten\r\n\r\n",
        b"POST /v2/task.create HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /v2/task.create HTTP/1.1\r\nContent-Length: " + str(LARGEST_BODY + 1).encode() + b"\r\n\r\n",
        b"POST /v2/task.create HTTP/1.1\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n",
        b"POST /v2/task.create HTTP/1.1\r\nContent-Length: 100\r\n\r\nshort",
        b"GET /v2/task.list HTTP/1.1\r\n" + b"a: b\r\n" * 500 + b"\r\n",
        b"BREW /v2/task.list HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"GET http://[broken/v2/task.list HTTP/1.1\r\n\r\n",
    ],
)
def test_bad_http_ends_the_connection_and_nothing_else(simulator: SimulatorServer, data: bytes) -> None:
    raw(simulator, data)
    assert get(simulator, "/v2/task.list").status_code == 200


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400))
def test_any_body_gets_an_envelope(simulator: SimulatorServer, body: bytes) -> None:
    response = requests.post(f"{simulator.url}/v2/task.create", data=body, headers=HEADERS, timeout=20)
    assert response.status_code == 400
    assert response.json()["ok"] is False


def test_a_connection_is_kept_for_many_requests(simulator: SimulatorServer) -> None:
    request = f"GET /v2/project.list HTTP/1.1\r\nHost: x\r\nx-manus-api-key: {KEY}\r\n\r\n".encode()
    assert raw(simulator, request * 5).count(b"HTTP/1.1 200") == 5


def test_a_client_that_says_nothing_does_not_hold_up_others(simulator: SimulatorServer) -> None:
    host, port = simulator.url.removeprefix("http://").split(":")
    idle = [socket.create_connection((host, int(port))) for _ in range(20)]
    try:
        assert get(simulator, "/v2/task.list").status_code == 200
    finally:
        for connection in idle:
            connection.close()


def test_a_hanging_answer_ends_when_the_server_stops(start_simulator: StartSimulator) -> None:
    server = start_simulator()
    server.arm("task.list", "hang")
    request = f"GET /v2/task.list HTTP/1.1\r\nx-manus-api-key: {KEY}\r\n\r\n".encode()
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(request)
        eventually(lambda: server.calls.summary().get("task.list"))
        started = time.monotonic()
        server.stop()
        assert connection.recv(100) == b""
    assert time.monotonic() - started < 20


def test_two_simulators_can_not_share_an_address(simulator: SimulatorServer) -> None:
    port = int(simulator.url.rsplit(":", 1)[1])
    with pytest.raises(OSError, match="in use"):
        SimulatorServer(Settings(api_keys=[KEY], port=port)).start()


def test_a_simulator_without_a_key_is_refused() -> None:
    with pytest.raises(ValueError, match="key"):
        SimulatorServer(Settings(api_keys=[""]))


def test_ids_and_replies_are_the_same_under_a_seed(start_simulator: StartSimulator) -> None:
    def run(seed: int) -> tuple[str, str]:
        server = start_simulator(seed=seed)
        task_id = post(server, "/v2/task.create", {"message": {"content": "I feel stuck"}}).json()["task_id"]
        path = f"/v2/task.listMessages?task_id={task_id}"
        events: list[dict[str, Any]] = eventually(
            lambda: found if len(found := get(server, path).json()["messages"]) == 4 else None
        )
        return task_id, events[1]["assistant_message"]["content"]

    assert run(3) == run(3)
    assert run(3)[0] != run(4)[0]


def test_faults_come_by_control_endpoint_by_header_and_in_order(simulator: SimulatorServer) -> None:
    script = [{"endpoint": "task.list", "fault": "500", "times": 2}, {"endpoint": "*", "fault": "403"}]
    assert post(simulator, "/_simulator/faults", script).json()["faults"][0]["times"] == 2
    assert [get(simulator, "/v2/task.list").status_code for _ in range(4)] == [500, 500, 403, 200]
    assert get(simulator, "/v2/task.list", **{"X-Simulator-Fault": "412"}).status_code == 412
    assert get(simulator, "/v2/task.list", **{"X-Simulator-Fault": "nonsense"}).status_code == 400
    post(simulator, "/_simulator/faults", {"endpoint": "task.list", "fault": "500", "times": None})
    assert [get(simulator, "/v2/task.list").status_code for _ in range(5)] == [500] * 5
    requests.delete(f"{simulator.url}/_simulator/faults", timeout=20)
    assert get(simulator, "/v2/task.list").status_code == 200


@pytest.mark.parametrize(
    "script",
    [
        {},
        [],
        {"endpoint": "task.list", "fault": "nonsense"},
        {"endpoint": "task.list", "fault": "500", "times": 0},
        {"endpoint": "task.list", "fault": "500", "seconds": -1},
        {"endpoint": "task.list", "fault": "500", "typo": 1},
        {"endpoint": "webhook", "fault": "500"},
        {"endpoint": "task.reply", "fault": "lost"},
    ],
)
def test_a_script_that_makes_no_sense_is_refused_as_a_whole(simulator: SimulatorServer, script: object) -> None:
    response = post(simulator, "/_simulator/faults", script)
    assert response.status_code == (200 if script == [] else 400)
    assert get(simulator, "/_simulator/faults").json()["faults"] == []


def test_calls_are_counted(simulator: SimulatorServer) -> None:
    post(simulator, "/v2/task.create", {"message": {"content": "hello"}})
    post(simulator, "/v2/task.create", {})
    summary = eventually(
        lambda: found if (found := get(simulator, "/_simulator/calls").json())["replies"] == 1 else None
    )
    assert summary["calls"]["task.create"] == {"received": 2, "executed": 1, "statuses": {"200": 1, "400": 1}}
    assert (summary["tasks"], summary["user_messages"]) == (1, 1)
    requests.delete(f"{simulator.url}/_simulator/calls", timeout=20)
    assert get(simulator, "/_simulator/calls").json()["calls"] == {}


def test_health_is_told_without_a_key(simulator: SimulatorServer) -> None:
    assert requests.get(f"{simulator.url}/_simulator/health", timeout=20).json()["simulator"] is True


def test_every_route_is_in_the_contract() -> None:
    assert all(load_contract().operation(endpoint) for endpoint in ROUTES)
