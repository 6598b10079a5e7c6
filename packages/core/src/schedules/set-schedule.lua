-- Changes the state of a schedule if it is still the known one. Returns whether it was.
--
-- @returns 0 | 1

local states = KEYS[1] -- the states of the agent's schedules by id
local due = KEYS[2] -- the schedules of all agents by when a worker must look at them
local id = ARGV[1] -- the schedule's id
local member = ARGV[2] -- the schedule as a member of the set
local known = ARGV[3] -- the state that the new one was computed from
local state = ARGV[4] -- the new state
local score = ARGV[5] -- when a worker must look at it, ms; '' for never

if redis.call('HGET', states, id) ~= known then return 0 end
redis.call('HSET', states, id, state)
if score == '' then redis.call('ZREM', due, member) else redis.call('ZADD', due, score, member) end
return 1
