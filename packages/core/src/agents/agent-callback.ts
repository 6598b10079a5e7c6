import { type CallbackDisabled, type CallbackInfo, iso } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { unknownAgent } from '../errors.js';
import { keys } from '../redis/keys.js';
import { AGENT, type AgentHash } from './agent-hash.js';
import type { StoredSecret } from './callback-secrets.js';
import { noteCallbackFailureScript } from './note-callback-failure.script.js';

/** How many deliveries in a row may fail for good before the callback is disabled. */
export const FAILURES_TO_DISABLE = 5;

/** An agent's callback as the API shows it; null where it has none. */
export function callbackOf(hash: AgentHash, now: number): CallbackInfo | null {
  if (!hash.callback_url) return null;
  const [, previous] = JSON.parse(hash.callback_secrets ?? '[]') as StoredSecret[];
  const expires = Number(previous?.expires_ms ?? 0);
  return {
    url: hash.callback_url,
    secret: true,
    previous_expires_at: expires > now ? iso(expires) : null,
    disabled: hash.callback_disabled ? (JSON.parse(hash.callback_disabled) as CallbackDisabled) : null,
  };
}

/** What a delivery needs of its agent, as it is now. */
export type CurrentCallback =
  | { state: 'agent_deleted' }
  | { state: 'callback_removed' }
  | { state: 'callback_disabled'; url: string }
  | { state: 'enabled'; url: string; secrets: StoredSecret[]; hasFailed: boolean };

/** Reads an agent's callback: O(1), and nothing of its configuration. */
export async function readCallback(ctx: Context, agentId: string): Promise<CurrentCallback> {
  const [version, url, secrets, disabled, failures] = await ctx.redis.hmget(
    keys.agent(agentId),
    AGENT.version,
    AGENT.callbackUrl,
    AGENT.callbackSecrets,
    AGENT.callbackDisabled,
    AGENT.callbackFailures,
  );
  if (!version) return { state: 'agent_deleted' };
  if (!url) return { state: 'callback_removed' };
  if (disabled) return { state: 'callback_disabled', url };
  const stored = JSON.parse(secrets ?? '[]') as StoredSecret[];
  return { state: 'enabled', url, secrets: stored, hasFailed: failures !== null };
}

/** Notes that a delivery to `url` failed for good. Returns whether the callback is disabled now because of it. */
export async function noteFailure(
  ctx: Context,
  agentId: string,
  failure: { url: string; reason: string; disableAfter: number },
): Promise<boolean> {
  const at = iso(ctx.now());
  const redisKeys = { agent: keys.agent(agentId) };
  return (await noteCallbackFailureScript(ctx.redis, redisKeys, { ...failure, at })) === 1;
}

/** Notes that a delivery went well: those that failed before it are not in a row with those after. */
export async function noteDelivered(ctx: Context, agentId: string): Promise<void> {
  await ctx.redis.hdel(keys.agent(agentId), AGENT.callbackFailures);
}

/** Lets an agent's callback be delivered again. Throws `unknown_agent`. */
export async function enableCallback(ctx: Context, agentId: string): Promise<void> {
  const removed = await ctx.redis
    .multi()
    .exists(keys.agent(agentId))
    .hdel(keys.agent(agentId), AGENT.callbackDisabled, AGENT.callbackFailures)
    .exec();
  if (removed?.[0]?.[1] !== 1) throw unknownAgent(agentId);
}
