import { type Agent, type AgentConfig, type AgentPause, iso, type WebhookInfo } from '@agenthook/contracts';
import { parseJson } from '@agenthook/json';
import type { Context } from '../context.js';
import { keys } from '../redis/keys.js';
import { callbackOf } from './agent-callback.js';
import type { AgentHash } from './agent-hash.js';
import { readPauses } from './agent-pause.js';
import { maskSecrets } from './agent-secrets.js';

/** An agent's current version, as its hash stores it. */
export interface CurrentVersion {
  config: AgentConfig;
  created_ms: number;
  updated_ms: number;
  /** Absent from versions that were stored before this field existed. */
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

/**
 * An agent's stored configuration with encrypted secrets, its version and its hash; undefined for an unknown
 * agent.
 */
export async function readConfig(
  ctx: Context,
  id: string,
): Promise<{ config: AgentConfig; version: number; createdMs: number; hash: AgentHash } | undefined> {
  const hash: AgentHash = await ctx.redis.hgetall(keys.agent(id));
  if (!hash.version || !hash.current) return undefined;
  const { config, created_ms } = parseJson(hash.current) as CurrentVersion;
  return { config, version: Number(hash.version), createdMs: created_ms, hash };
}

/** An agent as the API shows it; undefined for an unknown one. */
export async function readAgent(ctx: Context, id: string): Promise<Agent | undefined> {
  const [hash, [paused = null]] = await Promise.all([
    ctx.redis.hgetall(keys.agent(id)),
    readPauses(ctx, [id]),
  ]);
  return agentOf(ctx, id, hash, paused);
}

/** Converts an agent's hash to what the API shows; undefined for an empty hash. */
export function agentOf(
  ctx: Context,
  id: string,
  hash: AgentHash,
  paused: AgentPause | null,
): Agent | undefined {
  if (!hash.current || !hash.version) return undefined;
  const current = parseJson(hash.current) as CurrentVersion;
  return {
    id,
    ...maskSecrets(current.config),
    callback: callbackOf(hash, ctx.now()),
    version: Number(hash.version),
    saved_by: current.saved_by ?? null,
    created_at: iso(current.created_ms),
    updated_at: iso(current.updated_ms),
    webhook: webhookOf(hash, ctx.now()),
    paused,
  };
}

export async function agentExists(ctx: Context, id: string): Promise<boolean> {
  return (await ctx.redis.exists(keys.agent(id))) === 1;
}
