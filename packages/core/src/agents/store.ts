import type { Agent, AgentConfig, AgentVersion, SignatureConfig, WebhookInfo } from '@agenthook/contracts';
import { type CallbackHash, callbackOf } from '../callbacks/agent-callback.js';
import type { CallbackChange } from '../callbacks/change-callback.js';
import type { Context } from '../context.js';
import { keys } from '../redis/keys.js';
import { luaJson } from '../redis/lua-json.js';
import { defineScript } from '../redis/script.js';
import { maskSecrets } from './agent-secrets.js';

/** The part of an agent that the trigger path reads: small, so that a long prompt costs a trigger nothing. */
export interface AgentGate {
  status: AgentConfig['status'];
  version: number;
  max_attempts: number;
  max_pending: number;
  /** Only where there is one; resolve-webhook.ts reads it inside Redis. */
  rate_per_minute?: number;
  /** Only where it is so: agents without one pay nothing for it. The schema itself is in the version. */
  has_input_schema?: true;
  allow_get?: true;
  /** How to verify a request, the secrets encrypted. */
  signature?: SignatureConfig;
}

/** Fields of an agent's hash. */
interface AgentHash extends CallbackHash {
  version: string;
  current: string;
  gate: string;
  token_hint?: string;
  token_created_ms?: string;
  last_used_ms?: string;
  previous_expires_ms?: string;
}

interface CurrentVersion {
  config: AgentConfig;
  created_ms: number;
  updated_ms: number;
  /** Not in what was stored before it was kept. */
  saved_by?: string | null;
}

/** A version in its hash; what was stored before `saved_by` was kept lacks it. */
export type StoredVersion = Omit<AgentVersion, 'saved_by'> & { saved_by?: string | null };

const iso = (ms: number): string => new Date(ms).toISOString();

/**
 * Saves a version if the agent is at the expected one (0: does not exist yet). ARGV from 7: the callback's URL (none:
 * empty), its sealed secret, whether that takes the place of a stored one, and whether it was named by who saves.
 * Returns 0 when the agent is not at that version, 2 when the secret was stored, else 1.
 */
const saveScript = defineScript<0 | 1 | 2>(`
if (redis.call('HGET', KEYS[1], 'version') or '0') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'version', ARGV[2], 'current', ARGV[3], 'gate', ARGV[4])
redis.call('HSET', KEYS[2], ARGV[2], ARGV[5])
redis.call('ZADD', KEYS[3], 0, ARGV[6])
if ARGV[7] == '' then
  redis.call('HDEL', KEYS[1], 'callback_url', 'callback_secrets', 'callback_disabled', 'callback_failures')
  return 1
end
redis.call('HSET', KEYS[1], 'callback_url', ARGV[7])
if ARGV[10] == '1' then redis.call('HDEL', KEYS[1], 'callback_disabled', 'callback_failures') end
if ARGV[9] == '0' and redis.call('HEXISTS', KEYS[1], 'callback_secrets') == 1 then return 1 end
redis.call('HSET', KEYS[1], 'callback_secrets', ARGV[8])
return 2`);

/**
 * Deletes an agent (KEYS[1]), what belongs to it (from KEYS[3] on), the keys of its documents (in KEYS[3]) and its tokens,
 * in one slot all. Returns 1 or 0.
 */
const deleteScript = defineScript<0 | 1>(`
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
local hashes = redis.call('HMGET', KEYS[1], 'token_hash', 'previous_hash')
for _, hash in ipairs(hashes) do if hash then redis.call('DEL', ARGV[1] .. hash) end end
redis.call('ZREM', KEYS[2], ARGV[2])
redis.call('DEL', KEYS[1])
for _, id in ipairs(redis.call('HKEYS', KEYS[3])) do redis.call('UNLINK', ARGV[3] .. id, ARGV[4] .. id) end
for n = 3, #KEYS do redis.call('UNLINK', KEYS[n]) end
return 1`);

const SAVED = ['conflict', 'saved', 'saved_with_secret'] as const;

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
  const [version, json] = await ctx.redis.hmget(keys.agent(id), 'version', 'current');
  if (!version || !json) return undefined;
  const { config, created_ms } = JSON.parse(json) as CurrentVersion;
  return { config, version: Number(version), createdMs: created_ms };
}

