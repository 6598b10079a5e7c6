-- Deletes what is known of a conversation, and its turns. Its open tasks keep their order, and add no turns.
-- Returns whether it existed.
--
-- @include ./conversation-order.lua
-- @import { ALL_AGENTS, PLACES } from '../redis/keys.js'
-- @import { CONVERSATION } from './conversation.js'
-- @returns 0 | 1

local about = KEYS[1] -- what is known of the conversation
local id = ARGV[1] -- its id
local root = ARGV[2] -- prefix of all keys of the shard
local agent = ARGV[3] -- its agent's id; '' if unknown

local owner = redis.call('HGET', about, CONVERSATION.agent)
for _, scope in ipairs({ ALL_AGENTS, owner or agent }) do
  redis.call('ZREM', root .. PLACES.conversations .. scope, id)
end
local at = conversationAt(root, id)
redis.call('UNLINK', at.about, at.tasks, at.turns)
return owner and 1 or 0
