import { type Agent, type AgentConfig, iso, type WebhookInfo } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { keys } from '../redis/keys.js';
import { callbackOf } from './agent-callback.js';
import { AGENT, type AgentHash } from './agent-hash.js';
import { maskSecrets } from './agent-secrets.js';

/** What an agent's hash holds of its current version. */
export interface CurrentVersion {
  config: AgentConfig;
  created_ms: number;
  updated_ms: number;
  /** Not in what was stored before it was kept. */
  saved_by?: string | null;
}

function webhookOf(hash: AgentHash, now: number): WebhookInfo | null {
  if (!hash.token_hint) return null;
  const expires = Number(hash.previous_expires_ms ?? 0);
  return {
    token_hint: hash.token_hint,
    created_at: iso(Number(hash.token_created_ms)),
    last_used_at: hash.last_used_ms ? iso(Number(hash.last_used_ms)) : null,
    previous_expires_at: expires > now ? iso(expires) : null,
  };
}

/** The stored configuration of an agent, its secrets encrypted, with its version; undefined when there is no agent. */
export async function readConfig(
  ctx: Context,
  id: string,
): Promise<{ config: AgentConfig; version: number; createdMs: number } | undefined> {
  const [version, json] = await ctx.redis.hmget(keys.agent(id), AGENT.version, AGENT.current);
  if (!version || !json) return undefined;
  const { config, created_ms } = JSON.parse(json) as CurrentVersion;
  return { config, version: Number(version), createdMs: created_ms };
}

/** Reads an agent as the API shows it; undefined when there is none. */
export async function readAgent(ctx: Context, id: string): Promise<Agent | undefined> {
  return agentOf(ctx, id, await ctx.redis.hgetall(keys.agent(id)));
}

/** An agent as the API shows it, from its hash; undefined for an empty one. */
export function agentOf(ctx: Context, id: string, hash: AgentHash): Agent | undefined {
  if (!hash.current || !hash.version) return undefined;
  const current = JSON.parse(hash.current) as CurrentVersion;
  return {
    id,
    ...maskSecrets(current.config),
    callback: callbackOf(hash, ctx.now()),
    version: Number(hash.version),
    saved_by: current.saved_by ?? null,
    created_at: iso(current.created_ms),
    updated_at: iso(current.updated_ms),
    webhook: webhookOf(hash, ctx.now()),
  };
}

/** Whether an agent still exists. */
export async function agentExists(ctx: Context, id: string): Promise<boolean> {
  return (await ctx.redis.exists(keys.agent(id))) === 1;
}
