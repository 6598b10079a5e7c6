import type { AgentVersion, AgentVersionSummary } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { keys } from '../redis/keys.js';
import { defineScript } from '../redis/script.js';

/** A version in its hash; what was stored before `saved_by` was kept lacks it. */
export type StoredVersion = Omit<AgentVersion, 'saved_by'> & { saved_by?: string | null };

/** What is stored of a version for lists. */
export type VersionRow = Pick<AgentVersionSummary, 'created_at' | 'saved_by' | 'changed'>;

/** How much of a version is looked at where it has no row: its first members are those that a row has. */
const HEAD_BYTES = 1_000;

/**
 * The versions before ARGV[1] (0: all), newest first, ARGV[2] at most: number, size, row and, where there is none, how the
 * version begins.
 */
const pageScript = defineScript<[version: string, bytes: number, row: string | null, head: string | null][]>(`
local versions, rows = unpack(KEYS)
local before, limit, head = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local all = redis.call('HKEYS', versions)
table.sort(all, function(a, b) return tonumber(a) > tonumber(b) end)
local page = {}
for _, version in ipairs(all) do
  if #page == limit then break end
  if before == 0 or tonumber(version) < before then
    local row = redis.call('HGET', rows, version)
    local start = not row and string.sub(redis.call('HGET', versions, version), 1, head)
    page[#page + 1] = { version, redis.call('HSTRLEN', versions, version), row, start }
  end
end
return page`);

/** Versions of an agent before one (undefined: all), newest first, without what they say; empty when there is no agent. */
export async function readVersionRows(
  ctx: Context,
  id: string,
  limit: number,
  before: number | undefined,
): Promise<AgentVersionSummary[]> {
  const redisKeys = [keys.agentVersions(id), keys.agentVersionRows(id)];
  const page = await pageScript(ctx.redis, redisKeys, [before ?? 0, limit, HEAD_BYTES]);
  return page.map(([version, bytes, row, head]) => ({
    version: Number(version),
    ...(row === null ? rowOfHead(head ?? '') : (JSON.parse(row) as VersionRow)),
    bytes,
  }));
}

/** What a version from before there were rows says of itself, read from its first members. */
function rowOfHead(head: string): VersionRow {
  const [, created_at = '', by = 'null'] =
    /^\{"version":\d+,"created_at":"([^"]*)"(?:,"saved_by":("(?:[^"\\]|\\.)*"|null))?/.exec(head) ?? [];
  return { created_at, saved_by: JSON.parse(by) as string | null, changed: null };
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

/** A version (ARGV[1]) or, where it was dropped, the next one that is kept. */
const runScript = defineScript<string | null>(`
local json = redis.call('HGET', KEYS[1], ARGV[1])
if json then return json end
local next
for _, version in ipairs(redis.call('HKEYS', KEYS[1])) do
  local number = tonumber(version)
  if number > tonumber(ARGV[1]) and (not next or number < tonumber(next)) then next = version end
end
return next and redis.call('HGET', KEYS[1], next)`);

/**
 * The version that a task runs: the one it names. That is kept while the task is open; only where so much was saved while
 * the event was on its way that it was dropped before the task was stored, the next one is run, which was there by then.
 */
export async function readVersionToRun(
  ctx: Context,
  id: string,
  version: number,
): Promise<StoredVersion | undefined> {
  const json = await runScript(ctx.redis, [keys.agentVersions(id)], [version]);
  return json === null ? undefined : (JSON.parse(json) as StoredVersion);
}
