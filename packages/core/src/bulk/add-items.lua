-- Adds a page of ids to a bulk job that collects what matches. After the last page, or when it has as many as
-- it may, the job can begin. Returns its state; 'lost' if another process works on it.
--
-- @include ../redis/arguments.lua
-- @include ../redis/clock.lua
-- @include ./finish.lua
-- @import { BULK } from './bulk-fields.js'
-- @returns 'counting' | 'running' | 'done' | 'lost'

local job = KEYS[1] -- the job's hash
local items = KEYS[2] -- the ids that it handles, newest first
local open = KEYS[3] -- unfinished jobs by when a process may take them
local id = ARGV[1] -- the job's id
local token = ARGV[2] -- names the caller
local from = ARGV[3] -- where the page begins; '' for the first
local next = ARGV[4] -- where the next one begins; '' for none
local most = tonumber(ARGV[5]) -- how many ids the job may have
local leaseMs = tonumber(ARGV[6]) -- how long it stays the caller's, ms
local page = rest(ARGV, 7) -- the ids

local row = redis.call('HMGET', job, BULK.state, BULK.runner, BULK.cursor)
if row[1] ~= 'counting' or row[2] ~= token or (row[3] or '') ~= from then return 'lost' end
local count = redis.call('LLEN', items)
for n = 1, math.min(#page, most - count) do count = redis.call('RPUSH', items, page[n]) end
redis.call('HSET', job, BULK.total, count, BULK.cursor, next)
redis.call('ZADD', open, 'XX', nowMs() + leaseMs, id)
if next ~= '' and count < most then return 'counting' end
if count == 0 then return finishBulk(job, items, open, id, 'done', nowMs()) end
redis.call('HSET', job, BULK.state, 'running')
return 'running'
