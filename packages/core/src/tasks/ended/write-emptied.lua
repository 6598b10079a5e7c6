-- Replaces the texts of an ended task by others, and removes its journal, files and events. A task that is
-- gone stays so.
--
-- @import { EVENTS } from '../../queue/burst.js'
-- @import { ATTACHED_FIELD, EMPTIED_FIELD } from '../../queue/job.js'
-- @returns 0 | 1

local job = KEYS[1] -- the task's job
local log = KEYS[2] -- its journal
local emptying = KEYS[3] -- tasks whose texts are to be removed, by when, ms
local id = ARGV[1] -- the task's id
local prefix = ARGV[2] -- prefix of the jobs' keys
local isSuccess = ARGV[3] == '1' -- whether it succeeded
local texts = ARGV[4] -- what is left of its texts
local due = ARGV[5] -- when its result is removed, ms; '' if it is

if redis.call('HEXISTS', job, 'finishedOn') == 0 then return redis.call('ZREM', emptying, id) end
redis.call('HDEL', job, 'data', 'failedReason', 'stacktrace', ATTACHED_FIELD)
redis.call('HSET', job, isSuccess and 'returnvalue' or 'failedReason', texts)
redis.call('UNLINK', log, prefix .. id .. ':logs', prefix .. id .. EVENTS)
if due ~= '' then return redis.call('ZADD', emptying, due, id) end
redis.call('HSET', job, EMPTIED_FIELD, 1)
return redis.call('ZREM', emptying, id)
