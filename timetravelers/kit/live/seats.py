"""How many sockets one person has open, over all processes: whoever comes last may stay, the oldest goes.

Seats are counted in Valkey and kept only while somebody says that they are still taken, so that a process that died
holds none. A seat is named by a UUIDv7: names sort by age.
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.conf import settings

from timetravelers.kit.limits import valkey

# A seat that nobody speaks for is free after KEPT_SECONDS; it is spoken for every KEEP_SECONDS.
KEPT_SECONDS = 90
KEEP_SECONDS = 30.0

_TAKE = """
local t = redis.call('TIME')
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', t[1])
redis.call('ZADD', KEYS[1], t[1] + ARGV[3], ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[3])
local seats = redis.call('ZRANGE', KEYS[1], 0, -1)
table.sort(seats)
local surplus = #seats - tonumber(ARGV[2])
for place = 1, surplus do
  redis.call('ZREM', KEYS[1], seats[place])
  redis.call('SADD', KEYS[2], seats[place])
  redis.call('EXPIRE', KEYS[2], ARGV[3])
end
return math.max(0, surplus)
"""
_KEEP = """
if redis.call('SISMEMBER', KEYS[2], ARGV[1]) == 1 then return 0 end
local t = redis.call('TIME')
redis.call('ZADD', KEYS[1], t[1] + ARGV[2], ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[2])
return 1
"""


@dataclass(frozen=True, slots=True)
class Seat:
    """A socket of somebody's."""

    person: int
    name: str

    @property
    def keys(self) -> list[str]:
        """The person's seats, and those that were taken from them."""
        taken = f"{settings.REDIS_PREFIX}:live:seats:{self.person}"
        return [taken, f"{taken}:lost"]


def take_seat(seat: Seat) -> int:
    """Sit down; how many of the person's oldest seats were taken from them for it. Raises redis.RedisError."""
    take = valkey().register_script(_TAKE)
    return int(take(keys=seat.keys, args=[seat.name, settings.LIVE_SOCKETS_PER_PERSON, KEPT_SECONDS]))


def keep_seats(seats: Collection[Seat]) -> set[Seat]:
    """Say that these are still taken; returns those that are not, since newer ones took their place.

    A Valkey that lost its memory is told anew. Raises redis.RedisError.
    """
    asked = list(seats)
    pipe = valkey().pipeline(transaction=False)
    keep = valkey().register_script(_KEEP)
    for seat in asked:
        keep(keys=seat.keys, args=[seat.name, KEPT_SECONDS], client=pipe)
    answers = pipe.execute() if asked else []
    return {seat for seat, is_kept in zip(asked, answers, strict=True) if not is_kept}


def leave_seats(seats: Collection[Seat]) -> None:
    """Stand up. Raises redis.RedisError."""
    pipe = valkey().pipeline(transaction=False)
    for seat in seats:
        pipe.zrem(seat.keys[0], seat.name)
    if seats:
        pipe.execute()
