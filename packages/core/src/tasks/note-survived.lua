-- Reverts the count of one lost worker, if the task still exists.
--
-- @returns null

local job = KEYS[1] -- the task's job

-- BullMQ's count of how often the job lost its worker.
if redis.call('EXISTS', job) == 1 then redis.call('HINCRBY', job, 'stc', -1) end
