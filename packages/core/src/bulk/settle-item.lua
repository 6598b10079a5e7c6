-- Counts the outcome of one item of a bulk job, once, and ends the job after the last one. Returns the job's
-- state; 'lost' if another process works on it.
--
-- @include ../redis/clock.lua
-- @include ./finish.lua
-- @import { BULK, REASON_EXAMPLES } from './bulk-fields.js'
-- @returns 'running' | 'done' | 'stopped' | 'lost'

local job = KEYS[1] -- the job's hash
local items = KEYS[2] -- the ids that it has still to handle
local open = KEYS[3] -- unfinished jobs by when a process may take them
local id = ARGV[1] -- the job's id
local token = ARGV[2] -- names the caller
local item = ARGV[3] -- the item
local outcome = ARGV[4] -- 'done', 'skipped' or 'failed'
local code = ARGV[5] -- why; '' if it is done
local example = ARGV[6] -- the id that people know
local made = ARGV[7] -- tasks of the job that may not have started; '' for none
local leaseMs = tonumber(ARGV[8]) -- how long it stays the caller's, ms

if redis.call('LREM', items, -1, item) > 0 then
  redis.call('HINCRBY', job, outcome, 1)
  if code ~= '' then
    local count = redis.call('HINCRBY', job, 'n:' .. outcome .. ':' .. code, 1)
    local field = 'x:' .. outcome .. ':' .. code
    local known = redis.call('HGET', job, field)
    if count <= REASON_EXAMPLES then
      redis.call('HSET', job, field, known and known .. ' ' .. example or example)
    end
  end
end
local row = redis.call('HMGET', job, BULK.state, BULK.runner)
if row[1] ~= 'running' then return row[1] or 'lost' end
if redis.call('EXISTS', items) == 0 then return finishBulk(job, items, open, id, 'done', nowMs()) end
if row[2] ~= token then return 'lost' end
redis.call('HSET', job, BULK.made, made)
redis.call('HDEL', job, BULK.waits)
redis.call('ZADD', open, 'XX', nowMs() + leaseMs, id)
return 'running'
