-- Removes a document. Returns -1 for an unknown agent, 0 for an unknown document, else 1.
--
-- @import { AGENT } from '../agent-hash.js'
-- @returns -1 | 0 | 1

local agent = KEYS[1] -- the agent's hash
local documents = KEYS[2] -- its documents by id
local text = KEYS[3] -- the document's text
local index = KEYS[4] -- the document's index
local texts = KEYS[5] -- texts of documents stored before indexes existed, by id
local id = ARGV[1] -- the document's id

if redis.call('EXISTS', agent) == 0 then return -1 end
local bytes = redis.call('STRLEN', text) + redis.call('HSTRLEN', texts, id)
if redis.call('HDEL', documents, id) == 0 then return 0 end
redis.call('UNLINK', text, index)
redis.call('HDEL', texts, id)
redis.call('HINCRBY', agent, AGENT.documentBytes, -bytes)
return 1
