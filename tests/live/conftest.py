"""One house for all live tests, two people who live in it, and a Manus that behaves again after each test."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from demo.line import Line
from demo.phone import Phone
from tests.live.stack import Stack, running_stack


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with running_stack(tmp_path_factory.mktemp("house") / "data") as stack:
        yield stack
    assert "Traceback" not in stack.house.log.read_text(), stack.house.last_lines()


@pytest.fixture
def stack(running: Stack) -> Iterator[Stack]:
    """The running house, at peace with Manus before and after."""
    running.make_peace()
    running.forgive_phones()
    yield running
    running.make_peace()


def sign_up(stack: Stack, *, consents: bool = True) -> Phone:
    """Somebody new, signed in, who allows the AI provider unless told otherwise."""
    stack.forgive_phones()
    phone = Phone(stack.base_url)
    phone.sign_up(f"{uuid4().hex}@timetravelers.example", "a long walk in the rain")
    phone.verify(phone.mailed_code())
    if consents:
        phone.post("/consents/", {"purpose": "ai_provider", "version": 1})
    return phone


@pytest.fixture(scope="module")
def phone(running: Stack) -> Iterator[Phone]:
    """The owner of the sessions."""
    owner = sign_up(running)
    yield owner
    owner.close()


@pytest.fixture(scope="module")
def other_phone(running: Stack) -> Iterator[Phone]:
    """Somebody else."""
    somebody = sign_up(running)
    yield somebody
    somebody.close()


@pytest.fixture
def session(phone: Phone, stack: Stack) -> str:
    """A session of the owner's in which nothing was said yet."""
    traveler = phone.get("/matches/", limit=1)["results"][0]["traveler"]
    return str(phone.post("/sessions/", {"traveler": traveler["uid"]})["uid"])


@pytest.fixture
def line(phone: Phone, session: str) -> Iterator[Line]:
    """The owner's open line to it."""
    opened = Line(phone, session)
    opened.open()
    yield opened
    opened.hang_up()
