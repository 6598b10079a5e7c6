import { type CallbackDisabled, type CallbackInfo, iso } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { unknownAgent } from '../errors.js';
import { keys } from '../redis/keys.js';
import { oncePerTurn } from '../redis/once-per-turn.js';
import { listOf, objectOf, timeOf } from '../redis/stored-row.js';
import { AGENT, type AgentHash } from './agent-hash.js';
import type { StoredSecret } from './callback-secrets.js';
import { noteCallbackFailureScript } from './note-callback-failure.script.js';

/** After how many failed deliveries in a row the callback is disabled. */
export const FAILURES_TO_DISABLE = 5;

/** An agent's callback as the API shows it; null if the agent has no callback. */
export function callbackOf(hash: AgentHash, now: number): CallbackInfo | null {
  if (!hash.callback_url) return null;
  const [, previous] = listOf<StoredSecret | null>(hash.callback_secrets);
  const expires = timeOf(previous?.expires_ms) ?? 0;
  return {
    url: hash.callback_url,
    secret: true,
    previous_expires_at: expires > now ? iso(expires) : null,
    disabled: (objectOf(hash.callback_disabled) as CallbackDisabled | undefined) ?? null,
  };
}

/** What a delivery needs to know about its agent now. */
export type CurrentCallback =
  | { state: 'agent_deleted' }
  | { state: 'callback_removed' }
  | { state: 'callback_disabled'; url: string }
  | { state: 'enabled'; url: string; secrets: StoredSecret[]; hasFailed: boolean };

/** Reads an agent's callback in O(1), without the agent's configuration. */
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

/** The same for many ends, which are told in one turn of the event loop. */
export const createCallbackOf = (ctx: Context): ((agentId: string) => Promise<CurrentCallback>) =>
  oncePerTurn((agentId) => readCallback(ctx, agentId));

/** Records that a delivery to `url` failed for good. Returns whether this disabled the callback. */
export async function noteFailure(
  ctx: Context,
  agentId: string,
  failure: { url: string; reason: string; disableAfter: number },
): Promise<boolean> {
  const at = iso(ctx.now());
  const redisKeys = { agent: keys.agent(agentId), disabled: keys.disabledCallbacks };
  return (await noteCallbackFailureScript(ctx.redis, redisKeys, { ...failure, at, id: agentId })) === 1;
}

/** Records a successful delivery, which resets the count of failures in a row. */
export async function noteDelivered(ctx: Context, agentId: string): Promise<void> {
  await ctx.redis.hdel(keys.agent(agentId), AGENT.callbackFailures);
}

/** Enables an agent's callback again. Throws `unknown_agent`. */
export async function enableCallback(ctx: Context, agentId: string): Promise<void> {
  const removed = await ctx.redis
    .multi()
    .exists(keys.agent(agentId))
    .hdel(keys.agent(agentId), AGENT.callbackDisabled, AGENT.callbackFailures)
    .exec();
  if (removed?.[0]?.[1] !== 1) throw unknownAgent(agentId);
}