/** Reads an agent as the API shows it; undefined when there is none. */
export async function readAgent(ctx: Context, id: string): Promise<Agent | undefined> {
  const hash = (await ctx.redis.hgetall(keys.agent(id))) as Partial<AgentHash>;
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
    webhook: webhookOf(hash as AgentHash, ctx.now()),
  };
}

/**
 * Writes `config`, its secrets encrypted, as version `expectedVersion + 1` of an agent; 0 creates it. Returns `conflict`,
 * and writes nothing, when the agent is not at that version (any more).
 *
 * @param saved.createdMs when the agent was created
 * @param saved.by the name of who saves
 */
export async function saveVersion(
  ctx: Context,
  id: string,
  expectedVersion: number,
  config: AgentConfig,
  saved: { createdMs: number; by: string | null },
  callback: CallbackChange,
): Promise<'conflict' | 'saved' | 'saved_with_secret'> {
  const version = expectedVersion + 1;
  const now = ctx.now();
  const current: CurrentVersion = {
    config,
    created_ms: saved.createdMs,
    updated_ms: now,
    saved_by: saved.by,
  };
  const gate: AgentGate = {
    status: config.status,
    version,
    max_attempts: config.limits.max_attempts,
    max_pending: config.limits.max_pending,
    ...(config.limits.rate_per_minute !== null ? { rate_per_minute: config.limits.rate_per_minute } : {}),
    ...(config.input_schema ? { has_input_schema: true } : {}),
    ...(config.allow_get ? { allow_get: true } : {}),
    ...(config.signature ? { signature: config.signature } : {}),
  };
  const snapshot: AgentVersion = { version, created_at: iso(now), saved_by: saved.by, ...config };
  const written = await saveScript(
    ctx.redis,
    [keys.agent(id), keys.agentVersions(id), keys.agents],
    [
      expectedVersion,
      version,
      JSON.stringify(current),
      luaJson(gate),
      JSON.stringify(snapshot),
      id,
      config.callback?.url ?? '',
      callback.secrets,
      callback.replaces ? 1 : 0,
      callback.named ? 1 : 0,
    ],
  );
  return SAVED[written];
}

/** Removes an agent for good. Returns whether there was one. */
export async function removeAgent(ctx: Context, id: string): Promise<boolean> {
  const own = [
    keys.agentDocuments,
    keys.agentVersions,
    keys.agentTexts,
    keys.agentNotes,
    keys.agentNoteOrder,
    keys.agentRejections,
    keys.agentRejectedBodies,
  ];
  const args = [keys.tokenPrefix, id, keys.documentText(id, ''), keys.documentIndex(id, '')];
  const redisKeys = [keys.agent(id), keys.agents, ...own.map((keyOf) => keyOf(id))];
  return (await deleteScript(ctx.redis, redisKeys, args)) === 1;
}

/** Ids of agents, newest first, after `cursor` (the last id of the page before). O(log n + limit). */
export async function pageOfAgentIds(ctx: Context, limit: number, cursor?: string): Promise<string[]> {
  const from = cursor === undefined ? '+' : `(${cursor}`;
  return await ctx.redis.zrevrangebylex(keys.agents, from, '-', 'LIMIT', 0, limit);
}

/** All versions of an agent as the API shows them, newest first; empty when there is no agent. */
export async function readVersions(ctx: Context, id: string): Promise<AgentVersion[]> {
  const versions = Object.values(await ctx.redis.hgetall(keys.agentVersions(id)));
  return versions
    .map((json) => JSON.parse(json) as StoredVersion)
    .map((stored) => maskSecrets({ ...stored, saved_by: stored.saved_by ?? null }))
    .sort((a, b) => b.version - a.version);
}

/** One immutable version, its secrets encrypted; undefined when there is none, also once the agent was deleted. */
export async function readVersion(
  ctx: Context,
  id: string,
  version: number,
): Promise<StoredVersion | undefined> {
  const json = await ctx.redis.hget(keys.agentVersions(id), String(version));
  return json === null ? undefined : (JSON.parse(json) as StoredVersion);
}

/** Whether an agent still exists. */
export async function agentExists(ctx: Context, id: string): Promise<boolean> {
  return (await ctx.redis.exists(keys.agent(id))) === 1;
}
