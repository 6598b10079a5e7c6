-- Wraps BullMQ's moveToFinished: records the end of a task in the index.
--
-- @around
-- @include ./task-index.lua

local job = KEYS[12] -- the task's job
local id = ARGV[1] -- the task's id
local target = ARGV[5] -- 'completed' or 'failed'
local prefix = ARGV[7] -- prefix of the queue's keys

local result = bullmq()
if type(result) ~= 'number' or result >= 0 then
  noteEnd(job, id, target == 'completed' and 'SUCCESS' or 'FAILURE', rootOf(prefix))
end
return result
