-- Opens and resolves alerts of one rule, and puts what is to be told into the outbox, in one step. An alert
-- that is open already stays, and one that is resolved already is not resolved again, so each is told once.
-- Does nothing if the rule has changed since it was read. Removes the oldest alerts beyond the maximum.
--
-- @include ../redis/arguments.lua
-- @include ../redis/clock.lua
-- @import { ALERT, ID_TIME } from './alert-hash.js'
-- @returns 0 | 1

local rules = KEYS[1] -- all rules by id
local open = KEYS[2] -- open alerts by their rule and subject
local alerts = KEYS[3] -- all alerts, by id
local outbox = KEYS[4] -- what is still to be told, by due time
local states = KEYS[5] -- what rules remember, by id
local prefix = ARGV[1] -- prefix of the alerts' hashes
local rule = ARGV[2] -- the rule's id
local read = ARGV[3] -- the rule as it was read, as JSON; '' if it does not exist
local state = ARGV[4] -- what the rule remembers, as JSON; '' to keep that
local resolution = ARGV[5] -- why alerts end
local most = tonumber(ARGV[6]) -- maximum number of alerts
local oldest = tonumber(ARGV[7]) -- alerts that began before this are removed, ms since the epoch
local tells = ARGV[8] == '1' -- whether the end of an alert is told
local news = tonumber(ARGV[9]) -- how many alerts are opened
local given = rest(ARGV, 10) -- for each of these its subject, id and description; then subjects that end

-- How many alerts one call removes at most.
local MOST_REMOVED = 20

if (redis.call('HGET', rules, rule) or '') ~= read then return 0 end
local now = nowMs()
if state ~= '' then redis.call('HSET', states, rule, state)
elseif read == '' then redis.call('HDEL', states, rule) end
for n = 1, news * 3, 3 do
  local place, id, about = rule .. ' ' .. given[n], given[n + 1], given[n + 2]
  if redis.call('HSETNX', open, place, id) == 1 then
    redis.call('HSET', prefix .. id, ALERT.about, about, ALERT.opened, string.format('%.0f', now))
    redis.call('ZADD', alerts, 0, id)
    redis.call('ZADD', outbox, now, id .. ' opened')
  end
end
for n = news * 3 + 1, #given do
  local place = rule .. ' ' .. given[n]
  local id = redis.call('HGET', open, place)
  if id then
    redis.call('HDEL', open, place)
    redis.call('HSET', prefix .. id, ALERT.resolved, string.format('%.0f', now), ALERT.resolution, resolution)
    if tells then redis.call('ZADD', outbox, now, id .. ' resolved') end
  end
end
for _ = 1, MOST_REMOVED do
  local first = redis.call('ZRANGE', alerts, 0, 0)[1]
  if not first then break end
  local began = tonumber(string.sub(first, ID_TIME.first, ID_TIME.last), 16)
  if began >= oldest and redis.call('ZCARD', alerts) <= most then break end
  if redis.call('HEXISTS', prefix .. first, ALERT.resolved) == 0 then break end
  redis.call('ZREM', alerts, first)
  redis.call('UNLINK', prefix .. first)
end
return 1
