import type { AgentConfig } from '@agenthook/contracts';
import { parseJson } from '@agenthook/json';
import { AGENT, type AgentHash } from '../agents/agent-hash.js';
import type { CurrentVersion } from '../agents/read-agent.js';
import type { RedisClient } from '../redis/connect.js';
import { keys } from '../redis/keys.js';

/** How many agents are read at once. */
const AT_ONCE = 50;

/** An agent as it is stored; without a configuration if that cannot be read. */
export interface StoredAgent {
  id: string;
  hash: AgentHash;
  config: AgentConfig | undefined;
  name: string;
}

/** All stored agents, a few at a time. An agent that is deleted meanwhile may be left out. */
export async function* storedAgents(redis: RedisClient): AsyncGenerator<StoredAgent> {
  const ids = await redis.zrange(keys.agents, '0', '-1');
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    const some = ids.slice(from, from + AT_ONCE);
    const hashes = await Promise.all(some.map((id) => redis.hgetall(keys.agent(id))));
    for (const [n, id] of some.entries()) {
      const hash: AgentHash = hashes[n] ?? {};
      if (Object.keys(hash).length === 0) continue;
      const config = configOf(hash[AGENT.current]);
      yield { id, hash, config, name: config?.name ?? id };
    }
  }
}

function configOf(current: string | undefined): AgentConfig | undefined {
  if (current === undefined) return undefined;
  try {
    const { config } = parseJson(current) as Partial<CurrentVersion>;
    return Array.isArray(config?.tools) && typeof config.model === 'string' ? config : undefined;
  } catch {
    return undefined;
  }
}
