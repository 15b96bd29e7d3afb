"""Everybody here polls and talks so much that the limits of one person would soon be met."""

from collections.abc import Iterator

import pytest

from demo.phone import Phone
from tests.live.conftest import sign_up
from tests.live.stack import Stack


@pytest.fixture
def phone(stack: Stack) -> Iterator[Phone]:
    """Somebody new for each test."""
    owner = sign_up(stack)
    yield owner
    owner.close()
