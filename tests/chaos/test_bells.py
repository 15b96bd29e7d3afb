"""The switch that loses doorbells: off in the house, on in a storm, and it loses nothing else."""

import pytest
from pytest_django.fixtures import Settings

from timetravelers.kit.live.bells import Bells
from timetravelers.kit.live.hub import Hub


class Ear:
    """Counts what it hears."""

    def __init__(self) -> None:
        self.rings = 0
        self.papers = 0

    def rung(self, _seq: int) -> None:
        self.rings += 1

    def told(self, frame: str) -> None:
        raise AssertionError(frame)

    def papers_called(self) -> None:
        self.papers += 1


def test_the_house_itself_loses_none(settings: Settings) -> None:
    assert settings.LIVE_BELLS_LOST == 0.0


@pytest.mark.parametrize(("lost", "fewest", "most"), [(0.0, 1000, 1000), (0.3, 600, 800), (1.0, 0, 0)])
def test_so_many_are_lost(settings: Settings, lost: float, fewest: int, most: int) -> None:
    settings.LIVE_BELLS_LOST = lost
    hub, ear = Hub(), Ear()
    hub.join("t", ear)
    for seq in range(1000):
        hub._ring(Bells(rings={"t": seq}, papers=["t"]))
    assert fewest <= ear.rings <= most
    assert ear.papers == 1000
