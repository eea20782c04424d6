"""The steps that Redis does as one, in its own language.

Under the prefix `p` (the key of every script) live:

- `p:kept`, a hash of kept sessions by name
- `p:journal`, a hash of the texts of journal rows by key: what is not in it is closed
- `p:rows:<owner>`, a sorted set of the keys that an owner answers for, by their age; owner `-` is nobody
- `p:owners`, the set of owners that may have rows
- `p:alive:<owner>`, which is there while an owner renews its lease
- `p:lock:<name>`, "owner token" while a lock is held, for as long as it is renewed
- `p:clock`, a counter that gives rows their age
"""

from __future__ import annotations

WRITE = """
local p, me, lease = KEYS[1], ARGV[1], ARGV[2]
local at = 2
local function following()
    at = at + 1
    return ARGV[at]
end
local recorded = tonumber(following())
if recorded > 0 then
    redis.call('SET', p .. ':alive:' .. me, '1', 'PX', lease)
    redis.call('SADD', p .. ':owners', me)
end
for _ = 1, recorded do
    local key, text = following(), following()
    redis.call('HSET', p .. ':journal', key, text)
    redis.call('ZADD', p .. ':rows:' .. me, redis.call('INCR', p .. ':clock'), key)
end
for _ = 1, tonumber(following()) do
    local key = following()
    redis.call('HDEL', p .. ':journal', key)
    redis.call('ZREM', p .. ':rows:' .. me, key)
end
for _ = 1, tonumber(following()) do
    local key = following()
    local age = redis.call('ZSCORE', p .. ':rows:' .. me, key)
    redis.call('ZREM', p .. ':rows:' .. me, key)
    redis.call('ZADD', p .. ':rows:-', age or redis.call('INCR', p .. ':clock'), key)
    redis.call('SADD', p .. ':owners', '-')
end
for _ = 1, tonumber(following()) do
    local name, text = following(), following()
    redis.call('HSET', p .. ':kept', name, text)
end
for _ = 1, tonumber(following()) do
    redis.call('HDEL', p .. ':kept', following())
end
return 1
"""
"""Counted lists: rows (key, text), rows to forget, rows to abandon, kept sessions (name, text), names to delete."""

CLAIM = """
local p, me, lease, prefix = KEYS[1], ARGV[1], ARGV[2], ARGV[3]
local mine = p .. ':rows:' .. me
for _, owner in ipairs(redis.call('SMEMBERS', p .. ':owners')) do
    if owner ~= me and redis.call('EXISTS', p .. ':alive:' .. owner) == 0 then
        local theirs = p .. ':rows:' .. owner
        local rows = redis.call('ZRANGE', theirs, 0, -1, 'WITHSCORES')
        for i = 1, #rows, 2 do
            if redis.call('HEXISTS', p .. ':journal', rows[i]) == 0 then
                redis.call('ZREM', theirs, rows[i])
            elseif string.sub(rows[i], 1, #prefix) == prefix then
                redis.call('ZADD', mine, rows[i + 1], rows[i])
                redis.call('ZREM', theirs, rows[i])
            end
        end
        if redis.call('EXISTS', theirs) == 0 then
            redis.call('SREM', p .. ':owners', owner)
        end
    end
end
local found = {}
for _, key in ipairs(redis.call('ZRANGE', mine, 0, -1)) do
    local text = redis.call('HGET', p .. ':journal', key)
    if text and string.sub(key, 1, #prefix) == prefix then
        found[#found + 1] = key
        found[#found + 1] = text
    end
end
if #found > 0 then
    redis.call('SET', p .. ':alive:' .. me, '1', 'PX', lease)
    redis.call('SADD', p .. ':owners', me)
end
return found
"""

TAKE = """
local lock, me, token, lease = KEYS[1] .. ':lock:' .. ARGV[3], ARGV[1], ARGV[4], ARGV[2]
local held = redis.call('GET', lock)
if held and string.sub(held, 1, #me + 1) ~= me .. ' ' then
    return 0
end
redis.call('SET', lock, me .. ' ' .. token, 'PX', lease)
return 1
"""

DROP = """
local lock = KEYS[1] .. ':lock:' .. ARGV[2]
if redis.call('GET', lock) == ARGV[1] .. ' ' .. ARGV[3] then
    redis.call('DEL', lock)
end
return 1
"""

RENEW = """
local p, me, lease = KEYS[1], ARGV[1], ARGV[2]
local known = redis.call('EXISTS', p .. ':alive:' .. me)
redis.call('SET', p .. ':alive:' .. me, '1', 'PX', lease)
for i = 3, #ARGV, 2 do
    local lock, value = p .. ':lock:' .. ARGV[i], me .. ' ' .. ARGV[i + 1]
    local held = redis.call('GET', lock)
    if not held or held == value then
        redis.call('SET', lock, value, 'PX', lease)
    end
end
return known
"""
