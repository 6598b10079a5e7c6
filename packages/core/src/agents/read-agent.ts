import {
  type Agent,
  type AgentConfig,
  type AgentPause,
  type AgentProblem,
  iso,
  isoOrNull,
  type WebhookInfo,
} from '@agenthook/contracts';
import type { Context } from '../context.js';
import { keys } from '../redis/keys.js';
import { objectOf, timeOf } from '../redis/stored-row.js';
import { callbackOf } from './agent-callback.js';
import type { AgentHash } from './agent-hash.js';
import { timeOfAgentId } from './agent-id.js';
import { readPauses } from './agent-pause.js';
import { type StoredConfig, shownConfig, storedConfig } from './stored/stored-config.js';
import { readVersion } from './version-store.js';

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
  const expires = timeOf(hash.previous_expires_ms) ?? 0;
  return {
    token_hint: hash.token_hint,
    created_at: iso(timeOf(hash.token_created_ms) ?? 0),
    last_used_at: isoOrNull(timeOf(hash.last_used_ms)),
    previous_expires_at: expires > now ? iso(expires) : null,
  };
}

/** What is known of an agent's current version. */
interface Current extends StoredConfig {
  createdMs: number;
  updatedMs: number;
  savedBy: string | null;
}

/**
 * The current version in an agent's hash, completed. The hash and the stored version hold the same
 * configuration: if one text is no JSON, the other is used.
 */
async function currentOf(ctx: Context, id: string, hash: AgentHash): Promise<Current> {
  const stored = objectOf(hash.current) as Partial<CurrentVersion> | undefined;
  const { created_ms, updated_ms, saved_by } = stored ?? {};
  const createdMs = timeOf(created_ms) ?? timeOfAgentId(id);
  const current = { createdMs, updatedMs: timeOf(updated_ms) ?? createdMs, savedBy: saved_by ?? null };
  if (stored?.config !== undefined) return { ...current, ...storedConfig(stored.config) };
  const version = await readVersion(ctx, id, Number(hash.version));
  if (!version) return { ...current, ...storedConfig(undefined) };
  const { problem, version: _, created_at, saved_by: savedBy, ...config } = version;
  const updatedMs = timeOf(Date.parse(created_at)) ?? createdMs;
  return { createdMs, updatedMs, savedBy, config, problem: problem ?? FROM_VERSION };
}

/** The problem of an agent whose hash was lost, while its version is complete. */
const FROM_VERSION: AgentProblem = {
  detail: 'The stored agent was damaged; this is its last version. Save it again with PATCH or PUT.',
  blocks_runs: false,
  errors: [],
};

/**
 * An agent's stored configuration with encrypted secrets, its version and its hash; undefined for an unknown
 * agent.
 */
export async function readConfig(
  ctx: Context,
  id: string,
): Promise<(StoredConfig & { version: number; createdMs: number; hash: AgentHash }) | undefined> {
  const hash: AgentHash = await ctx.redis.hgetall(keys.agent(id));
  if (!hash.version || !hash.current) return undefined;
  return { ...(await currentOf(ctx, id, hash)), version: Number(hash.version), hash };
}

/** An agent as the API shows it; undefined for an unknown one. */
export async function readAgent(ctx: Context, id: string): Promise<Agent | undefined> {
  const [hash, [paused = null]] = await Promise.all([
    ctx.redis.hgetall(keys.agent(id)),
    readPauses(ctx, [id]),
  ]);
  return await agentOf(ctx, id, hash, paused);
}

/** Converts an agent's hash to what the API shows; undefined for an empty hash. */
export async function agentOf(
  ctx: Context,
  id: string,
  hash: AgentHash,
  paused: AgentPause | null,
): Promise<Agent | undefined> {
  if (!hash.current || !hash.version) return undefined;
  const current = await currentOf(ctx, id, hash);
  return {
    id,
    ...shownConfig(current),
    callback: callbackOf(hash, ctx.now()),
    version: Number(hash.version),
    saved_by: current.savedBy,
    created_at: iso(current.createdMs),
    updated_at: iso(current.updatedMs),
    webhook: webhookOf(hash, ctx.now()),
    paused,
  };
}

export async function agentExists(ctx: Context, id: string): Promise<boolean> {
  return (await ctx.redis.exists(keys.agent(id))) === 1;
}
