-- Stops a bulk job, if it is unfinished. Returns whether it exists. Its items go soon: a process may still
-- count those that it has begun.
--
-- @include ../redis/clock.lua
-- @include ./finish.lua
-- @import { BULK } from './bulk-fields.js'
-- @returns 0 | 1

local job = KEYS[1] -- the job's hash
local items = KEYS[2] -- the ids that it has still to handle
local open = KEYS[3] -- unfinished jobs by when a process may take them
local id = ARGV[1] -- the job's id
local keepMs = ARGV[2] -- how long its items stay, ms

local state = redis.call('HGET', job, BULK.state)
if not state then return 0 end
if state ~= 'counting' and state ~= 'running' then return 1 end
finishBulk(job, items, open, id, 'stopped', nowMs())
redis.call('PEXPIRE', items, keepMs)
return 1
