-- Adds several tasks in one step, as BullMQ's addPrioritizedJob would, and indexes them (task-index.lua).
-- Returns for each its id, or an earlier task's id if its idempotency key belongs to that task, or one of
--
--   LATE                    its deadline has passed
--   idempotency_key_reused  its key belongs to another body
--   too_many_pending        its agent's backlog is full
--   joined, and an id       it has become an event of that task, whose burst has an open window
--
-- A command whose caller has given up may still be in a socket, and a paused or slow Redis may read it later.
-- Only Redis can detect that, in the same step that would store the task.
--
-- BullMQ's deduplication is a key that names the first task. That key may outlive the task. In addition,
-- another body must be refused, and once a retry was given a task, the first caller can no longer withdraw
-- it. A retry does not add to the agent's backlog, so it gets its task even if the backlog is full.
--
-- A task that exceeds the limit of its agent's breaker pauses the agent; its answer is 'paused ' and its id.
--
-- Writes nothing to BullMQ's event stream, because readers follow a task only once it exists.
--
-- @include ../redis/arguments.lua
-- @include ../redis/clock.lua
-- @include ./burst.lua
-- @include ./conversation-enter.lua
-- @include ./task-index.lua
-- @include ./turns.lua
-- @import { ALL_AGENTS, PLACES } from '../redis/keys.js'
-- @import { BREAKER_MS, PAUSE } from './breaker.js'
-- @import { STATS_TTL_SECONDS } from './hour.js'
-- @import { EVENT_BODY, JOINED } from './burst.js'
-- @import { ACKNOWLEDGED_FIELD, BODY_HASH, OPTIONS_FIELD, RUN_JOB } from './job.js'
-- @import { DELAYED_SCORE_UNIT, PARKED_UNTIL_MS } from './parked.js'
-- @returns string[]

local marker = KEYS[1] -- the key on which workers block
local meta = KEYS[2] -- the queue's settings
local prioritized = KEYS[3] -- waiting jobs by priority, then by number
local counter = KEYS[4] -- counter for jobs of the same priority
local active = KEYS[5] -- jobs that workers hold
local delayed = KEYS[6] -- delayed jobs
local prefix = ARGV[1] -- prefix of the queue's keys
local created = ARGV[2] -- when the tasks are created, ms since the epoch
local tasks = records(ARGV, 3, { -- the tasks to add, in order
  'id', -- the task's id
  'agent', -- the agent's id
  'version', -- the agent version that it runs
  'sender', -- the scheme that its event was checked by, or 'none'
  'ackBy', -- deadline for storing it, ms since the epoch by Redis's clock
  'most', -- maximum number of its agent's waiting tasks, without replays; '' for no limit
  'opts', -- BullMQ's options and ours, as a non-empty JSON object
  'data', -- the job's data, as JSON
  'more', -- what few tasks have (TaskExtras in add-tasks.ts), as JSON; '' for nothing
})

local root = rootOf(prefix)
local now = nowMs()
local turn = currentTurn(prioritized)
local answers, stored, line, parked, pending, replays = {}, {}, {}, {}, {}, {}
local all, open, versions, isStored, sent = {}, {}, {}, {}, {}

-- The id of the task that an idempotency key belongs to, or the code for a different body; nil for an unused
-- key. The key of a task that is in the archive has the body's hash after its id.
local function known(name, bodyHash)
  local key = prefix .. 'de:' .. name
  local id = redis.call('GET', key)
  if not id then return end
  local archived, hash = string.match(id, '^(%S+) (%S*)$')
  if archived then return hash == bodyHash and archived or 'idempotency_key_reused' end
  local opts = redis.call('HGET', prefix .. id, OPTIONS_FIELD)
  if not opts then redis.call('DEL', key) return end
  local sent = redis.call('HGET', prefix .. id, EVENT_BODY .. name) or cjson.decode(opts)[BODY_HASH] or ''
  if sent ~= bodyHash then return 'idempotency_key_reused' end
  redis.call('HSET', prefix .. id, ACKNOWLEDGED_FIELD, '1')
  return id
end

-- Lets a retry and a search find the task of an event by its idempotency key.
local function remember(more, id)
  if more.key then redis.call('SET', prefix .. 'de:' .. more.key, id, 'PX', more.ttl) end
  if not more.keyHash then return end
  local index = root .. PLACES.keys .. more.keyHash
  redis.call('SADD', index, id)
  redis.call('EXPIRE', index, STATS_TTL_SECONDS)
end

