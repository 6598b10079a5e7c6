-- Replaces the texts of ended tasks by one. A task that is gone, or whose texts are one already, stays as it
-- is.
--
-- @include ../../redis/arguments.lua
-- @returns null

local stored = rest(KEYS, 1) -- for each task its job and its journal
local tasks = records(ARGV, 1, { -- the tasks
  'isSuccess', -- '1' if it succeeded
  'packed', -- its texts
  'hasLog', -- '1' if they include the journal
})

for n, task in ipairs(tasks) do
  local job, log = stored[2 * n - 1], stored[2 * n]
  if redis.call('HEXISTS', job, 'finishedOn') == 1 and redis.call('HDEL', job, 'data') == 1 then
    -- A task that succeeded may have the failure of an earlier attempt.
    redis.call('HDEL', job, 'failedReason')
    redis.call('HSET', job, task.isSuccess == '1' and 'returnvalue' or 'failedReason', task.packed)
    if task.hasLog == '1' then redis.call('UNLINK', log) end
  end
end
