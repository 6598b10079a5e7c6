import { type Agent, MAX_AGENT_PAGE_BYTES } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { keys } from '../redis/keys.js';
import { defineScript } from '../redis/script.js';
import { AGENT } from './agent-hash.js';
import { agentOf } from './read-agent.js';

/** Reads whole agents (ids from KEYS[1]) up to a number and to a sum of bytes; at least one. Says whether there are more. */
const pageScript = defineScript<[rows: [id: string, hash: string[]][], more: 0 | 1]>(`
local prefix, from, limit, most = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local ids = redis.call('ZREVRANGEBYLEX', KEYS[1], from, '-', 'LIMIT', 0, limit + 1)
local page, bytes = {}, 0
for _, id in ipairs(ids) do
  bytes = bytes + redis.call('HSTRLEN', prefix .. id, '${AGENT.current}')
  if #page == limit or (#page > 0 and bytes > most) then return { page, 1 } end
  page[#page + 1] = { id, redis.call('HGETALL', prefix .. id) }
end
return { page, 0 }`);

/**
 * A page of agents, newest first, after `cursor` (the `next_cursor` of the page before). It ends at `limit` agents or at
 * MAX_AGENT_PAGE_BYTES, whichever comes first.
 */
export async function listAgents(
  ctx: Context,
  { limit, cursor }: { limit: number; cursor?: string },
): Promise<{ agents: Agent[]; next_cursor: string | null }> {
  const from = cursor === undefined ? '+' : `(${cursor}`;
  const args = [keys.agentPrefix, from, limit, MAX_AGENT_PAGE_BYTES];
  const [rows, more] = await pageScript(ctx.redis, [keys.agents], args);
  const agents = rows.map(([id, fields]) => agentOf(ctx, id, hashOf(fields)));
  return {
    agents: agents.filter((agent) => agent !== undefined),
    next_cursor: more === 1 ? (rows.at(-1)?.[0] ?? null) : null,
  };
}

/** A hash as an object, from its fields and values as a script returns them. */
const hashOf = (fields: string[]): Record<string, string> =>
  Object.fromEntries(
    fields.flatMap((field, n) => (n % 2 === 0 ? [[field, fields[n + 1] ?? ''] as const] : [])),
  );
