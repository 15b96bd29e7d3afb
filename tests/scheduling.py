"""How parallel workers share the tests: what shares something costly to set up goes to one worker."""

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

# A running house; a database of millions of rows.
PIECES = ("tests/live/", "tests/plans/")


class OneHouse(LoadScopeScheduling):  # type: ignore[misc]  # xdist's types are not marked as such
    """Hands out tests one by one, but those below each of PIECES as one piece.

    The largest piece goes out first, so the live tests run beside all others. xdist's own groups do the same
    by a mark; with the present pytest they no longer have an effect.
    """

    def _split_scope(self, nodeid: str) -> str:
        return next((piece for piece in PIECES if nodeid.startswith(piece)), nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> OneHouse:
    """Asked by xdist when there are parallel workers."""
    return OneHouse(config, log)
