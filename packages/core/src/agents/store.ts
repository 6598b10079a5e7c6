import {
  type Agent,
  type AgentConfig,
  type AgentVersion,
  MAX_AGENT_BYTES,
  MAX_AGENT_PAGE_BYTES,
  MAX_VERSION_BYTES,
  MAX_VERSIONS,
  type WebhookInfo,
} from '@agenthook/contracts';
import type { Context } from '../context.js';
import { AppError } from '../errors.js';
import { shardOfAgent } from '../queue/task-id.js';
import { keys } from '../redis/keys.js';
import { luaJson } from '../redis/lua-json.js';
import { defineScript } from '../redis/script.js';
import { type CallbackHash, callbackOf } from './agent-callback.js';
import type { AgentGate } from './agent-gate.js';
import { maskSecrets } from './agent-secrets.js';
import type { CallbackChange } from './change-callback.js';
import type { VersionRow } from './version-store.js';

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

const iso = (ms: number): string => new Date(ms).toISOString();

/** More versions than this are not kept for the sake of open tasks. */
const MAX_HELD_VERSIONS = 1_000;

/**
 * Saves a version if the agent is at the expected one (0: does not exist yet), and drops old ones beyond `most` or
 * `mostBytes`, oldest first; those that open tasks name (ARGV from 15) are kept. `url` is the callback's (none: empty),
 * `secrets` its sealed secret, `replaces` whether that takes the place of a stored one, `named` whether who saves named it.
 * Returns 0 when the agent is not at that version, 2 when the secret was stored, 3 when open tasks hold too many versions,
 * else 1.
 */
