"""The atomic steps on a sliding window: members are slots, scores the latest moments (µs) at which they can count."""

_HEAD = """
local now = tonumber(ARGV[1])
if now == nil then
  local t = redis.call('TIME')
  now = t[1] * 1000000 + t[2]
end
local limit, window = tonumber(ARGV[2]), tonumber(ARGV[3])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - window)
local room = limit - redis.call('ZCARD', KEYS[1])
local function next_free()
  if limit <= 0 then return -1 end
  local place = redis.call('ZCARD', KEYS[1]) - limit
  if place < 0 then return 0 end
  local entry = redis.call('ZRANGE', KEYS[1], place, place, 'WITHSCORES')
  return math.max(1, tonumber(entry[2]) + window - now)
end
"""

# KEYS: window, memory. ARGV: now, limit, window, bound from now, milliseconds to keep, token...
# Returns how many tokens were reserved (-1: the memory is gone) and the microseconds to the next free slot.
RESERVE = (
    _HEAD
    + """
if redis.call('EXISTS', KEYS[2]) == 0 then return {-1, 0} end
local taken = 0
for i = 6, #ARGV do
  if taken >= room then break end
  redis.call('ZADD', KEYS[1], now + tonumber(ARGV[4]), ARGV[i])
  taken = taken + 1
end
if taken > 0 then redis.call('PEXPIRE', KEYS[1], ARGV[5]) end
return {taken, next_free()}
"""
)

# KEYS: window, memory. ARGV: now, limit, window, flight, milliseconds to keep, token, 1 if it was reserved.
# Returns 0 when the call may leave, else the microseconds to wait (-1: for ever, -2: the memory is gone).
SEND = (
    _HEAD
    + """
local known = redis.call('ZSCORE', KEYS[1], ARGV[6])
if not known and ARGV[7] == '1' and redis.call('EXISTS', KEYS[2]) == 0 then return -2 end
if known or room > 0 then
  redis.call('ZADD', KEYS[1], now + tonumber(ARGV[4]), ARGV[6])
  redis.call('PEXPIRE', KEYS[1], ARGV[5])
  return 0
end
return next_free()
"""
)
