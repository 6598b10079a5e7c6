-- Why a task that has not ended does not run: O(log n) with any backlog.
--
-- @include ../../redis/stored-row.lua
-- @import { CONVERSATION_PARTS } from '../../queue/conversation.js'
-- @import { EVENTS } from '../../queue/burst.js'
-- @import { ABOUT, FIRST_STARTED_FIELD, OPTIONS_FIELD, WAITING_FIELD } from '../../queue/job.js'
-- @import { DELAYED_SCORE_UNIT, PARKED_UNTIL_MS } from '../../queue/parked.js'
-- @import { PAUSE } from '../../queue/breaker.js'
-- @import { EVERYTHING, MODELS } from '../../pauses/pause-names.js'
-- @import { PLACES, RECOVERY, TASK_QUEUE } from '../../redis/keys.js'

-- How many active jobs are compared with a task that nobody holds.
local MOST_ACTIVE = 10000

-- The place of a member in a sorted set, from 1; nil if it is not there.
local function placeIn(set, member)
  local rank = redis.call('ZRANK', set, member)
  return rank and rank + 1 or nil
end

-- The reason of a task that is due at a time.
local function whyDelayed(job, row, due)
  local known = row[4] and objectIn(row[4])
  if known then return known end
  local untilMs = math.floor(due / DELAYED_SCORE_UNIT)
  if not row[3] then
    return { kind = redis.call('EXISTS', job .. EVENTS) == 1 and 'burst' or 'queue', untilMs = untilMs }
  end
  -- A failure begins with its code (queue/failure.ts).
  local failed = redis.call('HGET', job, 'failedReason') or ''
  local code = string.match(failed, '^{"error":{"code":"([%w_]+)"')
  return { kind = 'retry', untilMs = untilMs, error = code or 'internal' }
end

-- The reason of a task that waits for the end of a pause by a person, from that pause as JSON.
local function whyPaused(json, place)
  local pause = json and objectIn(json) or {}
  if type(pause.scope) ~= 'string' then return { kind = 'queue', place = place } end
  local wait = { kind = 'paused', scope = pause.scope, since = pause.since, place = place }
  wait.by, wait.provider = pause.by, pause.provider
  return wait
end

-- The reason of a task that waits until it is called back.
local function whyParked(root, id, row)
  local about = (objectIn(row[1]) or {})[ABOUT] or {}
  local agent = about.agent or ''
  local place = placeIn(root .. PLACES.parked .. agent, id)
  if place then
    local max = redis.call('ZSCORE', root .. PLACES.parking, agent)
    return { kind = 'max_concurrency', place = place, max = tonumber(max or 1) }
  end
  local conversation = about.conversation
  place = conversation
    and placeIn(root .. PLACES.conversation .. conversation .. CONVERSATION_PARTS.waiting, id)
  if place then return { kind = 'conversation', place = place, conversation_id = conversation } end
  for _, name in ipairs({ EVERYTHING, MODELS }) do
    place = placeIn(root .. PLACES.held .. name, id)
    if place then return whyPaused(row[4], place) end
  end
  place = placeIn(root .. PLACES.held .. agent, id)
  if place and row[4] then return whyPaused(row[4], place) end
  if place then
    local since = redis.call('HGET', root .. PLACES.paused .. agent, PAUSE.at)
    if not since then return { kind = 'queue', place = place } end
    return { kind = 'paused', scope = 'agent', place = place, sinceMs = tonumber(since) }
  end
  place = placeIn(root .. PLACES.crowded, id)
  if place then
    local wait = row[4] and objectIn(row[4]) or { kind = 'queue' }
    wait.place = place
    return wait
  end
  for _, kind in ipairs({ RECOVERY.recovered, RECOVERY.alone }) do
    place = placeIn(root .. PLACES.recovering .. kind, id)
    if place then return { kind = 'worker_lost', place = place } end
  end
  return { kind = 'queue' }
end

-- The reason of a task that waits for a worker. Whether one has a free slot is known elsewhere.
local function whyInLine(prefix, id)
  local rank = redis.call('ZRANK', prefix .. 'prioritized', id)
  if not rank and redis.call('LPOS', prefix .. 'active', id, 'MAXLEN', MOST_ACTIVE) then
    return { kind = 'worker_lost' }
  end
  local place = rank and redis.call('LLEN', prefix .. 'wait') + rank + 1 or nil
  return { kind = 'queue', place = place, taken = redis.call('LLEN', prefix .. 'active') }
end

-- The reason as JSON: a `FoundWait` of explain.ts; false for a task that runs, has ended or does not exist.
-- `score` is the task's score among the delayed jobs, or false.
local function whyWaits(job, id, score)
  local row = redis.call('HMGET', job, OPTIONS_FIELD, 'finishedOn', FIRST_STARTED_FIELD, WAITING_FIELD)
  if not row[1] or row[2] or redis.call('EXISTS', job .. ':lock') == 1 then return false end
  local prefix = string.sub(job, 1, #job - #id)
  if not score then return cjson.encode(whyInLine(prefix, id)) end
  local due = tonumber(score)
  if due < PARKED_UNTIL_MS * DELAYED_SCORE_UNIT then return cjson.encode(whyDelayed(job, row, due)) end
  return cjson.encode(whyParked(string.sub(prefix, 1, #prefix - #TASK_QUEUE - 1), id, row))
end
