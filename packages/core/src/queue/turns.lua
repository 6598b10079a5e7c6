-- Agents take turns. A task's priority is the current turn, which is the first task's priority, plus the
-- number of its agent's waiting tasks. So an agent's own tasks stay in order, and an agent without a backlog
-- does not wait behind one that has a backlog.

-- BullMQ's score of a waiting job is its priority times this, plus its number.
local PRIORITY_UNIT = 4294967296
-- BullMQ's lowest priority number.
local FIRST_TURN = 1

-- The current turn: the priority of the first waiting task.
local function currentTurn(prioritized)
  local first = redis.call('ZRANGE', prioritized, 0, 0, 'WITHSCORES')
  return first[2] and math.floor(first[2] / PRIORITY_UNIT) or FIRST_TURN
end

-- BullMQ's score of a job with a priority, by its number among all jobs.
local function scoreOf(priority, number) return priority * PRIORITY_UNIT + number % PRIORITY_UNIT end
