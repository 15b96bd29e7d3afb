"""A chain of engines that cannot work is told of before anybody waits for it."""

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from mentors.engines.chain import engines
from timetravelers.checks import engines_can_be_asked


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    engines.cache_clear()
    yield
    engines.cache_clear()


@pytest.mark.parametrize(
    ("chain", "openai", "found"),
    [
        (["manus", "rehearsal"], {"base_url": ""}, []),
        (["manus", "openai"], {"base_url": "http://127.0.0.1:1/v1", "model": "m"}, []),
        (["manus", "openai"], {"base_url": ""}, ["timetravelers.E005"]),
        ([], {"base_url": ""}, ["timetravelers.E005"]),
        (["openai"], {"base_url": "http://example.org/v1", "model": "m"}, ["timetravelers.E005"]),
        (["openai"], {"base_url": "https://example.org/v1", "model": "m", "provider": "X"}, ["timetravelers.W001"]),
    ],
)
def test_what_is_found(settings: Settings, chain: list[str], openai: dict[str, str], found: list[str]) -> None:
    settings.ENGINE_CHAIN, settings.OPENAI = chain, openai
    assert [problem.id for problem in engines_can_be_asked()] == found
