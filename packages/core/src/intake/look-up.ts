import { AGENT, type AgentGate } from '../agents/agent-hash.js';
import { redisClock } from '../redis/clock.js';
import type { RedisClient } from '../redis/connect.js';
import { inBatches } from '../redis/in-batches.js';
import { keys } from '../redis/keys.js';
import { defineScript } from '../redis/script.js';
import type { Addressee } from './inbound.js';
import { TAKE_RATE } from './rate.js';

/** Writing the last use at every call would double the trigger's writes for nobody's use. */
const LAST_USED_STEP_MS = 10_000;
const AT_ONCE = 200;

/** A token that is to be looked up. */
interface TokenUse {
  /** The token's. */
  hash: string;
  /** Whether to take one from the agent's rate, where it has one. */
  rated: boolean;
  nowMs: number;
}

type Row = null | [agentId: string, waitMs?: number, left?: number];

/**
 * Token hash → agent id and what takeRate returns unless the token's flag is 0, and once for all of them: agent → gate, and
 * Redis's clock. A token that is unknown, revoked or expired is simply a key that is not there: all three take the same time.
 * The agents' keys are made from what the tokens' keys hold; all share a hash slot. ARGV: what agents' keys begin with, how
 * often the last use is written, then flag and time for each token.
 */
const script = defineScript<[now: number, gates: string[], ...Row[]]>(`
${TAKE_RATE}
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local gates, list, rows = {}, {}, {}
for n, key in ipairs(KEYS) do
  local id = redis.call('GET', key)
  local row = false
  if id then
    local agent = ARGV[1] .. id
    if gates[id] == nil then
      local fields = redis.call('HMGET', agent, '${AGENT.gate}', '${AGENT.lastUsedMs}')
      gates[id] = fields[1]
      local used = tonumber(ARGV[2 * n + 2])
      if fields[1] then
        list[#list + 1], list[#list + 2] = id, fields[1]
        if used - tonumber(fields[2] or 0) >= tonumber(ARGV[2]) then redis.call('HSET', agent, '${AGENT.lastUsedMs}', used) end
      end
    end
    if gates[id] then
      row = ARGV[2 * n + 1] == '0' and { id } or { id, takeRate(agent, gates[id], now) }
    end
  end
  rows[n] = row
end
return { now, list, unpack(rows) }`);

/** Reads what belongs to a token's hash, now; undefined when it opens nothing. Those of one turn of the event loop together. */
export type LookUp = (use: TokenUse) => Promise<Addressee | undefined>;

export function createLookUp(redis: RedisClient): LookUp {
  return inBatches((uses: TokenUse[]) => lookUpAll(redis, uses), { items: AT_ONCE });
}

async function lookUpAll(redis: RedisClient, uses: TokenUse[]): Promise<(Addressee | undefined)[]> {
  const [redisMs, list, ...rows] = await script(
    redis,
    uses.map(({ hash }) => keys.token(hash)),
    [
      keys.agentPrefix,
      LAST_USED_STEP_MS,
      ...uses.flatMap(({ rated, nowMs }): [number, number] => [rated ? 1 : 0, nowMs]),
    ],
  );
  const redisNow = redisClock(redisMs);
  const gates = new Map<string, AgentGate>();
  for (let n = 0; n < list.length; n += 2)
    gates.set(list[n] ?? '', JSON.parse(list[n + 1] ?? '') as AgentGate);
  return rows.map((row) => {
    const gate = row && gates.get(row[0]);
    if (!gate) return undefined;
    const [agentId, waitMs, left = 0] = row;
    const found = { agentId, gate, redisNow };
    if (waitMs === undefined) return found;
    return { ...found, rate: { perMinute: gate.rate_per_minute ?? 0, waitMs, left } };
  });
}
