-- Gives a document its index, where it still exists, and its text a key of its own. Returns whether it
-- exists.
--
-- @returns 0 | 1

local documents = KEYS[1] -- the agent's documents by id
local text = KEYS[2] -- the document's text
local index = KEYS[3] -- the index of it
local texts = KEYS[4] -- texts of documents that were stored before there were indexes, by id
local id = ARGV[1] -- the document's
local entry = ARGV[2] -- what is stored of it beside its text, as JSON
local bytes = ARGV[3] -- the index

if redis.call('HEXISTS', documents, id) == 0 then return 0 end
redis.call('HSET', documents, id, entry)
redis.call('SET', index, bytes)
local stored = redis.call('HGET', texts, id)
if stored then
  redis.call('SET', text, stored)
  redis.call('HDEL', texts, id)
end
return 1
