"""Time that passes when it is told to."""

from datetime import UTC, datetime, timedelta

MIDNIGHT = datetime(2026, 11, 23, tzinfo=UTC)


class FakeClock:
    """Begins in the morning of a day; `moment` for rows, `seconds` for the windows."""

    def __init__(self, begin: datetime = MIDNIGHT + timedelta(hours=8)) -> None:
        self._moment = begin

    def moment(self) -> datetime:
        return self._moment

    def seconds(self) -> float:
        return self._moment.timestamp()

    def advance(self, seconds: float) -> None:
        self._moment += timedelta(seconds=seconds)

    def go_back_to(self, moment: datetime) -> None:
        self._moment = moment

    def go_to(self, seconds: float) -> None:
        self._moment = datetime.fromtimestamp(max(seconds, self.seconds()), UTC)
