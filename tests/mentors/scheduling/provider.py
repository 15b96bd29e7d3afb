"""The provider's side of the quota, written without a look at how ours works."""

from collections import Counter, defaultdict
from collections.abc import Iterable

MINUTE = 60.0


def most_in_a_minute(arrivals: Iterable[float]) -> int:
    """The largest number of arrivals in any 60 seconds, both ends included but for the later one."""
    moments = sorted(arrivals)
    return max((sum(start <= one < start + MINUTE for one in moments) for start in moments), default=0)


class Provider:
    """Counts what arrives, by account and endpoint, and says 429 to what is too much."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.arrivals: dict[tuple[int, str], list[float]] = defaultdict(list)
        self.refused: list[tuple[int, str, float]] = []
        self.by_subject: Counter[object] = Counter()

    def receive(self, account: int, endpoint: str, moment: float, subject: object) -> bool:
        """A call arrives; False if it is refused."""
        heard = self.arrivals[account, endpoint]
        if sum(moment - MINUTE < one <= moment for one in heard) >= self.limit:
            self.refused.append((account, endpoint, moment))
            return False
        heard.append(moment)
        self.by_subject[subject] += 1
        return True

    def total(self) -> int:
        return sum(len(heard) for heard in self.arrivals.values())
