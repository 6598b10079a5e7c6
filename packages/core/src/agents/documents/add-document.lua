-- Adds a document with its text and the index of it, and counts the bytes of its text.
--
-- @import { AGENT } from '../agent-hash.js'
-- @returns 'added' | 'unknown_agent' | 'too_many' | 'too_much'

local agent = KEYS[1] -- the agent's hash
local documents = KEYS[2] -- its documents by id
local text = KEYS[3] -- the document's text
local index = KEYS[4] -- the index of it
local id = ARGV[1] -- the document's
local entry = ARGV[2] -- what is stored of it beside its text, as JSON
local content = ARGV[3] -- the text
local bytes = ARGV[4] -- the index
local most = tonumber(ARGV[5]) -- how many documents an agent may have
local mostBytes = tonumber(ARGV[6]) -- how many bytes of text they may have

if redis.call('EXISTS', agent) == 0 then return 'unknown_agent' end
if redis.call('HLEN', documents) >= most then return 'too_many' end
local total = tonumber(redis.call('HGET', agent, AGENT.documentBytes) or '0') + #content
if total > mostBytes then return 'too_much' end
redis.call('HSET', documents, id, entry)
redis.call('SET', text, content)
redis.call('SET', index, bytes)
redis.call('HSET', agent, AGENT.documentBytes, total)
return 'added'
