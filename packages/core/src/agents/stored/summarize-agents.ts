import type { RedisClient } from '../../redis/connect.js';
import { keys } from '../../redis/keys.js';
import { objectOf, timeOf } from '../../redis/stored-row.js';
import { AGENT } from '../agent-hash.js';
import { timeOfAgentId } from '../agent-id.js';
import { parseSummary, summaryOf } from './agent-summary.js';
import { storedConfig } from './stored-config.js';
import { writeSummaryScript } from './write-summary.script.js';

/** How many agents are read at once. Each may have a megabyte. */
const AT_ONCE = 20;

/**
 * Stores the summary of every agent that has none because an older version saved it. May run more than once,
 * and beside processes that save agents.
 */
export async function summarizeAgents(redis: RedisClient): Promise<void> {
  for (let from = '-'; ; ) {
    const ids = await redis.zrangebylex(keys.agents, from, '+', 'LIMIT', 0, AT_ONCE);
    await Promise.all(ids.map((id) => summarize(redis, id)));
    if (ids.length < AT_ONCE) return;
    from = `(${ids.at(-1)}`;
  }
}

async function summarize(redis: RedisClient, id: string): Promise<void> {
  const agent = keys.agent(id);
  const [version, known] = await redis.hmget(agent, AGENT.version, AGENT.summary);
  if (!version || parseSummary(known, version)) return;
  const json = await redis.hget(agent, AGENT.current);
  const stored = objectOf(json);
  // One that cannot be read has no summary. Lists then show what can be read of it.
  if (!isJsonAgent(stored)) return;
  const { config, problem } = storedConfig(stored.config);
  const createdMs = timeOf(stored.created_ms) ?? timeOfAgentId(id);
  const about = {
    version: Number(version),
    created_ms: createdMs,
    updated_ms: timeOf(stored.updated_ms) ?? createdMs,
    saved_by: stored.saved_by ?? null,
  };
  const summary = JSON.stringify(summaryOf(config, about, problem));
  await writeSummaryScript(redis, { agent }, { version, summary });
}

interface Current {
  config: object;
  created_ms?: number;
  updated_ms?: number;
  saved_by?: string | null;
}

const isJsonAgent = (stored: object | undefined): stored is Current =>
  stored !== undefined && 'config' in stored && typeof stored.config === 'object';
