-- Stores the index of an existing document, and moves its text to its own key. Returns whether the document
-- exists.
--
-- @returns 0 | 1

local documents = KEYS[1] -- the agent's documents by id
local text = KEYS[2] -- the document's text
local index = KEYS[3] -- the document's index
local texts = KEYS[4] -- texts of documents stored before indexes existed, by id
local id = ARGV[1] -- the document's id
local entry = ARGV[2] -- the document's entry without its text, as JSON
local bytes = ARGV[3] -- the index's bytes

if redis.call('HEXISTS', documents, id) == 0 then return 0 end
redis.call('HSET', documents, id, entry)
redis.call('SET', index, bytes)
local stored = redis.call('HGET', texts, id)
if stored then
  redis.call('SET', text, stored)
  redis.call('HDEL', texts, id)
end
return 1
