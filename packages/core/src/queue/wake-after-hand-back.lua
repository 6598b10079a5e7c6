-- Put around BullMQ's moveJobFromActiveToWait: wakes a worker for a job that was handed back. BullMQ does so
-- only for its plain list: a job with a priority would wait until an idle worker looks again by itself, five
-- seconds later. No issue of BullMQ describes it (looked for: "moveJobFromActiveToWait prioritized marker",
-- "moveToWait worker not woken").
--
-- @around

local marker = KEYS[8] -- what workers block on

local result = bullmq()
if result >= 0 then redis.call('ZADD', marker, 0, '0') end
return result