-- Counts a task for its agent's breaker. Pauses the agent if that exceeds the limit; returns whether it did.
local function pauses(task, more)
  if not more.breaker then return false end
  local paused = root .. PLACES.paused .. task.agent
  if redis.call('EXISTS', paused) == 1 then return false end
  local counter = root .. PLACES.breaker .. task.agent .. ':' .. more.breaker
  local count = redis.call('INCR', counter)
  -- A minute is left at most, unless Redis's clock was set back.
  local isTooLong = redis.call('PTTL', counter) > BREAKER_MS
  if count == 1 or isTooLong then redis.call('PEXPIRE', counter, BREAKER_MS) end
  if count <= more.breakerMax then return false end
  redis.call('HSET', paused, PAUSE.at, now, PAUSE.max, more.breakerMax, PAUSE.task, task.id)
  redis.call('DEL', counter)
  return true
end

local function add(task)
  local id, agent = task.id, task.agent
  local more = task.more ~= '' and cjson.decode(task.more) or {}
  if now > tonumber(task.ackBy) then return 'LATE' end
  local found = more.key and known(more.key, more.bodyHash or '')
  if found then return found end
  local job = prefix .. id
  if redis.call('EXISTS', job) == 1 then return id end
  local burst = more.burst
  -- Above its rate, an agent accepts only retries.
  local joined = burst and redis.call('GET', prefix .. id .. JOINED)
  if burst and not joined and task.most ~= '0' then joined = joinBurst(root, prefix, task, more, now) end
  if joined then
    remember(more, joined)
    return 'joined ' .. joined
  end
  if not pending[agent] then
    pending[agent] = redis.call('ZCARD', root .. PLACES.index .. agent .. ':PENDING')
    replays[agent] = redis.call('SCARD', root .. PLACES.again .. agent)
    open[agent], versions[agent], sent[agent] = {}, {}, {}
  end
  local events = math.max(0, pending[agent] - replays[agent])
  if task.most ~= '' and events >= tonumber(task.most) then return 'too_many_pending' end
  -- A replay waits behind all of its agent's tasks, an event only behind events.
  local priority = turn + (more.again and pending[agent] or events)
  pending[agent] = pending[agent] + 1
  if more.again then
    redis.call('SADD', root .. PLACES.again .. agent, id)
    replays[agent] = replays[agent] + 1
  end
  redis.call('HSET', job, 'name', RUN_JOB, 'data', task.data, 'timestamp', created, 'delay', 0,
    'priority', priority, OPTIONS_FIELD, '{"priority":' .. priority .. ',' .. string.sub(task.opts, 2))
  if more.files then redis.call('PERSIST', job .. ':logs') end
  if more.key then redis.call('HSET', job, 'deid', more.key) end
  remember(more, id)
  stored[#stored + 1], isStored[id] = id, true
  local entry = more.conversation
  local waits = entry and enterConversation(root, prefix, task, entry, isStored, burst, now)
  if burst then
    beginBurst(root, prefix, task, burst, now)
  elseif waits then
    parked[#parked + 1], parked[#parked + 2] = PARKED_UNTIL_MS * DELAYED_SCORE_UNIT, id
  else
    line[#line + 1] = { id = id, priority = priority }
  end
  local mine = open[agent]
  mine[#mine + 1], mine[#mine + 2] = created, id
  all[#all + 1], all[#all + 2] = created, id
  versions[agent][task.version] = (versions[agent][task.version] or 0) + 1
  sent[agent][task.sender] = (sent[agent][task.sender] or 0) + 1
  return pauses(task, more) and 'paused ' .. id or id
end

for n, task in ipairs(tasks) do answers[n] = add(task) end
if #stored == 0 then return answers end

local ids = {}
for n, id in ipairs(stored) do ids[2 * n - 1], ids[2 * n] = 0, id end
if #parked > 0 then redis.call('ZADD', delayed, unpack(parked)) end
if #line > 0 then
  local number = redis.call('INCRBY', counter, #line) - #line
  local scores = {}
  for n, job in ipairs(line) do
    scores[2 * n - 1], scores[2 * n] = scoreOf(job.priority, number + n), job.id
  end
  redis.call('ZADD', prioritized, unpack(scores))
  local paused = redis.call('HMGET', meta, 'paused', 'concurrency')
  if not paused[1] and not (paused[2] and redis.call('LLEN', active) >= tonumber(paused[2])) then
    redis.call('ZADD', marker, 0, '0')
  end
end
redis.call('ZADD', root .. PLACES.index .. ALL_AGENTS .. ':PENDING', unpack(all))
redis.call('ZADD', root .. PLACES.ids, unpack(ids))
for agent, mine in pairs(open) do
  if #mine > 0 then
    redis.call('ZADD', root .. PLACES.index .. agent .. ':PENDING', unpack(mine))
    countTriggered(root, agent, mine[1], #mine / 2)
    for sender, count in pairs(sent[agent]) do countSent(root, agent, sender, mine[1], count) end
    for version, count in pairs(versions[agent]) do
      redis.call('HINCRBY', root .. PLACES.openVersions .. agent, version, count)
    end
  end
end
return answers
