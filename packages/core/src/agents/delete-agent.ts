import type { Context } from '../context.js';
import { unknownAgent } from '../errors.js';
import { keys } from '../redis/keys.js';
import { defineScript } from '../redis/script.js';
import { AGENT } from './agent-hash.js';

/**
 * Deletes an agent (KEYS[1]), what belongs to it (from KEYS[3] on), the keys of its documents (in KEYS[3]) and its tokens,
 * in one slot all. Returns 1 or 0.
 */
const deleteScript = defineScript<0 | 1>(`
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
local hashes = redis.call('HMGET', KEYS[1], '${AGENT.tokenHash}', '${AGENT.previousHash}')
for _, hash in ipairs(hashes) do if hash then redis.call('DEL', ARGV[1] .. hash) end end
redis.call('ZREM', KEYS[2], ARGV[2])
redis.call('DEL', KEYS[1])
for _, id in ipairs(redis.call('HKEYS', KEYS[3])) do redis.call('UNLINK', ARGV[3] .. id, ARGV[4] .. id) end
for n = 3, #KEYS do redis.call('UNLINK', KEYS[n]) end
return 1`);

/** Deletes an agent, its versions and its webhook. Its waiting tasks end `agent_unavailable`. Throws `unknown_agent`. */
export async function deleteAgent(ctx: Context, id: string): Promise<void> {
  const own = [
    keys.agentDocuments,
    keys.agentVersions,
    keys.agentVersionRows,
    keys.agentTexts,
    keys.agentNotes,
    keys.agentNoteOrder,
    keys.agentPins,
    keys.agentPinnedTools,
    keys.agentSeenTools,
    keys.agentRejections,
    keys.agentRejectedBodies,
  ];
  const args = [keys.tokenPrefix, id, keys.documentTextPrefix(id), keys.documentIndexPrefix(id)];
  const redisKeys = [keys.agent(id), keys.agents, ...own.map((keyOf) => keyOf(id))];
  if ((await deleteScript(ctx.redis, redisKeys, args)) === 0) throw unknownAgent(id);
}
