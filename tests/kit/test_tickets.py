"""A ticket opens one thing, once, soon."""

from concurrent.futures import ThreadPoolExecutor
from time import sleep

import pytest

from timetravelers.kit.live import tickets
from timetravelers.kit.live.tickets import issue_ticket, redeem_ticket

RESOURCE = "session:01a2046a"


def test_a_ticket_gives_its_bearer_once() -> None:
    ticket = issue_ticket(bearer='{"claims": "with spaces in"}', resource=RESOURCE)
    assert redeem_ticket(ticket, resource=RESOURCE) == '{"claims": "with spaces in"}'
    assert redeem_ticket(ticket, resource=RESOURCE) is None


def test_at_another_door_it_opens_nothing_and_is_used_up() -> None:
    ticket = issue_ticket(bearer="alice", resource=RESOURCE)
    assert redeem_ticket(ticket, resource="session:other") is None
    assert redeem_ticket(ticket, resource=RESOURCE) is None


def test_it_runs_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tickets, "TICKET_SECONDS", 1)
    ticket = issue_ticket(bearer="alice", resource=RESOURCE)
    sleep(1.1)
    assert redeem_ticket(ticket, resource=RESOURCE) is None


def test_of_twenty_at_once_one_gets_in() -> None:
    ticket = issue_ticket(bearer="alice", resource=RESOURCE)
    with ThreadPoolExecutor(20) as pool:
        bearers = list(pool.map(lambda _: redeem_ticket(ticket, resource=RESOURCE), range(20)))
    assert (bearers.count("alice"), bearers.count(None)) == (1, 19)


@pytest.mark.parametrize("ticket", ["", " ", "*", "\x00", "\r\nDEL x", "x" * 100_000, "\u00e9", "../limit:x"])
def test_what_was_never_issued(ticket: str) -> None:
    issue_ticket(bearer="alice", resource=RESOURCE)
    assert redeem_ticket(ticket, resource=RESOURCE) is None


def test_no_two_are_the_same_and_none_can_be_guessed() -> None:
    issued = {issue_ticket(bearer="alice", resource=RESOURCE) for _ in range(50)}
    assert len(issued) == 50
    assert min(map(len, issued)) >= 43
