import type { AgentGate } from '../agents/agent-hash.js';
import { damagedAgent, gateOf } from '../agents/stored/parse-gate.js';
import { redisClock } from '../redis/clock.js';
import type { RedisClient } from '../redis/connect.js';
import { type BatchAnswer, inBatches } from '../redis/in-batches.js';
import { keys } from '../redis/keys.js';
import type { Addressee } from './inbound.js';
import { lookUpScript } from './look-up.script.js';
import { fullBudgets } from './used-up.js';

/**
 * Minimum time between two writes of a token's last use, in ms. A write at every call would double the
 * trigger's writes.
 */
const LAST_USED_STEP_MS = 10_000;
const AT_ONCE = 200;

/** A token to look up. */
interface TokenUse {
  /** The token's hash. */
  hash: string;
  /** Whether to count the request against the agent's rate. */
  rated: boolean;
  nowMs: number;
}

/**
 * Looks up a token's hash; undefined for an invalid token. Throws `damaged_agent` if its agent's gate cannot
 * be read. Batches the look-ups of one turn of the event loop.
 */
export type LookUp = (use: TokenUse) => Promise<Addressee | undefined>;

export function createLookUp(redis: RedisClient): LookUp {
  return inBatches((uses: TokenUse[]) => lookUpAll(redis, uses), { items: AT_ONCE });
}

async function lookUpAll(
  redis: RedisClient,
  uses: TokenUse[],
): Promise<BatchAnswer<Addressee | undefined>[]> {
  const [redisMs, list, full, ...rows] = await lookUpScript(
    redis,
    { budget: keys.budget, ownSpend: keys.spend, tokens: uses.map(({ hash }) => keys.token(hash)) },
    {
      prefix: keys.agentPrefix,
      stepMs: LAST_USED_STEP_MS,
      uses: uses.map(({ rated, nowMs }) => ({ rated: rated ? 1 : 0, nowMs })),
    },
  );
  const redisNow = redisClock(redisMs);
  const gates = new Map<string, AgentGate | undefined>();
  for (let n = 0; n < list.length; n += 2) gates.set(list[n] ?? '', gateOf(list[n + 1] ?? ''));
  const spent = fullBudgets(full);
  return rows.map((row) => {
    if (!row) return undefined;
    const gate = gates.get(row[0]);
    // The batch has events of other agents, too.
    if (!gate) return damagedAgent();
    const [agentId, waitMs, left = 0] = row;
    const usedUp = spent.get(agentId);
    const found = { agentId, gate, redisNow, ...(usedUp && { usedUp }) };
    if (waitMs === undefined) return found;
    return { ...found, rate: { perMinute: gate.rate_per_minute ?? 0, waitMs, left } };
  });
}