const saveScript = defineScript<0 | 1 | 2 | 3>(`
local agent, versions, all, rows = unpack(KEYS)
local expected, version, current, gate, snapshot, id, url, secrets, replaces, named, row = unpack(ARGV, 1, 11)
local most, mostBytes, mostHeld = tonumber(ARGV[12]), tonumber(ARGV[13]), tonumber(ARGV[14])
if (redis.call('HGET', agent, 'version') or '0') ~= expected then return 0 end
local held, count, bytes = {}, 0, #snapshot
for n = 15, #ARGV do
  local size = redis.call('HSTRLEN', versions, ARGV[n])
  if size > 0 then held[ARGV[n]], count, bytes = true, count + 1, bytes + size end
end
if count > mostHeld or (count > 0 and bytes > mostBytes) then return 3 end
local kept = redis.call('HKEYS', versions)
table.sort(kept, function(a, b) return tonumber(a) > tonumber(b) end)
local places, isFull = most - 1, false
for _, old in ipairs(kept) do
  if not held[old] then
    local size = redis.call('HSTRLEN', versions, old)
    isFull = isFull or places == 0 or bytes + size > mostBytes
    if isFull then
      redis.call('HDEL', versions, old)
      redis.call('HDEL', rows, old)
    else
      places, bytes = places - 1, bytes + size
    end
  end
end
redis.call('HSET', agent, 'version', version, 'current', current, 'gate', gate)
redis.call('HSET', versions, version, snapshot)
redis.call('HSET', rows, version, row)
redis.call('ZADD', all, 0, id)
if url == '' then
  redis.call('HDEL', agent, 'callback_url', 'callback_secrets', 'callback_disabled', 'callback_failures')
  return 1
end
redis.call('HSET', agent, 'callback_url', url)
if named == '1' then redis.call('HDEL', agent, 'callback_disabled', 'callback_failures') end
if replaces == '0' and redis.call('HEXISTS', agent, 'callback_secrets') == 1 then return 1 end
redis.call('HSET', agent, 'callback_secrets', secrets)
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

/** Reads whole agents (ids from KEYS[1]) up to a number and to a sum of bytes; at least one. Says whether there are more. */
const pageScript = defineScript<[rows: [id: string, hash: string[]][], more: 0 | 1]>(`
local prefix, from, limit, most = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local ids = redis.call('ZREVRANGEBYLEX', KEYS[1], from, '-', 'LIMIT', 0, limit + 1)
local page, bytes = {}, 0
for _, id in ipairs(ids) do
  bytes = bytes + redis.call('HSTRLEN', prefix .. id, 'current')
  if #page == limit or (#page > 0 and bytes > most) then return { page, 1 } end
  page[#page + 1] = { id, redis.call('HGETALL', prefix .. id) }
end
return { page, 0 }`);

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
  return agentOf(ctx, id, await ctx.redis.hgetall(keys.agent(id)));
}

/**
 * A page of agents, newest first, after `cursor` (the last id of the page before). It ends at `limit` agents or at
 * MAX_AGENT_PAGE_BYTES, whichever comes first.
 */
export async function readAgents(
  ctx: Context,
  limit: number,
  cursor?: string,
): Promise<{ agents: Agent[]; last: string | undefined; more: boolean }> {
  const from = cursor === undefined ? '+' : `(${cursor}`;
  const args = [keys.agentPrefix, from, limit, MAX_AGENT_PAGE_BYTES];
  const [rows, more] = await pageScript(ctx.redis, [keys.agents], args);
  const agents = rows.map(([id, fields]) => agentOf(ctx, id, hashOf(fields)));
  return {
    agents: agents.filter((agent) => agent !== undefined),
    last: rows.at(-1)?.[0],
    more: more === 1,
  };
}

/** A hash as an object, from its fields and values as a script returns them. */
const hashOf = (fields: string[]): Record<string, string> =>
  Object.fromEntries(
    fields.flatMap((field, n) => (n % 2 === 0 ? [[field, fields[n + 1] ?? ''] as const] : [])),
  );

function agentOf(ctx: Context, id: string, hash: Partial<AgentHash>): Agent | undefined {
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
 * and writes nothing, when the agent is not at that version (any more). Throws `agent_too_large`, `too_many_versions`.
 *
 * @param saved.createdMs when the agent was created
 * @param saved.by the name of who saves
 * @param saved.changed the fields that differ from the version before; null for the first
 */
export async function saveVersion(
  ctx: Context,
  id: string,
  expectedVersion: number,
  config: AgentConfig,
  saved: { createdMs: number; by: string | null; changed: string[] | null },
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
    ...(config.public_result === 'full' ? {} : { public_result: config.public_result }),
    ...(config.signature ? { signature: config.signature } : {}),
  };
  const snapshot: AgentVersion = { version, created_at: iso(now), saved_by: saved.by, ...config };
  const json = JSON.stringify(snapshot);
  const row: VersionRow = { created_at: snapshot.created_at, saved_by: saved.by, changed: saved.changed };
  if (Buffer.byteLength(json) > MAX_AGENT_BYTES) throw tooLarge();
  const shard = shardOfAgent(id, ctx.queues.length);
  const held = expectedVersion === 0 ? [] : await ctx.redis.hkeys(keys.openVersions(shard, id));
  const written = await saveScript(
    ctx.redis,
    [keys.agent(id), keys.agentVersions(id), keys.agents, keys.agentVersionRows(id)],
    [
      expectedVersion,
      version,
      JSON.stringify(current),
      luaJson(gate),
      json,
      id,
      config.callback?.url ?? '',
      callback.secrets,
      callback.replaces ? 1 : 0,
      callback.named ? 1 : 0,
      JSON.stringify(row),
      MAX_VERSIONS,
      MAX_VERSION_BYTES,
      MAX_HELD_VERSIONS,
      ...held,
    ],
  );
  switch (written) {
    case 0:
      return 'conflict';
    case 1:
      return 'saved';
    case 2:
      return 'saved_with_secret';
    case 3:
      throw new AppError(
        'too_many_versions',
        'The agent cannot keep another version: too many older ones are still used by open tasks. Wait for those tasks, or cancel them.',
      );
  }
}

const tooLarge = (): AppError =>
  new AppError(
    'agent_too_large',
    `An agent may have ${MAX_AGENT_BYTES / 1024} KiB of JSON as a whole. Put long texts into documents.`,
  );

/** Removes an agent for good. Returns whether there was one. */
export async function removeAgent(ctx: Context, id: string): Promise<boolean> {
  const own = [
    keys.agentDocuments,
    keys.agentVersions,
    keys.agentVersionRows,
    keys.agentTexts,
    keys.agentNotes,
    keys.agentNoteOrder,
    keys.agentPins,
    keys.agentPinnedTools,
    keys.agentSeenTools,
    keys.agentRejections,
    keys.agentRejectedBodies,
  ];
  const args = [keys.tokenPrefix, id, keys.documentTextPrefix(id), keys.documentIndexPrefix(id)];
  const redisKeys = [keys.agent(id), keys.agents, ...own.map((keyOf) => keyOf(id))];
  return (await deleteScript(ctx.redis, redisKeys, args)) === 1;
}

/** Whether an agent still exists. */
export async function agentExists(ctx: Context, id: string): Promise<boolean> {
  return (await ctx.redis.exists(keys.agent(id))) === 1;
}
