-- Adds a document with its text and index, and adds the text's size to the agent's total.
--
-- @import { AGENT } from '../agent-hash.js'
-- @returns 'added' | 'unknown_agent' | 'too_many' | 'too_much'

local agent = KEYS[1] -- the agent's hash
local documents = KEYS[2] -- its documents by id
local text = KEYS[3] -- the document's text
local index = KEYS[4] -- the document's index
local id = ARGV[1] -- the document's id
local entry = ARGV[2] -- the document's entry without its text, as JSON
local content = ARGV[3] -- the text
local bytes = ARGV[4] -- the index's bytes
local most = tonumber(ARGV[5]) -- maximum number of documents of an agent
local mostBytes = tonumber(ARGV[6]) -- maximum size of their texts in total, bytes

if redis.call('EXISTS', agent) == 0 then return 'unknown_agent' end
if redis.call('HLEN', documents) >= most then return 'too_many' end
local total = tonumber(redis.call('HGET', agent, AGENT.documentBytes) or '0') + #content
if total > mostBytes then return 'too_much' end
redis.call('HSET', documents, id, entry)
redis.call('SET', text, content)
redis.call('SET', index, bytes)
redis.call('HSET', agent, AGENT.documentBytes, total)
return 'added'
