-- Notes that ended tasks are being moved into the archive, and returns those that may be: their end was
-- delivered, no worker holds them, no text is still to be removed, and nobody waits for them. A task stays
-- noted until finish-move.lua, so that the next process knows which ones a dead process may have stored.
--
-- @include ../redis/arguments.lua
-- @include ../queue/task-index.lua
-- @returns string[]

local moving = KEYS[1] -- tasks that are being moved, and the turn of the process that does it
local ended = KEYS[2] -- tasks whose end is still to be delivered
local emptying = KEYS[3] -- tasks whose texts are still to be removed
local prefix = ARGV[1] -- prefix of the jobs' keys
local turn = ARGV[2] -- the number of this turn
local tasks = records(ARGV, 3, { -- the tasks
  'id', -- the task's id
  'delivery', -- the key of its callback delivery
})

local function isOpenJob(job)
  local row = redis.call('HMGET', job, 'timestamp', 'finishedOn')
  return row[1] and not row[2]
end

local function mayMove(task)
  local job = prefix .. task.id
  local about = redis.call('HEXISTS', job, 'finishedOn') == 1 and aboutOf(job)
  if not about then return false end
  if redis.call('ZSCORE', ended, task.id) or redis.call('ZSCORE', emptying, task.id) then return false end
  if redis.call('EXISTS', job .. ':lock') == 1 then return false end
  local parent = type(about.parent) == 'table' and about.parent.task
  if parent and isOpenJob(prefix .. tostring(parent)) then return false end
  return redis.call('HGET', task.delivery, 'status') ~= 'pending'
end

local found = {}
for _, task in ipairs(tasks) do
  if mayMove(task) then
    redis.call('HSET', moving, task.id, turn)
    found[#found + 1] = task.id
  end
end
return found
