-- Writes a note of an agent, and deletes the oldest notes beyond the maximum. A counter orders the notes,
-- since two may be written in the same millisecond. Returns 0, and writes nothing, for a deleted agent, which
-- a task may outlive.
--
-- @import { AGENT } from './agent-hash.js'
-- @returns 0 | 1

local agent = KEYS[1] -- the agent's hash
local notes = KEYS[2] -- the agent's notes by key
local order = KEYS[3] -- the notes' keys in the order of writing
local key = ARGV[1] -- the note's key
local note = ARGV[2] -- the note, as JSON
local most = tonumber(ARGV[3]) -- maximum number of notes

if redis.call('EXISTS', agent) == 0 then return 0 end
redis.call('HSET', notes, key, note)
redis.call('ZADD', order, redis.call('HINCRBY', agent, AGENT.notesWritten, 1), key)
local beyond = redis.call('ZCARD', order) - most
if beyond > 0 then
  for _, old in ipairs(redis.call('ZRANGE', order, 0, beyond - 1)) do redis.call('HDEL', notes, old) end
  redis.call('ZREMRANGEBYRANK', order, 0, beyond - 1)
end
return 1
