import type { AgentGate } from '../agents/store.js';
import type { Context } from '../context.js';
import { keys } from '../redis/keys.js';
import { defineScript } from '../redis/script.js';
import { hashToken, isTokenShaped } from '../secrets/random-token.js';
import type { Addressee } from '../tasks/receive.js';
import { TAKE_RATE } from './rate.js';

/** Writing the last use at every call would double the trigger's writes for nobody's use. */
const LAST_USED_STEP_MS = 10_000;

/**
 * Token hash → agent id, gate and Redis's clock in one round trip, and what takeRate returns unless ARGV[4] is 0; nil when
 * the token is unknown, revoked or expired: all three are simply a key that is not there, so they take the same time. The
 * agent's key is made from what the token's key holds; both share a hash slot.
 */
const resolveScript = defineScript<[string, string, number, number?, number?] | null>(`
${TAKE_RATE}
local id = redis.call('GET', KEYS[1])
if not id then return nil end
local agent = ARGV[1] .. id
local fields = redis.call('HMGET', agent, 'gate', 'last_used_ms')
if not fields[1] then return nil end
if tonumber(ARGV[2]) - tonumber(fields[2] or 0) >= tonumber(ARGV[3]) then
  redis.call('HSET', agent, 'last_used_ms', ARGV[2])
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if ARGV[4] == '0' then return { id, fields[1], now } end
return { id, fields[1], now, takeRate(agent, fields[1], now) }`);

/** Gate and Redis's clock of an agent that is known by its id. */
const agentScript = defineScript<[string, number] | null>(`
local gate = redis.call('HGET', KEYS[1], 'gate')
if not gate then return nil end
local time = redis.call('TIME')
return { gate, time[1] * 1000 + math.floor(time[2] / 1000) }`);

/** What the trigger must know of an agent; undefined when there is none. */
export async function resolveAgent(ctx: Context, agentId: string): Promise<Addressee | undefined> {
  const found = await agentScript(ctx.redis, [keys.agent(agentId)]);
  if (!found) return undefined;
  const [gate, redisMs] = found;
  return { agentId, gate: JSON.parse(gate) as AgentGate, redisMs };
}

/**
 * Which agent a webhook token belongs to, and what the trigger must know of it; undefined when the token opens nothing.
 *
 * @param options.rated whether to take one from the agent's rate, where it has one
 */
export async function resolveWebhook(
  ctx: Context,
  token: string,
  options: { rated: boolean } = { rated: false },
): Promise<Addressee | undefined> {
  if (!isTokenShaped('whk_', token)) return undefined;
  const found = await resolveScript(
    ctx.redis,
    [keys.token(hashToken(token))],
    [keys.agentPrefix, ctx.now(), LAST_USED_STEP_MS, options.rated ? 1 : 0],
  );
  if (!found) return undefined;
  const [agentId, gateJson, redisMs, waitMs, left] = found;
  const gate = JSON.parse(gateJson) as AgentGate;
  if (waitMs === undefined) return { agentId, gate, redisMs };
  return { agentId, gate, redisMs, rate: { perMinute: gate.rate_per_minute ?? 0, left: left ?? 0, waitMs } };
}
