"""How parallel workers share the tests: the live ones go to one worker, which alone has a house to run."""

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

LIVE = "tests/live/"


class OneHouse(LoadScopeScheduling):  # type: ignore[misc]  # xdist's types are not marked as such
    """Hands out tests one by one, but all live tests, which share a running house, as one piece.

    The largest piece goes out first, so the live tests run beside all others. xdist's own groups do the same
    by a mark; with the present pytest they no longer have an effect.
    """

    def _split_scope(self, nodeid: str) -> str:
        return LIVE if nodeid.startswith(LIVE) else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> OneHouse:
    """Asked by xdist when there are parallel workers."""
    return OneHouse(config, log)
