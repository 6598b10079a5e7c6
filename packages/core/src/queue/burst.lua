-- Bursts: events of one key within a window share a task. Its job waits in BullMQ's delayed set until the
-- window ends, so the window needs no process. A worker that takes the job out of that set ends the window.
--
-- @include ./conversation-order.lua
-- @import { PLACES } from '../redis/keys.js'
-- @import { BURST, EVENT_BODY, EVENTS, JOINED } from './burst.js'
-- @import { ACKNOWLEDGED_FIELD, OPTIONS_FIELD } from './job.js'
-- @import { DELAYED_SCORE_UNIT, PARKED_UNTIL_MS } from './parked.js'

-- How long it is known which task an event joined, ms: as long as its sender's answer may be in doubt.
local JOINED_MS = 3600000

-- Sets when a job comes to a worker, and wakes a worker for the first delayed job.
local function setDue(prefix, id, due)
  local delayed, marker = prefix .. 'delayed', prefix .. 'marker'
  redis.call('ZADD', delayed, math.floor(due) * DELAYED_SCORE_UNIT, id)
  local first = redis.call('ZRANGE', delayed, 0, 0, 'WITHSCORES')
  redis.call('ZADD', marker, tonumber(first[2]) / DELAYED_SCORE_UNIT, '1')
end

-- An event as the list of its task has it: a line of JSON about it, and its data.
local function eventOf(task, burst) return burst.meta .. '\n' .. task.data end

-- The size of an event in bytes. A compressed payload (redis/pack-text.ts) says how large it was before, and
-- so does a sealed event.
local function bytesOf(event)
  local size = string.match(event, '"payload_json":"z(%d+):') or string.match(event, '"sealed":"s(%d+):')
  return math.max(#event, tonumber(size) or 0)
end

-- Begins a window with a task that was just stored.
local function beginBurst(root, prefix, task, burst, now)
  local at = root .. PLACES.burst .. task.agent .. ':' .. burst.id
  local due = now + math.min(burst.windowMs, burst.maxWaitMs)
  local event = eventOf(task, burst)
  redis.call('RPUSH', prefix .. task.id .. EVENTS, event)
  redis.call('DEL', at)
  if burst.maxItems > 1 then
    redis.call('HSET', at, BURST.task, task.id, BURST.version, task.version,
      BURST.lastDue, now + burst.maxWaitMs, BURST.items, 1, BURST.bytes, bytesOf(event),
      BURST.files, burst.files, BURST.fileBytes, burst.fileBytes)
    redis.call('PEXPIREAT', at, math.floor(due))
  else
    due = now
  end
  setDue(prefix, task.id, due)
end

-- The files of an event belong to its task. The run gets those of all events, or of the newest.
local function moveFiles(from, to, keepsAll)
  if not keepsAll then redis.call('DEL', to) end
  for _, file in ipairs(redis.call('LRANGE', from, 0, -1)) do redis.call('RPUSH', to, file) end
  redis.call('DEL', from)
end

-- Adds an event to the open window of its key. Returns the task's id; nil if there is no such window.
local function joinBurst(root, prefix, task, more, now)
  local burst = more.burst
  local at = root .. PLACES.burst .. task.agent .. ':' .. burst.id
  local open = redis.call('HMGET', at, BURST.task, BURST.version, BURST.lastDue, BURST.items, BURST.bytes,
    BURST.files, BURST.fileBytes)
  local id = open[1]
  if not id then return end
  local job = prefix .. id
  local due = tonumber(redis.call('ZSCORE', prefix .. 'delayed', id) or 0)
  if due == 0 or due >= PARKED_UNTIL_MS * DELAYED_SCORE_UNIT or not isOpen(job) then
    redis.call('DEL', at)
    return
  end
  local event = eventOf(task, burst)
  local size = bytesOf(event)
  local items, bytes = tonumber(open[4]) + 1, tonumber(open[5]) + size
  local files, fileBytes = burst.files, burst.fileBytes
  if burst.keepsAll then
    files, fileBytes = files + tonumber(open[6] or 0), fileBytes + tonumber(open[7] or 0)
  end
  local isTooMuch = bytes > burst.maxBytes or files > burst.maxFiles or fileBytes > burst.maxFileBytes
  if open[2] ~= task.version or isTooMuch then
    -- The event begins the next window.
    redis.call('DEL', at)
    setDue(prefix, id, now)
    return
  end
  redis.call('RPUSH', job .. EVENTS, event)
  local opts = string.gsub(redis.call('HGET', job, OPTIONS_FIELD), '"bytes":(%d+)', function(before)
    return string.format('"bytes":%.0f', tonumber(before) + size)
  end, 1)
  redis.call('HSET', job, 'data', task.data, ACKNOWLEDGED_FIELD, '1', OPTIONS_FIELD, opts)
  moveFiles(prefix .. task.id .. ':logs', job .. ':logs', burst.keepsAll)
  if more.key then redis.call('HSET', job, EVENT_BODY .. more.key, more.bodyHash or '') end
  redis.call('SET', prefix .. task.id .. JOINED, id, 'PX', JOINED_MS)
  -- `lastDue` is further away only if Redis's clock was set back.
  local last = math.min(tonumber(open[3]), now + burst.maxWaitMs)
  local ends = math.min(now + burst.windowMs, last)
  if items >= burst.maxItems or ends <= now then
    redis.call('DEL', at)
    ends = now
  else
    redis.call('HSET', at, BURST.lastDue, last, BURST.items, items, BURST.bytes, bytes, BURST.files, files,
      BURST.fileBytes, fileBytes)
    redis.call('PEXPIREAT', at, math.floor(ends))
  end
  setDue(prefix, id, ends)
  return id
end
