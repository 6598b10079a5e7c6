import {
  type AgentConfig,
  type AgentVersion,
  iso,
  MAX_AGENT_BYTES,
  MAX_VERSION_BYTES,
  MAX_VERSIONS,
} from '@agenthook/contracts';
import type { Context } from '../context.js';
import { AppError } from '../errors.js';
import { shardOfAgent } from '../queue/task-id.js';
import { keys } from '../redis/keys.js';
import { luaJson } from '../redis/lua-json.js';
import { defineScript } from '../redis/script.js';
import { AGENT, type AgentGate } from './agent-hash.js';
import type { CallbackChange } from './change-callback.js';
import type { CurrentVersion } from './read-agent.js';
import type { VersionRow } from './version-store.js';

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
if (redis.call('HGET', agent, '${AGENT.version}') or '0') ~= expected then return 0 end
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
redis.call('HSET', agent, '${AGENT.version}', version, '${AGENT.current}', current, '${AGENT.gate}', gate)
redis.call('HSET', versions, version, snapshot)
redis.call('HSET', rows, version, row)
redis.call('ZADD', all, 0, id)
if url == '' then
  redis.call('HDEL', agent, '${AGENT.callbackUrl}', '${AGENT.callbackSecrets}', '${AGENT.callbackDisabled}', '${AGENT.callbackFailures}')
  return 1
end
redis.call('HSET', agent, '${AGENT.callbackUrl}', url)
if named == '1' then redis.call('HDEL', agent, '${AGENT.callbackDisabled}', '${AGENT.callbackFailures}') end
if replaces == '0' and redis.call('HEXISTS', agent, '${AGENT.callbackSecrets}') == 1 then return 1 end
redis.call('HSET', agent, '${AGENT.callbackSecrets}', secrets)
return 2`);

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
      throw new AppError('too_many_versions');
  }
}

const tooLarge = (): AppError =>
  new AppError(
    'agent_too_large',
    `An agent may have ${MAX_AGENT_BYTES / 1024} KiB of JSON as a whole. Put long texts into documents.`,
  );
