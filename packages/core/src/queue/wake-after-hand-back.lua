-- Wraps BullMQ's moveJobFromActiveToWait: wakes a worker for a job that was handed back. BullMQ does so only
-- for its plain list; a job with a priority would wait up to five seconds until an idle worker checks again.
-- No BullMQ issue describes this (searched: "moveJobFromActiveToWait prioritized marker", "moveToWait worker
-- not woken").
--
-- @around

local marker = KEYS[8] -- the key on which workers block

local result = bullmq()
if result >= 0 then redis.call('ZADD', marker, 0, '0') end
return result
